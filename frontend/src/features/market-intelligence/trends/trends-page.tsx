import { Card, Skeleton } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { TrendingUp } from 'lucide-react';
import { lazy } from 'react';
import { useSearchParams } from 'react-router';

import { ChartFrame } from '@/components/chart-frame';
import { PassportStamp } from '@/components/chart-tools';
import { ErrorState } from '@/components/error-state';
import { FormField } from '@/components/form-field';
import { Section } from '@/components/section';
import { useIsPhone } from '@/components/use-is-phone';
import { useFormat, useText } from '@/i18n/text';
import { layout } from '@/theme/tokens';

import { MetricChoice } from '../controls';
import { MarketPage } from '../frame';
import { useMetricName, usePlaceName } from '../names';
import { NothingYet } from '../nothing-yet';
import { withGaps } from '../periods';
import { PlaceChoice } from '../place-choice';
import { seriesQuery, trendsQuery } from '../queries';
import type { AxisEvent, LevelChange, Trends } from '../types';
import { useAmounts } from '../use-amounts';
import { useView, type View } from '../use-view';
import { Changes } from './changes';
import { texts } from './texts';
import { TrendTable } from './trend-table';

const FanChart = lazy(() => import('../forecast/fan-chart'));

const WEEKS = 104;
const PHONE_WEEKS = 30;

/** From when to when, kept in the address; empty: as far as the service goes by itself. */
function useRange() {
  const [search, setSearch] = useSearchParams();
  const set = (name: 'start' | 'end') => (value: string) =>
    setSearch((before) => {
      const next = new URLSearchParams(before);
      if (value === '') next.delete(name);
      else next.set(name, value);
      return next;
    }, { replace: true });
  return { start: search.get('start') ?? '', end: search.get('end') ?? '', setStart: set('start'), setEnd: set('end') };
}

function useWords() {
  const t = useText(texts);
  const format = useFormat();
  return (change: LevelChange) => ({ share: format.percent(Math.abs(change.change ?? 0), 0), direction: t((change.change ?? 0) > 0 ? 'higher' : 'lower') });
}

const ofView = (changes: readonly LevelChange[], { level, item, metric }: View) => changes.filter((change) => change.level === level && change.item === item && change.metric === metric);

function Course({ view, changes }: { view: View; changes: readonly LevelChange[] }) {
  const t = useText(texts);
  const format = useFormat();
  const isPhone = useIsPhone();
  const words = useWords();
  const place = usePlaceName();
  const metric = useMetricName();
  const { level, item } = view;
  const { data, error, refetch } = useQuery(seriesQuery({ level, item, metric: view.metric, grain: 'week', history: isPhone ? PHONE_WEEKS : WEEKS, horizon: 1 }));
  const amounts = useAmounts(view.metric, data?.currency);
  const points = withGaps(data?.history ?? [], 'week');
  const events: AxisEvent[] = changes.map((change) => ({ date: change.changed_on, kind: 'change', label: t('changeLabel', words(change)) }));
  const summary = t('courseSummary', { count: events.length });
  const title = `${t('course')}: ${metric(view.metric)}, ${place({ level, item, name: data?.name ?? null })}`;
  return (
    <ChartFrame title={title} summary={summary} definition={t('courseAbout')} provenance={data?.provenance} isPending={!data && !error} error={data ? undefined : error} onRetry={() => void refetch()} fileName={`omnix-trend-${level}-${item || 'all'}-${view.metric}`}
      tooLittle={data && points.length === 0 ? (data.empty_because ?? '') : undefined}
      table={{ header: [t('date'), metric(view.metric)], rows: points.map((point) => [point.date, amounts.plain(point.value)]), shown: points.map((point) => [format.date(point.date), amounts.exact(point.value)]) }}>
      <FanChart lines={[{ kind: 'history', name: metric(view.metric), points }]} bands={[]} events={events} grain="week" amounts={amounts} label={summary} />
    </ChartFrame>
  );
}

function useAnswer() {
  const t = useText(texts);
  const format = useFormat();
  const place = usePlaceName();
  const metric = useMetricName();
  const words = useWords();
  return (data: Trends, view: View) => {
    const [last] = [...ofView(data.changes, view)].sort((one, other) => other.changed_on.localeCompare(one.changed_on));
    const name = data.trends.find((trend) => trend.level === view.level && trend.item === view.item)?.name ?? null;
    const values = { place: place({ level: view.level, item: view.item, name }), metric: metric(view.metric) };
    if (last === undefined) return t('answerNone', { ...values, from: format.date(data.start_date), to: format.date(data.end_date) });
    return t('answerOne', { ...values, ...words(last), date: format.date(last.changed_on) });
  };
}

function Content({ data, view }: { data: Trends; view: View }) {
  const t = useText(texts);
  const isEmpty = data.trends.length === 0 && data.changes.length === 0;
  return (
    <>
      <Course view={view} changes={ofView(data.changes, view)} />
      {isEmpty && data.empty_because ? <NothingYet title={t('none')} from={data} icon={TrendingUp} /> : (
        <>
          <Section title={t('changes')} about={t('changesAbout')}><Changes rows={data.changes} currency={data.currency} /></Section>
          <Section title={t('all')} about={t('allAbout')}>
            <TrendTable rows={data.trends} currency={data.currency} />
            <PassportStamp provenance={data.provenance} />
          </Section>
        </>
      )}
    </>
  );
}

/** What grows and what shrinks, and from which day on a level is another. */
export default function TrendsPage() {
  const t = useText(texts);
  const view = useView();
  const range = useRange();
  const place = usePlaceName();
  const answer = useAnswer();
  const { level, item, metric, metrics, set } = view;
  const { data, error, refetch } = useQuery(trendsQuery({ level, item, metric, start_date: range.start, end_date: range.end }));
  const name = data?.trends.find((trend) => trend.level === level && trend.item === item)?.name ?? null;
  const chips = (
    <>
      <PlaceChoice name={place({ level, item, name })} metric={metric} chosen={{ level, item }} onChoose={(chosen) => set({ level: chosen.level === 'shop' ? '' : chosen.level, item: chosen.item })} />
      <MetricChoice metrics={metrics} metric={metric} onChoose={(next) => set({ metric: next })} />
    </>
  );
  return (
    <MarketPage title={t('title')} answer={data ? answer(data, view) : '\u00a0'} chips={chips}>
      <div style={{ display: 'flex', gap: 16, flexWrap: 'wrap' }}>
        <FormField label={t('from')} type="date" value={range.start} onChange={range.setStart} sx={{ width: 180 }} slotProps={{ htmlInput: { dir: 'ltr', max: range.end || undefined } }} />
        <FormField label={t('to')} type="date" value={range.end} onChange={range.setEnd} sx={{ width: 180 }} slotProps={{ htmlInput: { dir: 'ltr', min: range.start || undefined } }} />
      </div>
      {data && <Content data={data} view={view} />}
      {!data && error && <Card><ErrorState error={error} onRetry={() => void refetch()} /></Card>}
      {!data && !error && <><Card sx={{ p: 5 }}><Skeleton height={layout.chart} /></Card><Card sx={{ p: 5 }}><Skeleton height={layout.chart} /></Card></>}
    </MarketPage>
  );
}
