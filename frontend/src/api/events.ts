/** Server-sent events over fetch, as EventSource cannot send a token. */
import { send } from './send';

export interface ServerEvent {
  event: string;
  data: unknown;
  id: string;
}

interface Draft {
  event: string;
  data: string[];
  id: string;
}

function field(draft: Draft, line: string): void {
  const [name = '', ...rest] = line.split(':');
  const value = rest.join(':').replace(/^ /, '');
  if (name === 'event') draft.event = value;
  if (name === 'data') draft.data.push(value);
  if (name === 'id') draft.id = value;
}

function finished(block: string): ServerEvent | null {
  const draft: Draft = { event: 'message', data: [], id: '' };
  block.split('\n').forEach((line) => field(draft, line));
  if (draft.data.length === 0) return null;
  return { event: draft.event, id: draft.id, data: JSON.parse(draft.data.join('\n')) as unknown };
}

export const EVENT_STREAM = 'text/event-stream';

/** The events of a stream in order, until it ends or `signal` is aborted; only those after the event `after`. */
export async function* readEvents(path: string, signal: AbortSignal, after = ''): AsyncGenerator<ServerEvent> {
  const headers = { Accept: EVENT_STREAM, ...(after !== '' && { 'Last-Event-ID': after }) };
  yield* eventsOf(await send(new Request(new URL(path, window.location.origin), { headers, signal })), signal);
}

/** The events of an answer in order, until it ends or `signal` is aborted. */
export async function* eventsOf(response: Response, signal: AbortSignal): AsyncGenerator<ServerEvent> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  signal.addEventListener('abort', () => void reader?.cancel().catch(() => undefined), { once: true });
  let rest = '';
  for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read()) {
    const blocks = (rest + chunk.value).replace(/\r\n?/g, '\n').split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = finished(block);
      if (event !== null) yield event;
    }
  }
}
