import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { answer, api, fetchBlob } from '@/api/client';

/** Everything that the catalogue knows of one table. */
export const tableQuery = (table: string) =>
  queryOptions({
    queryKey: ['catalog-table', table],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/catalog/{table}', { params: { path: { table } }, signal })),
  });

/** The whole lineage, or what stands up and down of one table. */
export const lineageQuery = (table?: string) =>
  queryOptions({
    queryKey: ['lineage', table ?? ''],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/lineage', { params: { query: table === undefined ? {} : { table } }, signal })),
  });

/** What is asked of a table's rows. */
export interface Asked {
  system: string;
  table: string;
  /** The API's filters: `{"column": {"ge": 100}}`. */
  filters: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** A column, with a “-” before it for descending; empty for the key's order. */
  order: string;
  version: number | null;
}

export const PAGE_ROWS = 50;

function parameters({ table, filters, order, version }: Asked) {
  return {
    table,
    ...(Object.keys(filters).length > 0 ? { filters: JSON.stringify(filters) } : {}),
    ...(order === '' ? {} : { order }),
    ...(version === null ? {} : { version }),
  };
}

/** Rows of a table, page by page at one version. */
export const rowsQuery = (asked: Asked) =>
  infiniteQueryOptions({
    queryKey: ['rows', asked],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) => {
      const query = { ...parameters(asked), limit: PAGE_ROWS, ...(pageParam === '' ? {} : { cursor: pageParam }) };
      return answer(api.GET('/api/v1/analytics/{system}/query', { params: { path: { system: asked.system }, query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });

/** All rows that are asked for, as the service's own CSV. */
export function fetchCsv(asked: Asked): Promise<Blob> {
  const query = new URLSearchParams(Object.entries({ ...parameters(asked), format: 'csv' }).map(([name, value]) => [name, String(value)]));
  return fetchBlob(`/api/v1/analytics/${encodeURIComponent(asked.system)}/query?${query}`);
}
