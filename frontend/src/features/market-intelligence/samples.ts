/** Answers of the service for tests. */
import type { LevelRow, ModelDetail, ModelVersion, PastEffect, Series, WhatIf } from './types';

const point = (date: string, value: number) => ({ date, value });

export const ahead = (date: string, value: number, closed = false): Series['forecast'][number] => ({
  date, value, closed, baseline: value * 0.9,
  lower_50: value * 0.95, upper_50: value * 1.05, lower_80: value * 0.9, upper_80: value * 1.1, lower_95: value * 0.8, upper_95: value * 1.2,
});

export const series = (change: Partial<Series> = {}): Series => ({
  level: 'shop', item: '', name: null, parent: null, metric: 'net_sales', title: 'Net sales', unit: 'money', currency: 'EUR', grain: 'day', sentence: '',
  next: { periods: 7, from: '2025-07-01', value: 4_117_300, spread: 302_100, how: '' }, unconverted_orders: 0,
  history: [point('2025-06-28', 0), point('2025-06-29', 400_000), point('2025-06-30', 420_000)],
  forecast: [ahead('2025-07-01', 0, true), ahead('2025-07-02', 500_000), ahead('2025-07-03', 600_000)],
  events: [{ date: '2025-07-01', until: null, kind: 'closed', label: 'Closed', said: [] }, { date: '2025-06-29', until: '2025-07-02', kind: 'promotion', label: 'Summer sale', said: [] }],
  model: { name: 'theta', version: '1.0.0', family: 'statistical', about: 'Two lines.', reason: 'Least error of 12.', reason_said: [] },
  scores: { model: { mase: 0.62, wape: 0.083, bias: -21_000 }, baseline: { mase: 0.79, wape: 0.105, bias: -41_000 }, coverage_80: 0.81, coverage_95: 0.94, folds: 6, tested_from: '2025-01-06', tested_to: '2025-06-29' },
  last_forecast: { made_on: '2025-06-01', periods: 30, predicted: 1, actual: 1, error_share: 0.041, kind: 'live' },
  calendar: ['Closed on Tuesdays.'], closed: { weekdays: [1], days: ['2025-07-10'] }, made_on: '2025-07-01', empty_said: [], needed_said: [], provenance: [], ...change,
});

export const level = (change: Partial<LevelRow> = {}): LevelRow => ({
  level: 'shop', item: '', name: null, parent: null, value_28d: 100_000, forecast_28d: 110_000, change: 0.1, series_class: 'smooth', model: 'theta', ...change,
});

export const levels = (rows: LevelRow[]) => ({ data: rows, unit: 'money', currency: 'EUR', next_cursor: null, provenance: [] });

export const whatIf = (change: Partial<WhatIf> = {}): WhatIf => ({
  metric: 'net_sales', level: 'shop', item: '', grain: 'day', unit: 'money', currency: 'EUR', dates: ['2025-07-01', '2025-07-02'], base: [0, 500_000], changed: [0, 600_000],
  lower_80: [0, 500_000], upper_80: [0, 700_000], total_base: 500_000, total_changed: 600_000, effect: 100_000, effect_share: 0.2, lower_effect: null, upper_effect: null,
  model: 'theta', model_version: '1.0.0', explanation: '', past: [], warnings: [], warned: [], empty_said: [], needed_said: [], provenance: [], ...change,
});

export const past = (change: Partial<PastEffect> = {}): PastEffect => ({
  kind: 'promotion', source: 'past', episodes: 13, days: 126, since: '2024-01-08', until: '2025-06-18', share: 0.12, lower_share: 0.04, upper_share: 0.19, effect: 60_000, lower_effect: 20_000, upper_effect: 95_000,
  least_price: null, greatest_price: null, because: null, words: 'From 13 past promotions.', ...change,
});

export const version = (name: string, state: string): ModelVersion => ({
  version: name, state, reason: '', reason_said: [], made_at: '2025-07-01T06:00:00Z', metrics: { mase_day_shop: 0.62 }, baseline: { mase_day_shop: 0.79 },
  measures: [{ name: 'mase_day_shop', score: 'mase', grain: 'day', level: 'shop', words: 'MASE by day, shop', value: 0.62, baseline: 0.79 }],
  data_version: 'd', code_version: 'c', inputs: [], checksum: '', purpose: '', purpose_said: [], trained_on: '', trained_on_said: [], limits: [], limits_said: [], drivers: [],
});

export const model = (change: Partial<ModelDetail> = {}): ModelDetail => {
  const [first, second, third] = [version('1.0.0', 'former champion'), version('1.1.0', 'champion'), version('1.2.0', 'challenger')];
  return { name: 'forecast-net_sales', title: 'Forecast of net sales', champion: second, challenger: third, versions: 3, all: [third, second, first], ...change };
};
