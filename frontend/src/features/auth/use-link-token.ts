import { useEffect, useState } from 'react';
import { useLocation } from 'react-router';

/** `#token=…`, which browsers keep to themselves; `?token=…` is read as well. */
function tokenOf(search: string, hash: string): string {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? new URLSearchParams(search).get('token') ?? '';
}

/** The token of the link that led here. It leaves the address, so that history and screenshots do not hold it. */
export function useLinkToken(): string {
  const { search, hash } = useLocation();
  const [token] = useState(() => tokenOf(search, hash));
  useEffect(() => {
    if (token !== '') window.history.replaceState(window.history.state, '', window.location.pathname);
  }, [token]);
  return token;
}
