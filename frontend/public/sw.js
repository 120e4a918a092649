/*
 * Keeps the dashboard's own files for days without a connection.
 * Pages come from the service while it can be reached; answers of the API are never kept here.
 */
const CACHE = 'omnix-shell-1';
const PAGE = '/';
/** Files of older versions leave when there are more. */
const MOST = 240;

async function keep(request, response) {
  if (!response.ok) return;
  const cache = await caches.open(CACHE);
  await cache.put(request, response);
  const known = await cache.keys();
  await Promise.all(known.slice(0, Math.max(0, known.length - MOST)).map((old) => cache.delete(old)));
}

async function page(request) {
  try {
    const response = await fetch(request);
    if (response.ok) await keep(PAGE, response.clone());
    return response;
  } catch (error) {
    const kept = await caches.match(PAGE);
    if (kept) return kept;
    throw error;
  }
}

async function file(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  await keep(request, response.clone());
  return response;
}

/** Names of files change with what is in them, all but the icon's and the manifest's. */
function isFile({ pathname }) {
  return pathname.startsWith('/assets/') || pathname === '/favicon.svg' || pathname === '/manifest.webmanifest';
}

self.addEventListener('install', (event) => {
  event.waitUntil(fetch(PAGE).then((response) => keep(PAGE, response)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  const others = (names) => names.filter((name) => name.startsWith('omnix-shell-') && name !== CACHE);
  const forget = caches.keys().then((names) => Promise.all(others(names).map((name) => caches.delete(name))));
  event.waitUntil(forget.then(() => self.clients.claim()));
});

/** What the page had loaded before this worker was there. */
self.addEventListener('message', (event) => {
  const urls = Array.isArray(event.data?.files) ? event.data.files : [];
  const ours = urls.map((url) => new URL(url, self.location.origin)).filter((url) => url.origin === self.location.origin && isFile(url));
  event.waitUntil(Promise.all(ours.map((url) => file(new Request(url)).catch(() => undefined))));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate' && !url.pathname.startsWith('/api/')) event.respondWith(page(request));
  else if (isFile(url)) event.respondWith(file(request));
});
