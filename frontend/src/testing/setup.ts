import '@testing-library/jest-dom/vitest';

import { cleanup, configure } from '@testing-library/react';
import { afterEach, beforeEach, vi } from 'vitest';

// A busy machine is no reason to fail: only what never comes is missing.
configure({ asyncUtilTimeout: 10_000 });

class NoObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

export function media(query: string): MediaQueryList {
  const listeners = { addListener: vi.fn(), removeListener: vi.fn(), addEventListener: vi.fn(), removeEventListener: vi.fn() };
  return { matches: false, media: query, onchange: null, dispatchEvent: () => false, ...listeners };
}

beforeEach(() => {
  vi.stubGlobal('matchMedia', media);
  vi.stubGlobal('ResizeObserver', NoObserver);
  vi.stubGlobal('scrollTo', () => undefined);
});

afterEach(() => {
  cleanup();
  // Files that say `@vitest-environment node` have none.
  globalThis.localStorage?.clear();
});
