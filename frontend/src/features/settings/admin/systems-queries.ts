import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import type { Answer } from '@/api/types';

export type System = Answer<'/api/v1/admin/systems'>['data'][number];
export type PlannedTable = System['tables'][number];

export interface TableDraft {
  id: number;
  name: string;
  description: string;
  sql: string;
  /** Column names, separated by commas. */
  key: string;
  checks: readonly { id: number; rule: string; sql: string }[];
}

export interface SystemDraft {
  name: string;
  title: string;
  description: string;
  tables: readonly TableDraft[];
}

let next = 1;
/** A key for a part of a draft that has no name yet. */
export const freshId = (): number => next++;

export const emptyTable = (start: string): TableDraft => ({ id: freshId(), name: '', description: start, sql: '', key: '', checks: [] });

const splitKey = (key: string) => key.split(',').map((name) => name.trim()).filter(Boolean);

/** The draft as the service takes it. */
export function bodyOf({ tables, ...system }: SystemDraft) {
  return {
    ...system,
    tables: tables.map(({ name, description, sql, key, checks }) => ({
      name: name.trim(),
      description: description.trim(),
      sql,
      key: splitKey(key),
      checks: Object.fromEntries(checks.filter((check) => check.rule.trim() && check.sql.trim()).map((check) => [check.rule.trim(), check.sql])),
      columns: {},
    })),
  };
}

export const systemsQuery = queryOptions({
  queryKey: ['systems'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/admin/systems', { signal })),
});

function useChanged() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ predicate: ({ queryKey: [area] }) => ['systems', 'catalog', 'home'].includes(String(area)) });
}

export function useSwitch() {
  const changed = useChanged();
  return useMutation({
    mutationFn: ({ name, enabled }: { name: string; enabled: boolean }) => answer(api.PATCH('/api/v1/admin/systems/{name}', { params: { path: { name } }, body: { enabled } })),
    onSettled: changed,
  });
}

export function usePlan() {
  return useMutation({ mutationFn: (draft: SystemDraft) => answer(api.POST('/api/v1/admin/systems/plan', { body: bodyOf(draft) })) });
}

export function useRegister() {
  const changed = useChanged();
  return useMutation({ mutationFn: (draft: SystemDraft) => answer(api.POST('/api/v1/admin/systems', { body: bodyOf(draft) })), onSuccess: changed });
}
