import { Typography } from '@mui/material';
import { useQueries, useQuery } from '@tanstack/react-query';

import { ErrorState } from '@/components/error-state';
import { KpiCard, KpiSkeleton } from '@/components/kpi-card';
import { Change } from '@/components/signs';
import { useFormat, useLocalText, useText } from '@/i18n/text';
import { metricName, unitOf } from '@/lib/metric';

import { kpiQuery, metricsQuery, summaryQuery, type Kpi, type Over, type Summary } from './queries';
import { texts } from './texts';

/** What fits into one row. */
const MOST = 5;

function Against({ change, period, good }: { change: number | null | undefined; period: { from: string; to: string } | null | undefined; good: 'up' | 'down' | 'none' }) {
  const t = useText(texts);
  const format = useFormat();
  if (typeof change !== 'number' || !period) return <Typography variant="caption" color="text.secondary">{t('noEarlier')}</Typography>;
  return <Change value={change} against={format.period(period)} good={good} />;
}

function MetricCard({ kpi }: { kpi: Kpi }) {
  const t = useText(texts);
  const format = useFormat();
  const local = useLocalText();
  const unit = unitOf(kpi.metric, kpi.unit);
  const write = (short: boolean) => (kpi.value === null ? t('noNumber') : format.measure(kpi.value, unit, { currency: kpi.currency, short }));
  const label = local(metricName(kpi.metric, kpi.title));
  return (
    <KpiCard
      label={label}
      value={write(true)}
      exact={write(false)}
      change={kpi.empty_because ? <Typography variant="caption" color="text.secondary" dir="auto">{kpi.empty_because}</Typography> : <Against change={kpi.comparison?.change} period={kpi.comparison} good={kpi.good} />}
      sparkline={kpi.sparkline.map((point) => point.value)}
    />
  );
}

function OwnKpis({ metrics, period }: { metrics: readonly string[]; period: Over }) {
  const found = useQueries({ queries: metrics.map((metric) => kpiQuery(metric, period)) });
  return found.map(({ data, error, refetch }, index) => {
    if (data) return <MetricCard key={metrics[index]} kpi={data} />;
    return error ? <ErrorState key={metrics[index]} error={error} onRetry={() => void refetch()} isCompact /> : <KpiSkeleton key={metrics[index]} />;
  });
}

const PARTS = [
  ['total_revenue', 'revenue', 'money'],
  ['total_orders', 'orders', 'count'],
  ['unique_customers', 'customers', 'count'],
  ['avg_order_value', 'averageOrder', 'money'],
] as const;

function SummaryCards({ summary }: { summary: Summary }) {
  const t = useText(texts);
  const format = useFormat();
  return PARTS.map(([key, label, unit]) => {
    const value = summary[key];
    const write = (short: boolean) => (typeof value === 'number' ? format.measure(value, unitOf(key, unit), { currency: unit === 'money' ? summary.currency : null, short }) : t('noNumber'));
    return (
      <KpiCard key={key} label={t(label)} value={write(true)} exact={write(false)}
        change={<Against change={summary.comparison?.change[key]} period={summary.comparison} good="up" />} />
    );
  });
}

/** Of a system without metrics of its own, such as a registered one: the shop's. */
function ShopKpis({ system, period }: { system: string; period: Over }) {
  const { data, error, refetch } = useQuery(summaryQuery(system, period));
  if (data) return <SummaryCards summary={data.insights} />;
  return error ? <ErrorState error={error} onRetry={() => void refetch()} isCompact /> : PARTS.map(([key]) => <KpiSkeleton key={key} />);
}

/** The system's numbers for the last whole period, each against a period it is fairly compared with. */
export function Kpis({ system, period, first }: { system: string; period: Over; first: string | undefined }) {
  const { data, error } = useQuery(metricsQuery);
  if (data === undefined && !error) return PARTS.map(([key]) => <KpiSkeleton key={key} />);
  const own = (data?.metrics ?? []).filter((metric) => metric.systems.includes(system)).map((metric) => metric.name);
  own.sort((one, other) => Number(other === first) - Number(one === first));
  return own.length > 0 ? <OwnKpis metrics={own.slice(0, MOST)} period={period} /> : <ShopKpis system={system} period={period} />;
}
