import { createCatalogue } from '@/i18n/catalogue';

const en = {
  navigation: 'Settings',
  you: 'You',
  profile: 'Profile',
  security: 'Password and two-factor',
  sessions: 'Sessions',
  keys: 'API keys',
  shop: 'This service',
  users: 'Users',
  audit: 'Audit log',
  systems: 'Your own systems',
  service: 'Service settings',
  speed: 'Page speed',
} as const;

export const texts = createCatalogue(en, { he: () => import('./texts.he') });
export type Texts = typeof en;
