import type { Translation } from '@/i18n/catalogue';

import type { RuleTexts } from './rule-texts';

const he: Translation<RuleTexts> = {
  setAside: 'הוצאו הצידה',
  warned: 'נשמרו עם אזהרה',
  rows: { one: 'שורה אחת', two: 'שתי שורות', other: '{count} שורות' },
  worth: 'בשווי {money}',
};

export default he;
