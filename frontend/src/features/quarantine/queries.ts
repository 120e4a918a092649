import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { answer, api, fetchBlob } from '@/api/client';
import { LIVE } from '@/api/query-client';
import { send } from '@/api/send';
import type { Replayed } from '@/api/types';

export const quarantineQuery = queryOptions({
  queryKey: ['quarantine'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/quarantine', { signal })),
  ...LIVE,
});

/** Which rows of a table are looked at; empty: all. */
export interface Wanted {
  table: string;
  severity: '' | 'error' | 'warning';
  rule: string;
  /** The number of a file that was sent. */
  upload: string;
}

const PAGE_ROWS = 50;

const narrowed = ({ severity, rule, upload }: Wanted) => ({ ...(severity === '' ? {} : { severity }), ...(rule === '' ? {} : { rule }), ...(upload === '' ? {} : { upload }) });

export const rowsQuery = (wanted: Wanted) =>
  infiniteQueryOptions({
    queryKey: ['quarantine-rows', wanted],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) => {
      const query = { ...narrowed(wanted), limit: PAGE_ROWS, ...(pageParam === '' ? {} : { cursor: pageParam }) };
      return answer(api.GET('/api/v1/quarantine/{table}', { params: { path: { table: wanted.table }, query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });

const pathOf = (table: string) => `/api/v1/quarantine/${encodeURIComponent(table)}`;

/** The rows with the source's own columns, ready to be corrected. */
export function fetchRowsCsv(wanted: Wanted): Promise<Blob> {
  return fetchBlob(`${pathOf(wanted.table)}?${new URLSearchParams({ ...narrowed(wanted), format: 'csv' })}`);
}

/** Judges a table's rows again, with corrected rows when there are some. */
export async function replay(table: string, corrected: Blob | null): Promise<Replayed> {
  const body = corrected === null ? null : await corrected.arrayBuffer();
  const headers = { 'Content-Type': 'text/csv' };
  const response = await send(new Request(new URL(`${pathOf(table)}/replay`, window.location.origin), { method: 'POST', headers, body }));
  return (await response.json()) as Replayed;
}
