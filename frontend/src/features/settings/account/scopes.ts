import type { Permission } from '@/api/types';
import type { LocalText } from '@/i18n/language';

/** What each permission lets a key do, in words. */
export const SCOPES: Readonly<Record<Permission, LocalText>> = {
  self: { en: 'See and change your own account', he: 'לראות ולשנות את החשבון שלך' },
  'tables:read': { en: 'Read tables, without personal details', he: 'לקרוא טבלאות, ללא פרטים אישיים' },
  'tables:personal': { en: 'See personal details, such as names and addresses', he: 'לראות פרטים אישיים, כגון שמות וכתובות' },
  'tables:export': { en: 'Take tables away as CSV, Arrow or Parquet', he: 'להוריד טבלאות כ־CSV, ‏Arrow או Parquet' },
  'sql:run': { en: 'Ask questions in SQL', he: 'לשאול שאלות ב־SQL' },
  'runs:read': { en: 'See what runs did', he: 'לראות מה עשו הרצות' },
  'runs:start': { en: 'Start runs', he: 'להתחיל הרצות' },
  'quarantine:read': { en: 'See rows that were set aside', he: 'לראות שורות שהופרדו' },
  'quarantine:replay': { en: 'Correct rows that were set aside', he: 'לתקן שורות שהופרדו' },
  'settings:read': { en: 'See the settings', he: 'לראות את ההגדרות' },
  'settings:write': { en: 'Change the settings', he: 'לשנות את ההגדרות' },
  'users:manage': { en: 'Invite people, give roles, disable accounts', he: 'להזמין אנשים, לתת תפקידים, להשבית חשבונות' },
  'audit:read': { en: 'Read the audit log', he: 'לקרוא את יומן הביקורת' },
  'systems:read': { en: 'See systems that were added without code', he: 'לראות מערכות שנוספו ללא קוד' },
  'systems:manage': { en: 'Add systems of tables', he: 'להוסיף מערכות של טבלאות' },
  'metrics:read': { en: "Read the service's own measurements", he: 'לקרוא את המדידות של השירות עצמו' },
  'customers:own': { en: 'See what is known of yourself as a customer', he: 'לראות מה ידוע עליך כלקוח' },
  'customers:read': { en: 'Look up a single customer by id', he: 'לחפש לקוח יחיד לפי מזהה' },
};

export const isScope = (name: string): name is Permission => name in SCOPES;
