import type { SystemCard } from '@/api/types';
import { useFormat, useLocalText, useText } from '@/i18n/text';
import { metricName, unitOf } from '@/lib/metric';

import { texts } from './headline-texts';

export type Headline = NonNullable<SystemCard['headline']>;

const SAME = 0.0005;

/** Writes a headline as a sentence: “Net sales: €41.2 k for 3–30 Jun, ▲ 4.1 % vs 6 May–2 Jun.” */
export function useHeadline(): (headline: Headline) => string {
  const t = useText(texts);
  const format = useFormat();
  const local = useLocalText();
  return ({ metric, label, value, unit, currency, period, comparison }) => {
    const shown = value === null ? '–' : format.measure(value, unitOf(metric, unit), { currency, short: true });
    const first = t('answer', { label: local(metricName(metric, label)), value: shown, period: format.period(period) });
    if (comparison === null || comparison.change === null) return first + t('alone');
    const before = format.period(comparison);
    if (Math.abs(comparison.change) < SAME) return first + t('same', { before });
    const direction = t(comparison.change > 0 ? 'up' : 'down');
    return first + t('change', { direction, change: format.percent(Math.abs(comparison.change)), before });
  };
}
