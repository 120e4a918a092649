/** Charts, drawn by code that is loaded when the first one is seen. Put each into a ChartFrame. */
import { lazy } from 'react';

export interface Point {
  /** A day: `2026-05-01`. */
  date: string;
  value: number | null;
}

/** A range around expected values: 0.5, 0.8 or 0.95 of the outcomes lie within. */
export interface Band {
  level: number;
  points: readonly { date: string; lower: number; upper: number }[];
}

export interface Line {
  name: string;
  points: readonly Point[];
  /** `expected`: an estimate, dashed. */
  kind?: 'history' | 'expected';
  /** The last point is of a period that is not over: dashed, marked “so far”. */
  isPartial?: boolean;
}

export interface Marks {
  name: string;
  points: readonly Point[];
}

interface Common {
  /** What the values are, as the service names it: `money`, `cents`, `share`, `count`. */
  unit: string;
  currency?: string | null;
  /** What a screen reader says of the drawing: the frame's summary. */
  label: string;
  height?: number;
}

export interface LineChartProps extends Common {
  lines: readonly Line[];
  bands?: readonly Band[];
  /** Points that stand out, on a line: drawn as dots, with one word for all of them. */
  marks?: Marks;
}

export interface BarChartProps extends Common {
  /** At most twelve; drawn from the largest value down. */
  bars: readonly { name: string; value: number }[];
  /** The value at a bar's end, where the unit's own short form would hide a difference. */
  write?: (value: number) => string;
}

/** Figures over time. */
export const LineChart = lazy(() => import('./charts/line-chart'));

/** Figures by category. */
export const BarChart = lazy(() => import('./charts/bar-chart'));
