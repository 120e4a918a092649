import { createCatalogue } from '@/i18n/catalogue';

const en = {
  title: 'Trends',
  answerNone: '{place}, {metric}: no lasting change of level between {from} and {to}.',
  answerOne: '{place}, {metric}: since {date} the level is {share} {direction} than before.',
  higher: 'higher',
  lower: 'lower',
  course: 'Course and changes of level',
  courseAbout: 'Weekly sums. A diamond marks a day from which on the level lastingly differs from before; it is shown only where chance would hardly do that (corrected for the number of series looked at).',
  courseSummary: { one: '{count} lasting change of level is marked.', other: '{count} lasting changes of level are marked.' },
  changeLabel: '{share} {direction}',
  changes: 'Changes of level',
  changesAbout: 'From which day on, by how much, and how sure.',
  changesNone: 'No lasting change of level was found.',
  from: 'From',
  to: 'To',
  what: 'What',
  metric: 'Number',
  on: 'Since',
  before: 'Before, a day',
  after: 'After, a day',
  change: 'Change',
  sure: 'Chance',
  sureYes: 'hardly chance (q {q})',
  sureNo: 'may be chance (q {q})',
  all: 'All trends',
  allAbout: 'Growth against comparable periods, and what lies behind it.',
  none: 'No trends here yet',
  date: 'On',
  type: 'Kind',
  value: 'Value',
  growth: 'Growth',
  count: { one: '{count} row', other: '{count} rows' },
} as const;

export const texts = createCatalogue(en, { he: () => import('./texts.he') });
export type Texts = typeof en;
