import { Card, Skeleton } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Scale } from 'lucide-react';

import { ChartFrame } from '@/components/chart-frame';
import { PassportStamp } from '@/components/chart-tools';
import { BarChart } from '@/components/charts';
import { ErrorState } from '@/components/error-state';
import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';
import { layout } from '@/theme/tokens';

import { MarketPage } from '../frame';
import { LookedChips } from '../looked';
import { useMetricName, useModelName, useShortModelName } from '../names';
import { NothingYet } from '../nothing-yet';
import { comparisonQuery } from '../queries';
import type { Comparison } from '../types';
import { useNamed } from '../use-named';
import { useView, type View } from '../use-view';
import { LEVEL } from './chance';
import { ClassTable } from './class-table';
import { ModelTable } from './model-table';
import { texts } from './texts';

function useAnswer(): (data: Comparison, view: View, place: string) => string {
  const t = useText(texts);
  const format = useFormat();
  const model = useModelName();
  const metric = useMetricName();
  return ({ rows }, view, place) => {
    const chosen = rows.find((row) => row.chosen);
    if (typeof chosen?.mase !== 'number') return '';
    // Of two baselines the one that it is held against: the margin tells its error.
    const plain = chosen.margin !== null && chosen.margin < 1 ? format.number(chosen.mase / (1 - chosen.margin)) : '–';
    const values = { place, metric: metric(view.metric), model: model(chosen.model), own: format.number(chosen.mase), plain };
    if (chosen.is_baseline) return t('answerBaseline', values);
    const isBetter = chosen.margin !== null && chosen.margin > 0 && (chosen.p_value === null || chosen.p_value < LEVEL);
    return isBetter ? t('answer', { ...values, share: format.percent(chosen.margin ?? 0, 0) }) : t('answerWorse', values);
  };
}

/** More than these would not be read. */
const BARS = 12;

function Errors({ data }: { data: Comparison }) {
  const t = useText(texts);
  const format = useFormat();
  const model = useShortModelName();
  const known = data.rows.flatMap((row) => (typeof row.mase === 'number' ? [{ name: model(row.model), value: row.mase }] : []));
  // A bar chart leaves out the smallest where there are many: here those are the best.
  const bars = known.sort((one, other) => one.value - other.value).slice(0, BARS);
  const [best] = bars;
  const summary = best ? t('errorsSummary', { best: best.name, least: format.number(best.value) }) : '';
  return (
    <ChartFrame title={t('errors')} summary={summary} definition={t('errorsAbout', { folds: data.folds, horizon: data.horizon })} provenance={data.provenance} fileName={`omnix-model-errors-${data.level}-${data.item || 'all'}`}
      table={{ header: [t('model'), t('mase')], rows: bars.map((bar) => [bar.name, bar.value]), shown: bars.map((bar) => [bar.name, format.number(bar.value)]) }}>
      <BarChart bars={bars} unit="number" write={(value) => format.number(value)} label={summary} />
    </ChartFrame>
  );
}

function Content({ data }: { data: Comparison }) {
  const t = useText(texts);
  return (
    <>
      <Errors data={data} />
      <Section title={t('all')} about={t('allAbout', { count: data.folds, horizon: data.horizon })}>
        <ModelTable data={data} />
        <PassportStamp provenance={data.provenance} />
      </Section>
      {data.by_class.length > 0 && <Section title={t('classes')} about={t('classesAbout')}><ClassTable rows={data.by_class} /></Section>}
    </>
  );
}

/** Every candidate on the same tests: which is used, by how much it is better, and whether that may be chance. */
export default function ComparisonPage() {
  const t = useText(texts);
  const view = useView();
  const { level, item, metric, grain } = view;
  const { data, error, refetch } = useQuery(comparisonQuery({ level, item, metric, grain }));
  const answer = useAnswer();
  const name = useNamed(view, metric);
  const sentence = data ? answer(data, view, name) : '';
  return (
    <MarketPage title={t('title')} answer={sentence === '' ? '\u00a0' : sentence} chips={<LookedChips view={view} name={name} />}>
      {data && data.rows.length === 0 && <NothingYet title={t('none')} from={data} icon={Scale} />}
      {data && data.rows.length > 0 && <Content data={data} />}
      {!data && error && <Card><ErrorState error={error} onRetry={() => void refetch()} /></Card>}
      {!data && !error && <><Card sx={{ p: 5 }}><Skeleton height={layout.chart} /></Card><Card sx={{ p: 5 }}><Skeleton height={layout.chart} /></Card></>}
    </MarketPage>
  );
}
