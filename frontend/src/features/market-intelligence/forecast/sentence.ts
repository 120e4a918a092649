import { useFormat, useText } from '@/i18n/text';

import { lastDay } from '../periods';
import type { Grain, Series } from '../types';
import type { Amounts } from '../use-amounts';
import { texts } from './texts';

/** Over how many periods the first sentence adds up. */
const SPAN: Readonly<Record<Grain, number>> = { day: 7, week: 4, month: 3 };
const WORDS = { day: 'days', week: 'weeks', month: 'months' } as const;
const NEXT = { day: 'nextDays', week: 'nextWeeks', month: 'nextMonths' } as const;
/** A forecast this near was right. */
const RIGHT = 0.005;

/** Of a forecast made at the time, and of one tried on the past: right, too high, too low. */
const LAST = ['lastRight', 'lastHigh', 'lastLow'] as const;
const TRIED = ['triedRight', 'triedHigh', 'triedLow'] as const;

/** Two figures of the spread: more of either number nobody knows. */
const stepOf = (spread: number) => (spread >= 10 ? 10 ** (Math.floor(Math.log10(spread)) - 1) : 0);

/** So many days, weeks or months. */
export function useSpan(): (count: number, grain: Grain) => string {
  const t = useText(texts);
  return (count, grain) => t(WORDS[grain], { count });
}

/** How the last forecast turned out, in words; empty while nobody knows. */
function useLastForecast(): (last: Series['last_forecast'] | undefined) => string {
  const t = useText(texts);
  const format = useFormat();
  return (last) => {
    const share = last?.error_share;
    if (share === null || share === undefined) return '';
    const [right, high, low] = last?.kind === 'live' ? LAST : TRIED;
    if (Math.abs(share) < RIGHT) return t(right, { share: format.percent(RIGHT) });
    return t(share > 0 ? high : low, { share: format.percent(Math.abs(share)) });
  };
}

/** The next periods together, as surely as the service knows the sum, and how the last forecast did. */
export function useSentence(): (series: Series | undefined, amounts: Amounts) => string {
  const t = useText(texts);
  const last = useLastForecast();
  return (series, amounts) => {
    if (series === undefined || series.forecast.length === 0) return '';
    const ahead = series.forecast.slice(0, SPAN[series.grain]);
    const { periods, value, spread } = series.next ?? { periods: ahead.length, value: ahead.reduce((sum, each) => sum + (each.value ?? 0), 0), spread: null };
    const step = spread === null ? 0 : stepOf(spread);
    const values = { span: t(NEXT[series.grain], { count: periods }), value: amounts.expected(step > 0 && value !== null ? Math.round(value / step) * step : value) };
    // Bands of single periods do not add up: without the service's own spread there is none.
    const sum = spread === null ? t('sum', values) : t('sumSure', { ...values, spread: amounts.expected(step > 0 ? Math.ceil(spread / step) * step : spread) });
    return [sum, last(series.last_forecast)].filter(Boolean).join(' ');
  };
}

/** The first period on which anything is expected, with its band. */
export function useFirst(): (series: Series | undefined, amounts: Amounts) => string {
  const t = useText(texts);
  const format = useFormat();
  return (series, amounts) => {
    const first = series?.forecast.find((each) => !each.closed);
    if (series === undefined || first === undefined) return '';
    const values = { value: amounts.expected(first.value), lower: amounts.expected(first.lower_80), upper: amounts.expected(first.upper_80) };
    if (series.grain === 'day') return t('first', { ...values, date: format.date(first.date) });
    return t('firstPeriod', { ...values, date: format.period({ from: first.date, to: lastDay(first.date, series.grain) }) });
  };
}
