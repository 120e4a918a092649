import { Alert, AlertTitle, Box, Button, Skeleton, Typography } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useMemo } from 'react';

import { ApiError } from '@/api/problem';
import type { SqlAnswer } from '@/api/types';
import { PassportStamp } from '@/components/chart-tools';
import { DataTable, type CellValue, type Column } from '@/components/data-table';
import { ErrorState } from '@/components/error-state';
import { FormError } from '@/components/form-error';
import { Section } from '@/components/section';
import { placeOf } from '@/components/sql-editor/highlight';
import { useFormat, useText } from '@/i18n/text';
import { saveBlob } from '@/lib/download';
import { layout } from '@/theme/tokens';

import { askForCsv } from './queries';
import { texts } from './texts';

interface Numbered {
  index: number;
  cells: readonly unknown[];
}

const NUMBERS = /^(u?(tiny|small|big|huge)?int|int\d+|integer|float\d*|double|decimal|numeric|real)/i;

function cellOf(value: unknown): CellValue {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : (value as CellValue);
}

/** Two columns of one name stay two columns. */
function columnsOf(columns: SqlAnswer['columns']): Column<Numbered>[] {
  return columns.map(({ name, type }, place) => {
    const isNumber = NUMBERS.test(type);
    const value = (row: Numbered) => cellOf(row.cells[place]);
    // A number that names something, such as a year or an id, is not to be written with separators.
    const plain = (row: Numbered) => <bdi>{String(value(row) ?? '–')}</bdi>;
    return { key: `${place}`, label: name, kind: isNumber ? 'number' : 'text', value, ...(!isNumber && { render: plain }) };
  });
}

function Rows({ result, sql }: { result: SqlAnswer; sql: string }) {
  const t = useText(texts);
  const columns = useMemo(() => columnsOf(result.columns), [result]);
  const rows = useMemo(() => result.rows.map((cells, index) => ({ index, cells })), [result]);
  const csv = useMutation({ mutationFn: () => askForCsv(sql), onSuccess: (blob) => saveBlob(blob, 'omnix-query.csv') });
  return (
    <>
      <FormError error={csv.error} />
      <DataTable label={t('result')} columns={columns} rows={rows} rowKey={(row) => String(row.index)} empty={{ title: t('noRows'), text: '' }} fileName="omnix-query" onSaveAll={result.truncated ? () => csv.mutate() : undefined} />
    </>
  );
}

/** The rows of an answer, how many, how long, from which versions. */
export function Result({ result, sql }: { result: SqlAnswer; sql: string }) {
  const t = useText(texts);
  const format = useFormat();
  const told = t('resultRows', { count: result.row_count, time: format.seconds(result.elapsed_ms / 1000) });
  return (
    <Section title={t('result')} about={<span role="status">{told}</span>}>
      <Box sx={{ display: 'grid', gap: 4, gridTemplateColumns: 'minmax(0, 1fr)' }}>
        {result.truncated && <Alert severity="warning">{t('truncated', { rows: t('ranRows', { count: result.row_count }) })}</Alert>}
        <Rows result={result} sql={sql} />
        {result.provenance.length > 0 && <PassportStamp provenance={result.provenance} />}
      </Box>
    </Section>
  );
}

/** Why a query was not answered, where, and what to do. */
export function Refusal({ error, onGoTo, onRetry }: { error: Error; onGoTo: (place: { line: number; column: number }) => void; onRetry: () => void }) {
  const t = useText(texts);
  if (!(error instanceof ApiError) || error.status === 403) return <Section><ErrorState error={error} onRetry={onRetry} isCompact /></Section>;
  const place = placeOf(error.message);
  return (
    <Alert severity="error" role="alert" id="sql-refusal">
      <AlertTitle>{t('refused')}</AlertTitle>
      <div dir="auto">{error.message}</div>
      {error.step !== '' && <Typography variant="body2" color="text.secondary" component="div" dir="auto">{error.step}</Typography>}
      {place && <Button size="small" variant="outlined" color="inherit" onClick={() => onGoTo(place)} sx={{ mt: 2 }}>{t('goTo', place)}</Button>}
    </Alert>
  );
}

/** The room of an answer while it comes. */
export function ResultSkeleton() {
  const t = useText(texts);
  return (
    <Section title={t('result')} about={t('running')}>
      <Skeleton height={5 * layout.row} />
    </Section>
  );
}
