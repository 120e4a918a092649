import { beforeEach, describe, expect, it, vi } from 'vitest';

import { serve } from '@/testing/render';

const session = (token: string, seconds = 900) => ({ accessToken: token, expiresIn: seconds, user: {} });

/** Fresh modules: the token and the ETags are theirs. */
async function load() {
  vi.resetModules();
  const [{ send }, tokens, problems] = await Promise.all([import('./send'), import('./session'), import('./problem')]);
  return { send, ...tokens, ...problems };
}

const request = (path: string) => new Request(new URL(path, location.origin));
const paths = (seen: Request[]) => seen.map((one) => new URL(one.url).pathname);

let parts: Awaited<ReturnType<typeof load>>;

beforeEach(async () => {
  parts = await load();
});

describe('session', () => {
  it('asks for a new token once, however many need it, and sends the request again', async () => {
    parts.keepSession(session('old') as never);
    const seen = serve({
      'POST /api/v1/auth/refresh': { body: session('new') },
      'GET /api/v1/home': (asked) => (asked.headers.get('authorization') === 'Bearer new' ? { body: { ok: true } } : { status: 401 }),
    });
    const answers = await Promise.all([1, 2, 3].map(() => parts.send(request('/api/v1/home'))));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    expect(paths(seen).filter((path) => path.endsWith('refresh'))).toHaveLength(1);
    expect(seen.find((one) => one.url.endsWith('refresh'))?.headers.get('x-omnix-client')).toBe('dashboard');
  });

  it('renews a token that is about to end before it is used', async () => {
    parts.keepSession(session('old', 5) as never);
    const seen = serve({ 'POST /api/v1/auth/refresh': { body: session('new') }, 'GET /api/v1/home': {} });
    await parts.send(request('/api/v1/home'));
    expect(paths(seen)).toEqual(['/api/v1/auth/refresh', '/api/v1/home']);
    expect(seen[1]?.headers.get('authorization')).toBe('Bearer new');
  });

  it('ends when the cookie is refused, and says so', async () => {
    parts.keepSession(session('old') as never);
    const ended = vi.fn();
    parts.onSessionEnd(ended);
    serve({ 'POST /api/v1/auth/refresh': { status: 401 }, 'GET /api/v1/home': { status: 401, body: { detail: 'Sign in.' } } });
    await expect(parts.send(request('/api/v1/home'))).rejects.toThrow('Sign in.');
    expect(ended).toHaveBeenCalledOnce();
    expect(parts.hadSession()).toBe(false);
  });

  it('goes on when the service is away for a while', async () => {
    parts.keepSession(session('old', 5) as never);
    serve({});
    await expect(parts.send(request('/api/v1/home'))).rejects.toBeInstanceOf(parts.OfflineError);
    expect(parts.hadSession()).toBe(true);
  });

  it('sends a form with a wrong password once', async () => {
    parts.keepSession(session('good') as never);
    const seen = serve({
      'POST /api/v1/auth/refresh': { body: session('new') },
      'POST /api/v1/user/two-factor/disable': { status: 401, body: { detail: 'The password is not right.' } },
    });
    const form = new Request(new URL('/api/v1/user/two-factor/disable', location.origin), { method: 'POST', body: '{}' });
    await expect(parts.send(form)).rejects.toThrow('The password is not right.');
    expect(paths(seen).filter((path) => path.endsWith('disable'))).toHaveLength(1);
    expect(parts.hadSession()).toBe(true);
  });

  it('keeps no token in storage', () => {
    parts.keepSession(session('secret-token') as never);
    expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain('secret-token');
  });
});

describe('answers', () => {
  it('come back from memory when the service says that they have not changed', async () => {
    const seen = serve({
      'GET /api/v1/catalog': (asked) =>
        asked.headers.get('if-none-match') === '"v1"' ? { status: 304 } : { body: { tables: [] }, headers: { etag: '"v1"' } },
    });
    const first: unknown = await (await parts.send(request('/api/v1/catalog'))).json();
    const second: unknown = await (await parts.send(request('/api/v1/catalog'))).json();
    expect(second).toEqual(first);
    expect(seen[1]?.headers.get('if-none-match')).toBe('"v1"');
  });

  it('are thrown with their field errors and next step when they are problems', async () => {
    const body = { title: 'Unprocessable', detail: 'No such column.', step: 'Look at the catalogue.', request_id: 'r1', errors: [{ field: 'columns', message: 'No column x.' }] };
    serve({ 'GET /api/v1/home': { status: 422, body } });
    await expect(parts.send(request('/api/v1/home'))).rejects.toMatchObject({
      status: 422, message: 'No such column.', step: 'Look at the catalogue.', requestId: 'r1', fields: { columns: 'No column x.' },
    });
  });

  it('tell a gateway without a service from the service that is not ready', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'content-type': 'text/html' } })));
    await expect(parts.send(request('/api/v1/home'))).rejects.toBeInstanceOf(parts.OfflineError);
    serve({ 'GET /api/v1/home': { status: 503, body: { detail: 'The store is locked.' } } });
    await expect(parts.send(request('/api/v1/home'))).rejects.toBeInstanceOf(parts.ApiError);
  });
});
