import { createContext, use, useEffect, useMemo, useState, type ReactNode, type RefObject } from 'react';

interface Heading {
  title: string;
  /** Whether the page's own heading has left the screen. */
  isHidden: boolean;
}

interface Holder extends Heading {
  set: (heading: Heading) => void;
}

const HeadingContext = createContext<Holder>({ title: '', isHidden: false, set: () => undefined });

/** Lets the top bar show the page's title once its heading is scrolled away. */
export function HeadingProvider({ children }: { children: ReactNode }) {
  const [heading, set] = useState<Heading>({ title: '', isHidden: false });
  const holder = useMemo(() => ({ ...heading, set }), [heading]);
  return <HeadingContext value={holder}>{children}</HeadingContext>;
}

export function useHeading(): Heading {
  return use(HeadingContext);
}

/** Names the page: in the window's title, and to the top bar while `element` is out of sight. */
export function usePageTitle(title: string, element: RefObject<HTMLElement | null>): void {
  const { set } = use(HeadingContext);
  useEffect(() => {
    document.title = `${title} · omnix`;
    set({ title, isHidden: false });
    if (element.current === null || typeof IntersectionObserver === 'undefined') return;
    const observer = new IntersectionObserver(([entry]) => set({ title, isHidden: entry?.isIntersecting === false }), {
      rootMargin: '-56px 0px 0px 0px',
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [title, element, set]);
}
