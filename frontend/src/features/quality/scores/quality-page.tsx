import { Box, Button, Card, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, Scale, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';

import { qualityQuery } from '@/api/queries';
import type { Quality, QualityTable } from '@/api/types';
import { useShare } from '@/components/amount';
import { Definition, PassportStamp } from '@/components/chart-tools';
import { EmptyState } from '@/components/empty-state';
import { ErrorState } from '@/components/error-state';
import { KpiCard, KpiSkeleton } from '@/components/kpi-card';
import { KpiRow, Page } from '@/components/page';
import { RuleList } from '@/components/rule-list';
import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';
import { useCan } from '@/lib/session';

import { useTrend } from '../queries';
import { texts } from '../texts';
import { isBelow, isScored, rulesOf, totalsOf, worstFirst } from './judgement';
import { ScoreList } from './score-list';

const MOST_RULES = 8;

/** The page in one sentence: what is held back, else the lowest score. */
function useAnswer(tables: readonly QualityTable[]): string {
  const t = useText(texts);
  const share = useShare();
  const scored = worstFirst(tables).filter(isScored);
  const [lowest] = scored;
  if (lowest === undefined) return t('noScores');
  const blocked = scored.filter((table) => table.blocked);
  const names = (found: readonly QualityTable[]) => found.map((table) => table.table).join(', ');
  const line = share(lowest.line);
  if (blocked.length === 1) return t('oneBlocked', { table: lowest.table, score: share(lowest.score), line });
  if (blocked.length > 1) return t('manyBlocked', { count: blocked.length, tables: names(blocked), line });
  const below = scored.filter(isBelow);
  if (below.length > 0) return t('belowPublished', { tables: names(below), line });
  return t('allAbove', { count: scored.length, line, table: lowest.table, score: share(lowest.score) });
}

function Cards({ tables }: { tables: readonly QualityTable[] }) {
  const t = useText(texts);
  const format = useFormat();
  const share = useShare();
  const can = useCan();
  const scored = worstFirst(tables).filter(isScored);
  const [lowest] = scored;
  const { came, aside, warned } = totalsOf(tables);
  const link = can('quarantine:read') ? '/quarantine' : undefined;
  const note = (text: string) => <Typography variant="caption" color="text.secondary">{text}</Typography>;
  return (
    <>
      <KpiCard label={t('aboveLine')} value={t('ofAll', { part: scored.filter((table) => !isBelow(table)).length, all: scored.length })} change={note(lowest ? t('lineNote', { line: share(lowest.line) }) : '')} />
      {lowest && <KpiCard label={t('lowest')} value={share(lowest.score)} change={note(lowest.table)} to={`/data/${encodeURIComponent(lowest.table)}?tab=quality`} />}
      <KpiCard label={t('rowsAside')} value={format.number(aside)} change={note(came > 0 ? t('ofCame', { share: share(aside / came), came }) : '')} to={link} />
      <KpiCard label={t('rowsWarned')} value={format.number(warned)} change={note(t('warnedNote'))} to={link && `${link}?severity=warning`} />
    </>
  );
}

function Rules({ tables }: { tables: readonly QualityTable[] }) {
  const t = useText(texts);
  const can = useCan();
  const [isWhole, setWhole] = useState(false);
  const rules = rulesOf(tables);
  if (rules.length === 0) {
    return (
      <Typography variant="body2" component="div" sx={{ display: 'flex', gap: 2, alignItems: 'center' }}>
        <Box component="span" sx={{ color: 'success.main', display: 'grid' }}><CircleCheck size={18} aria-hidden /></Box>{t('noneBroken')}
      </Typography>
    );
  }
  return (
    <>
      <RuleList label={t('worstRules')} rules={isWhole ? rules : rules.slice(0, MOST_RULES)} hasTable isLinked={can('quarantine:read')} />
      {rules.length > MOST_RULES && <Button size="small" color="inherit" onClick={() => setWhole(!isWhole)} sx={{ mt: 2 }}>{isWhole ? t('fewer') : t('allRules', { count: rules.length })}</Button>}
    </>
  );
}

function Content({ quality }: { quality: Quality }) {
  const t = useText(texts);
  const trend = useTrend();
  const answer = useAnswer(quality.tables);
  const tables = worstFirst(quality.tables);
  const books = <Button variant="outlined" component={Link} to="/books" startIcon={<Scale size={16} aria-hidden />}>{t('books')}</Button>;
  const about = <>{t('scoresAbout')} <Definition title={t('score')}>{t('scoreDefinition')}</Definition>{trend.size === 0 && <Typography variant="caption" component="div" color="text.secondary">{t('trendLater')}</Typography>}</>;
  return (
    <Page title={t('quality')} answer={answer} actions={books} kpis={<Cards tables={quality.tables} />}>
      <Section title={t('scores')} about={about} isFlush>
        <ScoreList tables={tables} trend={trend} />
        <Box sx={{ px: { xs: 4, md: 5 }, py: 3, borderTop: 1, borderColor: 'divider' }}>{quality.provenance.length > 0 && <PassportStamp provenance={quality.provenance} />}</Box>
      </Section>
      <Section title={t('worstRules')} about={t('worstRulesAbout')}><Rules tables={quality.tables} /></Section>
    </Page>
  );
}

function Waiting() {
  return (
    <>
      <KpiRow>{[1, 2, 3, 4].map((card) => <KpiSkeleton key={card} />)}</KpiRow>
      <Card sx={{ p: 5, display: 'grid', gap: 4 }}>
        <Skeleton width="20%" height={20} />
        {Array.from({ length: 8 }, (_, row) => <Skeleton key={row} height={36} />)}
      </Card>
    </>
  );
}

/** How good each table is against the line, and which rules rows broke. */
export default function QualityPage() {
  const t = useText(texts);
  const can = useCan();
  const { data, error, refetch } = useQuery(qualityQuery);
  if (data && data.tables.length > 0) return <Content quality={data} />;
  return (
    <Page title={t('quality')}>
      {error && <Card><ErrorState error={error} onRetry={() => void refetch()} /></Card>}
      {data && <Card><EmptyState icon={ShieldCheck} title={t('noScores')} text={t('noScoresTeach')} action={can('runs:start') ? { label: t('startRun'), to: '/runs' } : undefined} /></Card>}
      {!data && !error && <Waiting />}
    </Page>
  );
}
