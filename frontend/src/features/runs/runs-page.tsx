import { Box, Button } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { GitCompareArrows, Play } from 'lucide-react';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';

import { DataTable, type Column } from '@/components/data-table';
import { EmptyState } from '@/components/empty-state';
import { ErrorState } from '@/components/error-state';
import { Page } from '@/components/page';
import { RowsSkeleton } from './rows-skeleton';
import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';
import { useCan } from '@/lib/session';

import { isLive, moment, secondsOf, type Run } from './model';
import { runsQuery } from './queries';
import { StatusChip } from './signs';
import { StartRun } from './start-run';
import { texts } from './texts';

function useAnswer(runs: readonly Run[] | undefined): string | undefined {
  const t = useText(texts);
  const format = useFormat();
  if (runs === undefined) return undefined;
  const live = runs.find((run) => run.status === 'running') ?? runs.find(isLive);
  if (live) return live.status === 'queued' ? t('waiting') : t('going', { ago: format.ago(moment(live.started_at)) });
  const [last] = runs;
  if (last === undefined) return t('never');
  const tables = (count: number | null) => t('tables', { count: count ?? 0 });
  const ago = format.ago(moment(last.ended_at ?? last.started_at));
  if (last.status === 'succeeded') return t('lastGood', { ago, built: tables(last.tables_built), unchanged: tables(last.unchanged) });
  return last.failed ? t('lastBad', { ago, failed: tables(last.failed) }) : t('answerInterrupted');
}

function useColumns(): Column<Run>[] {
  const t = useText(texts);
  const format = useFormat();
  const count = (key: 'tables_built' | 'unchanged' | 'failed', label: string): Column<Run> => ({ key, label, kind: 'number', value: (run) => run[key] });
  return [
    { key: 'started_at', label: t('when'), value: (run) => run.started_at, render: (run) => <time dateTime={run.started_at}>{format.moment(moment(run.started_at))}</time> },
    { key: 'status', label: t('status'), value: (run) => run.status, render: (run) => <StatusChip status={run.status} /> },
    { key: 'took', label: t('took'), kind: 'number', value: (run) => secondsOf(run), render: (run) => <bdi>{format.seconds(secondsOf(run))}</bdi> },
    count('tables_built', t('built')),
    count('unchanged', t('unchanged')),
    count('failed', t('failed')),
    { key: 'by', label: t('by'), value: (run) => run.started_by ?? t('onMachine'), render: (run) => <bdi>{run.started_by ?? t('onMachine')}</bdi> },
    { key: 'cpu', label: t('cpu'), kind: 'number', value: (run) => run.cpu_seconds, render: (run) => (run.cpu_seconds === null ? '–' : <bdi>{format.seconds(run.cpu_seconds)}</bdi>), isOptional: true },
    { key: 'run_id', label: t('run'), kind: 'code', value: (run) => run.run_id, isOptional: true },
  ];
}

function Runs({ runs, onStart }: { runs: readonly Run[]; onStart: (() => void) | undefined }) {
  const t = useText(texts);
  const columns = useColumns();
  if (runs.length === 0) {
    const action = onStart && { label: t('start'), onClick: onStart };
    return <Section><EmptyState icon={Play} title={t('never')} text={t('neverText')} action={action} /></Section>;
  }
  return (
    <Section>
      <DataTable label={t('list')} columns={columns} rows={runs} rowKey={(run) => run.run_id} rowLink={(run) => `/runs/${run.run_id}`} fileName="omnix-runs" sortBy={{ key: 'started_at', isDown: true }} />
    </Section>
  );
}

function CompareLink({ runs }: { runs: readonly Run[] }) {
  const t = useText(texts);
  const [last, before] = runs;
  if (last === undefined || before === undefined) return null;
  return (
    <Button variant="outlined" component={Link} to={`/runs/compare?a=${before.run_id}&b=${last.run_id}`} startIcon={<GitCompareArrows size={17} aria-hidden />}>{t('compare')}</Button>
  );
}

/** Every run: when, how long, how it ended; and the way to start one. */
export default function RunsPage() {
  const t = useText(texts);
  const can = useCan();
  const [search] = useSearchParams();
  const asked = search.get('start');
  const [isStarting, setStarting] = useState(asked !== null);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(runsQuery);
  const runs = data?.pages.flatMap((page) => page.data);
  const start = can('runs:start') ? () => setStarting(true) : undefined;
  const actions = (
    <>
      {runs && <CompareLink runs={runs} />}
      {start && <Button variant="contained" startIcon={<Play size={17} aria-hidden />} onClick={start}>{t('start')}</Button>}
    </>
  );
  return (
    <Page title={t('title')} answer={useAnswer(runs)} actions={actions}>
      {error && !runs && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!runs && !error && <RowsSkeleton />}
      {runs && <Runs runs={runs} onStart={start} />}
      {hasNextPage && <Box><Button variant="outlined" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('older')}</Button></Box>}
      {isStarting && start && <StartRun system={asked ?? ''} onClose={() => setStarting(false)} />}
    </Page>
  );
}
