import { useMemo } from 'react';

import { useFormat, useLanguage } from '@/i18n/text';

/** Writes cents of mixed or unknown currencies: always two digits, no sign of a currency. */
export function useAmount(): (cents: number) => string {
  const { locale } = useLanguage();
  return useMemo(() => {
    const numbers = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    return (cents) => numbers.format(cents / 100);
  }, [locale]);
}

/** Writes a share so that what is not all never reads as 100 %, nor what is some as 0 %. */
export function useShare(): (share: number) => string {
  const format = useFormat();
  return (share) => {
    const edge = Math.min(Math.abs(share), Math.abs(1 - share));
    return format.percent(share, edge === 0 || edge >= 0.0005 ? 1 : edge >= 0.00005 ? 2 : 3);
  };
}
