// @vitest-environment node
import { expect, it } from 'vitest';

import { daysOf, drawAll } from './line-series';

const history = { name: 'Revenue', points: [{ date: '2026-05-01', value: 1 }, { date: '2026-05-02', value: 2 }, { date: '2026-05-03', value: 3 }] };
const expected = { name: 'Revenue', kind: 'expected' as const, points: [{ date: '2026-05-03', value: 3 }, { date: '2026-05-04', value: 4 }] };
const band = { level: 0.8, points: [{ date: '2026-05-04', lower: 3, upper: 6 }] };
const colors = ['blue', 'red'];
const write = String;

it('puts every line and band along the same days', () => {
  expect(daysOf([expected, history], [band])).toEqual(['2026-05-01', '2026-05-02', '2026-05-03', '2026-05-04']);
  const { series } = drawAll([history], [band], colors, write);
  expect(series.map((one) => one.data)).toEqual([[null, null, null, 3], [null, null, null, 3], [1, 2, 3, null]]);
});

it('dashes what is expected, in the colour of what it continues', () => {
  const { series, dashes } = drawAll([history, expected], [], colors, write);
  expect(series.map((one) => one.color)).toEqual(['blue', 'blue']);
  expect(Object.keys(dashes)).toEqual(['line-1']);
});

it('dashes the last stretch of a period that is not over', () => {
  const { series, dashes } = drawAll([{ ...history, isPartial: true }], [], colors, write);
  expect(series.map((one) => one.data)).toEqual([[1, 2, null], [null, 2, 3]]);
  expect(Object.keys(dashes)).toEqual(['line-0-open']);
});

it('names no band in the tooltip', () => {
  const { series } = drawAll([], [band], colors, write);
  expect(series.map((one) => one.valueFormatter?.(3, { dataIndex: 0 }))).toEqual([null, null]);
});
