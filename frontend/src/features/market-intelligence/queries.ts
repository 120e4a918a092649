import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { send } from '@/api/send';

import type { Change, Grain, LevelRow, Place, Series, WhatIf } from './types';
import type { Passport } from '@/api/types';

const BASE = '/api/v1/market-intelligence';

type Query = Readonly<Record<string, string | number | undefined>>;

async function ask<T>(path: string, query: Query, signal?: AbortSignal): Promise<T> {
  const given = Object.entries(query).filter((pair): pair is [string, string | number] => pair[1] !== undefined && pair[1] !== '');
  const address = new URL(`${BASE}/${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`, window.location.origin);
  return (await send(new Request(address, { signal: signal ?? null }))).json() as Promise<T>;
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { 'Content-Type': 'application/json' };
  const request = new Request(new URL(`${BASE}/${path}`, window.location.origin), { method: 'POST', headers, body: JSON.stringify(body) });
  return (await send(request)).json() as Promise<T>;
}

/** Forecasts change with the data, not with the minute. */
const STEADY = { staleTime: 300_000 } as const;
const BRANCH_ROWS = 50;

export interface Levels {
  data: LevelRow[];
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
    queryFn: ({ signal, pageParam }) => ask<Levels>('levels', { ...branch, limit: BRANCH_ROWS, cursor: pageParam }, signal),
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
    queryFn: ({ signal }) => ask<Series>('series', { ...wanted }, signal),
    ...STEADY,
  });

export interface Plan extends Place {
  metric: string;
  grain: Grain;
  horizon: number;
  changes: readonly Change[];
}

export const whatIf = (plan: Plan): Promise<WhatIf> => post<WhatIf>('what-if', plan);
