import { TrendingUp } from 'lucide-react';

import type { Feature } from '@/lib/feature';

const SYSTEM = 'market_intelligence';

const feature: Feature = {
  pages: [
    {
      path: '/market-intelligence/forecast',
      title: { en: 'Forecast', he: 'תחזית' },
      load: () => import('./forecast/forecast-page'),
      permission: 'tables:read',
      outline: 'dashboard',
      nav: { icon: TrendingUp, order: 15, within: '/market-intelligence' },
      system: { name: SYSTEM, about: { en: 'What will sell, with bands, reasons and what-if', he: 'מה יימכר, עם רצועות, סיבות ו”מה אם“' } },
    },
    {
      path: '/market-intelligence/comparison',
      title: { en: 'Models compared', he: 'השוואת מודלים' },
      load: () => import('./comparison/comparison-page'),
      permission: 'tables:read',
      outline: 'dashboard',
      system: { name: SYSTEM, about: { en: 'Every model on the same tests', he: 'כל מודל באותן בדיקות' } },
    },
    {
      path: '/market-intelligence/scoreboard',
      title: { en: 'Scoreboard', he: 'לוח תוצאות' },
      load: () => import('./scoreboard/scoreboard-page'),
      permission: 'tables:read',
      outline: 'dashboard',
      system: { name: SYSTEM, about: { en: 'Past forecasts against what happened', he: 'תחזיות מן העבר מול מה שקרה' } },
    },
    {
      path: '/market-intelligence/trends',
      title: { en: 'Trends', he: 'מגמות' },
      load: () => import('./trends/trends-page'),
      permission: 'tables:read',
      outline: 'dashboard',
      system: { name: SYSTEM, about: { en: 'What grows, what shrinks, and when it changed', he: 'מה גדל, מה קטן ומתי זה השתנה' } },
    },
    {
      path: '/market-intelligence/pricing',
      title: { en: 'Competitor prices', he: 'מחירי מתחרים' },
      load: () => import('./pricing/pricing-page'),
      permission: 'tables:read',
      outline: 'table',
      system: { name: SYSTEM, about: { en: 'Our prices against each competitor’s', he: 'המחירים שלנו מול אלה של כל מתחרה' } },
    },
    {
      path: '/market-intelligence/models',
      title: { en: 'Models', he: 'מודלים' },
      load: () => import('./models/models-page'),
      permission: 'tables:read',
      outline: 'table',
      system: { name: SYSTEM, about: { en: 'Which version answers, and which waits', he: 'איזו גרסה עונה ואיזו ממתינה' } },
    },
    {
      path: '/market-intelligence/models/:model',
      title: { en: 'Model', he: 'מודל' },
      load: () => import('./models/model-page'),
      permission: 'tables:read',
      outline: 'form',
    },
  ],
};

export default feature;
