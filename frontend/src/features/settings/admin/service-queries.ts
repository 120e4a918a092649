import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import type { Answer } from '@/api/types';

export type Setting = Answer<'/api/v1/settings'>['data'][number];
export type Plain = string | number | boolean;

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/settings', { signal })),
});

export function useSave() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Record<string, Plain>) => answer(api.PATCH('/api/v1/settings', { body })),
    onSuccess: (data) => client.setQueryData(settingsQuery.queryKey, data),
  });
}

const NUMBERS = ['integer', 'number', 'int', 'float'];
export const isNumber = (setting: Setting): boolean => NUMBERS.includes(setting.type);
export const isSwitch = (setting: Setting): boolean => setting.type.startsWith('bool');

/** What was typed, as the service takes it; a number that is none stays text and is refused with why. */
export function valueOf(setting: Setting, typed: string): Plain {
  const number = Number(typed);
  return isNumber(setting) && typed.trim() !== '' && Number.isFinite(number) ? number : typed;
}

/** Settings by their section: `sql.rows` stands under `sql`. */
export function sectionsOf(settings: readonly Setting[]): Map<string, Setting[]> {
  const sections = new Map<string, Setting[]>();
  for (const setting of settings) {
    const name = setting.name.includes('.') ? (setting.name.split('.')[0] ?? '') : '';
    sections.set(name, [...(sections.get(name) ?? []), setting]);
  }
  return sections;
}
