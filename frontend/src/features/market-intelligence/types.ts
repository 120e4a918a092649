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
