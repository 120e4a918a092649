import { Box, ButtonBase } from '@mui/material';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useRef, type KeyboardEvent, type RefObject } from 'react';
import { Link, useNavigate } from 'react-router';

import { useText } from '@/i18n/text';
import { layout, mono } from '@/theme/tokens';

import type { Column, DataTableProps } from '../data-table';
import { texts } from '../texts';
import type { Table } from './rows';

type Props<Row> = DataTableProps<Row> & { table: Table<Row> };

/** Beyond these rows only what is in sight is drawn. */
const ALL_AT_ONCE = 200;

const styles = {
  width: 1, borderCollapse: 'separate', borderSpacing: 0, fontSize: 'body2.fontSize',
  '& th, & td': { textAlign: 'start', px: 3, height: layout.row, borderBottom: 1, borderColor: 'divider', whiteSpace: 'nowrap', maxWidth: 420, overflow: 'hidden', textOverflow: 'ellipsis' },
  '& th': { position: 'sticky', top: 0, zIndex: 1, bgcolor: 'background.paper', color: 'text.secondary', fontWeight: 500, height: 40 },
  '& [data-kind="number"]': { textAlign: 'end' },
  '& [data-kind="code"]': { fontFamily: mono, fontSize: 'caption.fontSize' },
  '& td a:not([tabindex])': { display: 'inline-block', lineHeight: `${layout.smallTarget}px` },
  '& tbody tr[tabindex]': { cursor: 'pointer' },
  '& tbody tr[tabindex]:hover td': { bgcolor: 'surface.hover' },
  '& tbody tr:last-of-type td': { borderBottom: 0 },
  '& tr:focus-visible': { outlineOffset: -2 },
} as const;

function Head<Row>({ column, table }: { column: Column<Row>; table: Table<Row> }) {
  const t = useText(texts);
  const isSorted = table.sort?.key === column.key;
  const isDown = isSorted && table.sort?.isDown;
  const Arrow = isDown ? ArrowDown : ArrowUp;
  return (
    <Box component="th" scope="col" data-kind={column.kind} aria-sort={isSorted ? (isDown ? 'descending' : 'ascending') : 'none'} sx={{ width: column.width }}>
      <ButtonBase onClick={() => table.toggleSort(column.key)} title={isSorted ? t(isDown ? 'sortedDown' : 'sortedUp') : undefined}
        sx={{ font: 'inherit', gap: 1, minHeight: 28, borderRadius: 1, '&:hover': { color: 'text.primary' }, '& svg': { opacity: isSorted ? 1 : 0 }, '&:hover svg': { opacity: isSorted ? 1 : 0.5 } }}>
        {column.label}
        <Arrow size={13} aria-hidden />
      </ButtonBase>
    </Box>
  );
}

function useOpen<Row>({ rowLink, onRow }: Props<Row>) {
  const navigate = useNavigate();
  if (rowLink === undefined && onRow === undefined) return null;
  return (row: Row) => (onRow ? onRow(row) : void navigate(rowLink?.(row) ?? ''));
}

/** Up and down go from row to row, Enter opens. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const row = event.currentTarget;
  const next = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus();
}

function Line<Row>({ row, props, open }: { row: Row; props: Props<Row>; open: ((row: Row) => void) | null }) {
  const { table, rowLink } = props;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === 'Enter' && event.target === event.currentTarget) open?.(row);
    moveFocus(event);
  };
  const face = (column: Column<Row>) => column.render?.(row) ?? table.text(column, row);
  const linked = (column: Column<Row>, index: number) =>
    index === 0 && rowLink ? <Box component={Link} to={rowLink(row)} tabIndex={-1} sx={{ color: 'inherit', fontWeight: 500, textDecoration: 'none' }}>{face(column)}</Box> : face(column);
  return (
    <tr tabIndex={open ? 0 : undefined} onClick={open ? () => open(row) : undefined} onKeyDown={open ? onKeyDown : undefined}>
      {table.columns.map((column, index) => <td key={column.key} data-kind={column.kind} title={column.render ? undefined : table.text(column, row)}>{linked(column, index)}</td>)}
    </tr>
  );
}

function useWindow(count: number, box: RefObject<HTMLDivElement | null>) {
  const isVirtual = count > ALL_AT_ONCE;
  const virtualizer = useVirtualizer({ count, enabled: isVirtual, getScrollElement: () => box.current, estimateSize: () => layout.row + 1, overscan: 12, initialRect: { width: 0, height: 600 } });
  if (!isVirtual) return { indexes: Array.from({ length: count }, (_, index) => index), before: 0, after: 0, isVirtual };
  const items = virtualizer.getVirtualItems();
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  return { indexes: items.map((item) => item.index), before: items[0]?.start ?? 0, after, isVirtual };
}

/** The table as rows and columns with a head that stays. */
export function Grid<Row>(props: Props<Row>) {
  const { table, label, rowKey, maxHeight = 640 } = props;
  const box = useRef<HTMLDivElement>(null);
  const open = useOpen(props);
  const { indexes, before, after, isVirtual } = useWindow(table.rows.length, box);
  const gap = (height: number) => height > 0 && <tr aria-hidden><Box component="td" colSpan={table.columns.length} sx={{ '&&': { height, p: 0, border: 0 } }} /></tr>;
  return (
    <Box ref={box} tabIndex={0} role="group" aria-label={label} sx={{ overflow: 'auto', maxHeight, overscrollBehavior: 'contain' }}>
      <Box component="table" aria-rowcount={isVirtual ? table.rows.length + 1 : undefined} sx={styles}>
        <thead><tr>{table.columns.map((column) => <Head key={column.key} column={column} table={table} />)}</tr></thead>
        <tbody>
          {gap(before)}
          {indexes.map((index) => {
            const row = table.rows[index];
            return row === undefined ? null : <Line key={rowKey(row)} row={row} props={props} open={open} />;
          })}
          {gap(after)}
        </tbody>
      </Box>
    </Box>
  );
}
