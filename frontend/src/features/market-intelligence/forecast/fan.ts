/** What a fan chart draws, worked out apart from the drawing. */
import type { AxisEvent } from '../types';

export type LineKind = 'history' | 'expected' | 'baseline' | 'changed';

export interface FanLine {
  kind: LineKind;
  name: string;
  /** `null` breaks the line. */
  points: readonly { date: string; value: number | null }[];
}

/** A share of the outcomes lies within: `lower` to `upper` as the service gave them. */
export interface FanBand {
  /** 0.5, 0.8 or 0.95. */
  level: number;
  points: readonly { date: string; lower: number; upper: number }[];
  of: 'expected' | 'changed';
}

/** Every day that a line or band has, in order. */
export function daysOf(lines: readonly FanLine[], bands: readonly FanBand[]): string[] {
  return [...new Set([...lines, ...bands].flatMap((part) => part.points.map((point) => point.date)))].sort();
}

/** Above the highest value, of the axis. */
const HEADROOM = 1.05;

/** The ends of the axis: from nought, as these are sums, and below it only where values are. */
export function reach(lines: readonly FanLine[], bands: readonly FanBand[]): { min: number; max: number } {
  const values = [
    ...lines.flatMap((line) => line.points.flatMap((point) => (point.value === null ? [] : [point.value]))),
    ...bands.flatMap((band) => band.points.flatMap((point) => [point.lower, point.upper])),
  ];
  const least = values.reduce((one, other) => Math.min(one, other), 0);
  const most = values.reduce((one, other) => Math.max(one, other), 0);
  // A shop that sold nothing still has an axis.
  return { min: least * HEADROOM, max: most > 0 ? most * HEADROOM : least < 0 ? 0 : 1 };
}

type Scale = (day: string) => number;

/** The outline of a band: along its upper edge, back along its lower. */
export function bandPath(points: FanBand['points'], x: Scale, y: (value: number) => number): string {
  if (points.length === 0) return '';
  const at = (day: string, value: number) => `${x(day).toFixed(1)},${y(value).toFixed(1)}`;
  // One period alone would have no width.
  if (points.length === 1 && points[0]) {
    const { date, lower, upper } = points[0];
    const [left, right] = [(x(date) - 3).toFixed(1), (x(date) + 3).toFixed(1)];
    return `M${left},${y(upper).toFixed(1)}H${right}V${y(lower).toFixed(1)}H${left}Z`;
  }
  const up = points.map((point) => at(point.date, point.upper));
  const down = [...points].reverse().map((point) => at(point.date, point.lower));
  return `M${[...up, ...down].join('L')}Z`;
}

/** The events that the axis holds any day of, cut to it. */
export function eventsWithin(events: readonly AxisEvent[], first: string, last: string): AxisEvent[] {
  return events
    .filter((event) => event.date <= last && (event.until ?? event.date) >= first)
    .map((event) => ({ ...event, date: event.date < first ? first : event.date, until: event.until && event.until > last ? last : event.until }));
}

/** The events of a period, from its first day to its last. */
export function eventsOn(events: readonly AxisEvent[], from: string, to: string): AxisEvent[] {
  return events.filter((event) => event.date <= to && (event.until ?? event.date) >= from);
}
