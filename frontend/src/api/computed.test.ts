import { expect, it, vi } from 'vitest';

import { computed, type Step } from './computed';
import { ApiError, OfflineError } from './problem';

const PATH = '/api/v1/market-intelligence/what-if';

function answers(...events: [string, unknown][]): void {
  const text = events.map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join('');
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(text, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } })));
}

function ask(steps: Step[] = []): Promise<unknown> {
  return computed(PATH, { horizon: 7 }, { signal: new AbortController().signal, onStep: (step) => steps.push(step) });
}

it('tells each step, then gives the answer', async () => {
  const fitting = { step: 'fitting', done: 2, total: 12, model: 'theta' };
  answers(['progress', fitting], ['answer', { effect: 1 }], ['end', { status: 'succeeded' }]);
  const steps: Step[] = [];
  expect(await ask(steps)).toEqual({ effect: 1 });
  expect(steps).toEqual([fitting]);
});

it('asks for events, and sends what is asked', async () => {
  const seen: Request[] = [];
  vi.stubGlobal('fetch', (request: Request) => {
    seen.push(request.clone());
    return Promise.resolve(Response.json({ effect: 2 }));
  });
  expect(await ask()).toEqual({ effect: 2 });
  expect(seen[0]?.headers.get('accept')).toContain('text/event-stream');
  expect(await seen[0]?.json()).toEqual({ horizon: 7 });
});

it('throws what the service says goes wrong on the way', async () => {
  answers(['problem', { status: 409, detail: 'Too little history.', step: 'Wait.' }], ['end', { status: 'failed' }]);
  const error = await ask().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 409, message: 'Too little history.', step: 'Wait.' });
});

it('takes an answer that is cut off for a broken line', async () => {
  answers(['progress', { step: 'starting', done: 0, total: 0 }]);
  await expect(ask()).rejects.toBeInstanceOf(OfflineError);
});
