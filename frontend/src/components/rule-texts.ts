import { createCatalogue } from '@/i18n/catalogue';

const en = {
  setAside: 'Set aside',
  warned: 'Kept, with a warning',
  rows: { one: '{count} row', other: '{count} rows' },
  worth: 'worth {money}',
} as const;

export const ruleTexts = createCatalogue(en, { he: () => import('./rule-texts.he') });
export type RuleTexts = typeof en;
