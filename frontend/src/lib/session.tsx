import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';

import { answer, api } from '@/api/client';
import { OfflineError } from '@/api/problem';
import { profileQuery } from '@/api/queries';
import { forgetAnswers } from '@/api/query-client';
import { dropSession, hadSession, isProfile, keepSession, onSessionEnd, renewSession } from '@/api/session';
import type { Permission, Profile, Session } from '@/api/types';

/** `offline`: somebody was signed in here and the service cannot be reached to say who. */
export type SessionState = 'starting' | 'signed-in' | 'signed-out' | 'offline';

interface Holder {
  state: SessionState;
  profile: Profile | null;
  enter: (session: Session) => Promise<void>;
  leave: () => Promise<void>;
  /** Asks again after a lost connection. */
  retry: () => Promise<void>;
  update: (profile: Profile) => void;
}

const SessionContext = createContext<Holder | null>(null);

/** Between two looks for a lost connection (ms). */
const RETRY = 30_000;

const nothing = () => Promise.resolve();

function useStart(setState: (state: SessionState) => void, adopt: (session: Session) => Promise<void>) {
  return useCallback(async () => {
    if (!hadSession()) return setState('signed-out');
    try {
      const session = await renewSession();
      if (session === null) setState('signed-out');
      else await adopt(session);
    } catch (error) {
      setState(error instanceof OfflineError ? 'offline' : 'signed-out');
    }
  }, [setState, adopt]);
}

/** Asks again when the connection may be back. */
function useRetry(state: SessionState, start: () => Promise<void>): void {
  useEffect(() => {
    if (state !== 'offline') return;
    const again = () => void start();
    const timer = setInterval(again, RETRY);
    window.addEventListener('online', again);
    return () => {
      clearInterval(timer);
      window.removeEventListener('online', again);
    };
  }, [state, start]);
}

/** Holds who is signed in. Starts by asking the cookie. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [state, setState] = useState<SessionState>('starting');
  const [profile, setProfile] = useState<Profile | null>(null);

  const update = useCallback(
    (next: Profile) => {
      client.setQueryData(profileQuery.queryKey, next);
      setProfile(next);
    },
    [client],
  );
  const adopt = useCallback(
    async (session: Session) => {
      update(isProfile(session.user) ? session.user : await client.fetchQuery(profileQuery));
      setState('signed-in');
    },
    [client, update],
  );
  const start = useStart(setState, adopt);
  const enter = useCallback(
    async (session: Session) => {
      keepSession(session);
      await adopt(session);
    },
    [adopt],
  );
  const leave = useCallback(async () => {
    await answer(api.POST('/api/v1/auth/logout', { body: {} })).catch(nothing);
    dropSession();
  }, []);

  useEffect(() => void start(), [start]);
  useRetry(state, start);
  useEffect(
    () =>
      onSessionEnd(() => {
        setState('signed-out');
        setProfile(null);
        forgetAnswers(client);
      }),
    [client],
  );

  const holder = useMemo(
    () => ({ state, profile, enter, leave, retry: start, update }),
    [state, profile, enter, leave, start, update],
  );
  return <SessionContext value={holder}>{children}</SessionContext>;
}

/** Who is signed in, and how to enter and leave. */
export function useSession(): Holder {
  const holder = use(SessionContext);
  if (holder === null) throw new Error('useSession needs a SessionProvider above it');
  return holder;
}

/** Whether the person may do this: hides what the service would refuse anyway. */
export function useCan(): (permission: Permission | undefined) => boolean {
  const { profile, state } = useSession();
  return useCallback(
    (permission) => {
      if (permission === undefined) return true;
      // Without a connection the last answers of this device are shown, and these are of no one.
      if (state === 'offline') return permission === 'tables:read';
      return profile?.permissions.includes(permission) ?? false;
    },
    [profile, state],
  );
}
