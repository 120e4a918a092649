import { Box } from '@mui/material';

import { layout } from '@/theme/tokens';

interface Props {
  values: readonly (number | null)[];
  /** The last point is of a period that is not over: its part of the line is dashed. */
  isPartial?: boolean;
}

const WIDTH = 120;
const HEIGHT = layout.sparkline;
const EDGE = 3;
const SIDE = 0;

type Point = readonly [x: number, y: number];

function pointsOf(values: readonly (number | null)[]): Point[] {
  const known = values.filter((value) => value !== null);
  const low = Math.min(...known);
  const reach = Math.max(...known) - low || 1;
  const step = (WIDTH - 2 * SIDE) / Math.max(values.length - 1, 1);
  return values.flatMap((value, index) =>
    value === null ? [] : [[SIDE + index * step, HEIGHT - EDGE - ((value - low) / reach) * (HEIGHT - 2 * EDGE)] as const],
  );
}

const path = (points: readonly Point[]) => points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');

/** The course of a figure without axes. A picture beside the number, so it is hidden from screen readers. */
export function Sparkline({ values, isPartial = false }: Props) {
  const points = pointsOf(values);
  const last = points.at(-1);
  if (last === undefined || points.length < 2) return null;
  const whole = isPartial ? points.slice(0, -1) : points;
  return (
    <Box component="svg" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden preserveAspectRatio="none"
      sx={{ width: 1, height: HEIGHT, display: 'block', color: 'primary.main', overflow: 'visible' }}>
      <path d={`${path(points)}L${last[0]} ${HEIGHT}L${SIDE} ${HEIGHT}Z`} fill="currentColor" opacity={0.08} />
      <path d={path(whole)} fill="none" stroke="currentColor" strokeWidth={1.75} strokeLinejoin="round" vectorEffect="non-scaling-stroke" />
      {isPartial && <path d={path(points.slice(-2))} fill="none" stroke="currentColor" strokeWidth={1.75} strokeDasharray="3 3" vectorEffect="non-scaling-stroke" />}
    </Box>
  );
}
