import type { Home, SystemCard } from '@/api/types';
import { useFormat, useLocalText, useText } from '@/i18n/text';
import { metricName, unitOf } from '@/lib/metric';

import { texts } from './texts';

type Headline = NonNullable<SystemCard['headline']>;

/** What the first sentence is about: sales, else whatever comes first. */
export function leading(cards: readonly SystemCard[]): Headline | undefined {
  const headlines = cards.flatMap((card) => (card.headline && card.headline.value !== null ? [card.headline] : []));
  return headlines.find((headline) => headline.metric === 'net_sales') ?? headlines[0];
}

const SAME = 0.0005;

function useSentence() {
  const t = useText(texts);
  const format = useFormat();
  const local = useLocalText();
  return ({ metric, label, value, unit, currency, period, comparison }: Headline): string => {
    const shown = format.measure(value ?? 0, unitOf(metric, unit), { currency, short: true });
    const first = t('answer', { label: local(metricName(metric, label)), value: shown, period: format.period(period) });
    if (comparison?.change === null || comparison?.change === undefined) return first + t('answerAlone');
    const before = format.period(comparison);
    if (Math.abs(comparison.change) < SAME) return first + t('answerSame', { before });
    const direction = t(comparison.change > 0 ? 'up' : 'down');
    return first + t('answerChange', { direction, change: format.percent(Math.abs(comparison.change)), before });
  };
}

/** The home page in one sentence, and whether anything needs a look. */
export function useAnswer(home: Home | undefined): string | undefined {
  const t = useText(texts);
  const sentence = useSentence();
  if (home === undefined) return undefined;
  const headline = leading(home.cards);
  if (headline === undefined) return t('nothing');
  const toCheck = home.cards.filter((card) => card.health.state === 'warning' || card.health.state === 'failed').length;
  return `${sentence(headline)} ${toCheck === 0 ? t('allWell') : t('attention', { count: toCheck })}`;
}
