/** Days, weeks and months as the service writes them: `2026-05-01`, the first day of each. */
import type { Grain } from './types';

const DAY = 86_400_000;

const asUtc = (day: string) => Date.parse(`${day}T00:00:00Z`);
const write = (moment: number) => new Date(moment).toISOString().slice(0, 10);

/** The day so many days later. */
export function addDays(day: string, days: number): string {
  return write(asUtc(day) + days * DAY);
}

/** The first day of the period after this one. */
export function nextPeriod(day: string, grain: Grain): string {
  if (grain !== 'month') return addDays(day, grain === 'week' ? 7 : 1);
  const date = new Date(asUtc(day));
  return write(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1));
}

/** The last day of the period that begins on `day`. */
export function lastDay(day: string, grain: Grain): string {
  return addDays(nextPeriod(day, grain), -1);
}

/** The most that a line is filled up to: a broken date must not hang the page. */
const MOST = 5_000;

/**
 * The same points with `null` for periods the service left out, so that a line breaks there
 * instead of running across days nobody knows anything of.
 */
export function withGaps(points: readonly { date: string; value: number | null }[], grain: Grain): { date: string; value: number | null }[] {
  const known = new Map(points.map((point) => [point.date, point.value]));
  const days = [...known.keys()].sort();
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return [];
  const filled: { date: string; value: number | null }[] = [];
  for (let day = first; day <= last && filled.length < MOST; day = nextPeriod(day, grain)) filled.push({ date: day, value: known.get(day) ?? null });
  // Periods that do not begin where this grain's do are kept as they are.
  const drawn = new Set(filled.map((point) => point.date));
  return days.every((day) => drawn.has(day)) ? filled : points.map((point) => ({ ...point }));
}

/** Noon, so that no time zone moves a day to its neighbour. */
export const noon = (day: string) => new Date(`${day}T12:00:00`);
