import { useFormat, useText } from '@/i18n/text';

import { texts, type Texts } from './texts';

/** From here on a difference may be chance. */
const LEVEL = 0.05;
const TYPES = ['growth', 'decline', 'stable', 'seasonal', 'unknown'] as const satisfies readonly (keyof Texts)[];

/** What a trend is called. */
export function useTypeName(): (type: string) => string {
  const t = useText(texts);
  return (type) => {
    const known = TYPES.find((each) => each === type);
    return known ? t(known) : type;
  };
}

/** Whether something may be chance, in words. */
export function useChance(): (q: number | null | undefined) => string {
  const t = useText(texts);
  const format = useFormat();
  return (q) => (typeof q === 'number' ? t(q <= LEVEL ? 'chanceNo' : 'chanceYes', { q: q < 0.001 ? '< 0.001' : format.number(q, 3) }) : '–');
}

/** A share with its sign: +4.1 %. */
export function useSigned(): (share: number | null | undefined) => string {
  const format = useFormat();
  return (share) => (typeof share === 'number' ? `${share > 0 ? '+' : ''}${format.percent(share)}` : '–');
}
