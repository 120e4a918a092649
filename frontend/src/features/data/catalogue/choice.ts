import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

import type { Catalog, CatalogTable } from '@/api/types';

export interface Choice {
  words: string;
  system: string;
  layer: string;
  health: string;
}

export type System = Catalog['systems'][number];

export interface Group {
  system: System;
  tables: CatalogTable[];
}

const NAMES = { words: 'q', system: 'system', layer: 'layer', health: 'health' } as const;

/** What narrows the catalogue; kept in the address, so that it can be sent to somebody. */
export function useChoice(): [Choice, (change: Partial<Choice>) => void] {
  const [parameters, setParameters] = useSearchParams();
  const read = (name: keyof Choice) => parameters.get(NAMES[name]) ?? '';
  const choice = { words: read('words'), system: read('system'), layer: read('layer'), health: read('health') };
  const choose = useCallback(
    (change: Partial<Choice>) =>
      setParameters(
        (before) => {
          const next = new URLSearchParams(before);
          Object.entries(change).forEach(([name, value]) => (value === '' ? next.delete(NAMES[name as keyof Choice]) : next.set(NAMES[name as keyof Choice], value)));
          return next;
        },
        { replace: true },
      ),
    [setParameters],
  );
  return [choice, choose];
}

function holds(table: CatalogTable, words: string): boolean {
  const text = `${table.name} ${table.about} ${table.system}`.toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** Whether a table passes, leaving one of the choices out of account: for the counts beside its options. */
export function passes(table: CatalogTable, choice: Choice, except?: keyof Choice): boolean {
  const open = (name: keyof Choice) => except === name || choice[name] === '';
  return (
    (open('words') || holds(table, choice.words.trim())) &&
    (open('system') || table.system === choice.system) &&
    (open('layer') || table.layer === choice.layer) &&
    (open('health') || table.health.state === choice.health)
  );
}

/** How many tables each value of a choice would leave. */
export function countsOf(tables: readonly CatalogTable[], choice: Choice, name: 'system' | 'layer' | 'health'): Map<string, number> {
  const counts = new Map<string, number>();
  for (const table of tables) {
    if (!passes(table, choice, name)) continue;
    const value = name === 'health' ? table.health.state : table[name];
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

const URGENCY: Partial<Record<string, number>> = { failed: 0, warning: 1 };

/** What needs a look first, then by name. */
function inOrder(one: CatalogTable, other: CatalogTable): number {
  const rank = (table: CatalogTable) => URGENCY[table.health.state] ?? 2;
  return rank(one) - rank(other) || one.name.localeCompare(other.name);
}

/** The tables that pass, by system: the shop's own first, as all others are made of them. */
export function groupsOf({ systems, tables }: Catalog, choice: Choice): Group[] {
  const rank = (system: System) => (system.name === 'curation' ? 0 : system.registered ? 2 : 1);
  return [...systems]
    .sort((one, other) => rank(one) - rank(other) || one.title.localeCompare(other.title))
    .map((system) => ({ system, tables: tables.filter((table) => table.system === system.name && passes(table, choice)).sort(inOrder) }))
    .filter((group) => group.tables.length > 0);
}
