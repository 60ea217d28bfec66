// A push service, and the messages it takes on their way into a page's worker.
//
// The transport of a browser's vendor cannot be reached in a test: `subscribe()` would ask the vendor's server, and messages would come over
// its connection. So the push service is our simulator, which checks who sends and opens the message with the keys of the subscription; what
// it opened is handed to the real worker in Chromium by the debugging protocol (`ServiceWorker.deliverPushMessage`).

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DESK, until } from './browse.mjs';
import { Terminal } from './program.mjs';

const SIMULATOR = fileURLToPath(new URL('../../target/quick/web-push-simulator', import.meta.url));

/** The simulator of a push service, for as long as its task runs. */
export class PushService {
  static async start() {
    const child = spawn(SIMULATOR, ['--exit-with-parent'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const said = await new Promise((resolve, reject) => {
      child.stdout.once('data', (bytes) => resolve(String(bytes)));
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`the push simulator ended with ${code}: cargo build --profile quick -p simulators`)));
    });
    return Object.assign(new PushService(), { child, base: JSON.parse(said).base });
  }

  async subscribe(key) {
    const answer = await fetch(`${this.base}/subscribe`, { method: 'POST', body: JSON.stringify({ key }) });
    return answer.json();
  }

  async messages() {
    return (await fetch(`${this.base}/messages`)).json();
  }

  stop() {
    this.child.removeAllListeners('exit');
    this.child.stdin.end();
  }
}

/** The browser's way to its vendor leads to the simulator; all else of the worker and its permission is the browser's own. */
export async function leadTo(service, reader) {
  await reader.context.grantPermissions(['notifications'], { origin: new URL(reader.options.base).origin });
  await reader.context.exposeFunction('subscribeToSimulator', (key) => service.subscribe(key));
  await reader.context.addInitScript(() => {
    if (!window.PushManager) return;
    const made = (told) => ({ endpoint: told.endpoint, toJSON: () => told, unsubscribe: async () => { localStorage.removeItem('subscription'); return true; } });
    PushManager.prototype.subscribe = async (options) => {
      const key = btoa(String.fromCharCode(...options.applicationServerKey)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
      const told = await window.subscribeToSimulator(key);
      localStorage.setItem('subscription', JSON.stringify(told));
      return made(told);
    };
    PushManager.prototype.getSubscription = async () => {
      const kept = localStorage.getItem('subscription');
      return kept ? made(JSON.parse(kept)) : null;
    };
  });
}

/** Hands messages to the worker of the page, as the vendor's connection would. */
export async function carrier(reader) {
  const session = await reader.context.newCDPSession(reader.page);
  const registered = new Promise((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const ours = registrations.find((one) => !one.isDeleted);
      if (ours) resolve(ours.registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  const registrationId = await registered;
  const origin = `${new URL(reader.options.base).origin}/`;
  return (data) => session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data });
}

/** What the phone shows now. */
export const shown = (reader) => reader.page.evaluate(async () => {
  const { active } = await navigator.serviceWorker.ready;
  const list = active ? await (await navigator.serviceWorker.ready).getNotifications() : [];
  return list.map((one) => ({ title: one.title, body: one.body, tag: one.tag, url: one.data.url }));
});

/**
 * Hands a message to the worker until the phone shows something. The debugging protocol loses about every fifth message that is the first for
 * a registration, and never the one after it: a worker of three lines, which does nothing but show, lost 24 of 110 so. A message that comes twice
 * is one notice all the same.
 */
export async function handOver(reader, deliver, text) {
  for (let left = 3; left > 0; left -= 1) {
    await deliver(text);
    const isShown = await until(async () => (await shown(reader)).length > 0, 3_000).then(() => true, () => false);
    if (isShown) return;
  }
  throw new Error('three times handed to the worker, and nothing shown');
}

/** The first child of the guardian, and the turnstile and the till of their school. */
export async function childAtDoor(desk, mother) {
  await mother.open('/my');
  const link = mother.page.locator('.sh-child-card a').first();
  const child = (await link.getAttribute('href')).split('/').pop();
  const school = desk.town.schools.find((one) => desk.account('guardian').login.startsWith(one.code));
  const administrator = await desk.as('school_administrator', { viewport: DESK });
  await administrator.open(`/${school.code}/pupils/${child}`);
  const card = (await administrator.page.locator('.sh-facts .sh-mono').first().textContent()).trim();
  const turnstile = school.devices.find((one) => one.kind === 'turnstile' && (one.direction === 'in' || one.direction === 'both'));
  const terminal = (device) => new Terminal(desk.town, school, device);
  return { child, card, entry: terminal(turnstile), till: terminal(school.devices.find((one) => one.kind === 'till')), name: (await link.textContent()).trim() };
}
