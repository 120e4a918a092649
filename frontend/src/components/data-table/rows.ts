import { useMemo, useState } from 'react';

import { useFormat, useLanguage, useText } from '@/i18n/text';

import type { CellValue, Column, DataTableProps } from '../data-table';
import { texts } from '../texts';

export interface Sort {
  key: string;
  isDown: boolean;
}

export interface Table<Row> {
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  sort: Sort | null;
  toggleSort: (key: string) => void;
  hidden: ReadonlySet<string>;
  toggleColumn: (key: string) => void;
  text: (column: Column<Row>, row: Row) => string;
}

/** Numbers by size, texts as the language sorts them, blanks last in both directions. */
function compare(collator: Intl.Collator, isDown: boolean) {
  return (one: CellValue, other: CellValue): number => {
    if (one === null || other === null) return one === other ? 0 : one === null ? 1 : -1;
    const order = typeof one === 'number' && typeof other === 'number' ? one - other : collator.compare(String(one), String(other));
    return isDown ? -order : order;
  };
}

function useSort(first: { key: string; isDown?: boolean } | undefined) {
  const [sort, setSort] = useState<Sort | null>(first ? { isDown: false, ...first } : null);
  const toggleSort = (key: string) => setSort(sort?.key === key ? { key, isDown: !sort.isDown } : { key, isDown: false });
  return { sort, toggleSort };
}

function useColumns<Row>(all: readonly Column<Row>[]) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(() => new Set(all.filter((column) => column.isOptional).map((column) => column.key)));
  const toggleColumn = (key: string) => {
    const next = new Set(hidden);
    if (!next.delete(key)) next.add(key);
    if (next.size < all.length) setHidden(next);
  };
  return { hidden, toggleColumn, columns: all.filter((column) => !hidden.has(column.key)) };
}

function useCellText<Row>() {
  const t = useText(texts);
  const format = useFormat();
  return (column: Column<Row>, row: Row): string => {
    const value = column.value(row);
    if (value === null) return '–';
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    return typeof value === 'number' && column.kind !== 'code' ? format.number(value) : String(value);
  };
}

/** The rows of a table in the order and with the columns the reader chose. */
export function useTable<Row>({ columns: all, rows, sortBy }: DataTableProps<Row>, words: string): Table<Row> {
  const { locale } = useLanguage();
  const { sort, toggleSort } = useSort(sortBy);
  const choice = useColumns(all);
  const text = useCellText<Row>();
  const shown = useMemo(() => {
    const wanted = words.trim().toLowerCase();
    const holds = (row: Row) => all.some((column) => String(column.value(row) ?? '').toLowerCase().includes(wanted));
    const matching = wanted === '' ? [...rows] : rows.filter(holds);
    const column = all.find((candidate) => candidate.key === sort?.key);
    if (column === undefined || sort === null) return matching;
    const order = compare(new Intl.Collator(locale, { numeric: true }), sort.isDown);
    return matching.sort((one, other) => order(column.value(one), column.value(other)));
  }, [all, rows, words, sort, locale]);
  return { ...choice, rows: shown, sort, toggleSort, text };
}
