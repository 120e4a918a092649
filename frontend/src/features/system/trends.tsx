import { ToggleButton, ToggleButtonGroup } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { ChartFrame } from '@/components/chart-frame';
import { LineChart } from '@/components/charts';
import { useIsPhone } from '@/components/use-is-phone';
import { useFormat, useLanguage, useText } from '@/i18n/text';

import { anomaliesQuery, trendsQuery, type Over, type Trends } from './queries';
import { texts } from './texts';

type Measure = 'revenue' | 'orders';
type Point = Trends['trend_data'][number];

/** On a phone more points cannot be told apart. */
const PHONE = 30;
const METRIC: Readonly<Record<Measure, string>> = { revenue: 'net_sales', orders: 'orders' };

/** A first period that the data begin within would look like growth. */
function comparable(points: readonly Point[]): readonly Point[] {
  return points[0]?.partial && points.length > 1 ? points.slice(1) : points;
}

function useWrite(measure: Measure, currency: string | null | undefined) {
  const format = useFormat();
  return (point: Point | undefined, short = false) => {
    const value = point?.[measure];
    if (value === null || value === undefined) return '–';
    return format.measure(value, measure === 'revenue' ? 'cents' : 'count', { currency: measure === 'revenue' ? currency : null, short });
  };
}

/** What a point of the chart is called: June 2026, week of 1 June 2026. */
function useSpanName(period: Over): (date: string) => string {
  const t = useText(texts);
  const format = useFormat();
  const { locale } = useLanguage();
  if (period === 'day') return format.date;
  if (period === 'week') return (date) => t('weekOf', { date: format.date(date) });
  const write = new Intl.DateTimeFormat(locale, period === 'month' ? { month: 'long', year: 'numeric' } : { year: 'numeric' });
  return (date) => write.format(new Date(`${date}T12:00:00`));
}

function useSummary(points: readonly Point[], measure: Measure, period: Over, write: (point: Point | undefined) => string): string {
  const t = useText(texts);
  const nameOf = useSpanName(period);
  const whole = points.filter((point) => !point.partial);
  const last = whole.at(-1);
  if (last === undefined) return t('trendEmpty');
  const best = whole.reduce((one, other) => ((other[measure] ?? -Infinity) > (one[measure] ?? -Infinity) ? other : one));
  const open = points.at(-1);
  const first = t('trendSummary', { date: nameOf(last.date), value: write(last), best: write(best), when: nameOf(best.date) });
  return open?.partial ? `${first} ${t('trendSummarySoFar', { date: nameOf(open.date), value: write(open) })}` : first;
}

function MeasureChoice({ measure, onChoose }: { measure: Measure; onChoose: (measure: Measure) => void }) {
  const t = useText(texts);
  return (
    <ToggleButtonGroup exclusive size="small" value={measure} aria-label={t('measure')} onChange={(_, next: Measure | null) => next && onChoose(next)}>
      <ToggleButton value="revenue">{t('revenue')}</ToggleButton>
      <ToggleButton value="orders">{t('orders')}</ToggleButton>
    </ToggleButtonGroup>
  );
}

function useMarks(system: string, period: Over, measure: Measure, points: readonly Point[]) {
  const t = useText(texts);
  const { data } = useQuery(anomaliesQuery(system, 'year'));
  // An unusual day has a point of its own only where each point is a day.
  if (period !== 'day' || data === undefined) return undefined;
  const days = new Set(data.insights.filter((each) => each.metric === METRIC[measure]).map((each) => each.date));
  return { name: t('unusualMark'), points: points.filter((point) => days.has(point.date)).map((point) => ({ date: point.date, value: point[measure] })) };
}

/** Sales or orders over time; the period under way is dashed. */
export function TrendChart({ system, period }: { system: string; period: Over }) {
  const t = useText(texts);
  const isPhone = useIsPhone();
  const nameOf = useSpanName(period);
  const [measure, setMeasure] = useState<Measure>('revenue');
  const { data, error, isPending, refetch } = useQuery(trendsQuery(system, period));
  const all = comparable(data?.insights.trend_data ?? []);
  const points = isPhone ? all.slice(-PHONE) : all;
  const currency = data?.insights.currency;
  const write = useWrite(measure, currency);
  const summary = useSummary(points, measure, period, write);
  const marks = useMarks(system, period, measure, points);
  const isRevenue = measure === 'revenue';
  const title = t(isRevenue ? 'trendRevenue' : 'trendOrders');
  const table = {
    header: [t('date'), title, ''],
    rows: points.map((point) => [point.date, isRevenue && point.revenue !== null ? point.revenue / 100 : point[measure], point.partial ? t('soFar') : '']),
    shown: points.map((point) => [nameOf(point.date), write(point), point.partial ? t('soFar') : '']),
  };
  return (
    <ChartFrame title={title} summary={summary} definition={t('trendAbout')} provenance={data?.provenance} table={table} fileName={`omnix-${system}-${METRIC[measure]}-${period}`}
      controls={<MeasureChoice measure={measure} onChoose={setMeasure} />}
      isPending={isPending} error={data ? undefined : error} onRetry={() => void refetch()} empty={data && points.length === 0 ? { text: data.empty_because ?? t('trendEmpty') } : undefined}>
      <LineChart
        lines={[{ name: t(measure), points: points.map((point) => ({ date: point.date, value: point[measure] })), isPartial: points.at(-1)?.partial }]}
        marks={marks}
        unit={isRevenue ? 'cents' : 'count'}
        currency={isRevenue ? currency : null}
        label={summary}
      />
    </ChartFrame>
  );
}
