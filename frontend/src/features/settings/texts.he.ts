import type { Translation } from '@/i18n/catalogue';

import type { Texts } from './texts';

const he: Translation<Texts> = {
  navigation: 'הגדרות',
  you: 'החשבון שלך',
  profile: 'פרופיל',
  security: 'סיסמה ואימות דו־שלבי',
  sessions: 'התחברויות',
  keys: 'מפתחות API',
  shop: 'השירות הזה',
  users: 'משתמשים',
  audit: 'יומן ביקורת',
  systems: 'מערכות משלכם',
  service: 'הגדרות השירות',
  speed: 'מהירות הדפים',
};

export default he;
