import { Box, MenuItem, TextField, Typography } from '@mui/material';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';

import { DataTable, type Column } from '@/components/data-table';
import { ErrorState } from '@/components/error-state';
import { Page } from '@/components/page';
import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';

import { moment, secondsOf, type Comparison, type Outcome, type Run, type TableDifference } from './model';
import { comparisonQuery, runsQuery } from './queries';
import { RowsSkeleton } from './rows-skeleton';
import { OutcomeChip, StatusChip } from './signs';
import { texts } from './texts';

const isSame = (each: TableDifference) => each.same_version && each.same_outcome;

function RunSelect({ label, value, runs, onChange }: { label: string; value: string; runs: readonly Run[]; onChange: (runId: string) => void }) {
  const format = useFormat();
  return (
    <TextField select label={label} value={runs.some((run) => run.run_id === value) ? value : ''} onChange={(event) => onChange(event.target.value)} sx={{ flex: '1 1 240px' }}>
      {runs.map((run) => <MenuItem key={run.run_id} value={run.run_id}>{format.moment(moment(run.started_at))}</MenuItem>)}
    </TextField>
  );
}

function Side({ label, run }: { label: string; run: Run }) {
  const t = useText(texts);
  const format = useFormat();
  const facts = [[t('took'), format.seconds(secondsOf(run))], [t('built'), run.tables_built], [t('unchanged'), run.unchanged], [t('failed'), run.failed]] as const;
  return (
    <Section title={label} about={format.moment(moment(run.started_at))} actions={<StatusChip status={run.status} />}>
      <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: { xs: 'repeat(2, 1fr)', sm: 'repeat(4, 1fr)' }, gap: 4 }}>
        {facts.map(([name, value]) => (
          <Box key={name}>
            <Typography component="dt" variant="caption" color="text.secondary">{name}</Typography>
            <Typography component="dd" variant="h3" sx={{ m: 0 }}>{typeof value === 'number' ? format.number(value) : (value ?? '–')}</Typography>
          </Box>
        ))}
      </Box>
    </Section>
  );
}

function useColumns(): Column<TableDifference>[] {
  const t = useText(texts);
  const format = useFormat();
  const signed = (value: number, text: string) => `${value > 0 ? '+' : value < 0 ? '−' : ''}${text}`;
  const outcome = (side: Outcome | null) => (side === null ? t('notThere') : <OutcomeChip outcome={side.outcome} />);
  const version = ({ a, b }: TableDifference) => (a?.version === b?.version ? String(a?.version ?? '–') : `${a?.version ?? '–'} → ${b?.version ?? '–'}`);
  return [
    { key: 'table', label: t('table'), value: (each) => each.table, render: (each) => <bdi>{each.table}</bdi> },
    { key: 'same', label: t('agree'), value: (each) => (isSame(each) ? t('same') : t('differs')), render: (each) => <bdi dir="ltr">{version(each)}</bdi> },
    { key: 'a', label: t('first'), value: (each) => each.a?.outcome ?? null, render: (each) => outcome(each.a) },
    { key: 'b', label: t('second'), value: (each) => each.b?.outcome ?? null, render: (each) => outcome(each.b) },
    { key: 'rows', label: t('rowsChange'), kind: 'number', value: (each) => each.rows_change, render: ({ rows_change: rows }) => (rows === null ? '–' : <bdi dir="ltr">{signed(rows, format.number(Math.abs(rows)))}</bdi>) },
    { key: 'seconds', label: t('secondsChange'), kind: 'number', value: (each) => each.seconds_change, render: ({ seconds_change: seconds }) => (seconds === null ? '–' : <bdi dir="ltr">{signed(seconds, format.seconds(Math.abs(seconds)))}</bdi>) },
  ];
}

function Differences({ comparison }: { comparison: Comparison }) {
  const t = useText(texts);
  const columns = useColumns();
  return (
    <>
      <Box sx={{ display: 'grid', gap: 4, gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'repeat(2, minmax(0, 1fr))' } }}>
        <Side label={t('first')} run={comparison.a} />
        <Side label={t('second')} run={comparison.b} />
      </Box>
      <Section title={t('differences')}>
        <DataTable label={t('differences')} columns={columns} rows={comparison.tables} rowKey={(each) => each.table} fileName="omnix-runs-compared" />
      </Section>
    </>
  );
}

/** Two runs side by side. */
export default function ComparePage() {
  const t = useText(texts);
  const [search, setSearch] = useSearchParams();
  const [a, b] = [search.get('a') ?? '', search.get('b') ?? ''];
  const list = useInfiniteQuery(runsQuery);
  const comparison = useQuery(comparisonQuery(a, b));
  const runs = list.data?.pages.flatMap((page) => page.data) ?? [];
  const choose = (side: 'a' | 'b') => (runId: string) => setSearch({ a, b, [side]: runId }, { replace: true });
  const differing = comparison.data?.tables.filter((each) => !isSame(each)).length;
  const found = differing === undefined ? t('comparePick') : differing === 0 ? t('compareSame') : t('compareDiffer', { count: differing });
  return (
    <Page title={t('compareTitle')} answer={comparison.isLoading ? undefined : found} back={{ to: '/runs', label: t('back') }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 4 }}>
        <RunSelect label={t('first')} value={a} runs={runs} onChange={choose('a')} />
        <RunSelect label={t('second')} value={b} runs={runs} onChange={choose('b')} />
      </Box>
      {comparison.error && <ErrorState error={comparison.error} onRetry={() => void comparison.refetch()} />}
      {comparison.isLoading && <RowsSkeleton />}
      {comparison.data && <Differences comparison={comparison.data} />}
    </Page>
  );
}
