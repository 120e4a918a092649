import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import { matchPath } from 'react-router';

import type { Feature, PageRoute } from '@/lib/feature';

export type KnownPage = PageRoute & {
  isPublic: boolean;
  component: LazyExoticComponent<ComponentType>;
  /** Fetches the page's code ahead of a visit. */
  prepare: () => void;
};

function known(page: PageRoute, isPublic: boolean): KnownPage {
  return { ...page, isPublic, component: lazy(page.load), prepare: () => void page.load().catch(() => undefined) };
}

const modules = import.meta.glob<{ default: Feature }>('../features/*/feature.ts', { eager: true });

/** Every page of every feature folder. */
export const PAGES: readonly KnownPage[] = Object.values(modules).flatMap(({ default: feature }) =>
  feature.pages.map((page) => known(page, feature.access === 'public')),
);

/** Fetches the code of the page at an address. */
export function preparePage(pathname: string): void {
  PAGES.find((page) => matchPath(page.path, pathname) !== null)?.prepare();
}

/** The pages of the rail, in order. */
export const RAIL: readonly KnownPage[] = PAGES.filter((page) => page.nav !== undefined).sort(
  (one, other) => (one.nav?.order ?? 0) - (other.nav?.order ?? 0),
);
