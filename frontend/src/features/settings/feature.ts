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
    {
      path: '/settings/users',
      title: { en: 'Users', he: 'משתמשים' },
      load: () => import('./admin/users-page'),
      permission: 'users:manage',
      outline: 'table',
    },
    {
      path: '/settings/audit',
      title: { en: 'Audit log', he: 'יומן ביקורת' },
      load: () => import('./admin/audit-page'),
      permission: 'audit:read',
      outline: 'table',
    },
    {
      path: '/settings/systems',
      title: { en: 'Your own systems', he: 'מערכות משלכם' },
      load: () => import('./admin/systems-page'),
      permission: 'systems:read',
      outline: 'table',
    },
    {
      path: '/settings/systems/new',
      title: { en: 'Register a system', he: 'רישום מערכת' },
      load: () => import('./admin/new-system-page'),
      permission: 'systems:manage',
      outline: 'form',
    },
    {
      path: '/settings/service',
      title: { en: 'Service settings', he: 'הגדרות השירות' },
      load: () => import('./admin/service-page'),
      permission: 'settings:read',
      outline: 'form',
    },
    {
      path: '/settings/speed',
      title: { en: 'Page speed', he: 'מהירות הדפים' },
      load: () => import('./admin/speed-page'),
      permission: 'metrics:read',
      outline: 'table',
    },
  ],
};

export default feature;
