// @vitest-environment node
import { expect, it } from 'vitest';

import { isBelow, overall } from './sums';

const week = (within: number | null, periods: number) => ({ week: '2026-05-04', periods, predicted: 0, actual: 0, error_share: null, wape: null, baseline_wape: null, within_80: within, within_95: null });

it('counts each week by its periods, and none that is not known', () => {
  expect(overall([week(1, 7), week(0.5, 2), week(null, 9)], 'within_80')).toEqual({ share: 8 / 9, periods: 9 });
  expect(overall([week(1, 7)], 'within_95')).toEqual({ share: null, periods: 0 });
});

it('calls a band too narrow only beyond what chance does', () => {
  expect(isBelow(0.7, 0.8, 10)).toBe(false);
  expect(isBelow(0.7, 0.8, 1_000)).toBe(true);
  expect(isBelow(0.9, 0.8, 1_000)).toBe(false);
  expect(isBelow(null, 0.8, 0)).toBe(false);
});
