import { createCatalogue } from '@/i18n/catalogue';

const en = {
  answer: '{label}: {value} for {period}',
  change: ', {direction} {change} vs {before}.',
  same: ', as much as for {before}.',
  alone: '. There is no earlier period to compare with yet.',
  up: '▲',
  down: '▼',
} as const;

export const texts = createCatalogue(en, { he: () => import('./headline-texts.he') });
export type Texts = typeof en;
