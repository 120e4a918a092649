import { describe, expect, it } from 'vitest';

import { createFormat } from './format';

const en = createFormat('en-GB');
const he = createFormat('he-IL');
/** Without the marks that cannot be seen, and with plain spaces. */
const plain = (text: string) => text.replace(/[\u2066-\u2069\u200e\u200f]/g, '').replace(/[\u202f\u00a0\u2009]/g, ' ');

describe('numbers', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [44.75, '44.8'],
    [1_000, '1 k'],
    [41_234, '41.2 k'],
    [184_213, '184 k'],
    [999_950, '1 M'],
    [-2_500_000, '-2.5 M'],
    [7.3e9, '7.3 B'],
  ])('shortens %d to %s', (value, text) => expect(plain(en.short(value))).toBe(text));

  it('keeps the letter with its digits where money stands behind them', () => {
    expect(plain(en.shortMoney(41_234, 'EUR'))).toBe('€41.2 k');
    expect(plain(he.shortMoney(41_234, 'EUR'))).toBe('41.2 k €');
    expect(he.shortMoney(41_234, 'EUR')).toContain('\u206641.2\u202fk\u2069');
  });

  it('writes what a unit is', () => {
    expect(en.measure(123_456, 'cents', { currency: 'EUR' })).toBe('€1,234.56');
    expect(en.measure(0.0412, 'share')).toBe('4.1%');
    expect(en.percent(-0.0004, 0)).toBe('0%');
    expect(en.percent(-0.04, 0)).toBe('-4%');
    expect(en.measure(0, 'money', { currency: 'EUR', short: true })).toBe('€0');
    expect(en.measure(44.7, 'money', { currency: 'EUR', short: true })).toBe('€44.70');
    expect(en.measure(12_345.5, 'count')).toBe('12,345.5');
  });
});

describe('times', () => {
  it('names a day without moving it to another', () => expect(en.date('2026-05-01')).toBe('1 May 2026'));

  it('names a period by its ends', () => {
    expect(plain(en.period({ from: '2019-05-01', to: '2019-05-31' })).replace(/ ?– ?/, '–')).toBe('1–31 May 2019');
  });

  it.each([
    [-30, '30 seconds ago'],
    [-3 * 3600, '3 hours ago'],
    [-86_400, 'yesterday'],
    [90, 'in 1 minute'],
  ])('%d seconds from now is %s', (seconds, text) => {
    const now = new Date('2026-05-10T12:00:00Z');
    expect(en.ago(new Date(now.getTime() + seconds * 1000), now)).toBe(text);
  });

  it('writes short and long stretches', () => {
    expect([0.25, 12.34, 300].map(en.seconds)).toEqual(['250 ms', '12.3 secs', '5 mins']);
    expect([0, 999, 12_300_000].map(en.bytes)).toEqual(['0 byte', '999 byte', '12.3 MB']);
  });
});
