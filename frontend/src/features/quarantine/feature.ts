import { ArchiveX } from 'lucide-react';

import type { Feature } from '@/lib/feature';

const feature: Feature = {
  pages: [
    {
      path: '/quarantine',
      title: { en: 'Quarantine', he: 'הסגר' },
      load: () => import('./overview/quarantine-page'),
      permission: 'quarantine:read',
      outline: 'dashboard',
      nav: { icon: ArchiveX, order: 60 },
    },
    {
      path: '/quarantine/:table',
      title: { en: 'Rows set aside', he: 'שורות שהוצאו הצידה' },
      load: () => import('./rows/rows-page'),
      permission: 'quarantine:read',
      outline: 'table',
    },
  ],
};

export default feature;
