// @vitest-environment node
import { expect, it } from 'vitest';

import { ahead } from '../samples';
import { changeOf, faultsOf, firstOpen, isFaulty, numberOf, type Draft } from './plan';

const draft = (change: Partial<Draft> = {}): Draft => ({ id: 1, kind: 'promotion', from: '2026-06-02', to: '2026-06-04', percent: '', ...change });
const faults = (change: Partial<Draft>) => faultsOf(draft(change), '2026-06-01', '2026-06-30');

it('sends a promotion and a closing by their days, and a price as a multiple of the usual', () => {
  expect(changeOf(draft())).toEqual({ kind: 'promotion', from: '2026-06-02', to: '2026-06-04' });
  expect(changeOf(draft({ kind: 'price', percent: '-10' }))).toEqual({ kind: 'price', from: '2026-06-02', to: '2026-06-04', value: 0.9 });
  expect(changeOf(draft({ kind: 'price', percent: '5,5 %' })).value).toBe(1.055);
});

it('begins on the first open day ahead', () => {
  expect(firstOpen([ahead('2025-07-01', 0, true), ahead('2025-07-02', 5), ahead('2025-07-03', 5)])).toBe('2025-07-02');
  expect(firstOpen([ahead('2025-07-01', 0, true)])).toBe('2025-07-01');
  expect(firstOpen([])).toBe('');
});

it('reads numbers as people write them', () => {
  expect([numberOf(' -10 '), numberOf('−7'), numberOf('2,5'), numberOf('8%')]).toEqual([-10, -7, 2.5, 8]);
  expect([numberOf(''), numberOf('ten')]).toEqual([Number.NaN, Number.NaN]);
});

it('finds nothing wrong with a plan within the horizon', () => {
  expect(isFaulty(faults({}))).toBe(false);
  expect(isFaulty(faults({ kind: 'price', percent: '12' }))).toBe(false);
});

it.each([
  [{ from: '' }, { from: 'dayMissing' }],
  [{ to: '2026-07-01' }, { to: 'dayOutside' }],
  [{ from: '2026-06-05' }, { to: 'orderWrong' }],
  [{ kind: 'price', percent: '0' }, { percent: 'priceWrong' }],
  [{ kind: 'price', percent: '-95' }, { percent: 'priceWrong' }],
  [{ kind: 'price', percent: 'ten' }, { percent: 'priceWrong' }],
] as const)('says what is wrong with %o', (change, expected) => expect(faults(change)).toMatchObject(expected));
