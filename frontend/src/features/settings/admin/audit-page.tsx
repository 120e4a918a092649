import { Box, Button, Chip, Dialog, DialogActions, DialogContent, DialogTitle, TextField, Typography } from '@mui/material';
import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { Fragment, useId, useState } from 'react';

import { answer, api, fetchBlob } from '@/api/client';
import type { AuditEntry } from '@/api/types';
import { DataTable, type Column } from '@/components/data-table';
import { ErrorState } from '@/components/error-state';
import { FormError } from '@/components/form-error';
import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';
import { saveBlob } from '@/lib/download';
import { mono } from '@/theme/tokens';

import { SettingsPage } from '../frame';
import { RowsSkeleton } from '../rows-skeleton';
import { texts } from './texts';
import { useSettled } from './use-settled';

interface Wanted {
  action: string;
  actor: string;
  since: string;
  until: string;
}

const NOTHING: Wanted = { action: '', actor: '', since: '', until: '' };

/** Days are the reader's own; the last one counts to its end. */
function asQuery({ action, actor, since, until }: Wanted) {
  const end = until && new Date(new Date(`${until}T00:00:00`).getTime() + 86_400_000);
  return {
    ...(action && { action }),
    ...(actor && { actor }),
    ...(since && { since: new Date(`${since}T00:00:00`).toISOString() }),
    ...(end && { until: end.toISOString() }),
  };
}

const auditQuery = (wanted: Wanted) =>
  infiniteQueryOptions({
    queryKey: ['audit', wanted],
    queryFn: ({ signal, pageParam }) => answer(api.GET('/api/v1/admin/audit', { params: { query: { ...asQuery(wanted), ...(pageParam && { cursor: pageParam }) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  });

function Filters({ wanted, onChange }: { wanted: Wanted; onChange: (wanted: Wanted) => void }) {
  const t = useText(texts);
  const set = (name: keyof Wanted) => (event: { target: { value: string } }) => onChange({ ...wanted, [name]: event.target.value });
  const isFiltered = Object.values(wanted).some(Boolean);
  const width = { flex: '1 1 160px', maxWidth: { sm: 220 } };
  const shrink = { inputLabel: { shrink: true } };
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 3, mb: 4, pt: 1 }}>
      <TextField label={t('action')} placeholder={t('actionHelp')} value={wanted.action} onChange={set('action')} slotProps={shrink} sx={width} />
      <TextField label={t('actor')} placeholder={t('actorHelp')} value={wanted.actor} onChange={set('actor')} slotProps={shrink} sx={width} />
      <TextField label={t('from')} type="date" value={wanted.since} onChange={set('since')} slotProps={shrink} sx={width} />
      <TextField label={t('until')} type="date" value={wanted.until} onChange={set('until')} slotProps={shrink} sx={width} />
      {isFiltered && <Button color="inherit" onClick={() => onChange(NOTHING)}>{t('clearFilters')}</Button>}
    </Box>
  );
}

/** An id is told by its beginning; the line's details have all of it. */
const shortened = (object: string) => (object.length > 24 ? `${object.slice(0, 12)}…` : object);

function useColumns(): Column<AuditEntry>[] {
  const t = useText(texts);
  const format = useFormat();
  const isDone = (entry: AuditEntry) => entry.outcome === 'success';
  return [
    { key: 'at', label: t('at'), value: (entry) => entry.at, render: (entry) => <time dateTime={entry.at}>{format.moment(entry.at)}</time> },
    { key: 'who', label: t('who'), value: (entry) => entry.actorEmail ?? entry.actorId ?? t('system'), render: (entry) => <bdi>{entry.actorEmail ?? entry.actorId ?? t('system')}</bdi> },
    { key: 'action', label: t('action'), kind: 'code', value: (entry) => entry.action },
    { key: 'outcome', label: t('outcome'), value: (entry) => entry.outcome, render: (entry) => <Chip size="small" label={t(isDone(entry) ? 'success' : 'failure')} sx={isDone(entry) ? { bgcolor: 'tint.success', color: 'success.main' } : { bgcolor: 'tint.danger', color: 'error.main' }} /> },
    { key: 'object', label: t('object'), value: (entry) => entry.object ?? null, render: (entry) => <bdi title={entry.object ?? undefined}>{shortened(entry.object ?? '–')}</bdi> },
    { key: 'address', label: t('address'), kind: 'code', value: (entry) => entry.address ?? null, isOptional: true },
  ];
}

function EntryDialog({ entry, onClose }: { entry: AuditEntry; onClose: () => void }) {
  const t = useText(texts);
  const format = useFormat();
  const id = useId();
  const facts = [
    [t('at'), format.moment(entry.at)],
    [t('who'), entry.actorEmail ?? entry.actorId ?? t('system')],
    [t('object'), entry.object],
    [t('outcome'), entry.outcome],
    [t('address'), entry.address],
    [t('request'), entry.requestId],
    [t('detail'), Object.keys(entry.detail ?? {}).length > 0 ? JSON.stringify(entry.detail, null, 2) : null],
  ].filter((fact): fact is [string, string] => Boolean(fact[1]));
  return (
    <Dialog open onClose={onClose} aria-labelledby={id} fullWidth maxWidth="sm">
      <DialogTitle id={id} variant="h2"><bdi>{entry.action}</bdi></DialogTitle>
      <DialogContent>
        <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: 'auto minmax(0, 1fr)', columnGap: 6, rowGap: 2 }}>
          {facts.map(([name, value]) => (
            <Fragment key={name}>
              <Typography component="dt" variant="body2" color="text.secondary">{name}</Typography>
              <Typography component="dd" variant="body2" dir="auto" sx={{ m: 0, overflowWrap: 'anywhere', whiteSpace: 'pre-wrap', ...(value.startsWith('{') && { fontFamily: mono }) }}>{value}</Typography>
            </Fragment>
          ))}
        </Box>
      </DialogContent>
      <DialogActions sx={{ p: 4 }}><Button color="inherit" onClick={onClose}>{t('close')}</Button></DialogActions>
    </Dialog>
  );
}

function useExport(wanted: Wanted) {
  return useMutation({
    mutationFn: () => fetchBlob(`/api/v1/admin/audit/export?${new URLSearchParams(asQuery(wanted) as Record<string, string>)}`),
    onSuccess: (blob) => saveBlob(blob, 'omnix-audit.csv'),
  });
}

/** Who did what, when and from where; to filter, open and take away. */
export default function AuditPage() {
  const t = useText(texts);
  const [wanted, setWanted] = useState(NOTHING);
  const [opened, setOpened] = useState<AuditEntry | null>(null);
  const columns = useColumns();
  const settled = { ...wanted, action: useSettled(wanted.action.trim()), actor: useSettled(wanted.actor.trim()) };
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({ ...auditQuery(settled), placeholderData: keepPreviousData });
  const exporting = useExport(settled);
  const entries = data?.pages.flatMap((page) => page.data);
  return (
    <SettingsPage title={t('audit')} answer={t('auditAnswer')} actions={<Button variant="outlined" startIcon={<Download size={16} aria-hidden />} loading={exporting.isPending} onClick={() => exporting.mutate()}>{t('exportCsv')}</Button>}>
      <FormError error={exporting.error} />
      {error && !entries && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!entries && !error && <RowsSkeleton />}
      {entries && (
        <Section>
          <Filters wanted={wanted} onChange={setWanted} />
          <FormError error={error} />
          <DataTable label={t('auditList')} columns={columns} rows={entries} rowKey={(entry) => String(entry.id)} onRow={setOpened} isPlain empty={{ title: t('noAudit'), text: t('noAuditText') }} />
          {hasNextPage && <Button variant="outlined" loading={isFetchingNextPage} onClick={() => void fetchNextPage()} sx={{ mt: 4 }}>{t('older')}</Button>}
        </Section>
      )}
      {opened && <EntryDialog entry={opened} onClose={() => setOpened(null)} />}
    </SettingsPage>
  );
}
