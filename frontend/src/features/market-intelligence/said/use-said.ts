/** What the service says in sentences, said in the page's language. */
import { useFormat, useLanguage, useText } from '@/i18n/text';

import { useClassName, useLevelName, useMetricName, useModelName } from '../names';
import type { AxisEvent, Said, Series } from '../types';
import { texts, type Texts } from './texts';

/** A code without a text does not compile. */
type Untold = Exclude<Said['code'], keyof Texts>;
const ALL_TOLD: [Untold] extends [never] ? true : Untold = true;

type Values = Record<string, string | number>;
type Write = (key: keyof Texts, values?: Values) => string;

const SPANS = { day: 'spanDay', week: 'spanWeek', month: 'spanMonth' } as const satisfies Record<string, keyof Texts>;
const GRAINS = { day: 'byDay', week: 'byWeek', month: 'byMonth' } as const satisfies Record<string, keyof Texts>;
const isGrain = (grain: unknown): grain is keyof typeof GRAINS => typeof grain === 'string' && Object.hasOwn(GRAINS, grain);
const isSpan = (value: unknown): value is { count: number; grain: keyof typeof SPANS } => typeof value === 'object' && value !== null && 'count' in value && 'grain' in value && isGrain(value.grain);

const SHARES = new Set(['gain', 'margin', 'size', 'least', 'moved', 'low', 'high', 'by', 'above', 'below', 'now', 'was']);
const DAYS = new Set(['day', 'first', 'last']);
const MODELS = new Set(['model', 'baseline', 'next']);

function useWriteValue(): (name: string, value: unknown, write: Write, say: (said: Said) => string) => string | number {
  const format = useFormat();
  const model = useModelName();
  const level = useLevelName();
  const className = useClassName();
  const metric = useMetricName();
  return (name, value, write, say) => {
    if (Array.isArray(value)) return (value as Said[]).map(say).join(' ');
    if (isSpan(value)) return write(SPANS[value.grain], { count: value.count });
    if (typeof value === 'number') return SHARES.has(name) ? format.percent(value) : Number.isInteger(value) ? value : format.number(value, 3);
    const word = String(value);
    if (MODELS.has(name)) return model(word);
    if (DAYS.has(name)) return format.date(word);
    if (name === 'level') return level(word);
    if (name === 'series_class') return className(word);
    if (name === 'metric') return metric(word);
    return name === 'grain' && isGrain(word) ? write(GRAINS[word]) : word;
  };
}

/** The sentences, one after the other; where the service could not name one of them, its own words. */
export function useSaid(): (said: readonly Said[] | undefined, words: string) => string {
  const t = useText(texts);
  const writeValue = useWriteValue();
  const write = t as Write;
  const say = ({ code, values, words }: Said): string => {
    if (!ALL_TOLD || !Object.hasOwn(texts.en, code)) return words;
    return write(code, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, writeValue(name, value, write, say)])));
  };
  return (said, words) => (said === undefined || said.length === 0 ? words : said.map(say).join(' '));
}

/** What stands on the time axis is called. */
export function useEventLabel(): (event: AxisEvent) => string {
  const sentence = useSaid();
  return ({ said, label }) => sentence(said, label);
}

/** What a model is, in a sentence; of one that is not known here as the service says it. */
export function useModelAbout(): (model: { name: string; about: string }) => string {
  const t = useText(texts);
  return ({ name, about }) => (Object.hasOwn(texts.en, `about_${name}`) ? (t as Write)(`about_${name}` as keyof Texts) : about);
}

const MOST_DAYS = 6;
/** A Monday: the service counts weekdays from there. */
const MONDAY = Date.UTC(2024, 0, 1, 12);

/** When the shop is closed in the days ahead, in sentences. */
export function useClosed(): (closed: Series['closed']) => string[] {
  const t = useText(texts);
  const format = useFormat();
  const { locale } = useLanguage();
  const listed = new Intl.ListFormat(locale, { type: 'conjunction' });
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' });
  return ({ weekdays, days }) => {
    const weekly = weekdays.map((each) => weekday.format(MONDAY + each * 86_400_000));
    const shown = days.slice(0, MOST_DAYS).map(format.date);
    const more = days.length - shown.length;
    return [
      ...(weekly.length > 0 ? [t('closedWeekly', { weekdays: listed.format(weekly) })] : []),
      ...(more > 0 ? [t('closedMore', { days: shown.join(', '), count: more })] : shown.length > 0 ? [t('closedDays', { days: listed.format(shown) })] : []),
    ];
  };
}
