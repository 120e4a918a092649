import { Box, Button, ButtonBase, Typography } from '@mui/material';
import { useState } from 'react';
import { Link } from 'react-router';

import { useText } from '@/i18n/text';
import { layout } from '@/theme/tokens';

import type { Column, DataTableProps } from '../data-table';
import { texts } from '../texts';
import type { Table } from './rows';

type Props<Row> = DataTableProps<Row> & { table: Table<Row> };

const STEP = 50;

function Face<Row>({ row, table }: { row: Row; table: Table<Row> }) {
  const [first, ...rest] = table.columns;
  const face = (column: Column<Row>) => column.render?.(row) ?? table.text(column, row);
  return (
    <Box sx={{ width: 1, display: 'grid', gap: 1.5 }}>
      {first && <Typography variant="h4" component="div" sx={{ overflowWrap: 'anywhere' }}>{face(first)}</Typography>}
      {rest.map((column) => (
        <Box key={column.key} sx={{ display: 'flex', justifyContent: 'space-between', gap: 4 }}>
          <Typography variant="caption" component="span" color="text.secondary">{column.label}</Typography>
          <Typography variant="body2" component="span" sx={{ textAlign: 'end', overflowWrap: 'anywhere', minWidth: 0, '& a': { display: 'inline-block', lineHeight: `${layout.smallTarget}px` } }}>{face(column)}</Typography>
        </Box>
      ))}
    </Box>
  );
}

const card = { display: 'block', width: 1, textAlign: 'start', px: 1, py: 3, borderBottom: 1, borderColor: 'divider', color: 'inherit', textDecoration: 'none' } as const;

function RowCard<Row>({ row, table, rowLink, onRow }: Props<Row> & { row: Row }) {
  const face = <Face row={row} table={table} />;
  if (onRow) return <ButtonBase onClick={() => onRow(row)} sx={card}>{face}</ButtonBase>;
  if (rowLink) return <ButtonBase component={Link} to={rowLink(row)} sx={card}>{face}</ButtonBase>;
  return <Box sx={card}>{face}</Box>;
}

/** The rows as cards, for one thumb: fifty, and more on demand. */
export function RowCards<Row>(props: Props<Row>) {
  const t = useText(texts);
  const { table, rowKey, label } = props;
  const [shown, setShown] = useState(STEP);
  return (
    <>
      <Box component="ul" aria-label={label} sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {table.rows.slice(0, shown).map((row) => <li key={rowKey(row)}><RowCard {...props} row={row} /></li>)}
      </Box>
      {table.rows.length > shown && (
        <Button variant="outlined" fullWidth onClick={() => setShown(shown + STEP)}>{t('rowsOf', { shown, total: table.rows.length })}</Button>
      )}
    </>
  );
}
