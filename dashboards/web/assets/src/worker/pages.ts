// Pages without net: the last state of a few of them, with its age said on the page.
//
// Always true:
//  1. What is kept belongs to one reader. A page from the server says whose it is (`data-reader`): what is kept of anybody else goes at that
//     moment, and all of it when the page is nobody's, as after a sign-out.
//  2. The net comes first: what is kept is shown only when the net does not answer, and never without its age.
//  3. Only whole pages are kept, and only those named here; files are kept by the hash in their address, one of each name.

declare const self: ServiceWorkerGlobalScope;

const INBOX = '/my/inbox';
const KEPT = ['/my', INBOX];
/** Forms that can be filled in without net (../outbox): a child's absence, what changed, that an announcement was read. */
const FORM = /^\/my\/([0-9a-zA-Z]{26}\/(absence|update)|announcements\/[0-9a-zA-Z]{26})$/;
/** So many announcements are kept, the latest that were opened. */
const ANNOUNCEMENTS = 20;
const FILES = 'files';
const READER = 'reader-';
/** A net that says nothing for so long counts as none, where there is something to show instead. */
const PATIENCE_MS = 8000;
const HEADERS = ['content-type', 'content-security-policy', 'referrer-policy', 'x-content-type-options', 'x-frame-options'];

export function answer(event: FetchEvent): void {
  const url = new URL(event.request.url);
  if (url.origin !== self.location.origin) return;
  if (url.pathname === '/sign-out') event.waitUntil(forgetAllBut(null));
  if (event.request.method !== 'GET') return;
  if (url.pathname.startsWith('/assets/')) event.respondWith(file(event, url));
  else if (event.request.mode === 'navigate') event.respondWith(page(event, url));
}

/** The page that opened the app was loaded before its worker: it is fetched once more, with what it is made of. */
export async function keepFirst(): Promise<void> {
  try {
    const response = await fetch('/my', { credentials: 'same-origin', redirect: 'error' });
    const html = await response.clone().text();
    await keep('/my', response);
    const children = Array.from(new Set(html.match(/\/my\/[0-9a-zA-Z]{26}(?=")/g) || []));
    // A courtesy that the app does not wait for.
    children.forEach((child) => void keepPage(`${child}/absence`).catch(() => undefined));
    const cache = await caches.open(FILES);
    const files = Array.from(new Set(html.match(/\/assets\/[^"#]+/g) || []));
    await Promise.all(files.map((address) => cache.add(address).catch(() => undefined)));
  } catch (_noNet) {
    // Then the next page that is opened is the first one kept.
  }
}

/** The notices as they are now: what just came is read without net, too. Asking for the list marks nothing as read. */
export async function keepInbox(): Promise<void> {
  await keepPage(INBOX);
}

async function keepPage(path: string): Promise<void> {
  const response = await fetch(path, { credentials: 'same-origin', redirect: 'error' });
  if (response.status === 200 && isHtml(response)) await keep(path, response);
}

async function page(event: FetchEvent, url: URL): Promise<Response> {
  const kept = await keptOf(url);
  try {
    const response = await (kept ? inTime(fetch(event.request)) : fetch(event.request));
    if (response.type === 'basic' && response.status < 500 && isHtml(response)) event.waitUntil(keep(isKept(url) ? url.pathname : null, response.clone()));
    return response;
  } catch (lost) {
    const shown = kept ? await aged(kept) : await elsewhere();
    if (shown) return shown;
    throw lost;
  }
}

/** Notes whose page this is, and keeps it under a path if it is one of those. */
async function keep(path: string | null, response: Response): Promise<void> {
  const html = await response.text();
  const reader = /<body[^>]* data-reader="([0-9a-zA-Z]+)"/.exec(html);
  await forgetAllBut(reader ? READER + reader[1] : null);
  if (!reader || !path || response.status !== 200) return;
  const headers = new Headers();
  HEADERS.forEach((name) => {
    const value = response.headers.get(name);
    if (value) headers.set(name, value);
  });
  const cache = await caches.open(READER + reader[1]);
  await cache.put(path, new Response(html, { headers }));
  if (path.startsWith('/my/announcements/')) await trim(cache, path);
}

async function trim(cache: Cache, newest: string): Promise<void> {
  const kept = (await cache.keys()).filter((one) => new URL(one.url).pathname.startsWith('/my/announcements/') && new URL(one.url).pathname !== newest);
  await Promise.all(kept.slice(0, Math.max(0, kept.length - ANNOUNCEMENTS + 1)).map((one) => cache.delete(one)));
}

async function forgetAllBut(name: string | null): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((one) => one.startsWith(READER) && one !== name).map((one) => caches.delete(one)));
}

function isKept(url: URL): boolean {
  return url.search === '' && (KEPT.indexOf(url.pathname) >= 0 || FORM.test(url.pathname));
}

async function keptOf(url: URL): Promise<Response | null> {
  return isKept(url) ? find(url.pathname) : null;
}

async function find(path: string): Promise<Response | null> {
  const names = (await caches.keys()).filter((name) => name.startsWith(READER));
  const found = await Promise.all(names.map(async (name) => (await caches.open(name)).match(path)));
  return found.find((response) => response !== undefined) || null;
}

/** The page as it was, saying when that was. */
async function aged(kept: Response): Promise<Response> {
  const html = await kept.text();
  const note = said(html, 'offline').replace('{at}', moment(said(html, 'now')));
  // The ages on the page count from the phone's own clock now.
  const today = html.replace(/ data-now="[^"]*"/, ` data-now="${new Date().toISOString()}"`);
  const marked = today.replace(/<main id="main"[^>]*>/, (main) => `${main}<p class="sh-note sh-warn" role="status" data-offline-note>${note}</p>`);
  return new Response(marked, { headers: kept.headers });
}

/** Any other page: that there is no net, and the way to what there is. */
async function elsewhere(): Promise<Response | null> {
  const kept = await find('/my');
  if (!kept) return null;
  const html = await kept.text();
  const body = `<div class="sh-empty"><h1>${said(html, 'offline-title')}</h1><p>${said(html, 'offline-body')}</p><a class="btn btn-primary" href="/my">${said(html, 'offline-back')}</a></div>`;
  const start = /<main id="main"[^>]*>/.exec(html);
  const end = html.lastIndexOf('</main>');
  if (!start || end < 0) return null;
  const empty = html.slice(0, start.index) + start[0] + body + html.slice(end);
  return new Response(empty.replace(/ data-(live|snapshot)[a-z-]*="[^"]*"/g, ''), { status: 503, headers: kept.headers });
}

/** The value of an attribute `data-…` of the page's body, as it stands there: escaped. */
function said(html: string, name: string): string {
  const found = new RegExp(`<body[^>]* data-${name}="([^"]*)"`).exec(html);
  return found ? found[1] || '' : '';
}

/** `07:52`, with its day if that was another one. */
function moment(iso: string): string {
  const at = new Date(iso);
  if (isNaN(at.getTime())) return '';
  const two = (n: number): string => (n < 10 ? `0${n}` : String(n));
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return at.toDateString() === new Date().toDateString() ? time : `${two(at.getDate())}.${two(at.getMonth() + 1)} ${time}`;
}

async function inTime(response: Promise<Response>): Promise<Response> {
  return Promise.race([response, new Promise<Response>((_, refuse) => setTimeout(() => refuse(new Error('no answer in time')), PATIENCE_MS))]);
}

async function file(event: FetchEvent, url: URL): Promise<Response> {
  const cache = await caches.open(FILES);
  const kept = await cache.match(event.request, { ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(event.request);
  const lasting = url.searchParams.has('v') || url.pathname.endsWith('.woff2');
  if (lasting && response.status === 200) event.waitUntil(replace(cache, url, response.clone()));
  return response;
}

/** One version of each file: the page that asked for this one asks for no older. */
async function replace(cache: Cache, url: URL, response: Response): Promise<void> {
  const older = (await cache.keys()).filter((known) => new URL(known.url).pathname === url.pathname);
  await Promise.all(older.map((known) => cache.delete(known, { ignoreVary: true })));
  await cache.put(url.pathname + url.search, response);
}

function isHtml(response: Response): boolean {
  return (response.headers.get('content-type') || '').startsWith('text/html');
}
