import { useMemo } from 'react';

import { useFormat, useLanguage } from '@/i18n/text';

export interface Amounts {
  /** What has happened: to the cent. */
  exact: (value: number | null | undefined) => string;
  /** What is expected: no digits that nobody can know. */
  expected: (value: number | null | undefined) => string;
  /** On cards, axes and in the tree: 41.2 k. */
  short: (value: number | null | undefined) => string;
  /** For a CSV: money in whole units of its currency. */
  plain: (value: number | null) => number | null;
  unit: string;
}

/** From here on the hundredths of an estimate say nothing. */
const COARSE = 100;

type Writers = Pick<ReturnType<typeof useFormat>, 'measure' | 'number'>;

function writers(metric: string, currency: string | null | undefined, format: Writers, locale: string): Amounts {
  const isMoney = metric === 'net_sales';
  const unit = isMoney ? 'cents' : 'count';
  const options = { currency: isMoney ? currency : null };
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0, ...(isMoney && currency ? { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } : {}) });
  const known = (write: (value: number) => string) => (value: number | null | undefined) => (typeof value === 'number' ? write(value) : '–');
  const estimate = (value: number) => {
    const size = isMoney ? value / 100 : value;
    if (Math.abs(size) >= COARSE || (!isMoney && Math.abs(size) >= 10)) return whole.format(Math.round(size) || 0);
    return isMoney ? format.measure(value, unit, options) : format.number(value, 1);
  };
  return {
    unit,
    exact: known((value) => format.measure(value, unit, options)),
    expected: known(estimate),
    short: known((value) => format.measure(value, unit, { ...options, short: true })),
    plain: (value) => (value === null ? null : isMoney ? value / 100 : value),
  };
}

/** Writes values of a metric: hundredths of the shop's currency for net sales, counts for all others. */
export function useAmounts(metric: string, currency: string | null | undefined): Amounts {
  const format = useFormat();
  const { locale } = useLanguage();
  return useMemo(() => writers(metric, currency, format, locale), [metric, currency, format, locale]);
}

/** Where rows are of several metrics. */
export function useAmountsOf(): (metric: string, currency: string | null | undefined) => Amounts {
  const format = useFormat();
  const { locale } = useLanguage();
  return (metric, currency) => writers(metric, currency, format, locale);
}
