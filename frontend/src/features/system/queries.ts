import { queryOptions } from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import { LIVE } from '@/api/query-client';
import type { Answer } from '@/api/types';

export type Over = 'day' | 'week' | 'month' | 'year';
export type Grain = Exclude<Over, 'year'>;

type Insights = Answer<'/api/v1/analytics/{system}/insights'>;
type Told = Insights['insights'];
export type Trends = Extract<Told, { trend_data: unknown }>;
export type Anomalies = Extract<Told, readonly unknown[]>;
export type Anomaly = Anomalies[number];
export type Summary = Exclude<Told, Trends | Anomalies>;
export type Forecast = Answer<'/api/v1/analytics/{system}/forecast', 'post'>;
export type Metric = Answer<'/api/v1/metrics-catalog'>['metrics'][number];
export type Kpi = Answer<'/api/v1/kpi'>;

type Typed<Part> = Omit<Insights, 'insights'> & { insights: Part };

function insightsQuery<Part>(system: string, type: Insights['type'], period: Over) {
  return queryOptions({
    queryKey: ['system', system, type, period],
    queryFn: async ({ signal }) => {
      const params = { path: { system }, query: { type, period } };
      return (await answer(api.GET('/api/v1/analytics/{system}/insights', { params, signal }))) as Typed<Part>;
    },
    ...LIVE,
  });
}

export const summaryQuery = (system: string, period: Over) => insightsQuery<Summary>(system, 'summary', period);
export const trendsQuery = (system: string, period: Over) => insightsQuery<Trends>(system, 'trends', period);
export const anomaliesQuery = (system: string, period: Over) => insightsQuery<Anomalies>(system, 'anomalies', period);

export const metricsQuery = queryOptions({
  queryKey: ['metrics-catalog'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/metrics-catalog', { signal })),
  staleTime: 300_000,
});

/** The numbers that are the system's own; a system that somebody registered has none. */
export const metricsOf = (system: string, all: readonly Metric[]) => all.filter((metric) => metric.systems.includes(system));

export const kpiQuery = (metric: string, period: Over) =>
  queryOptions({
    queryKey: ['kpi', metric, period],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/kpi', { params: { query: { metric, period } }, signal })),
    ...LIVE,
  });

/** How far ahead is looked, by granularity. */
export const HORIZON: Readonly<Record<Grain, number>> = { day: 30, week: 12, month: 6 };

export const forecastQuery = (system: string, metric: string, granularity: Grain) =>
  queryOptions({
    queryKey: ['system', system, 'forecast', metric, granularity],
    queryFn: ({ signal }) => {
      const body = { metric, granularity, horizon: HORIZON[granularity], filters: {} };
      return answer(api.POST('/api/v1/analytics/{system}/forecast', { params: { path: { system } }, body, signal }));
    },
    enabled: metric !== '',
    // The forecast changes with the data, not with the minute.
    staleTime: 300_000,
  });
