/**
 * The session of this tab: an access token in memory, renewed by a cookie that no script can read.
 */
import { errorOf, OfflineError } from './problem';
import type { Profile, Session } from './types';

const REFRESH = '/api/v1/auth/refresh';
/** Says only that there was a session, so that a first visit asks nothing of the service. */
const HINT = 'omnix.session';
/** A token this close to its end (ms) is renewed before it is used. */
const MARGIN = 20_000;

type Listener = () => void;

let token: string | null = null;
let expiresAt = 0;
let pending: Promise<Session | null> | null = null;
const listeners = new Set<Listener>();
const tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('omnix.session');

function tell(): void {
  listeners.forEach((listener) => listener());
}

/** Calls `listener` when the session ends, here or in another tab. */
export function onSessionEnd(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function hadSession(): boolean {
  return localStorage.getItem(HINT) !== null;
}

/** Keeps the token of an answer to sign-in, two-factor, set-up or refresh. */
export function keepSession(session: Session): void {
  token = session.accessToken;
  expiresAt = Date.now() + session.expiresIn * 1000;
  localStorage.setItem(HINT, '1');
}

/** Forgets the token; the other tabs are told. */
export function dropSession(): void {
  forget();
  tabs?.postMessage('ended');
}

function forget(): void {
  token = null;
  expiresAt = 0;
  localStorage.removeItem(HINT);
  tell();
}

if (tabs) tabs.onmessage = forget;

/** The token to send, renewed when it is about to end; null when nobody is signed in. */
export async function accessToken(): Promise<string | null> {
  if (token !== null && Date.now() > expiresAt - MARGIN) await renewSession();
  return token;
}

/** Gets a new access token by the cookie: one request however many ask, null when there is no session. */
export function renewSession(): Promise<Session | null> {
  pending ??= inTurn(askForSession).finally(() => {
    pending = null;
  });
  return pending;
}

/** The cookie is replaced at each use: two tabs that send the same one would look like theft. */
function inTurn<T>(task: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? navigator.locks.request('omnix.refresh', task) : task();
}

async function askForSession(): Promise<Session | null> {
  const headers = { 'X-Omnix-Client': 'dashboard', 'Content-Type': 'application/json' };
  const response = await fetch(REFRESH, { method: 'POST', headers, body: '{}', credentials: 'same-origin' }).catch((cause: unknown) => {
    throw new OfflineError('the service cannot be reached', { cause });
  });
  if (response.status === 401 || response.status === 400) {
    dropSession();
    return null;
  }
  if (response.status >= 502) throw new OfflineError('the service cannot be reached');
  if (!response.ok) throw await errorOf(response);
  const session = (await response.json()) as Session;
  keepSession(session);
  return session;
}

/** Whether an answer's `user` is a whole profile. */
export function isProfile(user: unknown): user is Profile {
  return typeof user === 'object' && user !== null && Array.isArray((user as Profile).permissions);
}
