// The worker of the installed app, served at /sw.js. It shows notices that arrive while no page is open, tells the server when the browser gets
// another address, and keeps the last state of a few pages for when there is no net. It holds nothing that the page itself would not show, and nothing of whoever signed out.

import { opened, show } from './notices';
import { answer, keepFirst, keepInbox } from './pages';
import { noteAddress, renewed } from './renewal';

declare const self: ServiceWorkerGlobalScope;

self.addEventListener('install', (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener('activate', (event) => event.waitUntil(Promise.all([self.clients.claim(), keepFirst()])));
self.addEventListener('push', (event) => event.waitUntil(Promise.all([shownAndKept(event.data), noteAddress().catch(() => undefined)])));
self.addEventListener('pushsubscriptionchange', (event) => (event as ExtendableEvent).waitUntil(renewed(event)));
self.addEventListener('notificationclick', (event) => event.waitUntil(opened(event.notification)));
self.addEventListener('fetch', (event) => answer(event));

/** The notice first: a phone may end a worker that was woken before the list has come. */
async function shownAndKept(data: PushMessageData | null): Promise<void> {
  await show(data);
  await keepInbox().catch(() => undefined);
}
