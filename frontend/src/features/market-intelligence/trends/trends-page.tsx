import { Box, Card, MenuItem, Skeleton, TextField } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { TrendingUp } from 'lucide-react';

import { PassportStamp } from '@/components/chart-tools';
import { ErrorState } from '@/components/error-state';
import { FormField } from '@/components/form-field';
import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';
import { layout } from '@/theme/tokens';

import { MetricChoice } from '../controls';
import { MarketPage } from '../frame';
import { useMetricName } from '../names';
import { NothingYet } from '../nothing-yet';
import { PlaceChoice } from '../place-choice';
import { trendsQuery } from '../queries';
import type { Metric, Trends } from '../types';
import { useHasStores } from '../use-has-stores';
import { useNamed } from '../use-named';
import { useView, type View } from '../use-view';
import { Changes } from './changes';
import { Course } from './course';
import { texts } from './texts';
import { TrendTable } from './trend-table';
import { OFS, useRange, type Of, type Range } from './use-range';
import { useTypeName } from './words';

/** Where no beginning is chosen: changes of all times. */
const EVER = '1990-01-01';

const OF_TEXT = { this: 'ofThis', country: 'ofCountry', store: 'ofStore', category: 'ofCategory', product: 'ofProduct' } as const;

function useAnswer() {
  const t = useText(texts);
  const format = useFormat();
  const metric = useMetricName();
  const type = useTypeName();
  const than = (share: number) => ({ share: format.percent(Math.abs(share)), direction: t(share > 0 ? 'higher' : 'lower') });
  return (data: Trends, view: View, place: string) => {
    const here = (each: { level: string; item: string }) => each.level === view.level && each.item === view.item;
    const trend = data.trends.find(here);
    const changes = data.changes.filter((change) => here(change) && change.kind !== 'growth' && change.change !== null);
    const [last] = changes.sort((one, other) => other.changed_on.localeCompare(one.changed_on));
    const values = { place, metric: metric(view.metric) };
    if (trend === undefined) return t('answerNone', values);
    const growth = trend.growth_rate;
    const first = typeof growth === 'number' ? t('answer', { ...values, type: type(trend.trend_type), ...than(growth) }) : t('answerType', { ...values, type: type(trend.trend_type) });
    return last ? `${first} ${t('since', { ...than(last.change ?? 0), date: format.date(last.changed_on) })}` : first;
  };
}

function Filters({ range, metric }: { range: Range; metric: Metric }) {
  const t = useText(texts);
  const hasStores = useHasStores(metric);
  const offered = OFS.filter((each) => each !== 'store' || hasStores || range.of === 'store');
  return (
    <Box sx={{ display: 'grid', gap: 3, alignItems: 'end', gridTemplateColumns: { xs: 'repeat(2, minmax(0, 1fr))', md: '220px 180px 180px' } }}>
      <TextField select value={range.of} onChange={(event) => range.setOf(event.target.value as Of)} sx={{ gridColumn: { xs: '1 / -1', md: 'auto' } }} slotProps={{ select: { SelectDisplayProps: { 'aria-label': t('of') } } }}>
        {offered.map((each) => <MenuItem key={each} value={each}>{t(OF_TEXT[each])}</MenuItem>)}
      </TextField>
      <FormField label={t('from')} type="date" value={range.start} onChange={range.setStart} slotProps={{ htmlInput: { dir: 'ltr', max: range.end || undefined } }} />
      <FormField label={t('to')} type="date" value={range.end} onChange={range.setEnd} slotProps={{ htmlInput: { dir: 'ltr', min: range.start || undefined } }} />
    </Box>
  );
}

function Tables({ view, range }: { view: View; range: Range }) {
  const t = useText(texts);
  const { data, error, refetch } = useQuery(trendsQuery(wanted(view, range)));
  if (!data && error) return <Card><ErrorState error={error} onRetry={() => void refetch()} /></Card>;
  if (!data) return <Card sx={{ p: 5 }}><Skeleton height={layout.chart} /></Card>;
  if (data.trends.length === 0 && data.changes.length === 0) return <NothingYet title={t('none')} from={data} icon={TrendingUp} />;
  return (
    <>
      <Section title={t('changes')} about={t('changesAbout')}><Changes rows={data.changes} /></Section>
      <Section title={t('all')} about={t('allAbout')}>
        <TrendTable rows={data.trends} />
        <PassportStamp provenance={data.provenance} />
      </Section>
    </>
  );
}

function wanted({ level, item, metric }: View, { of, start, end }: Range) {
  const part = of === 'this' ? { level, item } : { level: of };
  return { metric, ...part, start_date: start === '' ? EVER : start, ...(end === '' ? {} : { end_date: end }) };
}

/** What grows and what shrinks, and from which day on a level is another. */
export default function TrendsPage() {
  const t = useText(texts);
  const view = useView();
  const range = useRange();
  const answer = useAnswer();
  const { level, item, metric, metrics, set } = view;
  const name = useNamed(view, metric);
  const own = useQuery(trendsQuery(wanted(view, { ...range, of: 'this', start: '', end: '' })));
  const chips = (
    <>
      <PlaceChoice name={name} metric={metric} chosen={{ level, item }} onChoose={(chosen) => set({ level: chosen.level === 'shop' ? '' : chosen.level, item: chosen.item })} />
      <MetricChoice metrics={metrics} metric={metric} onChoose={(next) => set({ metric: next })} />
    </>
  );
  return (
    <MarketPage title={t('title')} answer={own.data ? answer(own.data, view, name) : '\u00a0'} chips={chips}>
      <Course view={view} name={name} />
      <Filters range={range} metric={metric} />
      <Tables view={view} range={range} />
    </MarketPage>
  );
}
