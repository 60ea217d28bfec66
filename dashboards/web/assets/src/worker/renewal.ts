// The browser's vendor gives it another address: it is told to the server by the worker itself, because no page may be open for weeks.
//
// Always true:
//  1. Nothing is asked of the reader, and nothing is told of them but the old address and the new one.
//  2. The server lets the new address take the place of the old one and of no other: where somebody else is signed in by now, nothing happens.
//  3. Where it does not succeed (no net, signed out), the page of the phones says that no notices come here, and turns them on again.

declare const self: ServiceWorkerGlobalScope;

const PAGE = '/my/phones';
const KEPT = 'push';
const ENDPOINT = '/endpoint';

interface Change extends ExtendableEvent {
  oldSubscription?: PushSubscription | null;
  newSubscription?: PushSubscription | null;
}

/** Not every browser says what the address was: it is noted whenever a message came by it. */
export async function noteAddress(): Promise<void> {
  const known = await self.registration.pushManager.getSubscription();
  if (known) await (await caches.open(KEPT)).put(ENDPOINT, new Response(known.endpoint));
}

export async function renewed(event: Event): Promise<void> {
  const { oldSubscription, newSubscription } = event as Change;
  const old = oldSubscription ? oldSubscription.endpoint : await noted();
  if (!old) return;
  const page = await fetch(PAGE, { credentials: 'same-origin', redirect: 'error' });
  const html = page.ok ? await page.text() : '';
  const key = found(html, /<form [^>]*data-push="([^"]+)"/);
  const csrf = found(html, /name="csrf" value="([^"]+)"/);
  if (!key || !csrf) return;
  const fresh = newSubscription || (await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
  const { endpoint, keys } = fresh.toJSON();
  if (!endpoint || !keys) return;
  const body = new URLSearchParams({ csrf, old, endpoint, key: keys.p256dh || '', auth: keys.auth || '' });
  const answer = await fetch('/my/push/subscriptions/renew', { method: 'POST', credentials: 'same-origin', redirect: 'error', body });
  if (answer.ok) await (await caches.open(KEPT)).put(ENDPOINT, new Response(endpoint));
}

async function noted(): Promise<string | null> {
  const kept = await (await caches.open(KEPT)).match(ENDPOINT);
  return kept ? kept.text() : null;
}

function found(html: string, what: RegExp): string | null {
  const match = what.exec(html);
  return (match && match[1]) || null;
}
