/** Runs as the service tells of them. */
import type { Answer, RunSummary } from '@/api/types';

export type { RunDetail } from '@/api/types';
export type Run = RunSummary;
export type RunStatus = Run['status'];
export type Comparison = Answer<'/api/v1/runs/compare'>;
export type TableDifference = Comparison['tables'][number];
export type Outcome = NonNullable<TableDifference['a']>;

export interface LogLine {
  at: string;
  message: string;
}

export const isLive = (run: Pick<Run, 'status'>): boolean => run.status === 'queued' || run.status === 'running';

/** The service tells of runs in UTC; where it leaves out the zone, a browser would take its own. */
export function moment(at: string): Date {
  return new Date(/(?:Z|[+-]\d{2}:?\d{2})$/.test(at) ? at : `${at}Z`);
}

/** How long a run took (s); up to now while it goes on. */
export function secondsOf(run: Run, now = Date.now()): number {
  const end = run.ended_at === null ? now : moment(run.ended_at).getTime();
  return Math.max(0, (end - moment(run.started_at).getTime()) / 1000);
}
