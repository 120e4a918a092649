import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';

import { OfflineError } from '@/api/problem';

/** When the newest answer on screen came, while the service cannot be reached; null while it can. */
export function useOfflineSince(): number | null {
  const client = useQueryClient();
  const subscribe = useCallback(
    (changed: () => void) => {
      const unsubscribe = client.getQueryCache().subscribe(changed);
      window.addEventListener('online', changed);
      window.addEventListener('offline', changed);
      return () => {
        unsubscribe();
        window.removeEventListener('online', changed);
        window.removeEventListener('offline', changed);
      };
    },
    [client],
  );
  const read = useCallback(() => {
    const states = client.getQueryCache().getAll().map((query) => query.state);
    const failed = states.some((state) => state.error instanceof OfflineError || state.fetchFailureReason instanceof OfflineError);
    if (navigator.onLine && !failed) return null;
    return Math.max(0, ...states.map((state) => state.dataUpdatedAt));
  }, [client]);
  return useSyncExternalStore(subscribe, read);
}
