import { Box, MenuItem, Skeleton, TextField } from '@mui/material';
import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { Columns, Span } from '@/components/page';
import { Prose } from '@/components/prose';
import { Section } from '@/components/section';
import { useIsPhone } from '@/components/use-is-phone';
import { useText } from '@/i18n/text';
import { layout } from '@/theme/tokens';

import { GrainChoice, MetricChoice } from '../controls';
import { MarketPage } from '../frame';
import { useMetricName, usePlaceName } from '../names';
import { PlaceChoice } from '../place-choice';
import { seriesQuery } from '../queries';
import { useSaid } from '../said/use-said';
import type { Place } from '../types';
import { useAmounts } from '../use-amounts';
import { useView, type View } from '../use-view';
import { aheadOf, FurtherLine, useFurther } from './further';
import { LevelTree } from './level-tree';
import { useSentence, useSpan } from './sentence';
import { SeriesChart } from './series-chart';
import { texts } from './texts';
import { WhatIfPanel } from './what-if';
import { Why } from './why';

function HorizonChoice({ view }: { view: View }) {
  const t = useText(texts);
  const span = useSpan();
  const offered = view.horizons.includes(view.horizon) ? view.horizons : [view.horizon, ...view.horizons];
  return (
    <TextField select value={view.horizon} onChange={(event) => view.set({ horizon: event.target.value })} sx={{ width: 'auto', minWidth: 112 }} slotProps={{ select: { SelectDisplayProps: { 'aria-label': t('horizon') } } }}>
      {offered.map((each) => <MenuItem key={each} value={each}>{span(each, view.grain)}</MenuItem>)}
    </TextField>
  );
}

function Switches({ view }: { view: View }) {
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2 }}>
      <MetricChoice metrics={view.metrics} metric={view.metric} onChoose={(metric) => view.set({ metric })} />
      <GrainChoice grain={view.grain} onChoose={(grain) => view.set({ grain, horizon: '' })} />
      <HorizonChoice view={view} />
    </Box>
  );
}

/** While the figures come: the room that they will take. */
function Waiting() {
  return <Section><Skeleton height={layout.chart} /></Section>;
}

/** What will sell: of the shop or a part of it, with bands, reasons, and what would change it. */
export default function ForecastPage() {
  const t = useText(texts);
  const isPhone = useIsPhone();
  const view = useView();
  const metric = useMetricName();
  const place = usePlaceName();
  const { level, item, grain, horizon, history } = view;
  const kept = Math.min(horizon, view.kept);
  const asked = useQuery({ ...seriesQuery({ level, item, metric: view.metric, grain, history, horizon: kept }), placeholderData: keepPreviousData });
  // The figures of another place must never stand under this one's name.
  const isOfThis = asked.data?.level === level && asked.data.item === item && asked.data.metric === view.metric && asked.data.grain === grain;
  const series = isOfThis ? asked.data : undefined;
  const further = useFurther(view);
  const drawn = series && further.made ? { ...series, forecast: aheadOf(further.made), provenance: further.made.provenance } : series;
  const amounts = useAmounts(view.metric, series?.currency);
  const said = useSaid();
  const sentence = useSentence()(series, amounts);
  const name = place({ level, item, name: series?.name ?? null });
  const choose = (chosen: Place) => view.set({ level: chosen.level === 'shop' ? '' : chosen.level, item: chosen.item });
  const query = new URLSearchParams({ metric: view.metric, grain, level, ...(item === '' ? {} : { item }) });
  return (
    <MarketPage title={t('title')} answer={sentence === '' ? <Prose text={said(series?.empty_said, series?.empty_because ?? '\u00a0')} /> : sentence}
      chips={isPhone ? <PlaceChoice name={name} metric={view.metric} chosen={{ level, item }} onChoose={choose} /> : undefined}>
      <Columns>
        {!isPhone && (
          <Span of={4}>
            <Section title={t('what')}>
              <Box sx={{ maxHeight: 560, overflowY: 'auto', mx: -2, px: 2, py: 1 }}><LevelTree key={view.metric} metric={view.metric} chosen={{ level, item }} onChoose={choose} /></Box>
            </Section>
          </Span>
        )}
        <Span of={isPhone ? 12 : 8}>
          <SeriesChart title={t('of', { metric: metric(view.metric), place: name })} fileName={`omnix-forecast-${level}-${item || 'all'}-${view.metric}-${grain}`} series={drawn} error={asked.error} onRetry={() => void asked.refetch()} controls={<><Switches view={view} /><FurtherLine further={further} view={view} /></>} />
        </Span>
      </Columns>
      {series === undefined && !asked.error && <Waiting />}
      {series && series.forecast.length > 0 && <Why series={series} links={{ comparison: `/market-intelligence/comparison?${query}`, scoreboard: `/market-intelligence/scoreboard?${query}` }} />}
      {series && series.forecast.length > 0 && <WhatIfPanel series={series} horizon={kept} />}
    </MarketPage>
  );
}
