import { queryOptions, useQueries, useQuery } from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import { LIVE } from '@/api/query-client';

const SCORES = 'data_quality';
const SYSTEM = 'compliance_guardian';
/** Builds that a trend looks back on. */
const BUILDS = 8;

export const booksQuery = queryOptions({
  queryKey: ['books'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/books', { signal })),
  ...LIVE,
});

const scoresTableQuery = queryOptions({
  queryKey: ['catalog-table', SCORES],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/catalog/{table}', { params: { path: { table: SCORES } }, signal })),
});

/** The scores of an older version, which never change. */
const scoresAt = (version: number) =>
  queryOptions({
    queryKey: ['scores', version],
    queryFn: ({ signal }) => {
      const query = { table: SCORES, columns: 'table_name,score', limit: 1000, version };
      return answer(api.GET('/api/v1/analytics/{system}/query', { params: { path: { system: SYSTEM }, query }, signal }));
    },
    staleTime: Infinity,
    retry: false,
  });

/** Scores of a table build by build, oldest first. */
export type Trend = ReadonlyMap<string, readonly number[]>;

function collect(pages: readonly ({ data: readonly Record<string, unknown>[] } | undefined)[]): Trend {
  const trend = new Map<string, number[]>();
  for (const { table_name: table, score } of pages.flatMap((page) => page?.data ?? [])) {
    if (typeof table === 'string' && typeof score === 'number') trend.set(table, [...(trend.get(table) ?? []), score]);
  }
  return trend;
}

/** How each table's score went over the last builds; empty until there are two. */
export function useTrend(): Trend {
  const { data } = useQuery(scoresTableQuery);
  const versions = (data?.versions ?? []).filter((version) => version.operation !== 'compact').map((version) => version.version).sort((one, other) => one - other).slice(-BUILDS);
  return useQueries({ queries: versions.length > 1 ? versions.map(scoresAt) : [], combine: (results) => collect(results.map((result) => result.data)) });
}
