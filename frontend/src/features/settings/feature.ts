import { Settings } from 'lucide-react';

import type { Feature } from '@/lib/feature';

const feature: Feature = {
  pages: [
    {
      path: '/settings',
      title: { en: 'Settings', he: 'הגדרות' },
      load: () => import('./account/profile-page'),
      outline: 'form',
      nav: { icon: Settings, order: 90 },
    },
    {
      path: '/settings/security',
      title: { en: 'Password and two-factor', he: 'סיסמה ואימות דו־שלבי' },
      load: () => import('./account/security-page'),
      outline: 'form',
    },
    {
      path: '/settings/sessions',
      title: { en: 'Sessions', he: 'התחברויות' },
      load: () => import('./account/sessions-page'),
      outline: 'table',
    },
    {
      path: '/settings/keys',
      title: { en: 'API keys', he: 'מפתחות API' },
      load: () => import('./account/keys-page'),
      outline: 'table',
    },
  ],
};

export default feature;
