import { useFormat, useText } from '@/i18n/text';

import { lastDay } from '../periods';
import type { Grain, Series } from '../types';
import type { Amounts } from '../use-amounts';
import { texts } from './texts';

/** Over how many periods the first sentence adds up. */
const SPAN: Readonly<Record<Grain, number>> = { day: 7, week: 4, month: 3 };
const WORDS = { day: 'days', week: 'weeks', month: 'months' } as const;
/** A forecast this near was right. */
const RIGHT = 0.005;

/** So many days, weeks or months. */
export function useSpan(): (count: number, grain: Grain) => string {
  const t = useText(texts);
  return (count, grain) => t(WORDS[grain], { count });
}

/** How the last forecast turned out, in words; empty while nobody knows. */
export function useLastForecast(): (last: Series['last_forecast'] | undefined) => string {
  const t = useText(texts);
  const format = useFormat();
  return (last) => {
    const share = last?.error_share;
    if (share === null || share === undefined) return '';
    if (Math.abs(share) < RIGHT) return t('lastRight', { share: format.percent(RIGHT) });
    return t(share > 0 ? 'lastHigh' : 'lastLow', { share: format.percent(Math.abs(share)) });
  };
}

/** What to expect, in two sentences: the sum of the next periods, then the first with its band. */
export function useSentence(): (series: Series | undefined, amounts: Amounts) => string {
  const t = useText(texts);
  const format = useFormat();
  const span = useSpan();
  const last = useLastForecast();
  return (series, amounts) => {
    const first = series?.forecast[0];
    if (series === undefined || first === undefined) return '';
    const { grain } = series;
    const ahead = series.forecast.slice(0, SPAN[grain]);
    const name = grain === 'day' ? format.date(first.date) : format.period({ from: first.date, to: lastDay(first.date, grain) });
    const values = {
      span: span(ahead.length, grain), value: amounts.expected(ahead.reduce((sum, each) => sum + (each.value ?? 0), 0)),
      first: amounts.expected(first.value), lower: amounts.expected(first.lower_80), upper: amounts.expected(first.upper_80),
    };
    // The service knows how sure the sum is; bands of single periods do not add up.
    if (series.next && typeof series.next.spread === 'number') {
      const { periods, value, spread } = series.next;
      const sum = t('nextSum', { span: span(periods, grain), value: amounts.expected(value), spread: amounts.expected(spread) });
      return [sum, last(series.last_forecast)].filter(Boolean).join(' ');
    }
    const next = grain === 'day' ? t('next', { ...values, date: name }) : t('nextPeriods', values);
    return [next, last(series.last_forecast)].filter(Boolean).join(' ');
  };
}
