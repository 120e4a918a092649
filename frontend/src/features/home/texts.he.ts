import type { Translation } from '@/i18n/catalogue';

import type { Texts } from './texts';

const he: Translation<Texts> = {
  title: 'ראשי',
  allWell: 'כל המערכות תקינות.',
  attention: { one: 'מערכת אחת דורשת בדיקה.', two: 'שתי מערכות דורשות בדיקה.', other: '{count} מערכות דורשות בדיקה.' },
  nothing: 'עדיין לא נבנה דבר, ולכן אין מספרים להציג.',
  nothingText: 'הרצה קוראת את החנות שלך ובונה ממנה את כל הטבלאות. הראשונה היא הארוכה ביותר.',
  toRuns: 'להרצה הראשונה',
  systems: 'מערכות',
  filter: 'הצגה',
  all: 'הכול',
  toCheck: 'דורשות בדיקה',
  yours: 'משלכם',
  noneHere: 'אין מערכת כזאת.',
  tables: { one: 'טבלה אחת', two: 'שתי טבלאות', other: '{count} טבלאות' },
  asOf: 'נתונים עד {date}',
  registered: 'משלכם',
  noEarlier: 'אין תקופה קודמת להשוואה',
  waiting: 'ממתינות לנתונים',
  waitingAbout: 'המערכות האלה יציגו מספר ברגע שיהיו שורות בטבלאות שלהן.',
  nextTables: 'לטבלאות שלה',
  nextRun: 'התחלת הרצה',
  updated: 'עודכן {ago}',
  moreReasons: { one: 'ועוד אחת', two: 'ועוד שתיים', other: 'ועוד {count}' },
};

export default he;
