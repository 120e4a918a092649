import { useMemo } from 'react';
import { useSearchParams } from 'react-router';

import type { TableDetail } from '@/api/types';

import type { Asked } from '../queries';
import { added, asAsked, read, write, type Filter } from './filters';

export interface Question {
  asked: Asked;
  filters: readonly Filter[];
  order: string;
  version: number | null;
  /** The type of each column that the reader may see. */
  types: ReadonlyMap<string, string>;
  addFilter: (filter: Filter) => void;
  removeFilter: (filter: Filter) => void;
  setFilters: (filters: readonly Filter[]) => void;
  setOrder: (order: string) => void;
  setVersion: (version: number | null) => void;
}

const versionOf = (text: string | null) => (text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null);

/** What is asked of a table's rows; kept in the address, so that it can be sent to somebody. */
export function useQuestion(table: TableDetail): Question {
  const [parameters, setParameters] = useSearchParams();
  const set = (name: string, value: string) =>
    setParameters((before) => {
      const next = new URLSearchParams(before);
      if (value === '') next.delete(name);
      else next.set(name, value);
      return next;
    }, { replace: true });
  const types = useMemo(() => new Map(table.columns.filter((column) => !column.personal_hidden).map((column) => [column.name, column.type])), [table]);
  const filters = useMemo(() => read(parameters.get('filters'), types), [parameters, types]);
  const wanted = parameters.get('order') ?? '';
  const order = types.has(wanted.replace(/^-/, '')) ? wanted : '';
  const given = versionOf(parameters.get('version'));
  const version = given === table.version ? null : given;
  const asked = useMemo(() => ({ system: table.system, table: table.name, filters: asAsked(filters, types), order, version }), [table.system, table.name, filters, types, order, version]);
  const setFilters = (next: readonly Filter[]) => set('filters', write(next));
  return {
    asked, filters, order, version, types, setFilters,
    addFilter: (filter) => setFilters(added(filters, filter)),
    removeFilter: (filter) => setFilters(filters.filter((other) => other !== filter)),
    setOrder: (next) => set('order', next),
    setVersion: (next) => set('version', next === null ? '' : String(next)),
  };
}
