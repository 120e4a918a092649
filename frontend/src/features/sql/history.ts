import { useSyncExternalStore } from 'react';

import { onSessionEnd } from '@/api/session';

export interface Ran {
  id: number;
  sql: string;
  at: number;
  /** Rows of the answer; null where it was refused. */
  rows: number | null;
}

const MOST = 30;

let ran: readonly Ran[] = [];
let draft = '';
let next = 1;
const listeners = new Set<() => void>();

function set(value: readonly Ran[]): void {
  ran = value;
  listeners.forEach((listener) => listener());
}

// In memory alone: a query can hold values that belong on no disk.
onSessionEnd(() => {
  draft = '';
  set([]);
});

/** Keeps a query of this session; the same one again moves to the front. */
export function remember(sql: string, rows: number | null): void {
  const entry = { id: next++, sql: sql.trim(), at: Date.now(), rows };
  set([entry, ...ran.filter((each) => each.sql !== entry.sql)].slice(0, MOST));
}

/** What stood in the editor when its page was left. */
export function lastDraft(): string {
  return draft;
}

export function keepDraft(sql: string): void {
  draft = sql;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The queries of this session, the newest first. */
export function useHistory(): readonly Ran[] {
  return useSyncExternalStore(subscribe, () => ran);
}
