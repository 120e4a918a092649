import type { BookRow } from '@/api/types';

/** The way of a row, step by step; a step that nothing was compared in is left out. */
export const STEPS = ['source to raw', 'raw to mapped', 'mapped to curated'] as const;
export type StepName = (typeof STEPS)[number];

export interface Step {
  name: string;
  rows: BookRow[];
  rowsIn: number;
  rowsKept: number;
  rowsAside: number;
  rowsMissing: number;
  isBalanced: boolean;
}

function stepOf(name: string, rows: readonly BookRow[]): Step {
  const of = rows.filter((row) => row.step === name).sort((one, other) => Number(one.balanced) - Number(other.balanced) || one.table_name.localeCompare(other.table_name));
  const sum = (pick: (row: BookRow) => number) => of.reduce((total, row) => total + pick(row), 0);
  return {
    name,
    rows: of,
    rowsIn: sum((row) => row.rows_in),
    rowsKept: sum((row) => row.rows_kept),
    rowsAside: sum((row) => row.rows_quarantined),
    rowsMissing: sum((row) => row.rows_difference),
    isBalanced: of.every((row) => row.balanced),
  };
}

/** The steps in the order of the data; one that this page does not know stands last. */
export function stepsOf(rows: readonly BookRow[]): Step[] {
  const names = new Set<string>([...STEPS.filter((step) => rows.some((row) => row.step === step)), ...rows.map((row) => row.step)]);
  return [...names].map((name) => stepOf(name, rows));
}
