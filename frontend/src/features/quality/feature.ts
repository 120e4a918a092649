import { Scale, ShieldCheck } from 'lucide-react';

import type { Feature } from '@/lib/feature';

const feature: Feature = {
  pages: [
    {
      path: '/quality',
      title: { en: 'Quality', he: 'איכות' },
      load: () => import('./scores/quality-page'),
      permission: 'tables:read',
      outline: 'dashboard',
      nav: { icon: ShieldCheck, order: 30 },
    },
    {
      path: '/books',
      title: { en: 'Books', he: 'מאזן' },
      load: () => import('./books/books-page'),
      permission: 'tables:read',
      outline: 'table',
      nav: { icon: Scale, order: 35 },
    },
  ],
};

export default feature;
