/** What the service says of forecasts, as the pages read it. */
import type { Passport } from '@/api/types';

export const METRICS = ['net_sales', 'orders', 'units', 'customers'] as const;
export type Metric = (typeof METRICS)[number];

export const GRAINS = ['day', 'week', 'month'] as const;
export type Grain = (typeof GRAINS)[number];

/** The whole shop, or a part of it. */
export const LEVELS = ['shop', 'country', 'category', 'product'] as const;
export type Level = (typeof LEVELS)[number];

export interface Place {
  level: string;
  item: string;
}

export interface LevelRow extends Place {
  name: string | null;
  parent: string | null;
  value_28d: number | null;
  forecast_28d: number | null;
  /** Share by which the next 28 days are expected above the last. */
  change: number | null;
  series_class: string | null;
  model: string | null;
}

export interface Ahead {
  date: string;
  value: number;
  lower_50: number;
  upper_50: number;
  lower_80: number;
  upper_80: number;
  lower_95: number;
  upper_95: number;
  baseline: number;
  closed: boolean;
}

export type EventKind = 'holiday' | 'promotion' | 'closed' | 'change';

/** Something that happened or will: from `date` up to and including `until`. */
export interface AxisEvent {
  date: string;
  until?: string | null;
  kind: string;
  label: string;
}

export type Scores = Readonly<Record<string, number | null | undefined>>;

export interface Tested {
  model: Scores;
  baseline: Scores;
  coverage_80: number | null;
  coverage_95: number | null;
  folds: number;
  tested_from: string;
  tested_to: string;
}

export interface Series extends Place {
  name: string | null;
  metric: string;
  unit: string;
  currency?: string | null;
  grain: string;
  sentence: string;
  next?: { periods: number; from: string; value: number; spread: number | null; how: string } | null;
  history: { date: string; value: number | null }[];
  forecast: Ahead[];
  events: AxisEvent[];
  model: { name: string; version: string | null; family: string; about: string; reason: string } | null;
  scores: Tested | null;
  last_forecast: { made_on: string; periods: number; predicted: number; actual: number; error_share: number | null } | null;
  calendar: string[];
  provenance: Passport[];
  empty_because?: string | null;
  needed?: string | null;
}

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

/** Why there is nothing to show, and what it would take. */
export interface Emptiness {
  empty_because?: string | null;
  needed?: string | null;
}

export interface Compared {
  model: string;
  family: string;
  mase: number | null;
  wape: number | null;
  smape: number | null;
  rmse: number | null;
  mae: number | null;
  bias: number | null;
  r2: number | null;
  coverage_80: number | null;
  coverage_95: number | null;
  is_baseline: boolean;
  chosen: boolean;
  margin: number | null;
  p_value: number | null;
  reason: string;
}

export interface ByClass {
  level: string;
  series_class: string;
  series: number;
  model: string;
  mase: number | null;
  baseline_mase: number | null;
  margin: number | null;
}

export interface Comparison extends Place, Emptiness {
  name?: string | null;
  rows: Compared[];
  by_class: ByClass[];
  folds: number;
  horizon: number;
  provenance: Passport[];
}

export interface ScoredWeek {
  week: string;
  periods: number;
  predicted: number;
  actual: number;
  error_share: number | null;
  mape: number | null;
  baseline_mape: number | null;
  within_80: number | null;
  within_95: number | null;
}

export interface ScoredRow {
  made_on: string;
  period: string;
  ahead: number;
  predicted: number;
  actual: number | null;
  error: number | null;
  error_share: number | null;
  lower_80: number | null;
  upper_80: number | null;
  within_80: boolean | null;
  model: string;
  kind: string;
}

export interface Scoreboard extends Emptiness {
  sentence: string;
  verdict: string;
  currency?: string | null;
  name?: string | null;
  weeks: ScoredWeek[];
  rows: ScoredRow[];
  provenance: Passport[];
}

export interface Trend extends Place {
  trend_date: string;
  trend_type: string;
  metric_name: string;
  metric_value: number | null;
  growth_rate: number | null;
  name?: string | null;
}

export interface LevelChange extends Place {
  name?: string | null;
  metric: string;
  changed_on: string;
  before: number;
  after: number;
  change: number | null;
  q_value: number | null;
}

export interface Trends extends Emptiness {
  trends: Trend[];
  changes: LevelChange[];
  count: number;
  start_date: string;
  end_date: string;
  currency?: string | null;
  provenance: Passport[];
}

export interface ModelVersion {
  version: string;
  state: string;
  reason: string;
  made_at: string;
  metrics: Readonly<Record<string, number>>;
  baseline: Readonly<Record<string, number>>;
  data_version: string;
  code_version: string;
  purpose: string;
  trained_on: string;
  limits: string[];
  drivers: { name: string; effect: number; words: string }[];
}

export interface Model {
  name: string;
  title: string;
  champion: ModelVersion | null;
  challenger: ModelVersion | null;
  versions: number;
}

export interface ModelDetail extends Model {
  all: ModelVersion[];
}

export interface Models extends Emptiness {
  data: Model[];
}

export interface Priced {
  product_id: string;
  product_name: string | null;
  competitor_name: string;
  currency: string;
  competitor_price: number;
  our_price: number | null;
  price_difference: number | null;
  price_difference_pct: number | null;
  last_updated: string;
  is_stale: boolean;
  competitors: number;
  market_mean: number | null;
  market_least: number | null;
  index: number | null;
  rank: number | null;
  position: string | null;
  position_30d: string | null;
  position_90d: string | null;
  floor_price: number | null;
  action: string | null;
  suggested_price: number | null;
  reason: string;
}

export interface Pricing extends Emptiness {
  pricing: Priced[];
  summary: { products: number; competitors: number; median_index: number | null; stale: number; cheaper: number; level: number; dearer: number; to_lower: number; to_raise: number };
  history: { date: string; competitor_name: string; currency: string; competitor_price: number }[];
  count: number;
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
