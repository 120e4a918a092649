import { expect, it } from 'vitest';

import { inspect, parseCsv } from './corrections';

it.each([
  ['a,b\r\n1,2\r\n', [['a', 'b'], ['1', '2']]],
  ['\ufeffa\n1', [['a'], ['1']]],
  ['a,b\n"x, ""y""","two\nlines"\n', [['a', 'b'], ['x, "y"', 'two\nlines']]],
  ['a,b\n1,\n', [['a', 'b'], ['1', '']]],
  ['a\n\n1\n', [['a'], ['1']]],
  ['', []],
])('reads %j', (text, expected) => expect(parseCsv(text)).toEqual(expected));

it('knows a quote that is never closed', () => expect(parseCsv('a\n"b')).toBeNull());

it('counts rows and names the columns that are corrected', () => {
  expect(inspect('row_id,rules,total\n1,x,2\n2,x,3\n')).toEqual({ rows: 2, columns: ['total'] });
});
