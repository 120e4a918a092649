import { act } from '@testing-library/react';
import type { ReactNode } from 'react';
import { vi } from 'vitest';

import { renderInApp } from './render';

/** Renders in Hebrew and waits until its texts, which are loaded, are there. */
export async function renderInHebrew(part: ReactNode, path = '/'): Promise<void> {
  await act(async () => void renderInApp(part, { path, language: 'he' }));
  // A text that is still being loaded suspends; each turn lets what has come be drawn.
  await vi.waitFor(async () => {
    await act(async () => void (await new Promise((resolve) => setTimeout(resolve, 0))));
    if (document.body.textContent === '') throw new Error('no text yet');
  }, { timeout: 10_000 });
}
