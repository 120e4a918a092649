import type { Translation } from '@/i18n/catalogue';

import type { Texts } from './headline-texts';

const he: Translation<Texts> = {
  answer: '{label}: {value} בתאריכים {period}',
  change: ', {direction} {change} לעומת {before}.',
  same: ', כמו בתאריכים {before}.',
  alone: '. אין עדיין תקופה קודמת להשוואה.',
  up: '▲',
  down: '▼',
};

export default he;
