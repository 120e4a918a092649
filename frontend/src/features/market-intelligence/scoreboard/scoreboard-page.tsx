import { Box, Card, Skeleton, ToggleButton, ToggleButtonGroup, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { CircleHelp, Equal, Goal, TrendingDown, TrendingUp, type LucideIcon } from 'lucide-react';
import { useSearchParams } from 'react-router';

import { ErrorState } from '@/components/error-state';
import { Meter } from '@/components/meter';
import { Columns, Span } from '@/components/page';
import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';
import { layout } from '@/theme/tokens';

import { MarketPage } from '../frame';
import { LookedChips } from '../looked';
import { NothingYet } from '../nothing-yet';
import { scoreboardQuery } from '../queries';
import type { Scoreboard } from '../types';
import { useAmounts } from '../use-amounts';
import { useNamed } from '../use-named';
import { useView, type View } from '../use-view';
import { Course, ErrorByWeek } from './charts';
import { ScoredTable } from './scored-table';
import { isBelow, overall } from './sums';
import { useSaid } from '../said/use-said';
import { texts } from './texts';

const KINDS = ['all', 'live', 'backtest'] as const;
type Kind = (typeof KINDS)[number];

const VERDICTS = {
  better: { icon: TrendingUp, color: 'success.main', tint: 'tint.success' },
  worse: { icon: TrendingDown, color: 'error.main', tint: 'tint.danger' },
  same: { icon: Equal, color: 'text.primary', tint: 'surface.sunken' },
  unknown: { icon: CircleHelp, color: 'text.secondary', tint: 'surface.sunken' },
} as const satisfies Record<string, { icon: LucideIcon; color: string; tint: string }>;

const verdictOf = (verdict: string): keyof typeof VERDICTS => (Object.hasOwn(VERDICTS, verdict) ? (verdict as keyof typeof VERDICTS) : 'unknown');

/** Is it getting better or worse? By icon and word, then by colour. */
function Verdict({ data }: { data: Scoreboard }) {
  const t = useText(texts);
  const said = useSaid();
  const verdict = verdictOf(data.verdict);
  const { icon: Icon, color, tint } = VERDICTS[verdict];
  return (
    <Card sx={{ p: { xs: 4, md: 5 }, display: 'flex', gap: 4, alignItems: 'center' }}>
      <Box sx={{ color, bgcolor: tint, borderRadius: '50%', p: 3, display: 'grid', flexShrink: 0 }}><Icon size={24} aria-hidden /></Box>
      <Box sx={{ minWidth: 0 }}>
        <Typography variant="h2">{t(verdict)}</Typography>
        <Typography variant="body2" component="p" color="text.secondary" dir="auto" sx={{ m: 0, mt: 1 }}>{said(data.sentence_said, data.sentence)}</Typography>
      </Box>
    </Card>
  );
}

const PROMISES = [['within_80', 0.8], ['within_95', 0.95]] as const;

function Coverage({ data }: { data: Scoreboard }) {
  const t = useText(texts);
  const format = useFormat();
  const found = PROMISES.map(([key, promised]) => ({ ...overall(data.weeks, key), promised }));
  const isLow = found.some(({ share, promised, periods }) => isBelow(share, promised, periods));
  return (
    <Section title={t('coverage')} about={t('coverageAbout')}>
      <Box sx={{ display: 'grid', gap: 5 }}>
        {found.map(({ share, periods, promised }) => (
          <Meter key={promised} label={t('band', { level: format.percent(promised, 0) })} share={share} isLow={isBelow(share, promised, periods)} about={t('promised', { level: format.percent(promised, 0), count: periods })} />
        ))}
        {isLow && <Typography variant="body2">{t('coverageLow')}</Typography>}
      </Box>
    </Section>
  );
}

function KindChoice({ kind, onChoose }: { kind: Kind; onChoose: (kind: Kind) => void }) {
  const t = useText(texts);
  return (
    <ToggleButtonGroup exclusive size="small" value={kind} aria-label={t('kind')} onChange={(_, next: Kind | null) => next && onChoose(next)} sx={{ bgcolor: 'background.paper', flexWrap: 'wrap' }}>
      {KINDS.map((each) => <ToggleButton key={each} value={each}>{t(each)}</ToggleButton>)}
    </ToggleButtonGroup>
  );
}

function Content({ data, view }: { data: Scoreboard; view: View }) {
  const t = useText(texts);
  const amounts = useAmounts(view.metric, data.currency);
  return (
    <>
      <Verdict data={data} />
      <Columns>
        <Span of={8}><ErrorByWeek data={data} /></Span>
        <Span of={4}><Coverage data={data} /></Span>
        <Span of={12}><Course data={data} amounts={amounts} /></Span>
      </Columns>
      <Section title={t('rows')}><ScoredTable data={data} amounts={amounts} grain={view.grain} /></Section>
    </>
  );
}

/** Past forecasts against what happened: is it getting better or worse? */
export default function ScoreboardPage() {
  const t = useText(texts);
  const view = useView();
  const [search, setSearch] = useSearchParams();
  const kind = KINDS.find((each) => each === search.get('kind')) ?? 'all';
  const setKind = (next: Kind) => setSearch((before) => {
    const after = new URLSearchParams(before);
    if (next === 'all') after.delete('kind');
    else after.set('kind', next);
    return after;
  }, { replace: true });
  const { level, item, metric, grain } = view;
  const name = useNamed(view, metric);
  const { data, error, refetch } = useQuery(scoreboardQuery({ level, item, metric, grain, ...(kind === 'all' ? {} : { kind }) }));
  return (
    <MarketPage title={t('title')} answer={t('about')} chips={<LookedChips view={view} name={name}><KindChoice kind={kind} onChoose={setKind} /></LookedChips>}>
      {data && data.weeks.length === 0 && <NothingYet title={t('none')} from={data} icon={Goal} />}
      {data && data.weeks.length > 0 && <Content data={data} view={view} />}
      {!data && error && <Card><ErrorState error={error} onRetry={() => void refetch()} /></Card>}
      {!data && !error && <><Card sx={{ p: 5 }}><Skeleton height={48} /></Card><Card sx={{ p: 5 }}><Skeleton height={layout.chart} /></Card></>}
    </MarketPage>
  );
}
