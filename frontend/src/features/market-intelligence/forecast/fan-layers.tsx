/** What a fan chart draws beside its lines, on the scales of the chart around it. */
import { Box } from '@mui/material';
import { useDrawingArea, useXScale, useYScale } from '@mui/x-charts/hooks';

import { noon } from '../periods';
import type { AxisEvent } from '../types';
import { kindOf, Sign } from './event-marks';
import { bandPath, type FanBand } from './fan';

/** Below the words of the axis. */
export const LANE = 20;
const AXIS_ROOM = 28;

/** Wider bands lie under narrower ones; each adds to what lies below it. */
const OPACITY = 0.13;

function useScales(): { x: (day: string) => number; y: (value: number) => number } {
  const across = useXScale<'time'>();
  const up = useYScale<'linear'>();
  return { x: (day) => Number(across(noon(day))), y: (value) => Number(up(value)) };
}

/** The bands exactly as the service gave them. */
export function Bands({ bands, colorOf }: { bands: readonly FanBand[]; colorOf: (band: FanBand) => string }) {
  const { x, y } = useScales();
  const wideFirst = [...bands].sort((one, other) => other.level - one.level);
  return (
    <Box component="g" aria-hidden sx={{ pointerEvents: 'none' }}>
      {wideFirst.map((band) => <path key={`${band.of} ${band.level}`} data-band={band.level} d={bandPath(band.points, x, y)} fill={colorOf(band)} fillOpacity={OPACITY} />)}
    </Box>
  );
}

/** Where what is known ends. */
export function Now({ day }: { day: string }) {
  const { x } = useScales();
  const { top, height } = useDrawingArea();
  return (
    <Box component="g" aria-hidden sx={{ pointerEvents: 'none', color: 'text.secondary' }}>
      <line x1={x(day)} x2={x(day)} y1={top} y2={top + height} stroke="currentColor" strokeWidth={1} strokeDasharray="1 3" />
    </Box>
  );
}

/** The events under the axis, each with a thread up into the drawing where it marks one moment of change. */
export function EventLane({ events }: { events: readonly AxisEvent[] }) {
  const { x } = useScales();
  const { top, height } = useDrawingArea();
  const lane = top + height + AXIS_ROOM + LANE / 2;
  return (
    <Box component="g" aria-hidden sx={{ pointerEvents: 'none', color: 'text.secondary' }}>
      {events.map((event) => {
        const kind = kindOf(event.kind);
        return (
          <g key={`${event.kind} ${event.date} ${event.label}`} data-event={kind}>
            {kind === 'change' && <line x1={x(event.date)} x2={x(event.date)} y1={top} y2={top + height} stroke="currentColor" strokeWidth={1} strokeDasharray="4 3" />}
            <Sign kind={kind} x={x(event.date)} y={lane} until={event.until ? x(event.until) : undefined} />
          </g>
        );
      })}
    </Box>
  );
}
