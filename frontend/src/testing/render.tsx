import { CssBaseline, ThemeProvider } from '@mui/material';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, type RenderResult } from '@testing-library/react';
import { Suspense, type ReactNode } from 'react';
import { MemoryRouter } from 'react-router';
import { vi } from 'vitest';

import type { Language } from '@/i18n/language';
import { LanguageProvider } from '@/i18n/text';
import { SessionProvider } from '@/lib/session';
import { createOmnixTheme } from '@/theme/theme';

interface Options {
  path?: string;
  language?: Language;
}

const theme = createOmnixTheme('ltr');

/** Renders a part of the dashboard as the app would hold it. */
export function renderInApp(part: ReactNode, { path = '/', language = 'en' }: Options = {}): RenderResult {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false }, mutations: { retry: false } } });
  return render(
    <QueryClientProvider client={client}>
      <LanguageProvider initial={language}>
        <ThemeProvider theme={theme}>
          <CssBaseline />
          <SessionProvider>
            <MemoryRouter initialEntries={[path]}>
              <Suspense fallback={null}>{part}</Suspense>
            </MemoryRouter>
          </SessionProvider>
        </ThemeProvider>
      </LanguageProvider>
    </QueryClientProvider>,
  );
}

type Reply = { status?: number; body?: unknown; headers?: Record<string, string> } | { stream: ReadableStream<Uint8Array> };
type Replies = Record<string, Reply | ((request: Request) => Reply | Promise<Reply>)>;

/**
 * Answers calls by `'GET /api/v1/home'`; any other call fails as if the network were down.
 * Returns the requests that came, in order.
 */
export function serve(replies: Replies): Request[] {
  const seen: Request[] = [];
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input instanceof Request ? input : new URL(String(input), location.origin), init);
    seen.push(request.clone());
    const reply = replies[`${request.method} ${new URL(request.url).pathname}`];
    if (reply === undefined) throw new TypeError('no network');
    const answer = typeof reply === 'function' ? await reply(request) : reply;
    if ('stream' in answer) return new Response(answer.stream, { headers: { 'content-type': 'text/event-stream' } });
    const { status = 200, body = {}, headers = {} } = answer;
    const type = status >= 400 ? 'application/problem+json' : 'application/json';
    const content = [204, 304].includes(status) ? null : JSON.stringify(body);
    return new Response(content, { status, headers: { 'content-type': type, ...headers } });
  });
  return seen;
}
