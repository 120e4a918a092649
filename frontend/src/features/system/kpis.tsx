import { Typography } from '@mui/material';
import { useQueries, useQuery } from '@tanstack/react-query';

import { ErrorState } from '@/components/error-state';
import { KpiCard, KpiSkeleton } from '@/components/kpi-card';
import { Change } from '@/components/signs';
import { useFormat, useLocalText, useText } from '@/i18n/text';
import { metricName, unitOf } from '@/lib/metric';

import { kpiQuery, metricsOf, metricsQuery, type Kpi, type Over } from './queries';
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

/** The system's numbers for the last whole period, each against a period it is fairly compared with. */
export function Kpis({ system, period, first }: { system: string; period: Over; first: string | undefined }) {
  const { data, error, refetch } = useQuery(metricsQuery);
  if (data === undefined) return error ? <ErrorState error={error} onRetry={() => void refetch()} isCompact /> : [1, 2, 3, 4].map((each) => <KpiSkeleton key={each} />);
  const own = metricsOf(system, data.metrics).map((metric) => metric.name);
  own.sort((one, other) => Number(other === first) - Number(one === first));
  return <OwnKpis metrics={own.slice(0, MOST)} period={period} />;
}
