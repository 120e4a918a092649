import { Alert, Box, Button, Typography } from '@mui/material';
import { lazy, useState, type ReactNode } from 'react';

import { ChartFrame, type ChartTable } from '@/components/chart-frame';
import { Prose } from '@/components/prose';
import { useFormat, useText } from '@/i18n/text';

import { lastDay, withGaps } from '../periods';
import { useEventLabel, useSaid } from '../said/use-said';
import { texts as shared } from '../texts';
import type { AxisEvent, Grain, Series } from '../types';
import { useAmounts } from '../use-amounts';
import { kindOf, SignIcon } from './event-marks';
import { eventsOn, type FanBand, type FanLine } from './fan';
import { useFirst } from './sentence';
import { texts } from './texts';

const FanChart = lazy(() => import('./fan-chart'));

const CHART_HEIGHT = 340;
const LEVELS = [0.5, 0.8, 0.95] as const;
const EDGES = { 0.5: ['lower_50', 'upper_50'], 0.8: ['lower_80', 'upper_80'], 0.95: ['lower_95', 'upper_95'] } as const;

/** A band has no width where the service knows none. */
const edgesOf = (date: string, lower: number | null, upper: number | null) => (lower === null || upper === null ? [] : [{ date, lower, upper }]);

/** The bands of a series, as the service gave them. */
export function bandsOf(forecast: Series['forecast']): FanBand[] {
  return LEVELS.map((level) => {
    const [lower, upper] = EDGES[level];
    return { level, of: 'expected', points: forecast.flatMap((point) => edgesOf(point.date, point[lower], point[upper])) };
  });
}

function useLines(series: Series): FanLine[] {
  const t = useText(texts);
  const { forecast, history, grain } = series;
  const past: FanLine = { kind: 'history', name: t('history'), points: withGaps(history, grain) };
  if (forecast.length === 0) return [past];
  return [
    past,
    { kind: 'baseline', name: t('baselineLine'), points: forecast.map((point) => ({ date: point.date, value: point.baseline })) },
    { kind: 'expected', name: t('expected'), points: forecast.map((point) => ({ date: point.date, value: point.value })) },
  ];
}

function useTable(series: Series | undefined): ChartTable {
  const t = useText(texts);
  const format = useFormat();
  const amounts = useAmounts(series?.metric ?? 'net_sales', series?.currency);
  const label = useEventLabel();
  const grain: Grain = series?.grain ?? 'day';
  const edges = LEVELS.flatMap((level) => [t('lower', { level: format.percent(level, 0) }), t('upper', { level: format.percent(level, 0) })]);
  const header = [t('date'), t('history'), t('expected'), t('baselineLine'), ...edges, t('events')];
  const happened = (series?.history ?? []).map(({ date, value }) => ({ date, happened: value, ahead: [null, null, ...edges.map(() => null)] as (number | null)[] }));
  const ahead = (series?.forecast ?? []).map((point) => ({ date: point.date, happened: null, ahead: [point.value, point.baseline, ...LEVELS.flatMap((level) => EDGES[level].map((edge) => point[edge]))] }));
  const words = (date: string) => eventsOn(series?.events ?? [], date, lastDay(date, grain)).map(label).join('; ');
  const rows = [...happened, ...ahead];
  return {
    header,
    rows: rows.map((row) => [row.date, amounts.plain(row.happened), ...row.ahead.map(amounts.plain), words(row.date)]),
    shown: rows.map((row) => [format.date(row.date), row.happened === null ? '' : amounts.exact(row.happened), ...row.ahead.map((value) => (value === null ? '' : amounts.expected(value))), words(row.date)]),
  };
}

const FIRST_EVENTS = 5;

/** What stands on the axis, in words. */
export function EventList({ events }: { events: readonly AxisEvent[] }) {
  const t = useText(texts);
  const format = useFormat();
  const label = useEventLabel();
  const [isAll, setAll] = useState(false);
  const shown = isAll ? events : events.slice(0, FIRST_EVENTS);
  return (
    <Box sx={{ mt: 3 }}>
      <Typography variant="h4" component="h3" sx={{ mb: 1 }}>{t('eventsOnAxis')}</Typography>
      {events.length === 0 && <Typography variant="caption" color="text.secondary">{t('eventsNone')}</Typography>}
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1, gridTemplateColumns: 'repeat(auto-fill, minmax(240px, 1fr))' }}>
        {shown.map((event) => (
          <Typography key={`${event.kind} ${event.date} ${event.label}`} component="li" variant="caption" sx={{ display: 'flex', gap: 2, alignItems: 'baseline' }}>
            <SignIcon kind={kindOf(event.kind)} />
            <span>
              <bdi>{event.until && event.until !== event.date ? format.period({ from: event.date, to: event.until }) : format.date(event.date)}</bdi>
              {' · '}{t(kindOf(event.kind))}
              {event.kind !== 'closed' && <>{': '}<bdi>{label(event)}</bdi></>}
            </span>
          </Typography>
        ))}
      </Box>
      {shown.length < events.length && <Button size="small" variant="outlined" onClick={() => setAll(true)} sx={{ mt: 2 }}>{t('eventsAll', { count: events.length - shown.length })}</Button>}
    </Box>
  );
}

interface Props {
  title: string;
  fileName: string;
  series: Series | undefined;
  error: unknown;
  onRetry: () => void;
  controls: ReactNode;
}

/** What happened and what is expected, with bands, baseline and what stands on the axis. */
export function SeriesChart({ title, fileName, series, error, onRetry, controls }: Props) {
  const t = useText(texts);
  const table = useTable(series);
  const amounts = useAmounts(series?.metric ?? 'net_sales', series?.currency);
  const summary = useFirst()(series, amounts);
  const whyNone = useWhyNone(series);
  const leftOut = useLeftOut(series);
  const isEmpty = series !== undefined && series.forecast.length === 0 && series.history.length === 0;
  return (
    <ChartFrame title={title} summary={summary} definition={t('chartAbout')} provenance={series?.provenance} table={table} fileName={fileName} controls={controls} height={CHART_HEIGHT}
      isPending={series === undefined && !error} error={series ? undefined : error} onRetry={onRetry} tooLittle={isEmpty ? whyNone : undefined}>
      {whyNone !== '' && <Alert severity="info" sx={{ mb: 3 }}><Prose text={whyNone} /></Alert>}
      {leftOut !== '' && <Alert severity="warning" sx={{ mb: 3 }}><Prose text={leftOut} /></Alert>}
      {series && <Chart series={series} label={summary} />}
    </ChartFrame>
  );
}

/** Why there is no forecast and what it would take; empty where there is one. */
function useWhyNone(series: Series | undefined): string {
  const t = useText(shared);
  const said = useSaid();
  if (series === undefined || series.forecast.length > 0) return '';
  const { empty_because: why, needed } = series;
  return [said(series.empty_said, why ?? ''), needed ? t('needs', { needed: said(series.needed_said, needed) }) : ''].filter(Boolean).join(' ');
}

/** That the money of some orders is in no figure; empty where all of it is, and of counts, which have every order. */
function useLeftOut(series: Series | undefined): string {
  const t = useText(texts);
  if (series?.metric !== 'net_sales' || series.unconverted_orders === 0) return '';
  return t('leftOut', { count: series.unconverted_orders, currency: series.currency ?? '' });
}

function Chart({ series, label }: { series: Series; label: string }) {
  const amounts = useAmounts(series.metric, series.currency);
  const lines = useLines(series);
  return (
    <>
      <FanChart lines={lines} bands={series.forecast.length === 0 ? [] : bandsOf(series.forecast)} events={series.events} grain={series.grain} amounts={amounts} label={label} height={CHART_HEIGHT - 60} />
      <EventList events={series.events} />
    </>
  );
}
