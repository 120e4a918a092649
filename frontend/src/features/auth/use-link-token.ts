import { useEffect, useState } from 'react';
import { useLocation } from 'react-router';

/** The token of a link, from what follows `#` (which no server and no log sees) or from the query. */
function tokenIn(search: string, hash: string): string {
  return new URLSearchParams(hash.slice(1)).get('token') ?? new URLSearchParams(search).get('token') ?? '';
}

/** The token of the link that led here. It leaves the address, so that history and screenshots do not hold it. */
export function useLinkToken(): string {
  const { search, hash } = useLocation();
  const [token] = useState(() => tokenIn(search, hash));
  useEffect(() => {
    if (token !== '') window.history.replaceState(window.history.state, '', window.location.pathname);
  }, [token]);
  return token;
}
