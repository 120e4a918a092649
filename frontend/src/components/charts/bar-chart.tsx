import { useTheme } from '@mui/material/styles';
import { BarChart as Drawing } from '@mui/x-charts/BarChart';

import { useFormat } from '@/i18n/text';

import type { BarChartProps } from '../charts';
import { useIsPhone } from '../use-is-phone';
import { frame, Upright } from './upright';

const ROW = 34;
const MOST = 12;
const MARGIN = { top: 0, right: 8, bottom: 0, left: 0 };
/** Of the longest bar's length, for the value at its end. */
const LABEL_ROOM = 1.35;

function roomForLabels(least: { valueOf(): number }, most: { valueOf(): number }): { min: number; max: number } {
  return { min: Math.min(Number(least), 0), max: Math.max(Number(most), 0) * LABEL_ROOM };
}

/** Lying bars from the largest down, each with its value at its end. */
export default function BarChart({ bars, unit, currency, label, height, write }: BarChartProps) {
  const format = useFormat();
  const isPhone = useIsPhone();
  const { palette, vars } = useTheme();
  const colors = vars?.palette.series ?? palette.series;
  const sorted = [...bars].sort((one, other) => other.value - one.value).slice(0, MOST);
  const long = (value: number | null) => (value === null ? '' : format.measure(value, unit, { currency }));
  const short = (value: number | null | undefined) => write?.(value ?? 0) ?? format.measure(value ?? 0, unit, { currency, short: true });
  return (
    <Upright label={label}>
      <Drawing
        height={height ?? sorted.length * ROW + 8}
        layout="horizontal"
        series={[{ data: sorted.map((bar) => bar.value), color: colors[0], valueFormatter: long, barLabel: ({ value }) => short(value), barLabelPlacement: 'outside' }]}
        yAxis={[{ data: sorted.map((bar) => bar.name), scaleType: 'band', width: isPhone ? 88 : 104, disableLine: true, disableTicks: true, categoryGapRatio: 0.36 }]}
        xAxis={[{ position: 'none', domainLimit: roomForLabels }]}
        borderRadius={4}
        margin={MARGIN}
        hideLegend
        skipAnimation
        sx={frame}
      />
    </Upright>
  );
}
