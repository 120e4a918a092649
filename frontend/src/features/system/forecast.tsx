import { Box, MenuItem, TextField, ToggleButton, ToggleButtonGroup, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { ChartFrame, type ChartTable } from '@/components/chart-frame';
import { LineChart, type Band } from '@/components/charts';
import { useIsPhone } from '@/components/use-is-phone';
import { useFormat, useLocalText, useText } from '@/i18n/text';
import { metricName, unitOf } from '@/lib/metric';

import { forecastQuery, metricsOf, metricsQuery, type Forecast, type Grain, type Metric } from './queries';
import { texts, type Texts } from './texts';

const GRAINS = ['day', 'week', 'month'] as const;
const WORDS = { day: 'byDay', week: 'byWeek', month: 'byMonth' } as const;
/** How much of the past stands before the estimate. */
const PAST: Readonly<Record<Grain, number>> = { day: 60, week: 40, month: 24 };
const PHONE_PAST: Readonly<Record<Grain, number>> = { day: 18, week: 18, month: 18 };
/** On a phone the estimate ends earlier: there are at most thirty points. */
const PHONE_AHEAD = 12;
const MODELS = ['seasonal_naive', 'seasonal_naive_drift', 'seasonal_moving_average', 'moving_average', 'year_before'] as const satisfies readonly (keyof Texts)[];

type Part = Forecast['forecast'];

function bandsOf(part: Part, last: string | undefined): Band[] {
  const levels = [...new Set(part.confidence_intervals.map((interval) => interval.level))];
  return levels.map((level) => ({ level, points: part.confidence_intervals.filter((interval) => interval.level === level && interval.date <= (last ?? '')) }));
}

function useWriting(part: Part | undefined) {
  const format = useFormat();
  return (value: number | null | undefined) => {
    if (part === undefined || typeof value !== 'number') return '–';
    // An estimate of a count is not known to hundredths.
    if (part.unit === 'count') return format.number(value, Math.abs(value) < 10 ? 1 : 0);
    return format.measure(value, unitOf(part.metric, part.unit), { currency: part.currency });
  };
}

function useTable(data: Forecast | undefined, past: Forecast['history']): ChartTable {
  const t = useText(texts);
  const format = useFormat();
  const part = data?.forecast;
  const write = useWriting(part);
  const header = [t('date'), t('history'), t('expected'), t('lower80'), t('upper80'), t('lower95'), t('upper95')];
  const bound = (date: string, level: number) => part?.confidence_intervals.find((interval) => interval.date === date && interval.level === level);
  const ahead = (part?.forecast ?? []).map(({ date, value }) => {
    const [narrow, wide] = [bound(date, 0.8), bound(date, 0.95)];
    return { date, values: [null, value, narrow?.lower ?? null, narrow?.upper ?? null, wide?.lower ?? null, wide?.upper ?? null] };
  });
  const lines = [...past.map(({ date, value }) => ({ date, values: [value, null, null, null, null, null] })), ...ahead];
  const scale = part && unitOf(part.metric, part.unit) === 'cents' ? 100 : 1;
  return {
    header,
    rows: lines.map(({ date, values }) => [date, ...values.map((value) => (value === null ? null : value / scale))]),
    shown: lines.map(({ date, values }) => [format.date(date), ...values.map((value) => (value === null ? '' : write(value)))]),
  };
}

function useSummary(part: Part | undefined): string {
  const t = useText(texts);
  const format = useFormat();
  const write = useWriting(part);
  const next = part?.forecast[0];
  const range = part?.confidence_intervals.find((interval) => interval.date === next?.date && interval.level === 0.8);
  if (part === undefined || next === undefined || range === undefined) return '';
  const grain = t(WORDS[part.granularity as Grain]).toLowerCase();
  const values = { date: format.date(next.date), value: write(next.value), lower: write(range.lower), upper: write(range.upper) };
  return part.granularity === 'day' ? t('forecastDay', values) : t('forecastNext', { ...values, period: grain });
}

/** Which model it is and how good it has been, in words. */
function HowGood({ part }: { part: Part }) {
  const t = useText(texts);
  const format = useFormat();
  const write = useWriting(part);
  const { model, accuracy_metrics: own, baseline: plain } = part;
  if (model === null || own === null || plain === null) return null;
  const known = MODELS.find((name) => name === model);
  const facts = { folds: own.folds, own: write(own.mae), plain: write(plain.mae), held: own.coverage_80 === null ? '–' : format.percent(own.coverage_80, 0) };
  return <Typography variant="caption" color="text.secondary" component="p" sx={{ m: 0, mt: 2 }}><bdi>{t('model', { name: known ? t(known) : model })}</bdi> {t('accuracy', facts)}</Typography>;
}

interface ControlsProps {
  metrics: readonly Metric[];
  metric: string;
  grain: Grain;
  onMetric: (metric: string) => void;
  onGrain: (grain: Grain) => void;
}

function Controls({ metrics, metric, grain, onMetric, onGrain }: ControlsProps) {
  const t = useText(texts);
  const local = useLocalText();
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 3 }}>
      {metrics.length > 1 && (
        <TextField select value={metric} onChange={(event) => onMetric(event.target.value)} sx={{ width: 'auto', minWidth: 180 }} slotProps={{ select: { SelectDisplayProps: { 'aria-label': t('metric') } } }}>
          {metrics.map((each) => <MenuItem key={each.name} value={each.name}>{local(metricName(each.name, each.title))}</MenuItem>)}
        </TextField>
      )}
      <ToggleButtonGroup exclusive size="small" value={grain} aria-label={t('by')} onChange={(_, next: Grain | null) => next && onGrain(next)}>
        {GRAINS.map((each) => <ToggleButton key={each} value={each}>{t(WORDS[each])}</ToggleButton>)}
      </ToggleButtonGroup>
    </Box>
  );
}

function Drawing({ data, past, label, name }: { data: Forecast; past: Forecast['history']; label: string; name: string }) {
  const isPhone = useIsPhone();
  const part = data.forecast;
  const ahead = isPhone ? part.forecast.slice(0, PHONE_AHEAD) : part.forecast;
  const lines = [
    { name, points: past },
    { name, points: [...past.slice(-1), ...ahead], kind: 'expected' as const },
  ];
  return <LineChart lines={lines} bands={bandsOf(part, ahead.at(-1)?.date)} unit={unitOf(part.metric, part.unit)} currency={part.currency} label={label} />;
}

/** The baseline forecast of one number, with its bands, its model and how good it has been. */
export function ForecastChart({ system, first }: { system: string; first: string | undefined }) {
  const t = useText(texts);
  const local = useLocalText();
  const isPhone = useIsPhone();
  const [chosen, setChosen] = useState<string>();
  const [grain, setGrain] = useState<Grain>('day');
  const catalog = useQuery(metricsQuery);
  const metrics = metricsOf(system, catalog.data?.metrics ?? []);
  const metric = chosen ?? metrics.find((each) => each.name === first)?.name ?? metrics.find((each) => each.name === 'net_sales')?.name ?? metrics[0]?.name ?? '';
  const { data, error, refetch } = useQuery(forecastQuery(system, metric, grain));
  const past = data?.history.slice(-(isPhone ? PHONE_PAST : PAST)[grain]) ?? [];
  const summary = useSummary(data?.forecast);
  const name = local(metricName(metric, metrics.find((each) => each.name === metric)?.title ?? ''));
  const table = useTable(data, past);
  const failed = catalog.error ?? error;
  return (
    <ChartFrame title={metric === '' ? t('forecast') : t('forecastOf', { metric: name })} summary={summary} definition={t('forecastAbout')} provenance={data?.provenance} table={table}
      fileName={`omnix-${system}-forecast-${metric}-${grain}`} isPending={data === undefined && !failed} error={data ? undefined : failed} onRetry={() => void refetch()}
      controls={<Controls metrics={metrics} metric={metric} grain={grain} onMetric={setChosen} onGrain={setGrain} />}
      tooLittle={data?.empty_because ?? undefined}>
      {data && <Drawing data={data} past={past} label={summary} name={name} />}
      {data && <HowGood part={data.forecast} />}
    </ChartFrame>
  );
}
