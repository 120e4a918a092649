import { useSearchParams } from 'react-router';

/** Whose trends: those of the part chosen, or of every part of a level. */
export const OFS = ['this', 'country', 'store', 'category', 'product'] as const;
export type Of = (typeof OFS)[number];

export interface Range {
  of: Of;
  /** Empty: since ever, until now. */
  start: string;
  end: string;
  setOf: (of: Of) => void;
  setStart: (day: string) => void;
  setEnd: (day: string) => void;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Whose trends and when, kept in the address. */
export function useRange(): Range {
  const [search, setSearch] = useSearchParams();
  const set = (name: string, value: string) =>
    setSearch((before) => {
      const next = new URLSearchParams(before);
      if (value === '') next.delete(name);
      else next.set(name, value);
      return next;
    }, { replace: true });
  const day = (name: string) => (DAY.test(search.get(name) ?? '') ? (search.get(name) ?? '') : '');
  return {
    of: OFS.find((each) => each === search.get('of')) ?? 'this',
    start: day('start'),
    end: day('end'),
    setOf: (of) => set('of', of === 'this' ? '' : of),
    setStart: (value) => set('start', value),
    setEnd: (value) => set('end', value),
  };
}
