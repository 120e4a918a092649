import { House } from 'lucide-react';

import type { Feature } from '@/lib/feature';

const feature: Feature = {
  pages: [
    {
      path: '/',
      title: { en: 'Home', he: 'ראשי' },
      load: () => import('./home-page'),
      permission: 'tables:read',
      outline: 'dashboard',
      nav: { icon: House, order: 10 },
    },
  ],
};

export default feature;
