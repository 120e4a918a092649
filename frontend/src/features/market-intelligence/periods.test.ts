// @vitest-environment node
import { expect, it } from 'vitest';

import { addDays, lastDay, nextPeriod, withGaps } from './periods';

it('goes on by days, weeks and months, across years', () => {
  expect([nextPeriod('2025-12-31', 'day'), nextPeriod('2025-12-29', 'week'), nextPeriod('2025-12-01', 'month')]).toEqual(['2026-01-01', '2026-01-05', '2026-01-01']);
  expect([lastDay('2024-02-01', 'month'), lastDay('2025-06-02', 'week'), addDays('2025-03-01', -1)]).toEqual(['2024-02-29', '2025-06-08', '2025-02-28']);
});

it('breaks a line where the service knows nothing, and keeps a nought that it said', () => {
  const points = [{ date: '2025-06-01', value: 3 }, { date: '2025-06-02', value: 0 }, { date: '2025-06-04', value: 5 }];
  expect(withGaps(points, 'day').map((point) => point.value)).toEqual([3, 0, null, 5]);
  expect(withGaps([], 'day')).toEqual([]);
});

it('drops no point that begins elsewhere than the others', () => {
  const points = [{ date: '2025-06-02', value: 1 }, { date: '2025-06-10', value: 2 }];
  expect(withGaps(points, 'week')).toEqual(points);
});
