import { dehydrate, hydrate, QueryClient, type DehydratedState, type Query } from '@tanstack/react-query';

import { dropBodies } from './etags';
import { ApiError } from './problem';

/** For pages of figures that are looked at: asked again every minute while the page is in sight. */
export const LIVE = { refetchInterval: 60_000 } as const;

/** Kept on this device for days without a connection. Nothing about a person is among them. */
const KEPT_OFFLINE = ['home', 'catalog', 'kpi'];
const STORAGE = 'omnix.last';
const A_WEEK = 7 * 86_400_000;
const SAVE_AFTER = 2_000;
const TRIES = 2;

/** An answer is final; a lost connection may come back. */
function tryAgain(failures: number, error: Error): boolean {
  return !(error instanceof ApiError) && failures < TRIES;
}

function isKept(query: Query): boolean {
  const [area] = query.queryKey;
  return query.state.status === 'success' && typeof area === 'string' && KEPT_OFFLINE.includes(area);
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 15_000, gcTime: 3_600_000, retry: tryAgain, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
      dehydrate: { shouldDehydrateQuery: isKept, shouldDehydrateMutation: () => false },
    },
  });
}

interface Kept {
  at: number;
  state: DehydratedState;
}

function restore(client: QueryClient): void {
  try {
    const kept = JSON.parse(localStorage.getItem(STORAGE) ?? 'null') as Kept | null;
    if (kept !== null && Date.now() - kept.at < A_WEEK) hydrate(client, kept.state);
  } catch {
    localStorage.removeItem(STORAGE);
  }
}

function save(client: QueryClient): void {
  const state = dehydrate(client);
  if (state.queries.length === 0) return;
  try {
    localStorage.setItem(STORAGE, JSON.stringify({ at: Date.now(), state } satisfies Kept));
  } catch {
    // Full or forbidden storage costs the days without a connection, nothing else.
    localStorage.removeItem(STORAGE);
  }
}

/** Brings back the last answers of this device and keeps them from now on. */
export function keepLastAnswers(client: QueryClient): void {
  restore(client);
  let timer: ReturnType<typeof setTimeout> | undefined;
  client.getQueryCache().subscribe(({ type, query }) => {
    if (type !== 'updated' || !isKept(query)) return;
    clearTimeout(timer);
    timer = setTimeout(() => save(client), SAVE_AFTER);
  });
}

/** At sign-out nothing of the session stays, on this device neither. */
export function forgetAnswers(client: QueryClient): void {
  client.clear();
  dropBodies();
  localStorage.removeItem(STORAGE);
}
