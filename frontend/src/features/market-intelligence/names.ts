import { useLocalText, useText } from '@/i18n/text';
import { metricName } from '@/lib/metric';

import { texts, type Texts } from './texts';
import type { LevelRow } from './types';

const METRIC_TITLES: Readonly<Record<string, string>> = { net_sales: 'Net sales', orders: 'Orders', units: 'Units sold', customers: 'Customers' };

/** The name of a metric in the page's language. */
export function useMetricName(): (metric: string) => string {
  const local = useLocalText();
  return (metric) => local(metricName(metric, METRIC_TITLES[metric] ?? metric));
}

const has = (key: string): key is keyof Texts => Object.hasOwn(texts.en, key);

/** The name of a model; one that is not known here keeps the service's. */
export function useModelName(): (model: string) => string {
  const t = useText(texts);
  return (model) => (has(model) ? (t as (key: keyof Texts) => string)(model) : model);
}

/** Where there is little room: as experts call it. */
export function useShortModelName(): (model: string) => string {
  const t = useText(texts);
  const name = useModelName();
  return (model) => {
    const key = `${model}_short`;
    return has(key) ? (t as (key: keyof Texts) => string)(key) : (SHORT[model] ?? name(model));
  };
}

const SHORT: Readonly<Record<string, string>> = {
  auto_arima: 'ARIMA', auto_ets: 'ETS', theta: 'Theta', mstl: 'MSTL', croston: 'Croston', tsb: 'TSB', adida: 'ADIDA', prophet: 'Prophet', lstm: 'LSTM',
};

/** The kind of model it is. */
export function useFamilyName(): (family: string) => string {
  const t = useText(texts);
  const name = (family: string) => (family === 'ensemble' ? 'mixed' : family);
  return (family) => (has(name(family)) ? (t as (key: keyof Texts) => string)(name(family) as keyof Texts) : family);
}

/** How a series behaves, in a word. */
export function useClassName(): (seriesClass: string) => string {
  const t = useText(texts);
  const name = (each: string) => (each === 'intermittent' ? 'intermittentClass' : each);
  return (each) => (has(name(each)) ? (t as (key: keyof Texts) => string)(name(each) as keyof Texts) : each);
}

const LACKING = { country: 'countryless', store: 'storeless', category: 'categoryless', product: 'productless' } as const;

/** The name of a part of the shop: countries in the page's language, others as the shop calls them. */
export function usePlaceName(): (row: Pick<LevelRow, 'level' | 'item' | 'name'>) => string {
  const t = useText(texts);
  const country = useCountryName();
  return ({ level, item, name }) => {
    if (level === 'shop') return t('shop');
    // As the tables name what has no country, store, category or product.
    if (item === '(none)' || item === '(unknown)') return t(LACKING[level]);
    if (level === 'country') return country(item) ?? name ?? item;
    return name ?? (item === '' ? t('none') : item);
  };
}

function useCountryName(): (code: string) => string | undefined {
  const local = useLocalText();
  const names = new Intl.DisplayNames([local({ en: 'en', he: 'he' })], { type: 'region', fallback: 'none' });
  return (code) => (/^[A-Z]{2}$/.test(code) ? names.of(code) : undefined);
}

/** The name of a level. */
export function useLevelName(): (level: string) => string {
  const t = useText(texts);
  return (level) => (has(level) ? (t as (key: keyof Texts) => string)(level) : level);
}

const FORECAST = /^forecast-(\w+)$/;

/** What a trained model is of. */
export function useModelTitle(): (model: { name: string; title: string }) => string {
  const t = useText(texts);
  const metric = useMetricName();
  return ({ name, title }) => {
    const [, of] = FORECAST.exec(name) ?? [];
    return of === undefined ? title : t('forecastOf', { metric: metric(of) });
  };
}
