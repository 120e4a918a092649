import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { answer, api } from '@/api/client';

import { isLive, type Comparison, type Run, type RunDetail } from './model';

const PAGE = 50;
/** While a run goes on the list is asked for more often (ms). */
const SOON = 5_000;
const LATER = 60_000;

interface RunPage {
  data: Run[];
  next_cursor: string | null;
}

export const runsQuery = infiniteQueryOptions({
  queryKey: ['runs', 'list'],
  queryFn: async ({ signal, pageParam }) => {
    const query = { limit: PAGE, ...(pageParam === '' ? {} : { cursor: pageParam }) };
    return (await answer(api.GET('/api/v1/runs', { params: { query }, signal }))) as RunPage;
  },
  initialPageParam: '',
  getNextPageParam: (page) => page.next_cursor,
  refetchInterval: (query) => (query.state.data?.pages[0]?.data.some(isLive) ? SOON : LATER),
});

export const runQuery = (runId: string) =>
  queryOptions({
    queryKey: ['runs', 'one', runId],
    queryFn: async ({ signal }) => {
      const params = { path: { run_id: runId } };
      return (await answer(api.GET('/api/v1/runs/{run_id}', { params, signal }))) as unknown as RunDetail;
    },
  });

export const comparisonQuery = (a: string, b: string) =>
  queryOptions({
    queryKey: ['runs', 'compare', a, b],
    queryFn: async ({ signal }) => {
      const params = { query: { a, b } };
      return (await answer(api.GET('/api/v1/runs/compare', { params, signal }))) as unknown as Comparison;
    },
    enabled: a !== '' && b !== '' && a !== b,
  });
