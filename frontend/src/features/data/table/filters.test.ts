import { describe, expect, it } from 'vitest';

import { added, asAsked, comparisonsOf, isValid, read, write, type Filter } from './filters';

const TYPES = new Map([['name', 'string'], ['cents', 'int64'], ['share', 'float64'], ['at', 'timestamp'], ['day', 'date'], ['ok', 'bool']]);
const filter = (column: string, comparison: Filter['comparison'], value = ''): Filter => ({ column, comparison, value });

describe('filters', () => {
  it('are asked in the service’s own words, typed by their column', () => {
    const filters = [
      filter('name', 'like', ' Ann '), filter('cents', 'ge', '100'), filter('cents', 'lt', '200'), filter('share', 'eq', '0.5'),
      filter('at', 'le', '2026-06-30'), filter('day', 'eq', '2026-06-30'), filter('ok', 'eq', 'false'), filter('name', 'not_null'),
    ];
    expect(asAsked(filters, TYPES)).toEqual({
      name: { like: '%Ann%', is_null: false }, cents: { ge: 100, lt: 200 }, share: { eq: 0.5 },
      at: { le: '2026-06-30T23:59:59Z' }, day: { eq: '2026-06-30' }, ok: { eq: false },
    });
  });

  it.each([
    ['cents', '12', true], ['cents', '-3', true], ['cents', '1.5', false], ['cents', 'twelve', false], ['share', '1e3', true], ['share', 'Infinity', false], ['name', '  ', false],
  ])('take %s %s: %s', (column, value, expected) => expect(isValid(filter(column, 'eq', value), TYPES.get(column) ?? '')).toBe(expected));

  it('hold one of a kind for a column: a second replaces the first', () => {
    expect(added([filter('cents', 'ge', '1'), filter('name', 'is_null')], filter('cents', 'ge', '2'))).toEqual([filter('name', 'is_null'), filter('cents', 'ge', '2')]);
    expect(added([filter('name', 'is_null')], filter('name', 'not_null'))).toEqual([filter('name', 'not_null')]);
  });

  it('come back from an address as they went in', () => {
    const filters = [filter('name', 'eq', 'a "b", c'), filter('cents', 'ge', '1')];
    expect(read(write(filters), TYPES)).toEqual(filters);
    expect(write([])).toBe('');
  });

  it.each(['', 'no json', '{}', '[1]', '[["gone","eq","1"]]', '[["cents","like","1"]]', '[["cents","ge","x"]]', '[["cents","ge",1]]'])(
    'of an address that does not hold together are left out: %s', (text) => expect(read(text, TYPES)).toEqual([]),
  );

  it('offer patterns for texts only', () => {
    expect(comparisonsOf('string')).toContain('like');
    expect(comparisonsOf('int64')).not.toContain('like');
  });
});
