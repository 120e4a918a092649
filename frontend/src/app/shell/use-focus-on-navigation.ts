import { useEffect, useRef, type RefObject } from 'react';

/** After a change of page: to the top, and the focus to the new page, so that a screen reader reads on there. */
export function useFocusOnNavigation(main: RefObject<HTMLElement | null>, pathname: string): void {
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    window.scrollTo(0, 0);
    const heading = main.current?.querySelector<HTMLElement>('[data-page-heading]');
    (heading ?? main.current)?.focus({ preventScroll: true });
  }, [main, pathname]);
}
