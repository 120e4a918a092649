/** Answers that take a while: what is going on is told meanwhile, and hanging up ends it. */
import { EVENT_STREAM, eventsOf } from './events';
import { ApiError, OfflineError } from './problem';
import { send } from './send';

/** What the service is doing for an answer. */
export interface Step {
  step: string;
  done: number;
  total: number;
  /** The model that is tried. */
  model?: string | null;
  /** Others that come first. */
  before?: number;
}

interface Listening {
  signal: AbortSignal;
  onStep: (step: Step) => void;
}

/** Asks for an answer that is computed; throws ApiError where it cannot be had, OfflineError where the line breaks. */
export async function computed<T>(path: string, body: unknown, { signal, onStep }: Listening): Promise<T> {
  const headers = { Accept: `${EVENT_STREAM}, application/json`, 'Content-Type': 'application/json' };
  const response = await send(new Request(new URL(path, window.location.origin), { method: 'POST', headers, body: JSON.stringify(body), signal }));
  // What needs no computing may come at once.
  if (!response.headers.get('content-type')?.startsWith(EVENT_STREAM)) return (await response.json()) as T;
  for await (const { event, data } of eventsOf(response, signal)) {
    if (event === 'progress') onStep(data as Step);
    if (event === 'answer') return data as T;
    if (event === 'problem') {
      const problem = data as { status?: number };
      throw new ApiError(problem.status ?? 500, problem);
    }
  }
  throw new OfflineError('the answer was cut off');
}
