import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { answer, api, fetchBlob } from '@/api/client';
import { send } from '@/api/send';

import type { Change, Fed, Grain, Level, Metric, Place } from './types';

/** Forecasts change with the data, not with the minute. */
const STEADY = { staleTime: 300_000 } as const;
const BRANCH_ROWS = 50;

export interface Branch {
  metric: Metric;
  level?: Level;
  parent?: string;
  search?: string;
}

/** The parts of the shop on one level, those that sell most first. */
export const levelsQuery = (branch: Branch) =>
  infiniteQueryOptions({
    queryKey: ['market-intelligence', 'levels', branch],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) => {
      const query = { ...branch, limit: BRANCH_ROWS, ...(pageParam === '' ? {} : { cursor: pageParam }) };
      return answer(api.GET('/api/v1/market-intelligence/levels', { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
    ...STEADY,
  });

export interface Looked extends Place {
  metric: Metric;
  grain: Grain;
}

export const seriesQuery = (wanted: Looked & { history: number; horizon: number }) =>
  queryOptions({
    queryKey: ['market-intelligence', 'series', wanted],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/market-intelligence/series', { params: { query: wanted }, signal })),
    ...STEADY,
  });

export const comparisonQuery = (looked: Looked) =>
  queryOptions({
    queryKey: ['market-intelligence', 'comparison', looked],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/market-intelligence/comparison', { params: { query: looked }, signal })),
    ...STEADY,
  });

/** How the forecasts looked at were made; nothing: all. */
export type Made = 'live' | 'backtest';

export const scoreboardQuery = (wanted: Looked & { kind?: Made }) =>
  queryOptions({
    queryKey: ['market-intelligence', 'scoreboard', wanted],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/market-intelligence/scoreboard', { params: { query: wanted }, signal })),
    ...STEADY,
  });

export interface TrendsWanted {
  metric: Metric;
  level?: Level;
  /** Without it, every part of the level. */
  item?: string;
  start_date?: string;
  end_date?: string;
}

export const trendsQuery = (wanted: TrendsWanted) =>
  queryOptions({
    queryKey: ['market-intelligence', 'trends', wanted],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/market-intelligence/trends', { params: { query: wanted }, signal })),
    ...STEADY,
  });

/** Of one product with what was asked over time; of all with an empty id. */
export const pricingQuery = (product: string) =>
  queryOptions({
    queryKey: ['market-intelligence', 'pricing', product],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/market-intelligence/competitive-pricing', { params: { query: product === '' ? {} : { product_id: product } }, signal })),
    ...STEADY,
  });

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/models', { signal })),
});

export const modelQuery = (name: string) =>
  queryOptions({
    queryKey: ['models', name],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/models/{name}', { params: { path: { name } }, signal })),
  });

/** The model card of the version that answers, as Markdown. */
export const cardQuery = (name: string) =>
  queryOptions({
    queryKey: ['models', name, 'card'],
    queryFn: async ({ signal }) => (await fetchBlob(`/api/v1/models/${encodeURIComponent(name)}/card`, signal)).text(),
  });

export const promote = ({ name, version }: { name: string; version: string | null }) => answer(api.POST('/api/v1/models/{name}/promote', { params: { path: { name } }, body: { version } }));
export const rollBack = ({ name, reason }: { name: string; reason: string }) => answer(api.POST('/api/v1/models/{name}/rollback', { params: { path: { name } }, body: { reason } }));

export interface Plan extends Place {
  metric: Metric;
  grain: Grain;
  horizon: number;
  changes: Change[];
}

/** Answers that are computed, with events meanwhile. */
export const WHAT_IF = '/api/v1/market-intelligence/what-if';
export const FORECAST = '/api/v1/market-intelligence/forecast';

/** How days such as 01/05/2026 are meant. */
export type DayOrder = 'shown' | 'day' | 'month';

/** Sends a feed of competitors' prices as it was chosen. */
export async function sendFeed(file: Blob, order: DayOrder): Promise<Fed> {
  const headers = { 'Content-Type': 'text/csv' };
  const query = order === 'shown' ? '' : `?day_first=${order === 'day'}`;
  const request = new Request(new URL(`/api/v1/market-intelligence/competitor-prices${query}`, window.location.origin), { method: 'POST', headers, body: await file.arrayBuffer() });
  return (await send(request)).json() as Promise<Fed>;
}

const ASIDE_ROWS = 20;

/** What has become of a feed, with the first of its rows that were set aside. */
export const uploadQuery = (uploadId: string) =>
  queryOptions({
    queryKey: ['market-intelligence', 'upload', uploadId],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/market-intelligence/competitor-prices/{upload_id}', { params: { path: { upload_id: uploadId }, query: { limit: ASIDE_ROWS } }, signal })),
  });
