import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { describe, expect, it, vi } from 'vitest';

import { renderInHebrew } from '@/testing/hebrew';
import { renderInApp, serve } from '@/testing/render';
import { signedIn } from '@/testing/signed-in';

import ComparePage from './compare-page';
import { moment, secondsOf, type Outcome, type Run } from './model';
import RunPage from './run-page';
import RunsPage from './runs-page';

const RUNS = 'GET /api/v1/runs';

function run(change: Partial<Run> = {}): Run {
  return {
    run_id: 'r2', status: 'succeeded', started_at: '2025-06-01T10:00:00', ended_at: '2025-06-01T10:00:30', started_by: 'Ada', request: {},
    tables_built: 3, unchanged: 33, failed: 0, cpu_seconds: 2.5, message: null, ...change,
  };
}

function outcome(table: string, change: Partial<Outcome> = {}): Outcome {
  return { table, outcome: 'built', rows: 40, version: 3, versions_in: {}, cpu_seconds: 1, wall_seconds: 1.5, message: null, ...change };
}

const list = (...data: Run[]) => ({ body: { data, next_cursor: null } });

/** An answer of server-sent events, as the service writes it. */
function stream(...events: [id: number, event: string, data: object][]): Response {
  const text = events.map(([id, event, data]) => `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join('');
  return new Response(text, { headers: { 'content-type': 'text/event-stream' } });
}

/** `serve`, with one address that answers by itself. */
function serveStream(replies: Parameters<typeof serve>[0], path: string, answer: (request: Request) => Response): void {
  serve(replies);
  const others = globalThis.fetch;
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input instanceof Request ? input : new URL(String(input), location.origin), init);
    return new URL(request.url).pathname === path ? answer(request) : others(input, init);
  });
}

const onRun = (
  <Routes>
    <Route path="/runs/:runId" element={<RunPage />} />
    <Route path="/runs" element={<RunsPage />} />
  </Routes>
);

describe('the list of runs', () => {
  it('says how the last one went, and leads to each', async () => {
    serve({ ...signedIn('runs:read'), [RUNS]: list(run(), run({ run_id: 'r1', started_by: null })) });
    renderInApp(<RunsPage />);
    expect(await screen.findByText(/^The last run ended .*: 3 tables built, 33 tables unchanged\.$/)).toBeVisible();
    expect(screen.getByText('on the machine')).toBeVisible();
    expect(screen.getByRole('link', { name: 'Compare two runs' })).toHaveAttribute('href', '/runs/compare?a=r1&b=r2');
    expect(screen.queryByRole('button', { name: 'Start a run' })).toBeNull();
  });

  it('teaches the first step where nothing ran', async () => {
    serve({ ...signedIn('runs:read', 'runs:start'), [RUNS]: list() });
    renderInApp(<RunsPage />);
    expect(await screen.findByText('A run reads your shop and builds every table from it. The first one takes the longest.')).toBeVisible();
    expect(screen.getAllByRole('button', { name: 'Start a run' })).toHaveLength(2);
  });

  it('says that runs cannot be read', async () => {
    serve({ ...signedIn(), [RUNS]: { status: 403, body: { status: 403, detail: 'This needs runs:read.' } } });
    renderInApp(<RunsPage />);
    expect(await screen.findByText('This is not open to your role')).toBeVisible();
  });

  it('speaks Hebrew', async () => {
    serve({ ...signedIn(), [RUNS]: list(run()) });
    await renderInHebrew(<RunsPage />);
    await waitFor(() => expect(screen.getByRole('heading', { name: 'הרצות' })).toBeVisible());
  });
});

describe('starting a run', () => {
  const catalog = { body: { systems: [{ name: 'sales', title: 'Sales', about: '', registered: false, enabled: true }], tables: [] } };

  it('builds all again only after it was confirmed, and goes to the run', async () => {
    const seen = serve({ ...signedIn('runs:start'), [RUNS]: list(), 'POST /api/v1/runs': { status: 202, body: { run_id: 'r9', status: 'queued', events: '' } }, 'GET /api/v1/runs/r9': { body: { ...run({ run_id: 'r9' }), tables: [], log: [] } } });
    renderInApp(onRun, { path: '/runs' });
    await userEvent.click((await screen.findAllByRole('button', { name: 'Start a run' }))[0]!);
    await userEvent.click(screen.getByRole('radio', { name: /^Everything again/ }));
    expect(screen.getByRole('button', { name: 'Build it all again' })).toBeDisabled();
    await userEvent.click(screen.getByRole('checkbox', { name: /^Build it all again/ }));
    await userEvent.click(screen.getByRole('button', { name: 'Build it all again' }));
    expect(await screen.findByRole('heading', { name: /^Run of/ })).toBeVisible();
    const sent = seen.find((request) => request.method === 'POST' && request.url.endsWith('/runs'));
    expect(await sent?.json()).toEqual({ full: true, ingest: true });
  });

  it('starts one system, and tells what the service refuses', async () => {
    const seen = serve({ ...signedIn('runs:start'), [RUNS]: list(), 'GET /api/v1/catalog': catalog, 'POST /api/v1/runs': { status: 409, body: { status: 409, detail: 'One run is going on and another waits.', step: 'Wait for them.' } } });
    renderInApp(<RunsPage />, { path: '/runs?start=sales' });
    await userEvent.click(await screen.findByRole('button', { name: 'Start' }));
    expect(await screen.findByText('One run is going on and another waits.')).toBeVisible();
    expect(await seen.at(-1)?.json()).toEqual({ system: 'sales', full: false, ingest: true });
  });
});

describe('one run', () => {
  it('shows what became of each table, the troubled ones first', async () => {
    const tables = [outcome('orders'), outcome('items', { outcome: 'failed', message: 'The key is not unique.' }), outcome('raw/orders')];
    serve({ ...signedIn(), [RUNS]: list(), 'GET /api/v1/runs/r2': { body: { ...run({ status: 'failed', failed: 1 }), tables, log: [{ at: '2025-06-01T10:00:00', message: 'begun' }] } } });
    renderInApp(onRun, { path: '/runs/r2' });
    expect(await screen.findByText('1 table could not be brought up to date; the last good version of each stays.')).toBeVisible();
    const [, first] = screen.getAllByRole('row');
    expect(within(first!).getByText('items')).toBeVisible();
    expect(within(screen.getByRole('alert')).getByText('The key is not unique.')).toBeVisible();
    expect(screen.getByRole('link', { name: 'orders' })).toHaveAttribute('href', '/data/orders');
    expect(screen.queryByRole('link', { name: 'raw/orders' })).toBeNull();
    expect(screen.getByText('begun')).toBeVisible();
  });

  it('follows it live, goes on after a lost connection, and shows its end', async () => {
    let isOver = false;
    const asked: (string | null)[] = [];
    const path = '/api/v1/runs/r2/events';
    const replies = { ...signedIn(), [RUNS]: list(), 'GET /api/v1/runs/r2': () => ({ body: { ...run(isOver ? {} : { status: 'running', ended_at: null }), tables: isOver ? [outcome('orders')] : [], log: [] } }) };
    serveStream(replies, path, (request) => {
      asked.push(request.headers.get('Last-Event-ID'));
      if (asked.length === 1) return stream([7, 'progress', { table: 'orders', state: 'building', rows: null, done: 1, total: 4 }]);
      isOver = true;
      return stream([9, 'log', { at: '2025-06-01T10:00:00', message: 'all there' }], [12, 'end', { status: 'succeeded' }]);
    });
    renderInApp(onRun, { path: '/runs/r2' });
    expect(await screen.findByText('Being built')).toBeVisible();
    expect(screen.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '25');
    expect(await screen.findByText('The connection was lost. What happens meanwhile is shown as soon as it is back.')).toBeVisible();
    expect(await screen.findByText(/^All is up to date/, undefined, { timeout: 4_000 })).toBeVisible();
    expect(asked).toEqual([null, '7']);
  });

  it('asks before it stops a run', async () => {
    const live = run({ status: 'queued', ended_at: null });
    const seen: string[] = [];
    serveStream({ ...signedIn('runs:start'), [RUNS]: list(), 'GET /api/v1/runs/r2': { body: { ...live, tables: [], log: [] } }, 'POST /api/v1/runs/r2/stop': () => { seen.push('stop'); return { body: live }; } }, '/api/v1/runs/r2/events', () => new Response(new ReadableStream(), { headers: { 'content-type': 'text/event-stream' } }));
    renderInApp(onRun, { path: '/runs/r2' });
    await userEvent.click(await screen.findByRole('button', { name: 'Stop' }));
    expect(seen).toEqual([]);
    await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Stop' }));
    expect(seen).toEqual(['stop']);
  });
});

it('holds two runs side by side, and says how many tables differ', async () => {
  const tables = [
    { table: 'orders', a: outcome('orders'), b: outcome('orders', { version: 4, rows: 45 }), rows_change: 5, seconds_change: -0.5, same_version: false, same_outcome: true },
    { table: 'items', a: null, b: outcome('items'), rows_change: null, seconds_change: null, same_version: true, same_outcome: true },
  ];
  serve({ ...signedIn(), [RUNS]: list(run(), run({ run_id: 'r1' })), 'GET /api/v1/runs/compare': { body: { a: run({ run_id: 'r1' }), b: run(), tables } } });
  renderInApp(<ComparePage />, { path: '/runs/compare?a=r1&b=r2' });
  expect(await screen.findByText('1 table differs.')).toBeVisible();
  expect(screen.getByText('3 → 4')).toBeVisible();
  expect(screen.getByText('+5')).toBeVisible();
  expect(screen.getByText('not in this run')).toBeVisible();
});

it('takes times without a zone for UTC', () => {
  expect(moment('2025-06-01T10:00:00').toISOString()).toBe('2025-06-01T10:00:00.000Z');
  expect(moment('2025-06-01T10:00:00+02:00').toISOString()).toBe('2025-06-01T08:00:00.000Z');
  expect(secondsOf(run())).toBe(30);
});
