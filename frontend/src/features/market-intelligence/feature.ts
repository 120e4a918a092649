import { TrendingUp } from 'lucide-react';

import type { Feature } from '@/lib/feature';

const feature: Feature = {
  pages: [
    {
      path: '/market-intelligence/forecast',
      title: { en: 'Forecast', he: 'תחזית' },
      load: () => import('./forecast/forecast-page'),
      permission: 'tables:read',
      outline: 'dashboard',
      nav: { icon: TrendingUp, order: 15, within: '/market-intelligence' },
      system: { name: 'market_intelligence', about: { en: 'What will sell, with bands, reasons and what-if', he: 'מה יימכר, עם רצועות, סיבות ו”מה אם“' } },
    },
  ],
};

export default feature;
