import { SquareTerminal } from 'lucide-react';

import type { Feature } from '@/lib/feature';

const feature: Feature = {
  pages: [
    {
      path: '/sql',
      title: { en: 'SQL', he: 'SQL' },
      load: () => import('./sql-page'),
      permission: 'sql:run',
      outline: 'form',
      nav: { icon: SquareTerminal, order: 50 },
    },
  ],
};

export default feature;
