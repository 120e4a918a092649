import { expect, it } from 'vitest';

import { blamed, rulesIn, shown } from './blame';

const NAMES = ['order_id', 'order_date', 'total_amount', 'tax_amount', 'quantity', 'price', 'notes'];

it.each([
  ['order_date is missing', ['order_date']],
  ['the total is not negative', ['total_amount']],
  ['the quantity is above zero; the price is not negative', ['quantity', 'price']],
  ['a newer row has the same key', []],
])('finds what a rule speaks of: %s', (rules, expected) => expect([...blamed(NAMES, rules)]).toEqual(expected));

it('marks nothing where the words would mark most of the row', () => {
  expect(blamed(['total', 'quantity'], 'quantity and total').size).toBe(2);
  expect(blamed(['total_a', 'total_b', 'x'], 'the total').size).toBe(0);
});

it('takes rules apart, and shows values as they came', () => {
  expect(rulesIn('a; b; c')).toEqual(['a', 'b', 'c']);
  expect([shown(null), shown(''), shown(0), shown(false), shown('0'), shown({ a: 1 })]).toEqual([null, null, '0', 'false', '0', '{"a":1}']);
});
