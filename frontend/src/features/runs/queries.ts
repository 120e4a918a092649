import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { answer, api } from '@/api/client';

import { isLive } from './model';

const PAGE = 50;
/** While a run goes on the list is asked for more often (ms). */
const SOON = 5_000;
const LATER = 60_000;

export const runsQuery = infiniteQueryOptions({
  queryKey: ['runs', 'list'],
  queryFn: ({ signal, pageParam }) => {
    const query = { limit: PAGE, ...(pageParam === '' ? {} : { cursor: pageParam }) };
    return answer(api.GET('/api/v1/runs', { params: { query }, signal }));
  },
  initialPageParam: '',
  getNextPageParam: (page) => page.next_cursor,
  refetchInterval: (query) => (query.state.data?.pages[0]?.data.some(isLive) ? SOON : LATER),
});

export const runQuery = (runId: string) =>
  queryOptions({
    queryKey: ['runs', 'one', runId],
    queryFn: ({ signal }) => {
      const params = { path: { run_id: runId } };
      return answer(api.GET('/api/v1/runs/{run_id}', { params, signal }));
    },
  });

export const comparisonQuery = (a: string, b: string) =>
  queryOptions({
    queryKey: ['runs', 'compare', a, b],
    queryFn: ({ signal }) => {
      const params = { query: { a, b } };
      return answer(api.GET('/api/v1/runs/compare', { params, signal }));
    },
    enabled: a !== '' && b !== '' && a !== b,
  });
