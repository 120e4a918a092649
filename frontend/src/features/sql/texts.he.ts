import type { Translation } from '@/i18n/catalogue';

import type { Texts } from './texts';

const he: Translation<Texts> = {
  title: 'SQL',
  answer: 'אפשר לשאול את הטבלאות כל דבר. שאילתות קוראות בלבד ואינן משנות דבר.',
  limits: 'שאילתה אחת רשאית לקחת {seconds} ומחזירה לכל היותר {rows} שורות.',
  query: 'שאילתה',
  run: 'הרצה',
  running: 'בהרצה',
  cancel: 'הפסקת ההמתנה',
  clear: 'ניקוי',
  history: 'השאילתות שלך',
  historyAbout: 'של הפעם הזאת בלבד; נעלמות ביציאה או בסגירת הלשונית.',
  historyEmpty: 'מה שיורץ יופיע כאן.',
  ranRows: { one: 'שורה אחת', two: 'שתי שורות', other: '{count} שורות' },
  failedAt: 'נכשלה',
  put: 'העברה לעורך: {sql}',
  examples: 'להתחלה',
  exampleNewest: 'השורות החדשות של {table}',
  exampleCount: 'כמה שורות יש ב־{table}',

  schema: 'טבלאות',
  schemaSearch: 'חיפוש טבלה או עמודה',
  schemaNone: 'אין טבלה או עמודה בשם ”{text}”.',
  insert: 'הוספת {name}',
  insertUnbuilt: 'הוספת {name} טרם נבנתה',
  notBuilt: 'טרם נבנתה',
  columns: { one: 'עמודה אחת', two: 'שתי עמודות', other: '{count} עמודות' },
  functions: 'פונקציות',
  functionsAbout: { one: 'מותר להשתמש בפונקציה אחת.', two: 'מותר להשתמש בשתי פונקציות.', other: 'מותר להשתמש ב־{count} פונקציות.' },
  showSchema: 'טבלאות ועמודות',
  close: 'סגירה',

  result: 'תוצאה',
  resultRows: { one: 'שורה אחת תוך {time}.', two: 'שתי שורות תוך {time}.', other: '{count} שורות תוך {time}.' },
  truncated: 'נחתך אחרי {rows}: יש עוד. אפשר לצמצם את השאילתה, או לספור ולסכם בתוכה.',
  noRows: 'השאילתה נענתה; אין שורה מתאימה.',
  csvAll: 'CSV',
  refused: 'השאילתה לא הורצה',
  goTo: 'לשורה {line}, עמודה {column}',
  yet: 'התשובה תופיע כאן.',
  notStarted: 'יש לכתוב שאילתה וללחוץ {keys}, או להתחיל באחת מאלה.',
};

export default he;
