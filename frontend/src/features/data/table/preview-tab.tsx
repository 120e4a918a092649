import { Alert, Box, Button, Card, IconButton, MenuItem, Skeleton, TextField, Tooltip, Typography } from '@mui/material';
import { keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { ArrowDownNarrowWide, ArrowUpNarrowWide } from 'lucide-react';
import { useMemo, useState } from 'react';

import type { Passport } from '@/api/types';
import { PassportStamp } from '@/components/chart-tools';
import { DataTable, type CellValue, type Column } from '@/components/data-table';
import { EmptyState } from '@/components/empty-state';
import { ErrorState } from '@/components/error-state';
import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';
import { saveBlob } from '@/lib/download';
import { useCan } from '@/lib/session';

import { fetchCsv, PAGE_ROWS, rowsQuery, type Asked } from '../queries';
import { texts } from '../texts';
import { AddFilter, FilterChips } from './filter-form';
import { isNumeric } from './filters';
import { useQuestion, type Question } from './question';
import { RowDrawer } from './row-drawer';
import type { TabProps } from './table-page';

type Row = Record<string, CellValue>;

/** Values as they are kept: moments in UTC without their letters, numbers with all their digits. */
export function useCell(): (value: CellValue | undefined, type: string) => string {
  const t = useText(texts);
  const format = useFormat();
  return (value, type) => {
    if (value === null || value === undefined) return t('blank');
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    if (typeof value === 'number') return format.number(value, 6);
    return type === 'timestamp' ? value.replace('T', ' ').replace(/(\.\d+)?Z$/, '') : String(value);
  };
}

function useColumns(given: readonly { name: string; type: string }[]): Column<Row>[] {
  const cell = useCell();
  return given.map(({ name, type }, index) => ({
    key: name,
    label: name,
    value: (row) => row[name] ?? null,
    render: (row) => <bdi>{cell(row[name], type)}</bdi>,
    kind: isNumeric(type) ? ('number' as const) : ('text' as const),
    // Twelve fit a screen; the others are a choice away.
    isOptional: index >= 12,
  }));
}

function OrderBy({ question, names }: { question: Question; names: readonly string[] }) {
  const t = useText(texts);
  const isDown = question.order.startsWith('-');
  const name = question.order.replace(/^-/, '');
  const Icon = isDown ? ArrowDownNarrowWide : ArrowUpNarrowWide;
  return (
    <Box sx={{ display: 'flex', gap: 1 }}>
      <TextField select label={t('order')} value={name} onChange={(event) => question.setOrder(event.target.value === '' ? '' : (isDown ? '-' : '') + event.target.value)} sx={{ width: 184 }} slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}>
        <MenuItem value="">{t('keyOrder')}</MenuItem>
        {names.map((each) => <MenuItem key={each} value={each} dir="auto">{each}</MenuItem>)}
      </TextField>
      <Tooltip title={t('descending')}>
        <span><IconButton disabled={name === ''} aria-pressed={isDown} aria-label={t('descending')} onClick={() => question.setOrder(isDown ? name : `-${name}`)}><Icon size={18} aria-hidden /></IconButton></span>
      </Tooltip>
    </Box>
  );
}

function VersionNote({ question, table }: { question: Question } & TabProps) {
  const t = useText(texts);
  const format = useFormat();
  if (question.version === null) return null;
  const at = table.versions.find((version) => version.version === question.version)?.at;
  return (
    <Alert severity="info" action={<Button size="small" color="inherit" onClick={() => question.setVersion(null)}>{t('toNewest')}</Button>}>
      {at === undefined ? t('atVersion', { version: String(question.version) }) : t('atVersionOf', { version: String(question.version), at: format.moment(at) })}
    </Alert>
  );
}

/** Saves all rows that are asked for, not only those that were loaded. */
function useSaveAll(asked: Asked) {
  return useMutation({ mutationFn: async () => saveBlob(await fetchCsv(asked), `${asked.table}.csv`) });
}

function Rows({ asked, question }: { asked: Asked; question: Question }) {
  const t = useText(texts);
  const can = useCan();
  const [opened, setOpened] = useState<Row | null>(null);
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage, isPlaceholderData } = useInfiniteQuery({ ...rowsQuery(asked), placeholderData: keepPreviousData });
  const saving = useSaveAll(asked);
  const [first] = data?.pages ?? [];
  const columns = useColumns(first?.columns ?? []);
  const rows = useMemo(() => (data?.pages ?? []).flatMap((page) => page.data as Row[]), [data]);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} isCompact />;
  if (first === undefined) return <Skeleton height={420} />;
  if (rows.length === 0) {
    const clear = { label: t('clearFilters'), onClick: () => question.setFilters([]) };
    return question.filters.length > 0 ? <EmptyState title={t('noRows')} text={t('noRowsFilters')} action={clear} isCompact /> : <EmptyState title={t('noRowsYet')} isCompact />;
  }
  return (
    <Box sx={{ display: 'grid', gap: 4, gridTemplateColumns: 'minmax(0, 1fr)', opacity: isPlaceholderData ? 0.5 : 1 }} aria-busy={isPlaceholderData}>
      <DataTable key={asked.table} label={t('previewOf', { name: asked.table })} columns={columns} rows={rows} rowKey={(row) => String(rows.indexOf(row))} onRow={setOpened} fileName={asked.table} onSaveAll={can('tables:export') ? () => saving.mutate() : undefined} />
      <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 4, justifyContent: 'space-between' }}>
        {hasNextPage ? <Button variant="outlined" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('nextRows', { count: PAGE_ROWS })}</Button> : <Typography variant="caption" color="text.secondary">{t('allSeen')}</Typography>}
        <Box role="status" sx={{ typography: 'caption', color: 'text.secondary' }}>{saving.isPending && t('exporting')}{saving.error && t('exportFailed', { reason: saving.error.message })}</Box>
        <PassportStamp provenance={first.provenance as Passport[]} />
      </Box>
      <RowDrawer row={opened} columns={first.columns} onClose={() => setOpened(null)} />
    </Box>
  );
}

/** The rows themselves: filtered and ordered by the service, page by page, at this version or an older one. */
export default function PreviewTab({ table }: TabProps) {
  const t = useText(texts);
  const question = useQuestion(table);
  const names = [...question.types.keys()];
  if (table.version === null) return <Card><EmptyState title={t('neverBuilt')} text={t('waitsForRun')} isCompact /></Card>;
  return (
    <>
      <VersionNote question={question} table={table} />
      <Section title={t('previewOf', { name: table.name })}>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, mb: 4, alignItems: 'center' }}>
          <AddFilter types={question.types} onAdd={question.addFilter} />
          <OrderBy question={question} names={names} />
          <FilterChips filters={question.filters} types={question.types} onRemove={question.removeFilter} />
        </Box>
        <Rows asked={question.asked} question={question} />
      </Section>
    </>
  );
}
