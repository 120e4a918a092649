import { createCatalogue } from '@/i18n/catalogue';

const en = {
  title: 'Home',
  allWell: 'All systems are healthy.',
  attention: { one: '{count} system needs a look.', other: '{count} systems need a look.' },
  nothing: 'Nothing has been built yet, so there are no numbers to show.',
  nothingText: 'A run reads your shop and builds every table from it. The first one takes the longest.',
  toRuns: 'Start the first run',
  systems: 'Systems',
  filter: 'Show',
  all: 'All',
  toCheck: 'Needs a look',
  yours: 'Your own',
  noneHere: 'No system is among these.',
  tables: { one: '{count} table', other: '{count} tables' },
  asOf: 'Data up to {date}',
  registered: 'Your own',
  noEarlier: 'Nothing earlier to compare with',
  waiting: 'Waiting for data',
  waitingAbout: 'These systems show a number as soon as their tables hold rows.',
  nextTables: 'See its tables',
  nextRun: 'Start a run',
  updated: 'Updated {ago}',
  moreReasons: { one: 'and {count} more', other: 'and {count} more' },
} as const;

export const texts = createCatalogue(en, { he: () => import('./texts.he') });
export type Texts = typeof en;
