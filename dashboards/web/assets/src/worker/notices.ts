// A notice arrives: the message brings its id and words without a name; the text is fetched with the session of whoever is signed in here.
//
// Always true:
//  1. Every message shows something: browsers take a subscription away whose messages stay silent.
//  2. A notice is shown once, however often its message comes: its id is the tag.
//  3. Without net, or when somebody else or nobody is signed in, the words are those of the message: no name.

declare const self: ServiceWorkerGlobalScope;

/** How long the text may take to come: a phone gives a worker that was woken little time. */
const PATIENCE_MS = 8000;
const NAME = 'Shanyraq';
const INBOX = '/my/inbox';

interface Message {
  notice?: string;
  title?: string;
  body?: string;
  at?: number;
  count?: number;
}

interface Words {
  title: string;
  body: string;
  url: string;
}

export async function show(data: PushMessageData | null): Promise<void> {
  const message = read(data);
  const words = (await fetched(message)) || { title: message.title || NAME, body: message.body || '', url: INBOX };
  const options: NotificationOptions & { timestamp?: number } = {
    body: words.body,
    icon: '/assets/icon-192.png',
    badge: '/assets/icon-192.png',
    tag: message.notice || 'notice',
    timestamp: message.at || Date.now(),
    data: { url: words.url },
  };
  await self.registration.showNotification(words.title, options);
}

/** A tap: the page of the child, in a window that is open already if there is one. */
export async function opened(notification: Notification): Promise<void> {
  notification.close();
  const { url } = notification.data as { url?: string };
  const address = new URL(url || INBOX, self.location.origin).href;
  const [open] = await self.clients.matchAll({ type: 'window' });
  if (open) {
    const shown = await open.navigate(address).catch(() => null);
    if (shown) {
      // A browser may keep the window where it is; the page is there all the same.
      await shown.focus().catch(() => undefined);
      return;
    }
  }
  await self.clients.openWindow(address);
}

function read(data: PushMessageData | null): Message {
  try {
    return data ? (data.json() as Message) : {};
  } catch (_notOurs) {
    return {};
  }
}

async function fetched(message: Message): Promise<Words | null> {
  // One that stands for several is told by its own words: how many there are.
  if (!message.notice || (message.count || 1) > 1) return null;
  const enough = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
  return Promise.race([ask(message.notice).catch(() => null), enough]);
}

async function ask(notice: string): Promise<Words | null> {
  const response = await fetch(`/my/notices.json?id=${encodeURIComponent(notice)}`, { credentials: 'same-origin', redirect: 'error', headers: { Accept: 'application/json' } });
  if (!response.ok) return null;
  const list = (await response.json()) as Words[];
  return list[0] || null;
}
