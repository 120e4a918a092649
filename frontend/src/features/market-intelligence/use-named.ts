import { useQuery } from '@tanstack/react-query';

import { usePlaceName } from './names';
import { seriesQuery } from './queries';
import type { Metric, Place } from './types';

/** The name of a part of the shop; until it is known, its id. */
export function useNamed({ level, item }: Place, metric: Metric): string {
  const place = usePlaceName();
  const isNamed = level === 'category' || level === 'product';
  const { data } = useQuery({ ...seriesQuery({ level, item, metric, grain: 'day', history: 0, horizon: 1 }), enabled: isNamed });
  return place({ level, item, name: data?.name ?? null });
}
