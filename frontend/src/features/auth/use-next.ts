import { useSearchParams } from 'react-router';

/** Where the person wanted to go before signing in: a page of this dashboard and nothing else. */
export function useNext(): string {
  const [search] = useSearchParams();
  const next = search.get('next') ?? '/';
  // `//host` and `/\host` would be read as another site.
  return /^\/(?![/\\])/.test(next) ? next : '/';
}
