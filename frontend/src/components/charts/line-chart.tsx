import { useTheme } from '@mui/material/styles';
import { LineChart as Drawing } from '@mui/x-charts/LineChart';

import { useFormat, useLanguage } from '@/i18n/text';
import { layout } from '@/theme/tokens';

import type { LineChartProps } from '../charts';
import { DirectLabels } from './direct-labels';
import { daysOf, drawAll, drawMarks } from './line-series';
import { frame, Upright } from './upright';

const bandStyles = {
  '& [data-series^="band"], & .MuiLineElement-root[data-series="marks"]': { stroke: 'none' },
  '& [data-series$="-lower"]': { fill: 'none' },
  '& [data-series$="-width"]': { opacity: 0.16 },
};

const MARGIN = { top: 12, right: 24, bottom: 0, left: 0 };
/** So few days have each a word of their own under them. */
const FEW = 6;
/** Above the highest value, of the axis. */
const HEADROOM = 1.05;

/** The axis begins at nought: a small change looks small. */
function fromNought(least: { valueOf(): number }, most: { valueOf(): number }): { min: number; max: number } {
  return { min: Math.min(Number(least) * HEADROOM, 0), max: Math.max(Number(most) * HEADROOM, 0) };
}

/** Whether the same day of the year would stand on the axis twice. */
const isLong = (days: readonly string[]) => Date.parse(days.at(-1) ?? '') - Date.parse(days[0] ?? '') > 360 * 86_400_000;

/** Lines over time: history solid, expectations dashed with their bands, an open period dashed. */
export default function LineChart({ lines, bands = [], marks, unit, currency, label, height = layout.chart }: LineChartProps) {
  const format = useFormat();
  const { locale } = useLanguage();
  const { palette, vars } = useTheme();
  const write = (value: number | null) => (value === null ? null : format.measure(value, unit, { currency }));
  const { series, dashes } = drawAll(lines, bands, vars?.palette.series ?? palette.series, write as (value: number | null) => string);
  const days = daysOf(lines, bands);
  const marked = marks ? [...series, drawMarks(marks, days, vars?.palette.error.main ?? palette.error.main, write as (value: number | null) => string)] : series;
  const tick = new Intl.DateTimeFormat(locale, isLong(days) ? { month: 'short', year: '2-digit' } : { day: 'numeric', month: 'short' });
  const moments = days.map((day) => new Date(`${day}T12:00:00`));
  const time = {
    data: moments,
    scaleType: 'time' as const,
    tickNumber: 5,
    tickInterval: days.length <= FEW ? moments : ('auto' as const),
    valueFormatter: (day: Date, { location }: { location: string }) => (location === 'tick' ? tick.format(day) : format.date(day)),
    disableLine: true,
    disableTicks: true,
  };
  const amount = {
    valueFormatter: (value: number) => format.measure(value, unit, { currency, short: true }),
    tickNumber: 4,
    domainLimit: fromNought,
    width: 56,
    disableLine: true,
    disableTicks: true,
  };
  const dashed = Object.fromEntries(Object.entries(dashes).map(([id, dash]) => [`& .MuiLineElement-root[data-series="${id}"], & path[data-series="${id}"]`, { strokeDasharray: dash }]));
  return (
    <Upright label={label}>
      <Drawing
        height={height}
        series={marked}
        xAxis={[time]}
        yAxis={[amount]}
        margin={MARGIN}
        grid={{ horizontal: true }}
        hideLegend
        skipAnimation
        slotProps={{ tooltip: { trigger: 'axis' } }}
        sx={(theme) => ({ ...frame(theme), ...bandStyles, ...dashed })}
      />
      <DirectLabels lines={lines} bands={bands} marks={marks} />
    </Upright>
  );
}
