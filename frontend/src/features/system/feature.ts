import type { Feature } from '@/lib/feature';

const feature: Feature = {
  pages: [
    {
      path: '/systems/:system',
      title: { en: 'System', he: 'מערכת' },
      load: () => import('./system-page'),
      permission: 'tables:read',
      outline: 'dashboard',
    },
  ],
};

export default feature;
