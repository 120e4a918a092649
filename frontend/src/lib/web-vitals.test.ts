import { beforeEach, expect, it, vi } from 'vitest';

import { serve } from '@/testing/render';

const { watchers } = vi.hoisted(() => ({ watchers: [] as ((metric: unknown) => void)[] }));
const watch = (callback: (metric: unknown) => void) => watchers.push(callback);
vi.mock('web-vitals', () => ({ onCLS: watch, onINP: watch, onLCP: watch }));

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

it('reports what was measured at most every 30 s, without names in addresses', async () => {
  const { pageName, reportWebVitals } = await import('./web-vitals');
  const seen = serve({ 'POST /api/v1/telemetry/web-vitals': { status: 204 } });
  reportWebVitals();
  reportWebVitals();
  expect(watchers).toHaveLength(3);
  const measure = () => watchers[0]?.({ name: 'LCP', value: 812, rating: 'good' });
  for (let round = 0; round < 10; round += 1) {
    measure();
    document.dispatchEvent(new Event('visibilitychange'));
    await vi.advanceTimersByTimeAsync(10_000);
  }
  expect(seen.length).toBeGreaterThan(0);
  expect(seen.length).toBeLessThanOrEqual(4);
  expect(pageName('/runs/20261121-060000-ab12')).toBe('/runs/:id');
});
