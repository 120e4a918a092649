import type { QuarantineGroup } from '@/api/types';

export interface TableCount {
  table: string;
  aside: number;
  warned: number;
  /** Of the rows set aside; null where the table has no money. */
  money: number | null;
  rules: QuarantineGroup[];
}

const sum = (groups: readonly QuarantineGroup[], of: (group: QuarantineGroup) => number) => groups.reduce((total, group) => total + of(group), 0);

/** Money of groups; null where none of them knows any. */
export function moneyOf(groups: readonly QuarantineGroup[]): number | null {
  return groups.some((group) => group.money_cents !== null) ? sum(groups, (group) => group.money_cents ?? 0) : null;
}

export const isError = (group: QuarantineGroup) => group.severity !== 'warning';

/** What was set aside, table by table, the most first. */
export function byTable(groups: readonly QuarantineGroup[]): TableCount[] {
  const tables = [...new Set(groups.map((group) => group.table))];
  return tables
    .map((table) => {
      const rules = groups.filter((group) => group.table === table).sort((one, other) => Number(isError(other)) - Number(isError(one)) || other.rows - one.rows);
      const errors = rules.filter(isError);
      return { table, aside: sum(errors, (group) => group.rows), warned: sum(rules, (group) => group.rows) - sum(errors, (group) => group.rows), money: moneyOf(errors), rules };
    })
    .sort((one, other) => other.aside - one.aside || other.warned - one.warned || one.table.localeCompare(other.table));
}
