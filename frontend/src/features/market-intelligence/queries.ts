import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { fetchBlob } from '@/api/client';
import { send } from '@/api/send';
import type { Passport } from '@/api/types';

import type { Change, Comparison, Fed, Grain, LevelRow, ModelDetail, Models, ModelVersion, Place, Pricing, Scoreboard, Series, Trends, WhatIf } from './types';

const ROOT = '/api/v1';
const BASE = 'market-intelligence';

type Query = Readonly<Record<string, string | number | undefined>>;

async function ask<T>(path: string, query: Query, signal?: AbortSignal): Promise<T> {
  const given = Object.entries(query).filter((pair): pair is [string, string | number] => pair[1] !== undefined && pair[1] !== '');
  const address = new URL(`${ROOT}/${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`, window.location.origin);
  return (await send(new Request(address, { signal: signal ?? null }))).json() as Promise<T>;
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { 'Content-Type': 'application/json' };
  const request = new Request(new URL(`${ROOT}/${path}`, window.location.origin), { method: 'POST', headers, body: JSON.stringify(body) });
  return (await send(request)).json() as Promise<T>;
}

/** Forecasts change with the data, not with the minute. */
const STEADY = { staleTime: 300_000 } as const;
const BRANCH_ROWS = 50;

export interface Levels {
  data: LevelRow[];
  currency?: string | null;
  next_cursor: string | null;
  provenance: Passport[];
}

export interface Branch {
  metric: string;
  level?: string;
  parent?: string;
  search?: string;
}

/** The parts of the shop on one level, those that sell most first. */
export const levelsQuery = (branch: Branch) =>
  infiniteQueryOptions({
    queryKey: ['market-intelligence', 'levels', branch],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) => ask<Levels>(`${BASE}/levels`, { ...branch, limit: BRANCH_ROWS, cursor: pageParam }, signal),
    getNextPageParam: (page) => page.next_cursor,
    ...STEADY,
  });

export interface Wanted extends Place {
  metric: string;
  grain: Grain;
  history: number;
  horizon: number;
}

export const seriesQuery = (wanted: Wanted) =>
  queryOptions({
    queryKey: ['market-intelligence', 'series', wanted],
    queryFn: ({ signal }) => ask<Series>(`${BASE}/series`, { ...wanted }, signal),
    ...STEADY,
  });

export interface Plan extends Place {
  metric: string;
  grain: Grain;
  horizon: number;
  changes: readonly Change[];
}

export const whatIf = (plan: Plan): Promise<WhatIf> => post<WhatIf>(`${BASE}/what-if`, plan);

export interface Looked extends Place {
  metric: string;
  grain: Grain;
}

export const comparisonQuery = (looked: Looked) =>
  queryOptions({
    queryKey: ['market-intelligence', 'comparison', looked],
    queryFn: ({ signal }) => ask<Comparison>(`${BASE}/comparison`, { ...looked }, signal),
    ...STEADY,
  });

export const scoreboardQuery = (looked: Looked & { kind: string }) =>
  queryOptions({
    queryKey: ['market-intelligence', 'scoreboard', looked],
    queryFn: ({ signal }) => ask<Scoreboard>(`${BASE}/scoreboard`, { ...looked }, signal),
    ...STEADY,
  });

export interface TrendsWanted extends Place {
  metric: string;
  start_date: string;
  end_date: string;
}

export const trendsQuery = (wanted: TrendsWanted) =>
  queryOptions({
    queryKey: ['market-intelligence', 'trends', wanted],
    queryFn: ({ signal }) => ask<Trends>(`${BASE}/trends`, { ...wanted }, signal),
    ...STEADY,
  });

export const pricingQuery = (product: string) =>
  queryOptions({
    queryKey: ['market-intelligence', 'pricing', product],
    queryFn: ({ signal }) => ask<Pricing>(`${BASE}/competitive-pricing`, { product_id: product }, signal),
    ...STEADY,
  });

/** Sends a feed of competitors' prices as it was chosen. */
export async function sendFeed(file: Blob): Promise<Fed> {
  const headers = { 'Content-Type': 'text/csv' };
  const request = new Request(new URL(`${ROOT}/${BASE}/competitor-prices`, window.location.origin), { method: 'POST', headers, body: await file.arrayBuffer() });
  return (await send(request)).json() as Promise<Fed>;
}

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => ask<Models>('models', {}, signal),
});

export const modelQuery = (name: string) =>
  queryOptions({ queryKey: ['models', name], queryFn: ({ signal }) => ask<ModelDetail>(`models/${encodeURIComponent(name)}`, {}, signal) });

/** The model card of the version that answers, as Markdown. */
export const cardQuery = (name: string) =>
  queryOptions({
    queryKey: ['models', name, 'card'],
    queryFn: async ({ signal }) => (await fetchBlob(`${ROOT}/models/${encodeURIComponent(name)}/card`, signal)).text(),
  });

export const promote = ({ name, version }: { name: string; version: string }) => post<ModelVersion>(`models/${encodeURIComponent(name)}/promote`, { version });
export const rollBack = ({ name, reason }: { name: string; reason: string }) => post<ModelVersion>(`models/${encodeURIComponent(name)}/rollback`, { reason });
