/** Numbers, money and dates in the reader's way. */

export interface Period {
  /** First and last day, both within: `2026-05-01`. */
  from: string;
  to: string;
}

export interface Format {
  /** Whole, with separators: 41,213. */
  number: (value: number, digits?: number) => string;
  /** For cards: 41.2 k. */
  short: (value: number) => string;
  /** A share of one: 0.041 → 4.1 %. */
  percent: (share: number, digits?: number) => string;
  money: (value: number, currency: string) => string;
  /** Money on cards: €41.2 k. */
  shortMoney: (value: number, currency: string) => string;
  /** A value by its unit: `money` (major units), `cents`, `share`, else a number; `short` for cards. */
  measure: (value: number, unit: string, options?: { currency?: string | null; short?: boolean }) => string;
  date: (day: string | Date) => string;
  /** Date and time of day, in the reader's time zone. */
  moment: (at: string | Date) => string;
  /** 1–31 May 2026; the year only where it is not this one. */
  period: (period: Period) => string;
  /** 3 hours ago. */
  ago: (at: string | Date, now?: Date) => string;
  seconds: (seconds: number) => string;
  bytes: (bytes: number) => string;
}

const STEPS = [
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

const SPANS = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;
const SECOND = ['second', 1] as const;

const SIZES = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** A day without a time of day is that day everywhere, not midnight in London. */
function asDate(value: string | Date): Date {
  if (value instanceof Date) return value;
  return /^\d{4}-\d{2}-\d{2}$/.test(value) ? new Date(`${value}T12:00:00`) : new Date(value);
}

/** Marks that keep the letter after its digits where the page reads from right to left. */
const ISOLATED = ['\u2066', '\u2069'] as const;
const DIGITS = ['integer', 'group', 'decimal', 'fraction', 'minusSign'];

/** 41234 → 41.2 k, in a format that may have a currency: the letter follows the digits, wherever the currency stands. */
function shortened(value: number, format: (digits: number) => Intl.NumberFormat): string {
  const size = Math.abs(value);
  // 999,950 would be written as 1,000.0 k.
  const [unit, letter] = STEPS.find(([step]) => size >= step * 0.99995) ?? [1, ''];
  const scaled = value / unit;
  const parts = format(Math.abs(scaled) < 99.95 ? 1 : 0).formatToParts(scaled);
  const last = parts.findLastIndex((part) => DIGITS.includes(part.type));
  const first = parts.findIndex((part) => DIGITS.includes(part.type));
  if (letter === '') return parts.map((part) => part.value).join('');
  const digits = parts.slice(first, last + 1).map((part) => part.value).join('');
  const around = (from: number, to?: number) => parts.slice(from, to).map((part) => part.value).join('');
  return `${around(0, first)}${ISOLATED[0]}${digits}\u202f${letter}${ISOLATED[1]}${around(last + 1)}`;
}

function numbers(locale: string) {
  const plain = (digits: number) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits });
  const amount = (currency: string) => ({ style: 'currency', currency, currencyDisplay: 'narrowSymbol' }) as const;
  const money = (value: number, currency: string) => new Intl.NumberFormat(locale, amount(currency)).format(value);
  const coarse = (currency: string) => (digits: number) =>
    new Intl.NumberFormat(locale, { ...amount(currency), minimumFractionDigits: 0, maximumFractionDigits: digits });
  return {
    number: (value: number, digits = 2) => plain(digits).format(value),
    short: (value: number) => (Math.abs(value) < 1000 ? plain(1).format(value) : shortened(value, plain)),
    percent: (share: number, digits = 1) =>
      // What rounds to nought has no sign.
      new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits, signDisplay: 'negative' }).format(share),
    money,
    shortMoney: (value: number, currency: string) =>
      Math.abs(value) < 1000 && !Number.isInteger(value) ? money(value, currency) : shortened(value, coarse(currency)),
  };
}

function times(locale: string) {
  const write = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);
  const moment = write({ dateStyle: 'medium', timeStyle: 'short' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const day = write({ day: 'numeric', month: 'short', year: 'numeric' });
  return {
    date: (value: string | Date) => day.format(asDate(value)),
    moment: (at: string | Date) => moment.format(asDate(at)),
    period: ({ from, to }: Period) => {
      const year = asDate(to).getFullYear() === new Date().getFullYear() ? {} : ({ year: 'numeric' } as const);
      return write({ day: 'numeric', month: 'short', ...year }).formatRange(asDate(from), asDate(to));
    },
    ago: (at: string | Date, now = new Date()) => {
      const seconds = Math.round((asDate(at).getTime() - now.getTime()) / 1000);
      const [unit, size] = SPANS.find(([, span]) => Math.abs(seconds) >= span) ?? SECOND;
      return relative.format(Math.trunc(seconds / size), unit);
    },
  };
}

function sizes(locale: string) {
  const unit = (value: number, name: string, digits: number) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits }).format(value);
  return {
    seconds: (seconds: number) => {
      if (seconds < 1) return unit(seconds * 1000, 'millisecond', 0);
      return seconds < 120 ? unit(seconds, 'second', 1) : unit(seconds / 60, 'minute', 0);
    },
    bytes: (bytes: number) => {
      const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), SIZES.length - 1);
      return unit(bytes / 1000 ** power, SIZES[power] ?? 'byte', power === 0 ? 0 : 1);
    },
  };
}

/** The formats of a locale such as `en-GB`. */
export function createFormat(locale: string): Format {
  const number = numbers(locale);
  const amount = (value: number, options: { currency?: string | null; short?: boolean }) => {
    if (!options.currency) return options.short ? number.short(value) : number.number(value);
    return options.short ? number.shortMoney(value, options.currency) : number.money(value, options.currency);
  };
  const measure: Format['measure'] = (value, unit, options = {}) => {
    if (unit === 'share') return number.percent(value);
    if (unit === 'percent') return number.percent(value / 100);
    if (unit === 'cents') return amount(value / 100, options);
    if (unit === 'money') return amount(value, options);
    return options.short ? number.short(value) : number.number(value);
  };
  return { ...number, ...times(locale), ...sizes(locale), measure };
}
