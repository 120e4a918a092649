import { useState } from 'react';

import { RAIL, type KnownPage } from '@/app/features';
import { useCan } from '@/lib/session';

const KEY = 'omnix.rail';

/** The pages of the rail that the person may see. */
export function useRailPages(): KnownPage[] {
  const can = useCan();
  return RAIL.filter((page) => can(page.permission));
}

/** Whether the rail is folded; remembered on this device. */
export function useFold(): [isFolded: boolean, toggle: () => void] {
  const [isFolded, setFolded] = useState(() => localStorage.getItem(KEY) === 'folded');
  const toggle = () => {
    localStorage.setItem(KEY, isFolded ? 'open' : 'folded');
    setFolded(!isFolded);
  };
  return [isFolded, toggle];
}

/** Whether an address belongs to a page of the rail. */
export function isWithin(pathname: string, page: KnownPage): boolean {
  const place = page.nav?.within ?? page.path;
  return place === '/' ? pathname === '/' : pathname === place || pathname.startsWith(`${place}/`);
}
