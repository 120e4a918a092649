import type { Translation } from '@/i18n/catalogue';

import type { Texts } from './texts';

const he: Translation<Texts> = {
  skip: 'דילוג לתוכן',
  navigation: 'עמודים',
  collapse: 'צמצום התפריט',
  expand: 'הרחבת התפריט',
  more: 'עוד',
  account: 'חשבון',
  accountOf: 'חשבון: {name}',
  signOut: 'יציאה',
  find: 'חיפוש עמוד או טבלה',
  findShort: 'חיפוש',
  pages: 'עמודים',
  tables: 'טבלאות',
  noResult: 'אין דבר בשם ”{text}”',
  offline: 'אין חיבור. מה שמוצג נטען {ago}.',
  offlineNothing: 'אין חיבור. דבר לא נטען קודם במכשיר זה.',
  tryAgain: 'ניסיון נוסף',
  notFound: 'אין עמוד כזה',
  notFoundText: 'ייתכן שהכתובת הוקלדה לא נכון, או שהעמוד עבר.',
  toHome: 'לעמוד הראשון',
  forbidden: 'עמוד זה אינו פתוח לתפקיד שלך',
  forbiddenText: 'נכנסת בתפקיד {role}. מנהל המערכת יכול לתת תפקיד אחר.',
  offlinePage: 'השירות אינו זמין',
  offlinePageText: 'עמוד זה לא נטען קודם במכשיר זה. כדאי לבדוק את החיבור ולנסות שוב.',
  crash: 'העמוד הפסיק לעבוד',
  crashText: 'דבר לא אבד בשירות. אפשר לטעון את העמוד שוב; אם זה חוזר, כדאי לספר למנהל המערכת מה נעשה.',
  reload: 'טעינה מחדש',
  loading: 'בטעינה',
  roleAdmin: 'מנהל מערכת',
  roleManager: 'מנהל',
  roleAnalyst: 'אנליסט',
  roleCustomer: 'לקוח',
};

export default he;
