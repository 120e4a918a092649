/** Runs as the service tells of them. */

export type RunStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'interrupted';

export interface Run {
  run_id: string;
  status: RunStatus;
  started_at: string;
  ended_at: string | null;
  started_by?: string | null;
  tables_built: number | null;
  unchanged: number | null;
  failed: number | null;
  cpu_seconds: number | null;
  message?: string | null;
}

export interface Outcome {
  table: string;
  outcome: string;
  rows: number | null;
  version: number | null;
  wall_seconds: number | null;
  message: string | null;
}

export interface LogLine {
  at: string;
  message: string;
}

export interface RunDetail extends Run {
  tables: readonly Outcome[];
  log?: readonly LogLine[];
}

export interface TableDifference {
  table: string;
  a: Outcome | null;
  b: Outcome | null;
  rows_change: number | null;
  seconds_change: number | null;
  same_version: boolean;
  same_outcome: boolean;
}

export interface Comparison {
  a: Run;
  b: Run;
  tables: readonly TableDifference[];
}

export const isLive = (run: Pick<Run, 'status'>): boolean => run.status === 'queued' || run.status === 'running';

/** How long a run took (s); up to now while it goes on. */
export function secondsOf(run: Run, now = Date.now()): number {
  const end = run.ended_at === null ? now : Date.parse(run.ended_at);
  return Math.max(0, (end - Date.parse(run.started_at)) / 1000);
}
