import { expect, it } from 'vitest';

import { highlight, offsetOf, placeOf } from './highlight';

const kinds = (sql: string) => highlight(sql).filter((piece) => piece.kind !== 'plain').map(({ kind, text }) => `${kind}:${text}`);

it('tells keywords, functions, texts, numbers and comments apart', () => {
  expect(kinds("select count(*), 'it''s' from t where a > 1.5 -- end")).toEqual(['keyword:select', 'function:count', "string:'it''s'", 'keyword:from', 'keyword:where', 'number:1.5', 'comment:-- end']);
});

it.each(["select 'open", '/* open', 'select "a b" from ת', '', '\n\n', "x'--'y"])('gives back the query whole: %j', (sql) => {
  expect(highlight(sql).map((piece) => piece.text).join('')).toBe(sql);
});

it('reads the place that a refusal names', () => {
  expect(placeOf("Line 2, column 6: there is no table 'ordrs' that you may read.")).toEqual({ line: 2, column: 6 });
  expect(placeOf('The query has 2 statements.')).toBeNull();
  expect(offsetOf('select *\nfrom ordrs', { line: 2, column: 6 })).toBe(14);
  expect(offsetOf('a', { line: 9, column: 9 })).toBe(1);
});
