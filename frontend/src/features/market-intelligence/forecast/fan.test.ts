// @vitest-environment node
import { describe, expect, it } from 'vitest';

import type { AxisEvent } from '../types';
import { bandPath, daysOf, eventsOn, eventsWithin, reach, type FanBand, type FanLine } from './fan';

const history: FanLine = { kind: 'history', name: 'Net sales', points: [{ date: '2026-05-01', value: 40 }, { date: '2026-05-02', value: null }] };
const expected: FanLine = { kind: 'expected', name: 'Net sales', points: [{ date: '2026-05-03', value: 50 }] };
const band: FanBand = { level: 0.8, of: 'expected', points: [{ date: '2026-05-03', lower: 30, upper: 100 }, { date: '2026-05-04', lower: 20, upper: 80 }] };
const holiday: AxisEvent = { date: '2026-05-01', kind: 'holiday', label: 'Labour Day' };
const sale: AxisEvent = { date: '2026-04-20', until: '2026-05-20', kind: 'promotion', label: 'Spring sale' };

describe('the axis', () => {
  it('begins at nought for sums, and holds the widest band', () => {
    expect(reach([history, expected], [band])).toEqual({ min: 0, max: 105 });
  });

  it('goes below nought only where values do', () => {
    const refunds: FanLine = { ...history, points: [{ date: '2026-05-01', value: -10 }] };
    expect(reach([refunds], [])).toEqual({ min: -10.5, max: 0 });
    expect(reach([refunds], [band]).min).toBe(-10.5);
  });

  it('is there for a shop that sold nothing', () => {
    expect(reach([{ ...history, points: [{ date: '2026-05-01', value: 0 }] }], [])).toEqual({ min: 0, max: 1 });
  });

  it('has every day of lines and bands once, in order', () => {
    expect(daysOf([expected, history], [band])).toEqual(['2026-05-01', '2026-05-02', '2026-05-03', '2026-05-04']);
  });
});

describe('a band', () => {
  const x = (day: string) => Number(day.slice(-2));

  it('is drawn as it was given: along its upper edge and back along its lower', () => {
    expect(bandPath(band.points, x, (value) => 100 - value)).toBe('M3.0,0.0L4.0,20.0L4.0,80.0L3.0,70.0Z');
  });

  it('of one period has a width, and of none is nothing', () => {
    expect(bandPath(band.points.slice(0, 1), x, (value) => 100 - value)).toBe('M0.0,0.0H6.0V70.0H0.0Z');
    expect(bandPath([], x, (value) => value)).toBe('');
  });
});

describe('events', () => {
  it('are cut to what the axis shows; others are left out', () => {
    const christmas: AxisEvent = { date: '2026-12-25', kind: 'holiday', label: 'Christmas Day' };
    expect(eventsWithin([holiday, sale, christmas], '2026-05-01', '2026-05-10')).toEqual([holiday, { ...sale, date: '2026-05-01', until: '2026-05-10' }].map((event) => expect.objectContaining(event)));
  });

  it('belong to each period that they touch', () => {
    expect(eventsOn([holiday, sale], '2026-05-04', '2026-05-10')).toEqual([sale]);
    expect(eventsOn([holiday, sale], '2026-04-27', '2026-05-03')).toEqual([holiday, sale]);
  });
});
