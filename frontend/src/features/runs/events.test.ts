import { expect, it } from 'vitest';

import { advance, NO_PROGRESS } from './events';

const event = (name: string, data: unknown, id = '1') => ({ event: name, data, id });

it('keeps one line for each table, in the state told last', () => {
  const told = [
    event('progress', { table: 'orders', state: 'building', rows: null, done: 0, total: 2 }),
    event('progress', { table: 'items', state: 'building', rows: null, done: 0, total: 2 }),
    event('progress', { table: 'orders', state: 'built', rows: 40, version: 3, done: 1, total: 2 }),
  ];
  const progress = told.reduce(advance, NO_PROGRESS);
  expect(progress.tables).toEqual([
    { table: 'orders', state: 'built', rows: 40, version: 3 },
    { table: 'items', state: 'building', rows: null, version: null },
  ]);
  expect([progress.done, progress.total]).toEqual([1, 2]);
});

it('takes what was read as read once a table is being built', () => {
  const reading = advance(NO_PROGRESS, event('progress', { table: 'raw/orders', state: 'reading', rows: 9, done: 0, total: 2 }));
  const building = advance(reading, event('progress', { table: 'orders', state: 'building', rows: null, done: 0, total: 2 }));
  expect(building.tables.map((each) => each.state)).toEqual(['read', 'building']);
});

it('never counts back when events come again', () => {
  const later = advance(NO_PROGRESS, event('progress', { table: 'a', state: 'built', rows: 1, done: 5, total: 9 }));
  expect(advance(later, event('progress', { table: 'a', state: 'built', rows: 1, done: 3, total: 9 })).done).toBe(5);
});

it('takes log lines and the end, and leaves out what it does not know', () => {
  const logged = advance(NO_PROGRESS, event('log', { at: '2026-01-01T00:00:00', message: 'begun' }));
  expect(logged.log).toEqual([{ at: '2026-01-01T00:00:00', message: 'begun' }]);
  expect(advance(logged, event('end', { status: 'failed' })).status).toBe('failed');
  expect(advance(logged, event('weather', null))).toBe(logged);
});
