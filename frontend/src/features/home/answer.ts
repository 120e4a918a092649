import type { Home, SystemCard } from '@/api/types';
import { useHeadline, type Headline } from '@/components/use-headline';
import { useText } from '@/i18n/text';

import { texts } from './texts';

/** What the first sentence is about: sales, else whatever comes first. */
export function leading(cards: readonly SystemCard[]): Headline | undefined {
  const headlines = cards.flatMap((card) => (card.headline && card.headline.value !== null ? [card.headline] : []));
  return headlines.find((headline) => headline.metric === 'net_sales') ?? headlines[0];
}

/** The home page in one sentence, and whether anything needs a look. */
export function useAnswer(home: Home | undefined): string | undefined {
  const t = useText(texts);
  const sentence = useHeadline();
  if (home === undefined) return undefined;
  const headline = leading(home.cards);
  if (headline === undefined) return t('nothing');
  const toCheck = home.cards.filter((card) => card.health.state === 'warning' || card.health.state === 'failed').length;
  return `${sentence(headline)} ${toCheck === 0 ? t('allWell') : t('attention', { count: toCheck })}`;
}
