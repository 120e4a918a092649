import { Box, Typography } from '@mui/material';
import { useId, useState, type ReactNode } from 'react';

import { useText } from '@/i18n/text';

import { RowCards } from './data-table/cards';
import { Grid } from './data-table/grid';
import { useTable } from './data-table/rows';
import { Toolbar } from './data-table/toolbar';
import { EmptyState, type Action } from './empty-state';
import { texts } from './texts';
import { useIsPhone } from './use-is-phone';

export type CellValue = string | number | boolean | null;

export interface Column<Row> {
  key: string;
  label: string;
  /** The value to sort, search and save by. */
  value: (row: Row) => CellValue;
  /** The value as it is shown; numbers and dates in the reader's way without it. */
  render?: (row: Row) => ReactNode;
  /** `number`: aligned to the end. */
  kind?: 'text' | 'number' | 'code';
  /** Not among the columns shown at first. */
  isOptional?: boolean;
  width?: number;
}

export interface DataTableProps<Row> {
  /** What the table holds, for screen readers and the file's name. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Where a row leads to. */
  rowLink?: (row: Row) => string;
  /** Or what a row opens. */
  onRow?: (row: Row) => void;
  empty?: { title?: string; text: string; action?: Action };
  /** Saves all rows when `rows` are only the first: the service's own CSV. */
  onSaveAll?: () => void;
  fileName?: string;
  sortBy?: { key: string; isDown?: boolean };
  /** Without search and column choice, for a handful of rows. */
  isPlain?: boolean;
  /** The height beyond which the table scrolls within itself. */
  maxHeight?: number;
}

/** Rows to sort, search, choose columns of, open and save; cards on phones; only what is in sight is drawn beyond 200 rows. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const t = useText(texts);
  const id = useId();
  const isPhone = useIsPhone();
  const [words, setWords] = useState('');
  const table = useTable(props, words);
  if (props.rows.length === 0) {
    const { title = t('nothing'), text, action } = props.empty ?? { text: '' };
    return <EmptyState title={title} text={text} action={action} isCompact />;
  }
  return (
    <Box sx={{ display: 'grid', gap: 3, gridTemplateColumns: 'minmax(0, 1fr)' }} id={id}>
      {!props.isPlain && <Toolbar {...props} table={table} words={words} onWords={setWords} />}
      {table.rows.length === 0 && (
        <Typography role="status" variant="body2" color="text.secondary" sx={{ p: 4 }}>{t('noMatch', { text: words })}</Typography>
      )}
      {table.rows.length > 0 && (isPhone ? <RowCards {...props} table={table} /> : <Grid {...props} table={table} />)}
    </Box>
  );
}
