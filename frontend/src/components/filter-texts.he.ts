import type { Translation } from '@/i18n/catalogue';

import type { FilterTexts } from './filter-texts';

const he: Translation<FilterTexts> = {
  all: 'הכול',
  filters: 'סינון',
  filtersOn: { one: 'סינון אחד', two: '{count} סינונים', other: '{count} סינונים' },
  show: 'הצגה',
};

export default he;
