/** Sums over the weeks of a scoreboard. */
import type { Grain, ScoredWeek } from '../types';

/** A share over all weeks, each counting by its periods; null where no week knows it. */
export function overall(weeks: readonly ScoredWeek[], key: 'within_80' | 'within_95'): { share: number | null; periods: number } {
  const known = weeks.flatMap((week) => (week[key] === null ? [] : [{ share: week[key], periods: week.periods }]));
  const periods = known.reduce((sum, week) => sum + week.periods, 0);
  const within = known.reduce((sum, week) => sum + week.share * week.periods, 0);
  return { share: periods === 0 ? null : within / periods, periods };
}

const DAYS = 7;

/** The weeks that are over from their first day to their last; all of them where none is. */
export function whole(weeks: readonly ScoredWeek[], grain: Grain): readonly ScoredWeek[] {
  const over = grain === 'day' ? weeks.filter((week) => week.periods >= DAYS) : weeks;
  return over.length === 0 ? weeks : over;
}

/** How far below its promise a band may fall by chance: two standard errors. */
export function isBelow(share: number | null, promised: number, periods: number): boolean {
  if (share === null || periods === 0) return false;
  return share < promised - 2 * Math.sqrt((promised * (1 - promised)) / periods);
}
