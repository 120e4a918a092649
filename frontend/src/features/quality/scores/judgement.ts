import type { QualityTable } from '@/api/types';
import type { BrokenRule } from '@/components/rule-list';

/** A table that has a score. */
export type Scored = QualityTable & { score: number };

export const isScored = (table: QualityTable): table is Scored => table.score !== null;
export const isBelow = (table: Scored) => table.score < table.line;

/** The lowest score first; what has none last. */
export function worstFirst(tables: readonly QualityTable[]): QualityTable[] {
  return [...tables].sort((one, other) => (one.score ?? 2) - (other.score ?? 2) || one.table.localeCompare(other.table));
}

export interface Totals {
  came: number;
  aside: number;
  warned: number;
}

export function totalsOf(tables: readonly QualityTable[]): Totals {
  const sum = (of: (table: QualityTable) => number) => tables.reduce((total, table) => total + of(table), 0);
  const warned = (table: QualityTable) => table.rules.filter((rule) => rule.severity === 'warning').reduce((total, rule) => total + rule.rows, 0);
  return { came: sum((table) => table.rows_mapped), aside: sum((table) => table.rows_quarantined), warned: sum(warned) };
}

/** Every rule that rows broke, the most broken first. */
export function rulesOf(tables: readonly QualityTable[]): BrokenRule[] {
  return tables.flatMap((table) => table.rules.map((rule) => ({ ...rule, table: table.table }))).sort((one, other) => other.rows - one.rows || one.table.localeCompare(other.table));
}

/** Where the scale of scores begins: a round number below all scores and lines. */
export function scaleStart(tables: readonly QualityTable[]): number {
  const lowest = Math.min(0.95, ...tables.filter(isScored).flatMap((table) => [table.score, table.line]));
  return Math.max(0, Math.floor((lowest - 0.02) * 10) / 10);
}

/** Where a score stands on the scale, from 0 to 1. */
export const placeOn = (start: number, score: number) => Math.min(Math.max((score - start) / (1 - start), 0), 1);
