import { createCatalogue } from '@/i18n/catalogue';

const en = {
  places: 'Market Intelligence',
  forecast: 'Forecast',
  comparison: 'Models compared',
  scoreboard: 'Scoreboard',
  trends: 'Trends',
  pricing: 'Competitor prices',
  models: 'Models',

  metric: 'Number',
  grain: 'By',
  day: 'Day',
  week: 'Week',
  month: 'Month',

  shop: 'Whole shop',
  country: 'Country',
  countries: 'Countries',
  category: 'Category',
  categories: 'Categories',
  product: 'Product',
  products: 'Products',
  store: 'Store',
  none: 'not named',

  seasonal_naive: 'seasonal repetition',
  seasonal_naive_drift: 'seasonal repetition with drift',
  seasonal_moving_average: 'moving average by season',
  moving_average: 'moving average',
  year_before: 'the year before',
  auto_arima: 'ARIMA',
  auto_ets: 'exponential smoothing (ETS)',
  theta: 'Theta',
  mstl: 'decomposition (MSTL)',
  croston: 'Croston (rare sales)',
  tsb: 'TSB (rare sales)',
  adida: 'ADIDA (rare sales)',
  prophet: 'Prophet',
  lightgbm_direct: 'decision trees, direct (LightGBM)',
  lightgbm_recursive: 'decision trees, step by step (LightGBM)',
  lstm: 'neural network (LSTM)',
  ensemble: 'several models together',

  baseline: 'baseline',
  statistical: 'statistical',
  intermittent: 'for rare sales',
  global: 'learns from all series',
  deep: 'neural',
  mixed: 'mixture',

  smooth: 'steady',
  erratic: 'uneven',
  intermittentClass: 'rare',
  lumpy: 'rare and uneven',
  short: 'short history',
  new: 'new',
  dead: 'no longer sold',
  constant: 'constant',

  back: 'Market Intelligence',
  needs: 'What is needed: {needed}',
} as const;

export const texts = createCatalogue(en, { he: () => import('./texts.he') });
export type Texts = typeof en;
