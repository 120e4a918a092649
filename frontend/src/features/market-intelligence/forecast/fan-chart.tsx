import { Box } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { LineChart as Drawing, type LineSeries } from '@mui/x-charts/LineChart';

import { frame, Upright } from '@/components/charts/upright';
import { useFormat, useLanguage } from '@/i18n/text';
import { layout } from '@/theme/tokens';

import { lastDay, noon } from '../periods';
import { useEventLabel } from '../said/use-said';
import type { AxisEvent, Grain } from '../types';
import type { Amounts } from '../use-amounts';
import { daysOf, eventsOn, eventsWithin, reach, type FanBand, type FanLine, type LineKind } from './fan';
import { Bands, EventLane, LANE, Now } from './fan-layers';
import { FanLegend } from './fan-legend';
import { strokeOf } from './strokes';

export interface FanChartProps {
  lines: readonly FanLine[];
  bands: readonly FanBand[];
  events?: readonly AxisEvent[];
  grain: Grain;
  amounts: Amounts;
  /** What a screen reader says of the drawing: the frame's summary. */
  label: string;
  height?: number;
}

/** Which of the theme's series each line takes: what is expected continues the history in its colour. */
const COLORS: Readonly<Record<LineKind, number>> = { history: 0, expected: 0, baseline: 1, changed: 6 };
/** A line this short would not be seen without its points. */
const FEW = 3;
const TICKS = 6;
const YEAR = 360 * 86_400_000;

/** The colour of each line in the scheme at hand. */
function useLineColor(): (kind: LineKind) => string {
  const { palette, vars } = useTheme();
  const colors = vars?.palette.series ?? palette.series;
  return (kind) => colors[COLORS[kind]] ?? '';
}

/** What the tooltip says of a point: of an expected one its 80 % band too. */
function useWriting(bands: readonly FanBand[], amounts: Amounts, days: readonly string[]) {
  return (line: FanLine) => (value: number | null, { dataIndex }: { dataIndex: number }) => {
    if (value === null) return null;
    if (line.kind === 'history') return amounts.exact(value);
    const range = bands.find((band) => band.level === 0.8 && band.of === line.kind)?.points.find((point) => point.date === days[dataIndex]);
    const text = amounts.expected(value);
    return range ? `${text} (80 %: ${amounts.expected(range.lower)} – ${amounts.expected(range.upper)})` : text;
  };
}

function useTimeAxis(days: readonly string[], events: readonly AxisEvent[], grain: Grain) {
  const format = useFormat();
  const { locale } = useLanguage();
  const label = useEventLabel();
  const isLong = Date.parse(days.at(-1) ?? '') - Date.parse(days[0] ?? '') > YEAR;
  const tick = new Intl.DateTimeFormat(locale, isLong ? { month: 'short', year: '2-digit' } : { day: 'numeric', month: 'short' });
  const moments = days.map(noon);
  const told = (day: Date) => {
    const from = days[moments.findIndex((moment) => moment.getTime() === day.getTime())];
    if (from === undefined) return format.date(day);
    const until = lastDay(from, grain);
    const name = grain === 'day' ? format.date(from) : format.period({ from, to: until });
    return [name, ...eventsOn(events, from, until).map(label)].join(' · ');
  };
  return {
    data: moments,
    scaleType: 'time' as const,
    tickNumber: 5,
    tickInterval: days.length <= TICKS ? moments : ('auto' as const),
    valueFormatter: (day: Date, { location }: { location: string }) => (location === 'tick' ? tick.format(day) : told(day)),
    disableLine: true,
    disableTicks: true,
  };
}

/** History and what is expected, with its bands, the baseline and what stands on the axis. */
export default function FanChart({ lines, bands, events = [], grain, amounts, label, height = layout.chart }: FanChartProps) {
  const color = useLineColor();
  const days = daysOf(lines, bands);
  const write = useWriting(bands, amounts, days);
  const shown = eventsWithin(events, days[0] ?? '', lastDay(days.at(-1) ?? '2000-01-01', grain));
  const time = useTimeAxis(days, shown, grain);
  const series: LineSeries[] = lines.map((line) => {
    const values = new Map(line.points.map((point) => [point.date, point.value]));
    return { id: line.kind, label: line.name, color: color(line.kind), curve: 'linear', showMark: line.points.length <= FEW, data: days.map((day) => values.get(day) ?? null), valueFormatter: write(line) };
  });
  const amount = { ...reach(lines, bands), valueFormatter: (value: number) => amounts.short(value), tickNumber: 4, width: 60, disableLine: true, disableTicks: true };
  const dashes = Object.fromEntries(lines.map(({ kind }) => [`& .MuiLineElement-root[data-series="${kind}"], & path[data-series="${kind}"]`, { strokeDasharray: strokeOf(kind) }]));
  const past = lines.find((line) => line.kind === 'history')?.points.at(-1)?.date;
  return (
    <Upright label={label}>
      <Drawing
        height={height + LANE}
        series={series}
        xAxis={[time]}
        yAxis={[amount]}
        margin={{ top: 12, right: 24, bottom: LANE, left: 0 }}
        grid={{ horizontal: true }}
        hideLegend
        skipAnimation
        slotProps={{ tooltip: { trigger: 'axis' } }}
        sx={(theme) => ({ ...frame(theme), ...dashes })}
      >
        <Bands bands={bands} colorOf={(band) => color(band.of)} />
        {past !== undefined && past < (days.at(-1) ?? '') && <Now day={past} />}
        <EventLane events={shown} />
      </Drawing>
      <Box sx={{ minHeight: 24 }}><FanLegend lines={lines} bands={bands} events={shown} colorOf={color} /></Box>
    </Upright>
  );
}
