import { Alert, AlertTitle, Button, Link as MuiLink } from '@mui/material';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { GitCompareArrows } from 'lucide-react';
import { Link, useParams } from 'react-router';

import { DataTable, type Column } from '@/components/data-table';
import { ErrorState } from '@/components/error-state';
import { Page } from '@/components/page';
import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';

import type { Progress } from './events';
import { LiveTables, ProgressBar } from './live';
import { Log } from './log';
import { isLive, moment, secondsOf, type Outcome, type RunDetail } from './model';
import { runQuery, runsQuery } from './queries';
import { RowsSkeleton } from './rows-skeleton';
import { OutcomeChip, StatusChip } from './signs';
import { StopRun } from './stop-run';
import { texts } from './texts';
import { useProgress } from './use-progress';

function useAnswer(run: RunDetail, progress: Progress): string {
  const t = useText(texts);
  const format = useFormat();
  const tables = (count: number | null) => t('tables', { count: count ?? 0 });
  if (isLive(run)) {
    if (progress.total > 0) return t('answerRunning', { done: progress.done, total: progress.total });
    return t(run.status === 'queued' ? 'answerQueued' : 'answerBegun');
  }
  if (run.status === 'interrupted') return t('answerInterrupted');
  if (run.status === 'failed') return run.failed ? t('answerBad', { failed: tables(run.failed) }) : (run.message ?? t('failedState'));
  return t('answerGood', { built: tables(run.tables_built), unchanged: tables(run.unchanged), took: format.seconds(secondsOf(run)) });
}

/** What was read of the shop has no page of its own. */
function TableName({ name }: { name: string }) {
  if (name.includes('/')) return <bdi>{name}</bdi>;
  return <MuiLink component={Link} to={`/data/${name}`} color="inherit" sx={{ fontWeight: 500 }}><bdi>{name}</bdi></MuiLink>;
}

function useColumns(): Column<Outcome>[] {
  const t = useText(texts);
  const format = useFormat();
  return [
    { key: 'table', label: t('table'), value: (each) => each.table, render: (each) => <TableName name={each.table} /> },
    { key: 'outcome', label: t('outcome'), value: (each) => each.outcome, render: (each) => <OutcomeChip outcome={each.outcome} /> },
    { key: 'rows', label: t('rows'), kind: 'number', value: (each) => each.rows },
    { key: 'version', label: t('version'), kind: 'number', value: (each) => each.version },
    { key: 'took', label: t('took'), kind: 'number', value: (each) => each.wall_seconds, render: (each) => <bdi>{format.seconds(each.wall_seconds)}</bdi> },
    { key: 'message', label: t('message'), value: (each) => each.message, render: (each) => <span dir="auto">{each.message ?? ''}</span>, isOptional: true },
  ];
}

/** What is to be read first: what did not work. */
const URGENT = ['failed', 'blocked', 'skipped'];
const byUrgency = (one: Outcome, other: Outcome) => Number(URGENT.includes(other.outcome)) - Number(URGENT.includes(one.outcome));

function Outcomes({ run }: { run: RunDetail }) {
  const t = useText(texts);
  const columns = useColumns();
  return (
    <Section title={t('outcomes')}>
      <DataTable label={t('outcomes')} columns={columns} rows={run.tables.toSorted(byUrgency)} rowKey={(each) => each.table} fileName={`omnix-run-${run.run_id}`} empty={{ text: t('outcomesNone') }} />
    </Section>
  );
}

/** Why tables were not brought up to date, in full. */
function Troubles({ tables }: { tables: readonly Outcome[] }) {
  const troubled = tables.filter((each) => URGENT.includes(each.outcome) && each.message !== null);
  return troubled.map((each) => (
    <Alert key={each.table} severity={each.outcome === 'failed' ? 'error' : 'warning'}>
      <AlertTitle><TableName name={each.table} /></AlertTitle>
      <div dir="auto">{each.message}</div>
    </Alert>
  ));
}

function CompareWithBefore({ run }: { run: RunDetail }) {
  const t = useText(texts);
  const { data } = useInfiniteQuery(runsQuery);
  const runs = data?.pages.flatMap((page) => page.data) ?? [];
  const before = runs[runs.findIndex((each) => each.run_id === run.run_id) + 1];
  if (before === undefined || !runs.some((each) => each.run_id === run.run_id)) return null;
  return (
    <Button variant="outlined" component={Link} to={`/runs/compare?a=${before.run_id}&b=${run.run_id}`} startIcon={<GitCompareArrows size={17} aria-hidden />}>{t('compareBefore')}</Button>
  );
}

function Run({ run }: { run: RunDetail }) {
  const t = useText(texts);
  const format = useFormat();
  const live = isLive(run);
  const { progress, isLost } = useProgress(run.run_id, live);
  const log = progress.log.length > 0 ? progress.log : (run.log ?? []);
  return (
    <Page
      title={t('runOf', { at: format.moment(moment(run.started_at)) })}
      answer={<span dir="auto">{useAnswer(run, progress)}</span>}
      back={{ to: '/runs', label: t('back') }}
      chips={<StatusChip status={progress.status ?? (live && progress.total > 0 ? 'running' : run.status)} />}
      actions={live ? <StopRun runId={run.run_id} /> : <CompareWithBefore run={run} />}
    >
      {live && isLost && <Alert severity="warning" role="status">{t('reconnecting')}</Alert>}
      {live && <ProgressBar progress={progress} />}
      {live && <LiveTables progress={progress} />}
      {!live && <Troubles tables={run.tables} />}
      {!live && <Outcomes run={run} />}
      <Log lines={log} isLive={live} />
    </Page>
  );
}

/** One run: live while it goes on, then what became of each table. */
export default function RunPage() {
  const t = useText(texts);
  const { runId = '' } = useParams();
  const { data, error, refetch } = useQuery(runQuery(runId));
  if (data) return <Run key={runId} run={data} />;
  return (
    <Page title={t('run')} back={{ to: '/runs', label: t('back') }}>
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <RowsSkeleton />}
    </Page>
  );
}
