import { expect, it, vi } from 'vitest';

import { readEvents, type ServerEvent } from './events';

function stream(...chunks: string[]): void {
  const encoder = new TextEncoder();
  const body = new ReadableStream({
    start(controller) {
      chunks.forEach((chunk) => controller.enqueue(encoder.encode(chunk)));
      controller.close();
    },
  });
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } })));
}

async function all(): Promise<ServerEvent[]> {
  const found: ServerEvent[] = [];
  for await (const event of readEvents('/api/v1/runs/1/events', new AbortController().signal)) found.push(event);
  return found;
}

it('reads events however the bytes are cut', async () => {
  stream('event: progress\nid: 1\nda', 'ta: {"done":1}\n', '\n: a comment keeps the line open\n\nevent: end\r\ndata: {"status":"ok"}\r\n\r\n');
  expect(await all()).toEqual([
    { event: 'progress', id: '1', data: { done: 1 } },
    { event: 'end', id: '', data: { status: 'ok' } },
  ]);
});

it('leaves out an event that was cut off', async () => {
  stream('data: 1\n\n', 'data: {"ha');
  expect(await all()).toEqual([{ event: 'message', id: '', data: 1 }]);
});
