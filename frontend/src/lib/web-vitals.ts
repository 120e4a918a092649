import { onCLS, onINP, onLCP, type Metric } from 'web-vitals';

import { send } from '@/api/send';

/** At most one call in this time (ms). */
const PAUSE = 30_000;
const NUMBERS_AND_KEYS = /\/[^/]*\d[^/]*/g;

interface Measured {
  name: string;
  value: number;
  page: string;
  rating: string;
}

const waiting: Measured[] = [];
let lastSent = 0;

/** The page without what names a thing or a person: `/runs/:id`. */
export function pageName(path: string): string {
  return path.replace(NUMBERS_AND_KEYS, '/:id');
}

function collect({ name, value, rating }: Metric): void {
  waiting.push({ name, value, rating, page: pageName(location.pathname) });
}

function flush(): void {
  if (waiting.length === 0 || Date.now() - lastSent < PAUSE) return;
  lastSent = Date.now();
  const body = JSON.stringify(waiting.splice(0));
  const headers = { 'Content-Type': 'application/json' };
  const url = new URL('/api/v1/telemetry/web-vitals', location.origin);
  // A lost measurement is no one's loss.
  send(new Request(url, { method: 'POST', body, headers, keepalive: true })).catch(() => undefined);
}

let isReporting = false;

/** Measures how fast the pages are and reports it now and then, from the first call on. */
export function reportWebVitals(): void {
  if (isReporting) return;
  isReporting = true;
  [onCLS, onINP, onLCP].forEach((watch) => watch(collect));
  setInterval(flush, PAUSE);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && flush());
}
