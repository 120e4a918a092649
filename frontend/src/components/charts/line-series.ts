import type { LineSeries } from '@mui/x-charts/LineChart';

import type { Band, Line, Marks } from '../charts';

const DASHES = '4 4';

/** Every day that any line or band has, in order. */
export function daysOf(lines: readonly Line[], bands: readonly Band[]): string[] {
  const days = new Set([...lines, ...bands].flatMap((part) => part.points.map((point) => point.date)));
  return [...days].sort();
}

function along(days: readonly string[], values: ReadonlyMap<string, number | null>): (number | null)[] {
  return days.map((day) => values.get(day) ?? null);
}

const valuesOf = (line: Line) => new Map(line.points.map((point) => [point.date, point.value]));

export interface Drawn {
  series: LineSeries[];
  /** The dashes of each series that is not solid, by id. */
  dashes: Record<string, string>;
}

type Write = (value: number | null) => string;

/** A line; where its last period is not over, the last stretch is a dashed line of its own. */
function drawLine(line: Line, index: number, days: readonly string[], color: string, write: Write): Drawn {
  const values = valuesOf(line);
  const base = { label: line.name, color, curve: 'linear' as const, showMark: false, valueFormatter: write };
  const id = `line-${index}`;
  const dashes = line.kind === 'expected' ? { [id]: DASHES } : {};
  if (!line.isPartial) return { series: [{ ...base, id, data: along(days, values) }], dashes };
  const last = line.points.slice(-2);
  const solid = new Map(line.points.slice(0, -1).map((point) => [point.date, point.value]));
  const open = new Map(last.map((point) => [point.date, point.value]));
  // The tooltip names the solid line only up to where it ends: a null is not written.
  const tail = { ...base, id: `${id}-open`, data: along(days, open), valueFormatter: write };
  return { series: [{ ...base, id, data: along(days, solid) }, tail], dashes: { ...dashes, [tail.id]: DASHES } };
}

/** A band as two stacked areas: an invisible one up to its lower edge, a pale one up to its upper. */
function drawBand(band: Band, days: readonly string[], color: string): LineSeries[] {
  const lower = new Map(band.points.map((point) => [point.date, point.lower]));
  const width = new Map(band.points.map((point) => [point.date, point.upper - point.lower]));
  const base = { stack: `band-${band.level}`, area: true, color, showMark: false, curve: 'linear' as const, valueFormatter: () => null };
  return [
    { ...base, id: `band-${band.level}-lower`, data: along(days, lower) },
    { ...base, id: `band-${band.level}-width`, data: along(days, width) },
  ];
}

/** Dots of a series of its own, whose line is not drawn. */
export function drawMarks(marks: Marks, days: readonly string[], color: string, write: Write): LineSeries {
  const values = new Map(marks.points.map((point) => [point.date, point.value]));
  return { id: 'marks', label: marks.name, color, curve: 'linear', showMark: true, shape: 'diamond', data: along(days, values), valueFormatter: write };
}

/** Everything to draw, bands behind lines. */
export function drawAll(lines: readonly Line[], bands: readonly Band[], colors: readonly string[], write: Write): Drawn {
  const days = daysOf(lines, bands);
  const color = (index: number) => colors[index % colors.length] ?? 'currentColor';
  const wide = [...bands].sort((one, other) => other.level - one.level).flatMap((band) => drawBand(band, days, color(0)));
  // What is expected continues the line before it, in its colour.
  const colorOf = (line: Line, index: number) => color(line.kind === 'expected' ? Math.max(index - 1, 0) : index);
  const drawn = lines.map((line, index) => drawLine(line, index, days, colorOf(line, index), write));
  return {
    series: [...wide, ...drawn.flatMap((part) => part.series)],
    dashes: Object.assign({}, ...drawn.map((part) => part.dashes)) as Record<string, string>,
  };
}
