import { createContext, use } from 'react';

import type { PageRoute } from './feature';

const SystemPagesContext = createContext<readonly PageRoute[]>([]);

/** Tells the pages below which pages of features belong to systems: features do not know each other. */
export const SystemPagesProvider = SystemPagesContext;

/** The pages that belong to a system. */
export function useSystemPages(system: string): readonly PageRoute[] {
  return use(SystemPagesContext).filter((page) => page.system?.name === system);
}
