import { createCatalogue } from '@/i18n/catalogue';

const en = {
  all: 'All',
  filters: 'Filters',
  filtersOn: { one: '{count} filter', other: '{count} filters' },
  show: 'Show',
} as const;

export const filterTexts = createCatalogue(en, { he: () => import('./filter-texts.he') });
export type FilterTexts = typeof en;
