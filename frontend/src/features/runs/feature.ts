import { Play } from 'lucide-react';

import type { Feature } from '@/lib/feature';

const feature: Feature = {
  pages: [
    {
      path: '/runs',
      title: { en: 'Runs', he: 'הרצות' },
      load: () => import('./runs-page'),
      permission: 'runs:read',
      outline: 'table',
      nav: { icon: Play, order: 40 },
    },
    {
      path: '/runs/compare',
      title: { en: 'Compare two runs', he: 'השוואת שתי הרצות' },
      load: () => import('./compare-page'),
      permission: 'runs:read',
      outline: 'table',
    },
    {
      path: '/runs/:runId',
      title: { en: 'Run', he: 'הרצה' },
      load: () => import('./run-page'),
      permission: 'runs:read',
      outline: 'table',
    },
  ],
};

export default feature;
