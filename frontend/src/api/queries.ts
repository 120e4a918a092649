/** Questions that more than one feature asks. A question of one feature stands in that feature. */
import { queryOptions } from '@tanstack/react-query';

import { answer, api } from './client';
import { LIVE } from './query-client';

export const profileQuery = queryOptions({
  queryKey: ['profile'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/user/profile', { signal })),
  staleTime: 300_000,
});

export const homeQuery = queryOptions({
  queryKey: ['home'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/home', { signal })),
  ...LIVE,
});

export const catalogQuery = queryOptions({
  queryKey: ['catalog'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/catalog', { signal })),
  ...LIVE,
});

export const qualityQuery = queryOptions({
  queryKey: ['quality'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/quality', { signal })),
  ...LIVE,
});
