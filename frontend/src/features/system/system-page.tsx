import { Alert, Box, Button, ToggleButton, ToggleButtonGroup, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Compass, Play } from 'lucide-react';
import { useSearchParams, useParams, Link } from 'react-router';

import { catalogQuery, homeQuery } from '@/api/queries';
import type { Catalog, SystemCard } from '@/api/types';
import { EmptyState } from '@/components/empty-state';
import { ErrorState } from '@/components/error-state';
import { KpiSkeleton } from '@/components/kpi-card';
import { Columns, KpiRow, Page, Span } from '@/components/page';
import { Freshness, HealthChip } from '@/components/signs';
import { useHeadline } from '@/components/use-headline';
import { useFormat, useText } from '@/i18n/text';
import { useCan } from '@/lib/session';

import { Anomalies } from './anomalies';
import { ForecastChart } from './forecast';
import { Kpis } from './kpis';
import { SystemPlaces } from './places';
import { metricsOf, metricsQuery, summaryQuery, type Over } from './queries';
import { SystemTables } from './tables';
import { texts } from './texts';
import { TrendChart } from './trends';

const PERIODS = ['day', 'week', 'month', 'year'] as const;
type Told = Catalog['systems'][number];

function usePeriod(): [Over, (period: Over) => void] {
  const [search, setSearch] = useSearchParams();
  const asked = search.get('period');
  const period = PERIODS.find((each) => each === asked) ?? 'month';
  return [period, (next) => setSearch({ period: next }, { replace: true })];
}

function PeriodChoice({ period, onChoose }: { period: Over; onChoose: (period: Over) => void }) {
  const t = useText(texts);
  return (
    <ToggleButtonGroup exclusive size="small" value={period} aria-label={t('period')} onChange={(_, next: Over | null) => next && onChoose(next)} sx={{ bgcolor: 'background.paper' }}>
      {PERIODS.map((each) => <ToggleButton key={each} value={each}>{t(each)}</ToggleButton>)}
    </ToggleButtonGroup>
  );
}

/** The days that the numbers below are of. */
function PeriodShown({ system, period }: { system: string; period: Over }) {
  const format = useFormat();
  const { data } = useQuery(summaryQuery(system, period));
  const dates = data?.insights.dates;
  return dates ? <Typography variant="body2" component="bdi" sx={{ fontWeight: 500 }}>{format.period(dates)}</Typography> : null;
}

/** Of a system without metrics: why there is nothing to draw. */
function NoNumbers({ system, period }: { system: string; period: Over }) {
  const { data } = useQuery(summaryQuery(system, period));
  return data?.empty_because ? <Typography variant="body2" color="text.secondary" dir="auto">{data.empty_because}</Typography> : null;
}

function BuildButton({ system }: { system: string }) {
  const t = useText(texts);
  const can = useCan();
  if (!can('runs:start')) return null;
  return <Button variant="outlined" component={Link} to={`/runs?start=${system}`} startIcon={<Play size={17} aria-hidden />}>{t('build')}</Button>;
}

function Reasons({ card }: { card: SystemCard | undefined }) {
  const t = useText(texts);
  if (card === undefined || card.health.state === 'ok' || card.health.reasons.length === 0) return null;
  return (
    <Alert severity={card.health.state === 'failed' ? 'error' : 'warning'} aria-label={t('reasons')}>
      {card.health.reasons.map((reason) => <div key={reason} dir="auto">{reason}</div>)}
    </Alert>
  );
}

function System({ system, catalog, card }: { system: Told; catalog: Catalog; card: SystemCard | undefined }) {
  const t = useText(texts);
  const sentence = useHeadline();
  const [period, setPeriod] = usePeriod();
  const { data: metrics } = useQuery(metricsQuery);
  const isCounted = metrics === undefined || metricsOf(system.name, metrics.metrics).length > 0;
  const answer = card?.headline ? sentence(card.headline) : (card?.empty_reason ?? system.about);
  return (
    <Page
      title={system.title}
      answer={<span dir="auto">{answer}</span>}
      back={{ to: '/', label: t('back') }}
      actions={<BuildButton system={system.name} />}
      chips={
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 3, alignItems: 'center', flex: 1 }}>
          {isCounted && <PeriodChoice period={period} onChoose={setPeriod} />}
          {isCounted && <PeriodShown system={system.name} period={period} />}
          {card && <HealthChip state={card.health.state} />}
          {card && <Freshness builtAt={card.freshness.built_at} asOf={card.freshness.as_of} isStale={card.freshness.stale} />}
        </Box>
      }
      kpis={isCounted ? <Kpis system={system.name} period={period} first={card?.headline?.metric} /> : undefined}
    >
      {!system.enabled && <Alert severity="info">{t('disabled')}</Alert>}
      <Reasons card={card} />
      <SystemPlaces system={system.name} />
      {isCounted ? (
        <Columns>
          <Span of={12}><TrendChart system={system.name} period={period} /></Span>
          <Span of={7}><ForecastChart system={system.name} first={card?.headline?.metric} /></Span>
          <Span of={5}><Anomalies system={system.name} /></Span>
        </Columns>
      ) : <NoNumbers system={system.name} period={period} />}
      <SystemTables tables={catalog.tables.filter((table) => table.system === system.name)} />
    </Page>
  );
}

/** One system: its numbers, their course, what is unusual, what to expect, and its tables. */
export default function SystemPage() {
  const t = useText(texts);
  const { system: name = '' } = useParams();
  const catalog = useQuery(catalogQuery);
  const home = useQuery(homeQuery);
  const back = { to: '/', label: t('back') };
  if (catalog.data === undefined) {
    return (
      <Page title={name} back={back}>
        {catalog.error ? <ErrorState error={catalog.error} onRetry={() => void catalog.refetch()} /> : <KpiRow>{[1, 2, 3, 4].map((each) => <KpiSkeleton key={each} />)}</KpiRow>}
      </Page>
    );
  }
  const system = catalog.data.systems.find((each) => each.name === name);
  if (system === undefined) {
    return (
      <Page title={t('unknown', { name })} back={back}>
        <EmptyState icon={Compass} title={t('unknown', { name })} text={t('unknownText')} action={{ label: t('toHome'), to: '/' }} />
      </Page>
    );
  }
  return <System key={name} system={system} catalog={catalog.data} card={home.data?.cards.find((each) => each.system === name)} />;
}
