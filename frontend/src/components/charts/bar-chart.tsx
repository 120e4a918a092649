import { Box } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { BarChart as Drawing } from '@mui/x-charts/BarChart';

import { useFormat, useText } from '@/i18n/text';

import type { BarChartProps } from '../charts';
import { texts } from '../texts';

const ROW = 34;
const MOST = 12;
const MARGIN = { top: 0, right: 56, bottom: 0, left: 0 };

/** Lying bars from the largest down, each with its value at its end. */
export default function BarChart({ bars, unit, currency, label, height }: BarChartProps) {
  const t = useText(texts);
  const format = useFormat();
  const { palette, vars } = useTheme();
  const colors = vars?.palette.series ?? palette.series;
  const sorted = [...bars].sort((one, other) => other.value - one.value).slice(0, MOST);
  const long = (value: number | null) => (value === null ? '' : format.measure(value, unit, { currency }));
  const short = (value: number | null | undefined) => format.measure(value ?? 0, unit, { currency, short: true });
  return (
    <Box dir="ltr">
      <Drawing
        aria-label={label}
        title={label}
        desc={t('chartHelp')}
        height={height ?? sorted.length * ROW + 8}
        layout="horizontal"
        series={[{ data: sorted.map((bar) => bar.value), color: colors[0], valueFormatter: long, barLabel: ({ value }) => short(value), barLabelPlacement: 'outside' }]}
        yAxis={[{ data: sorted.map((bar) => bar.name), scaleType: 'band', width: 128, disableLine: true, disableTicks: true, categoryGapRatio: 0.36 }]}
        xAxis={[{ position: 'none' }]}
        borderRadius={4}
        margin={MARGIN}
        hideLegend
        skipAnimation
      />
    </Box>
  );
}
