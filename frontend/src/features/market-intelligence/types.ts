/** What the service says of forecasts, by name. */
import type { paths } from '@/api/schema';
import type { Answer } from '@/api/types';

type Body<P extends keyof paths> = paths[P] extends { post: { requestBody: { content: { 'application/json': infer B } } } } ? B : never;

export const METRICS = ['net_sales', 'orders', 'units', 'customers'] as const;
export type Metric = (typeof METRICS)[number];

export const GRAINS = ['day', 'week', 'month'] as const;
export type Grain = (typeof GRAINS)[number];

/** The whole shop, or a part of it. */
export const LEVELS = ['shop', 'country', 'store', 'category', 'product'] as const;
export type Level = (typeof LEVELS)[number];

export interface Place {
  level: Level;
  item: string;
}

/** Why there is nothing to show, and what it would take. */
export interface Emptiness {
  empty_because?: string | null;
  needed?: string | null;
  empty_said?: readonly Said[];
  needed_said?: readonly Said[];
}

export type Levels = Answer<'/api/v1/market-intelligence/levels'>;
export type LevelRow = Levels['data'][number];

export type Said = NonNullable<Levels['empty_said']>[number];

export type Series = Answer<'/api/v1/market-intelligence/series'>;
export type Ahead = Series['forecast'][number];
export type AxisEvent = Omit<Series['events'][number], 'until' | 'said'> & { until?: string | null; said?: readonly Said[] };
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
export type Trend = Trends['trends'][number];
export type LevelChange = Trends['changes'][number];

export type Pricing = Answer<'/api/v1/market-intelligence/competitive-pricing'>;
export type Priced = Pricing['pricing'][number];

export type Models = Answer<'/api/v1/models'>;
export type Model = Models['data'][number];
export type ModelDetail = Answer<'/api/v1/models/{name}'>;
export type ModelVersion = ModelDetail['all'][number];
export type Measure = ModelVersion['measures'][number];

export type Change = Body<'/api/v1/market-intelligence/what-if'>['changes'][number];
export type WhatIf = Answer<'/api/v1/market-intelligence/what-if', 'post'>;
export type PastEffect = WhatIf['past'][number];
export type Warned = WhatIf['warned'][number];

export type ForecastWish = Body<'/api/v1/market-intelligence/forecast'>;
export type MadeForecast = Answer<'/api/v1/market-intelligence/forecast', 'post'>;

/** What became of a feed that was sent. */
export type Fed = Answer<'/api/v1/market-intelligence/competitor-prices', 'post'>;
