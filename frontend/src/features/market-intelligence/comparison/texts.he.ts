import type { Translation } from '@/i18n/catalogue';

import type { Texts } from './texts';

const he: Translation<Texts> = {
  title: 'השוואת מודלים',
  answer: '{place}, {metric}: בשימוש {model}. באותן בדיקות הטעות שלו קטנה ב־{share} מזו של קו הבסיס (MASE {own} לעומת {plain}).',
  answerWorse: '{place}, {metric}: בשימוש {model}. אף מודל לא ניצח את קו הבסיס ביותר ממקריות (MASE {own} לעומת {plain}).',
  answerBaseline: '{place}, {metric}: קו הבסיס עצמו בשימוש, כי אף מודל לא היה טוב ממנו בוודאות (MASE {own}).',
  errors: 'הטעות של כל מודל',
  errorsSummary: 'קצר יותר טוב יותר. הטעות הקטנה ביותר: {best}, MASE {least}.',
  errorsAbout: 'MASE: הטעות הממוצעת ככפולה של הטעות של חזרה עונתית פשוטה; מתחת ל־1 טוב יותר מלחזור. כל מודל נבדק על אותם {folds} חתכים של העבר, {horizon} תקופות קדימה, על תקופות שלא השתתפו בבחירה.',
  none: 'עדיין לא הושוו כאן מודלים',
  all: 'כל המודלים באותן בדיקות',
  allAbout: { one: 'בדיקה אחת על העבר, {horizon} תקופות קדימה; זהה לכל מודל. המודל שבשימוש נבחר לפי תקופות קודמות.', two: 'שתי בדיקות על העבר, {horizon} תקופות קדימה כל אחת; זהות לכל מודל. המודל שבשימוש נבחר לפי תקופות קודמות.', other: '{count} בדיקות על העבר, {horizon} תקופות קדימה כל אחת; זהות לכל מודל. המודל שבשימוש נבחר לפי תקופות קודמות.' },
  model: 'מודל',
  family: 'סוג',
  used: 'בשימוש',
  usedSign: 'בשימוש',
  baselineSign: 'קו בסיס',
  margin: 'לעומת קו הבסיס',
  marginLess: 'טעות קטנה ב־{share}',
  marginMore: 'טעות גדולה ב־{share}',
  marginSame: 'אין הבדל',
  chance: 'מקריות',
  chanceNo: 'כמעט בוודאות לא מקרי (p {p})',
  chanceYes: 'ייתכן שמקרי (p {p})',
  coverage80: 'רצועת 80 % הכילה',
  coverage95: 'רצועת 95 % הכילה',
  reason: 'מדוע',
  classes: 'לפי סוג הסדרה',
  classesAbout: 'איזה מודל בשימוש הרב ביותר כשסדרות מתנהגות דומה, והטעות שלו לעומת קו הבסיס.',
  level: 'רמה',
  seriesClass: 'התנהגות',
  series: 'סדרות',
  mase: 'MASE',
  baselineMase: 'MASE של קו הבסיס',
  wape: 'WAPE',
  smape: 'sMAPE',
  r2: 'R²',
};

export default he;
