/** What the events of a run add up to. */
import type { ServerEvent } from '@/api/events';

import type { LogLine, RunStatus } from './model';

export interface TableProgress {
  table: string;
  state: string;
  rows: number | null;
  version: number | null;
}

export interface Progress {
  tables: readonly TableProgress[];
  done: number;
  total: number;
  log: readonly LogLine[];
  /** How it ended; null while it goes on. */
  status: RunStatus | null;
}

export const NO_PROGRESS: Progress = { tables: [], done: 0, total: 0, log: [], status: null };

const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);

function withTable(tables: readonly TableProgress[], next: TableProgress): TableProgress[] {
  const place = tables.findIndex((each) => each.table === next.table);
  return place < 0 ? [...tables, next] : tables.with(place, next);
}

/** All is read before the first table is built, and not told of each before the end. */
function afterReading(tables: readonly TableProgress[], state: string): readonly TableProgress[] {
  if (state !== 'building') return tables;
  return tables.map((each) => (each.state === 'reading' ? { ...each, state: 'read' } : each));
}

/** The progress after one more event; one that is not known changes nothing. */
export function advance(progress: Progress, { event, data }: ServerEvent): Progress {
  const told = (data ?? {}) as Record<string, unknown>;
  if (event === 'progress' && typeof told.table === 'string') {
    const table = { table: told.table, state: String(told.state), rows: number(told.rows), version: number(told.version) };
    const { done, total } = { done: number(told.done) ?? progress.done, total: number(told.total) ?? progress.total };
    return { ...progress, tables: withTable(afterReading(progress.tables, table.state), table), done: Math.max(done, progress.done), total };
  }
  if (event === 'log') return { ...progress, log: [...progress.log, { at: String(told.at ?? ''), message: String(told.message ?? '') }] };
  if (event === 'end') return { ...progress, status: told.status as RunStatus };
  return progress;
}
