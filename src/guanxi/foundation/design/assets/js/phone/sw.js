// The service worker: the shell of the page that is read without network, and the queue where the browser sends it by itself.
// The server writes `self.gx = {version, shell, page}` before this. Nothing private is cached: what is read lies in
// IndexedDB (store.js), which pages clear.
import { entries, send } from './sending.js';
import { get } from './store.js';

const { version, shell, page } = self.gx;
const CACHE = `gx-${version}`;
const fresh = url => new Request(url, { cache: 'reload' });

self.addEventListener('install', event => {
  event.waitUntil(caches.open(CACHE).then(cache => cache.addAll([...shell, page].map(fresh))).then(() => self.skipWaiting()));
});

self.addEventListener('activate', event => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith('gx-') && name !== CACHE) await caches.delete(name);
    await self.registration.navigationPreload?.enable();
    await self.clients.claim();
  })());
});

async function visit(event) {
  try { return await event.preloadResponse ?? await fetch(event.request); } catch {
    return await caches.match(page, { cacheName: CACHE, ignoreVary: true }) ?? Response.error();
  }
}

async function asset(request) {
  try { return await fetch(request); } catch { return await caches.match(request, { cacheName: CACHE, ignoreSearch: true, ignoreVary: true }) ?? Response.error(); }
}

self.addEventListener('fetch', event => {
  const { request } = event;
  if (request.method !== 'GET') return;
  if (request.mode === 'navigate') event.respondWith(visit(event));
  else if (shell.includes(new URL(request.url).pathname)) event.respondWith(asset(request));
});

// The page speaks the reader's language: it is fetched again with what is to be read.
self.addEventListener('message', event => {
  if (event.data === 'again') event.waitUntil(caches.open(CACHE).then(cache => cache.add(fresh(page))).catch(() => { /* the old one stays */ }));
});

self.addEventListener('sync', event => {
  if (event.tag !== 'gx-queue') return;
  event.waitUntil((async () => {
    const who = (await get('notes', 'who'))?.value;
    if (!who || !(await entries(who)).length) return;
    const result = await send(who);
    if (result && ['away', 'later'].includes(result.state)) throw new Error(result.state); // the browser tries again
  })());
});
