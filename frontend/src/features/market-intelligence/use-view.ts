import { useSearchParams } from 'react-router';

import { useIsPhone } from '@/components/use-is-phone';

import { GRAINS, LEVELS, METRICS, type Grain, type Level, type Metric, type Place } from './types';

/** How far ahead may be looked, by grain: as far as forecasts are kept. */
export const HORIZONS: Readonly<Record<Grain, readonly number[]>> = { day: [7, 14, 30, 90], week: [4, 13, 26], month: [3, 6, 12] };
/** What can be worked out on demand beside. */
const FURTHER: Readonly<Record<Grain, readonly number[]>> = { day: [180, 365], week: [52], month: [24] };
const PRODUCT_MOST: Readonly<Record<Grain, number>> = { day: 30, week: 13, month: 6 };
const USUAL: Readonly<Record<Grain, number>> = { day: 30, week: 13, month: 6 };
/** On a phone more points than thirty cannot be told apart. */
const PHONE_USUAL: Readonly<Record<Grain, number>> = { day: 14, week: 13, month: 6 };
const PHONE_POINTS = 30;
const PAST: Readonly<Record<Grain, number>> = { day: 90, week: 52, month: 36 };

export interface View extends Place {
  level: Level;
  metric: Metric;
  grain: Grain;
  horizon: number;
  /** Periods of the past that are drawn. */
  history: number;
  metrics: readonly Metric[];
  horizons: readonly number[];
  /** Of these, how many periods are kept; further ones are worked out on demand. */
  kept: number;
  set: (changes: Partial<Record<'level' | 'item' | 'metric' | 'grain' | 'horizon', string>>) => void;
}

/** Orders and customers of single products do not add up: they are not forecast. */
export function metricsOf(level: string): readonly Metric[] {
  return level === 'product' ? ['net_sales', 'units'] : METRICS;
}

export function horizonsOf(grain: Grain): readonly number[] {
  return [...HORIZONS[grain], ...FURTHER[grain]];
}

/** As far ahead as the forecasts of a level are kept. */
export function keptOf(level: string, grain: Grain): number {
  return level === 'product' ? PRODUCT_MOST[grain] : Math.max(...HORIZONS[grain]);
}

const oneOf = <T extends string>(all: readonly T[], asked: string | null, first: T): T => all.find((each) => each === asked) ?? first;

/** What is looked at, read from an address; what the address says wrongly is as if it said nothing. */
export function readView(search: URLSearchParams, isPhone: boolean): Omit<View, 'set'> {
  const item = search.get('item') ?? '';
  const asked = oneOf(LEVELS, search.get('level'), 'shop');
  const level = asked !== 'shop' && item === '' ? 'shop' : asked;
  const grain = oneOf(GRAINS, search.get('grain'), 'day');
  const metrics = metricsOf(level);
  const horizons = horizonsOf(grain);
  const kept = keptOf(level, grain);
  const usual = (isPhone ? PHONE_USUAL : USUAL)[grain];
  const horizon = horizons.find((each) => String(each) === search.get('horizon')) ?? usual;
  const history = isPhone ? Math.max(PHONE_POINTS - horizon, 6) : PAST[grain];
  return { level, item: level === 'shop' ? '' : item, metric: oneOf(metrics, search.get('metric'), 'net_sales'), grain, horizon, history, metrics, horizons, kept };
}

/** What is looked at, kept in the address: a link shows the same to others, and Back goes back. */
export function useView(): View {
  const isPhone = useIsPhone();
  const [search, setSearch] = useSearchParams();
  const set: View['set'] = (changes) =>
    setSearch((before) => {
      const next = new URLSearchParams(before);
      for (const [name, value] of Object.entries(changes)) {
        if (value === '') next.delete(name);
        else next.set(name, value);
      }
      // Another part of the shop is another place to come back from; a switch is not.
      return next;
    }, { replace: changes.level === undefined });
  return { ...readView(search, isPhone), set };
}
