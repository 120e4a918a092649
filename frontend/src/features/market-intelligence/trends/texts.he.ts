import type { Translation } from '@/i18n/catalogue';

import type { Texts } from './texts';

const he: Translation<Texts> = {
  title: 'מגמות',
  answerNone: '{place}, {metric}: לא היה שינוי רמה מתמשך בין {from} ל־{to}.',
  answerOne: '{place}, {metric}: מאז {date} הרמה {direction} ב־{share} מקודם.',
  higher: 'גבוהה',
  lower: 'נמוכה',
  course: 'המהלך ושינויי הרמה',
  courseAbout: 'סכומים שבועיים. מעוין מסמן יום שממנו הרמה שונה באופן מתמשך מקודם; הוא מוצג רק כשמקריות כמעט לא הייתה גורמת לכך (מתוקן למספר הסדרות שנבדקו).',
  courseSummary: { one: 'מסומן שינוי רמה מתמשך אחד.', two: 'מסומנים שני שינויי רמה מתמשכים.', other: 'מסומנים {count} שינויי רמה מתמשכים.' },
  changeLabel: '{direction} ב־{share}',
  changes: 'שינויי רמה',
  changesAbout: 'מאיזה יום, בכמה, ועד כמה בטוח.',
  changesNone: 'לא נמצא שינוי רמה מתמשך.',
  from: 'מ־',
  to: 'עד',
  what: 'מה',
  metric: 'מספר',
  on: 'מאז',
  before: 'קודם, ליום',
  after: 'אחר כך, ליום',
  change: 'שינוי',
  sure: 'מקריות',
  sureYes: 'כמעט בוודאות לא מקרי (q {q})',
  sureNo: 'ייתכן שמקרי (q {q})',
  all: 'כל המגמות',
  allAbout: 'צמיחה לעומת תקופות דומות, ומה עומד מאחוריה.',
  none: 'אין כאן עדיין מגמות',
  date: 'ביום',
  type: 'סוג',
  value: 'ערך',
  growth: 'צמיחה',
  count: { one: 'שורה אחת', two: 'שתי שורות', other: '{count} שורות' },
};

export default he;
