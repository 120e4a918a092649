/** What the service says of forecasts, by name. */
import type { Answer, Passport } from '@/api/types';

export const METRICS = ['net_sales', 'orders', 'units', 'customers'] as const;
export type Metric = (typeof METRICS)[number];

export const GRAINS = ['day', 'week', 'month'] as const;
export type Grain = (typeof GRAINS)[number];

/** The whole shop, or a part of it. */
export const LEVELS = ['shop', 'country', 'category', 'product'] as const;
export type Level = (typeof LEVELS)[number];

export interface Place {
  level: Level;
  item: string;
}

/** Why there is nothing to show, and what it would take. */
export interface Emptiness {
  empty_because?: string | null;
  needed?: string | null;
}

export type Levels = Answer<'/api/v1/market-intelligence/levels'>;
export type LevelRow = Levels['data'][number];

export type Series = Answer<'/api/v1/market-intelligence/series'>;
export type Ahead = Series['forecast'][number];
export type AxisEvent = Omit<Series['events'][number], 'until'> & { until?: string | null };
export type EventKind = AxisEvent['kind'];
export type Tested = NonNullable<Series['scores']>;
export type Scores = Tested['model'];

export type Comparison = Answer<'/api/v1/market-intelligence/comparison'>;
export type Compared = Comparison['rows'][number];
export type ByClass = Comparison['by_class'][number];

export type Scoreboard = Answer<'/api/v1/market-intelligence/scoreboard'>;
export type ScoredWeek = Scoreboard['weeks'][number];
export type ScoredRow = Scoreboard['rows'][number];

export type Trends = Answer<'/api/v1/market-intelligence/trends'>;
/** Columns of the table behind, which the answer passes on as they are. */
interface Told {
  item_name?: string | null;
  currency?: string | null;
  q?: number | null;
  reason?: string | null;
}
export type Trend = Trends['trends'][number] & Told & {
  value_28d?: number | null;
  growth_28d?: number | null;
  growth_year?: number | null;
  cagr?: number | null;
  momentum?: number | null;
  momentum_lower?: number | null;
  momentum_upper?: number | null;
  season_weekly?: number | null;
  season_yearly?: number | null;
  stationary?: boolean | null;
};
export type LevelChange = Trends['changes'][number] & Told & { kind?: string };

export type Pricing = Answer<'/api/v1/market-intelligence/competitive-pricing'>;
export type Priced = Pricing['pricing'][number];

export type Models = Answer<'/api/v1/models'>;
export type Model = Models['data'][number];
export type ModelDetail = Answer<'/api/v1/models/{name}'>;
export type ModelVersion = ModelDetail['all'][number];

export interface Change {
  kind: 'promotion' | 'price' | 'closed';
  from: string;
  to: string;
  value?: number;
}

export interface WhatIf {
  dates: string[];
  base: number[];
  changed: number[];
  lower_80: number[];
  upper_80: number[];
  total_base: number;
  total_changed: number;
  effect: number;
  effect_share: number | null;
  lower_effect?: number | null;
  upper_effect?: number | null;
  model: string;
  explanation: string;
  warnings: string[];
  provenance: Passport[];
}

/** What became of a feed that was sent. */
export interface Fed {
  rows: number;
  accepted: number;
  quarantined: number;
  run_id?: string | null;
  refused?: { row: number; message: string }[];
}
