import { queryOptions } from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import { send } from '@/api/send';
import type { SqlAnswer } from '@/api/types';

export const schemaQuery = queryOptions({
  queryKey: ['sql', 'schema'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/sql/schema', { signal })),
  staleTime: 300_000,
});

export async function ask(sql: string, signal: AbortSignal): Promise<SqlAnswer> {
  // Asked for as JSON, so it is not one of the file formats.
  return (await answer(api.POST('/api/v1/sql', { body: { sql, format: 'json' }, signal }))) as SqlAnswer;
}

/** The whole answer as CSV, up to the service's limit, written by the service. */
export async function askForCsv(sql: string): Promise<Blob> {
  const headers = { 'Content-Type': 'application/json' };
  const body = JSON.stringify({ sql, format: 'csv' });
  return (await send(new Request(new URL('/api/v1/sql', window.location.origin), { method: 'POST', headers, body }))).blob();
}
