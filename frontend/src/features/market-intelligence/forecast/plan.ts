/** What a person plans, as typed, and as it is sent. */
import type { Change, Series } from '../types';

export interface Draft {
  id: number;
  kind: Change['kind'];
  from: string;
  to: string;
  /** Percent, as typed; for another price only. */
  percent: string;
}

export type Fault = 'dayMissing' | 'dayOutside' | 'orderWrong' | 'priceWrong';
export type Faults = Partial<Record<'from' | 'to' | 'percent', Fault>>;

const LEAST = -90;
const MOST = 300;

/** A number in either way of writing the decimal point and the minus sign; NaN for none. */
export function numberOf(typed: string): number {
  const plain = typed.trim().replace(/[\u200e\u200f]/g, '').replace('−', '-').replace(',', '.').replace(/%$/, '').trim();
  return plain === '' ? Number.NaN : Number(plain);
}

/** The first day ahead on which the shop is open; the first of all where it never is. */
export const firstOpen = (forecast: Series['forecast']): string => (forecast.find((each) => !each.closed) ?? forecast[0])?.date ?? '';

/** What is wrong with a change, by field. */
export function faultsOf(draft: Draft, first: string, last: string): Faults {
  const day = (value: string): Fault | undefined => (value === '' ? 'dayMissing' : value < first || value > last ? 'dayOutside' : undefined);
  const faults: Faults = { from: day(draft.from), to: day(draft.to) };
  if (faults.from === undefined && faults.to === undefined && draft.to < draft.from) faults.to = 'orderWrong';
  const percent = numberOf(draft.percent);
  if (draft.kind === 'price' && !(percent >= LEAST && percent <= MOST && percent !== 0)) faults.percent = 'priceWrong';
  return faults;
}

export const isFaulty = (faults: Faults) => Object.values(faults).some((fault) => fault !== undefined);

/** As the service takes it: another price as a multiple of the usual one. */
export function changeOf({ kind, from, to, percent }: Draft): Change {
  const value = kind === 'price' ? Math.round((1 + numberOf(percent) / 100) * 10_000) / 10_000 : undefined;
  return value === undefined ? { kind, from, to } : { kind, from, to, value };
}
