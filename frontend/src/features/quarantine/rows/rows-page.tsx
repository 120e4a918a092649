import { Alert, Box, Button, Card, Skeleton, Typography } from '@mui/material';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { CircleCheck, Download, SearchX } from 'lucide-react';
import { useParams, useSearchParams } from 'react-router';

import type { QuarantineGroup } from '@/api/types';
import { useAmount } from '@/components/amount';
import { EmptyState } from '@/components/empty-state';
import { ErrorState } from '@/components/error-state';
import { FilterBar, type FilterGroup } from '@/components/filter-bar';
import { Page } from '@/components/page';
import { Section } from '@/components/section';
import { useText } from '@/i18n/text';
import { saveBlob } from '@/lib/download';
import { useCan } from '@/lib/session';

import { byTable } from '../counts';
import { fetchRowsCsv, quarantineQuery, rowsQuery, type Wanted } from '../queries';
import { ReplaySection } from '../replay/replay-section';
import { texts } from '../texts';
import { RowCard } from './row-card';

type Narrow = (name: 'severity' | 'rule' | 'upload', value: string) => void;

function useWanted(table: string): [Wanted, Narrow, () => void] {
  const [parameters, setParameters] = useSearchParams();
  const severity = parameters.get('severity');
  const wanted: Wanted = { table, severity: severity === 'error' || severity === 'warning' ? severity : '', rule: parameters.get('rule') ?? '', upload: parameters.get('upload') ?? '' };
  const set: Narrow = (name, value) =>
    setParameters((before) => {
      const next = new URLSearchParams(before);
      if (value === '') next.delete(name);
      else next.set(name, value);
      return next;
    }, { replace: true });
  return [wanted, set, () => setParameters({}, { replace: true })];
}

function useChips(groups: readonly QuarantineGroup[], wanted: Wanted, set: Narrow): FilterGroup[] {
  const t = useText(texts);
  const count = (severity: string) => groups.filter((group) => group.severity === severity).reduce((total, group) => total + group.rows, 0);
  const severities = [{ value: 'error', label: t('aside'), count: count('error') }, { value: 'warning', label: t('warned'), count: count('warning') }];
  const rules = groups.filter((group) => wanted.severity === '' || group.severity === wanted.severity).map((group) => ({ value: group.rule, label: group.rule, count: group.rows }));
  // A rule of the address that no row breaks any more is still shown as what it is.
  const all = wanted.rule !== '' && !rules.some((rule) => rule.value === wanted.rule) ? [...rules, { value: wanted.rule, label: wanted.rule, count: 0 }] : rules;
  return [
    { key: 'severity', label: t('severity'), options: severities.filter((option) => option.count > 0 || option.value === wanted.severity), value: wanted.severity, onChange: (value) => set('severity', value) },
    { key: 'rule', label: t('rule'), options: all, value: wanted.rule, onChange: (value) => set('rule', value) },
    ...(wanted.upload === '' ? [] : [{ key: 'upload', label: t('upload'), options: [{ value: wanted.upload, label: wanted.upload }], value: wanted.upload, onChange: (value: string) => set('upload', value) }]),
  ];
}

/** Rows as they came are personal: taking them away needs two rights. */
function SaveCsv({ wanted }: { wanted: Wanted }) {
  const t = useText(texts);
  const can = useCan();
  const saving = useMutation({ mutationFn: async () => saveBlob(await fetchRowsCsv(wanted), `quarantine-${wanted.table}.csv`) });
  if (!can('tables:export') || !can('tables:personal')) return null;
  return (
    <Box sx={{ display: 'grid', justifyItems: 'end', gap: 1 }}>
      <Button variant="outlined" startIcon={<Download size={16} aria-hidden />} loading={saving.isPending} onClick={() => saving.mutate()}>{t('saveCsv')}</Button>
      {saving.error && <Typography variant="caption" color="error" role="alert" dir="auto">{saving.error.message}</Typography>}
    </Box>
  );
}

function Rows({ wanted, onClear }: { wanted: Wanted; onClear: () => void }) {
  const t = useText(texts);
  const can = useCan();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(rowsQuery(wanted));
  if (error) return <Card><ErrorState error={error} onRetry={() => void refetch()} /></Card>;
  if (data === undefined) return <Card sx={{ p: 5, display: 'grid', gap: 4 }}>{[1, 2, 3, 4].map((row) => <Skeleton key={row} height={72} />)}</Card>;
  const rows = data.pages.flatMap((page) => page.data);
  const isNarrowed = wanted.severity !== '' || wanted.rule !== '' || wanted.upload !== '';
  if (rows.length === 0 && isNarrowed) return <Card><EmptyState icon={SearchX} title={t('noMatch')} text={t('noMatchWhy')} action={{ label: t('clearFilters'), onClick: onClear }} /></Card>;
  if (rows.length === 0) return <Card><EmptyState icon={CircleCheck} title={t('nothingIn', { table: wanted.table })} text={t('nothingTeach')} action={{ label: t('toQuarantine'), to: '/quarantine' }} /></Card>;
  const isHidden = !can('tables:personal') && rows.some((row) => row.severity === 'error');
  return (
    <Section title={t('rowsTitle')} about={[t('rowsAbout'), rows.some((row) => row.severity === 'warning') ? t('warnedAbout') : ''].filter(Boolean).join(' ')} isFlush>
      {isHidden && <Box sx={{ px: { xs: 4, md: 5 }, pb: 4 }}><Alert severity="info">{t('valuesHidden')}</Alert></Box>}
      <Box component="ul" aria-label={t('rowsTitle')} sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {rows.map((row, index) => <li key={`${row.severity} ${row.row_id} ${row.row_key} ${index}`}><RowCard row={row} isOpenAtFirst={index === 0} /></li>)}
      </Box>
      {hasNextPage && <Box sx={{ p: 4, borderTop: 1, borderColor: 'divider' }}><Button variant="outlined" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('moreRows')}</Button></Box>}
    </Section>
  );
}

/** The rows of one table that were set aside: as they came, with the reason, and the way back. */
export default function RowsPage() {
  const t = useText(texts);
  const can = useCan();
  const amount = useAmount();
  const { table = '' } = useParams();
  const [wanted, set, clear] = useWanted(table);
  const counts = useQuery(quarantineQuery);
  const groups = (counts.data?.data ?? []).filter((group) => group.table === table);
  const [count] = byTable(groups);
  const chips = useChips(groups, wanted, set);
  const answer = count && [
    count.aside > 0 ? t('tableAside', { count: count.aside }) : '',
    count.money ? t('tableMoney', { money: amount(count.money) }) : '',
    count.warned > 0 ? t('tableWarned', { count: count.warned }) : '',
  ].filter(Boolean).join(' · ');
  return (
    <Page title={table} answer={answer} back={{ to: '/quarantine', label: t('quarantine') }} actions={groups.length > 0 ? <SaveCsv wanted={wanted} /> : undefined} chips={groups.length > 0 ? <FilterBar groups={chips} /> : undefined}>
      <Rows wanted={wanted} onClear={clear} />
      {can('quarantine:replay') && <ReplaySection wanted={wanted} />}
    </Page>
  );
}
