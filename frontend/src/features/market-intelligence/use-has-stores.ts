import { useInfiniteQuery } from '@tanstack/react-query';

import { levelsQuery } from './queries';
import type { Metric } from './types';

/** Whether the shop is a chain: one whose orders say which of several stores took them. */
export function useHasStores(metric: Metric): boolean {
  const { data } = useInfiniteQuery(levelsQuery({ metric, level: 'store' }));
  return data?.pages[0]?.data.some((row) => row.level === 'store') ?? false;
}
