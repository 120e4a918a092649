import { Database } from 'lucide-react';

import type { Feature } from '@/lib/feature';

const feature: Feature = {
  pages: [
    {
      path: '/data',
      title: { en: 'Data', he: 'נתונים' },
      load: () => import('./catalogue/catalogue-page'),
      permission: 'tables:read',
      outline: 'table',
      nav: { icon: Database, order: 20 },
    },
    {
      path: '/data/lineage',
      title: { en: 'Lineage', he: 'שושלת הנתונים' },
      load: () => import('./lineage/lineage-page'),
      permission: 'tables:read',
      outline: 'table',
    },
    {
      path: '/data/:table',
      title: { en: 'Table', he: 'טבלה' },
      load: () => import('./table/table-page'),
      permission: 'tables:read',
      outline: 'table',
    },
  ],
};

export default feature;
