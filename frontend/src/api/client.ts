import createClient from 'openapi-fetch';

import type { paths } from './schema';
import { send } from './send';

/**
 * The service, typed by its OpenAPI document.
 *
 * `const table = await answer(api.GET('/api/v1/catalog/{table}', { params: { path: { table } }, signal }))`
 */
export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: send });

/**
 * The body of an answer; whatever is not an answer has been thrown as ApiError or OfflineError.
 * A route that also gives files answers text as well as JSON: files are fetched by `fetchBlob`, this is the JSON.
 */
export async function answer<T>(call: Promise<{ data?: T }>): Promise<Exclude<T, string>> {
  return (await call).data as Exclude<T, string>;
}

/** The bytes of a GET that is not JSON: a CSV, a Parquet file. */
export async function fetchBlob(path: string, signal?: AbortSignal): Promise<Blob> {
  const response = await send(new Request(new URL(path, window.location.origin), { signal: signal ?? null }));
  return response.blob();
}
