import type { LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';

import type { Permission } from '@/api/types';
import type { LocalText } from '@/i18n/language';

/** The outline shown while a page's code and data come. */
export type Outline = 'dashboard' | 'table' | 'form';

/** One page of a feature; `path` as React Router reads it: `/runs/:runId`. */
export interface PageRoute {
  path: string;
  title: LocalText;
  load: () => Promise<{ default: ComponentType }>;
  /** Without one, every signed-in person may see it. The service decides; this only hides. */
  permission?: Permission;
  outline?: Outline;
  /** A place in the rail: lowest order first. Pages without one are reached from other pages. */
  nav?: { icon: LucideIcon; order: number; /** The addresses that belong to this place, where they are not all under `path`. */ within?: string };
  /** The system whose page leads here, and what is found here. */
  system?: { name: string; about: LocalText };
}

/** What `features/<name>/feature.ts` exports as default: the app finds it, nothing is listed. */
export interface Feature {
  pages: readonly PageRoute[];
  /** `public`: for people who are not signed in, outside the shell. */
  access?: 'public';
}
