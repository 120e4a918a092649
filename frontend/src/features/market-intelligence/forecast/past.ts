/** What past episodes went with, and where an answer should not be trusted, in words. */
import { useFormat, useLanguage, useText } from '@/i18n/text';

import { useModelName } from '../names';
import type { PastEffect, Warned } from '../types';
import { texts, type Texts } from './texts';

const FROM = { promotion: 'pastPromotions', price: 'pastPrices', closed: 'pastClosings' } as const satisfies Record<PastEffect['kind'], keyof Texts>;
const NEVER = { promotion: 'neverPromotion', price: 'neverPrice', closed: 'neverClosed' } as const satisfies Record<PastEffect['kind'], keyof Texts>;
const KINDS = { promotion: 'kindPromotion', price: 'kindPrice', closed: 'kindClosed' } as const satisfies Record<PastEffect['kind'], keyof Texts>;

/** A share with its sign: +12 %. */
export function useSigned(): (share: number) => string {
  const { locale, direction } = useLanguage();
  const write = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' });
  // Signs stay at their digits where the page reads from right to left.
  return (share) => (direction === 'rtl' ? `\u2066${write.format(share)}\u2069` : write.format(share));
}

function useUntold(): (past: PastEffect) => string {
  const t = useText(texts);
  const signed = useSigned();
  return ({ kind, because, episodes, least_price, greatest_price }) => {
    if (because === 'no_prices') return t('noPrices');
    if (because === 'outside') return t('outsidePrice', { least: signed(least_price ?? 0), greatest: signed(greatest_price ?? 0) });
    if (because === 'vague') return t('vaguePast', { count: episodes });
    return t(because === 'few' ? 'fewPast' : NEVER[kind]);
  };
}

/** From 13 past promotions (126 days): +12 % (80 %: +4 % … +19 %). */
export function usePastSentence(): (past: PastEffect) => string {
  const t = useText(texts);
  const signed = useSigned();
  const untold = useUntold();
  return (past) => {
    const { share, lower_share: lower, upper_share: upper } = past;
    if (share === null) return untold(past);
    const told = typeof lower === 'number' && typeof upper === 'number' ? t('pastRange', { share: signed(share), lower: signed(lower), upper: signed(upper) }) : t('pastSingle', { share: signed(share) });
    return t(FROM[past.kind], { count: past.episodes, days: t('days', { count: past.days }), told });
  };
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');
const isKind = (value: unknown): value is PastEffect['kind'] => typeof value === 'string' && Object.hasOwn(KINDS, value);

/** A warning of the service in the page's language; one that is not known here in its own words. */
export function useWarning(): (warned: Warned) => string {
  const t = useText(texts);
  const format = useFormat();
  const signed = useSigned();
  const model = useModelName();
  return ({ code, values, words }) => {
    const kind = isKind(values.kind) ? t(KINDS[values.kind]) : '';
    const told: Record<Warned['code'], () => string> = {
      outside: () => t('warnOutside', { kind, from: format.date(text(values.from)), to: format.date(text(values.to)) }),
      already: () => t('warnAlready', { kind }),
      unknown: () => t('warnUnknown', { kind }),
      from_past: () => t('warnFromPast', { kind, model: model(text(values.model)) }),
      not_cause: () => t('warnNotCause'),
      unlike_past: () => t(values.way === 'less' ? 'warnLess' : 'warnMore', { kind, share: signed(Number(values.share)) }),
    };
    return Object.hasOwn(told, code) ? told[code]() : words;
  };
}

/** What must be known before the figures are used; all else is said for whom it may interest. */
export const isGrave = ({ code }: Warned) => code === 'unknown' || code === 'unlike_past' || code === 'outside' || code === 'already';
