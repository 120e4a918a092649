import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';

/** The token of the link that led here. It leaves the address, so that history and screenshots do not hold it. */
export function useLinkToken(): string {
  const [search] = useSearchParams();
  const [token] = useState(() => search.get('token') ?? '');
  useEffect(() => {
    if (token !== '') window.history.replaceState(window.history.state, '', window.location.pathname);
  }, [token]);
  return token;
}
