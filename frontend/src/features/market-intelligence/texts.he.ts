import type { Translation } from '@/i18n/catalogue';

import type { Texts } from './texts';

const he: Translation<Texts> = {
  places: 'מודיעין שוק',
  forecast: 'תחזית',
  comparison: 'השוואת מודלים',
  scoreboard: 'לוח תוצאות',
  trends: 'מגמות',
  pricing: 'מחירי מתחרים',
  models: 'מודלים',

  metric: 'מספר',
  grain: 'לפי',
  day: 'יום',
  week: 'שבוע',
  month: 'חודש',

  shop: 'כל החנות',
  country: 'מדינה',
  countries: 'מדינות',
  category: 'קטגוריה',
  categories: 'קטגוריות',
  product: 'מוצר',
  products: 'מוצרים',
  store: 'סניף',
  stores: 'סניפים',
  none: 'ללא שם',
  countryless: 'מדינה לא ידועה',
  categoryless: 'ללא קטגוריה',
  storeless: 'ללא סניף',

  seasonal_naive: 'חזרה עונתית',
  seasonal_naive_drift: 'חזרה עונתית עם מגמה',
  seasonal_moving_average: 'ממוצע נע לפי עונה',
  moving_average: 'ממוצע נע',
  last_year: 'אותם ימים לפני שנה',
  year_before: 'השנה הקודמת',
  auto_arima: 'ARIMA',
  auto_ets: 'החלקה מעריכית (ETS)',
  theta: 'Theta',
  mstl: 'פירוק לעונות (MSTL)',
  croston: 'קרוסטון (מכירות נדירות)',
  tsb: 'TSB (מכירות נדירות)',
  adida: 'ADIDA (מכירות נדירות)',
  prophet: 'Prophet',
  lightgbm_direct: 'עצי החלטה, ישיר (LightGBM)',
  lightgbm_recursive: 'עצי החלטה, צעד אחר צעד (LightGBM)',
  lstm: 'רשת עצבית (LSTM)',
  ensemble: 'כמה מודלים יחד',

  baseline: 'קו בסיס',
  statistical: 'סטטיסטי',
  intermittent: 'למכירות נדירות',
  global: 'לומד מכל הסדרות',
  deep: 'רשת עצבית',
  mixed: 'תערובת',

  smooth: 'יציב',
  erratic: 'תנודתי',
  intermittentClass: 'נדיר',
  lumpy: 'נדיר ותנודתי',
  short: 'היסטוריה קצרה',
  new: 'חדש',
  dead: 'כבר לא נמכר',
  constant: 'קבוע',

  back: 'מודיעין שוק',
  forecastOf: 'תחזית: {metric}',
  needs: 'מה נחוץ: {needed}',
};

export default he;
