// The installed app: notices on this phone through the real encryption, and the last state without net.
//
// The transport of a browser's vendor cannot be reached in a test: `subscribe()` would ask the vendor's server, and messages would come over
// its connection. So the push service is our simulator, which checks who sends and opens the message with the keys of the subscription; what
// it opened is handed to the real worker in Chromium by the debugging protocol (`ServiceWorker.deliverPushMessage`).

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DESK, PHONE, until } from '../browse.mjs';
import { Terminal } from '../program.mjs';

const SIMULATOR = fileURLToPath(new URL('../../../target/quick/web-push-simulator', import.meta.url));

/** The simulator of a push service, for as long as its task runs. */
class PushService {
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
async function leadTo(service, reader) {
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
async function carrier(reader) {
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

const shown = (reader) => reader.page.evaluate(async () => {
  const { active } = await navigator.serviceWorker.ready;
  const list = active ? await (await navigator.serviceWorker.ready).getNotifications() : [];
  return list.map((one) => ({ title: one.title, body: one.body, tag: one.tag, url: one.data.url }));
});

/** The first child of the guardian, and the turnstile of their school. */
async function childAtDoor(desk, mother) {
  await mother.open('/my');
  const link = mother.page.locator('.sh-child-card a').first();
  const child = (await link.getAttribute('href')).split('/').pop();
  const school = desk.town.schools.find((one) => desk.account('guardian').login.startsWith(one.code));
  const administrator = await desk.as('school_administrator', { viewport: DESK });
  await administrator.open(`/${school.code}/pupils/${child}`);
  const card = (await administrator.page.locator('.sh-facts .sh-mono').first().textContent()).trim();
  const turnstile = school.devices.find((one) => one.kind === 'turnstile' && (one.direction === 'in' || one.direction === 'both'));
  return { child, card, entry: new Terminal(desk.town, school, turnstile), name: (await link.textContent()).trim() };
}

export default [
  {
    name: 'installed app: notices on this phone are turned on, one comes through the real encryption, and nobody else reads its name',
    async run(desk) {
      const service = await PushService.start();
      try {
        const mother = await desk.as('guardian', { language: 'ru', workers: 'allow' });
        await leadTo(service, mother);
        const { child, card, entry, name } = await childAtDoor(desk, mother);
        const givenName = name.split(' ').pop();
        await mother.open('/my/phones');
        await mother.page.locator('[data-push-said="off"]').waitFor();
        await desk.inspect(mother, 'my-phones');
        const { taps } = mother;
        await mother.tap('[data-push-on]');
        await mother.page.waitForURL(/done=on/);
        await mother.page.locator('[data-push-said="on"]').waitFor();
        await mother.page.locator('.sh-tag[data-push-here]:visible').waitFor();
        assert.equal(mother.taps, taps + 1);
        desk.note('turn notices on for this phone (on its page)', mother);
        await desk.inspect(mother, 'my-phones-on');

        const deliver = await carrier(mother);
        await entry.pass(card, 'in');
        const accepted = async () => (await service.messages()).filter((one) => one.outcome === 'accepted');
        await until(async () => (await accepted()).length > 0);
        const { text } = (await accepted())[0];
        assert.ok(!text.includes(givenName), 'the vendor is told no name');
        await deliver(text);
        await until(async () => (await shown(mother)).length === 1);
        const [notice] = await shown(mother);
        assert.ok(notice.title.includes(givenName), `the text was fetched with the session: ${notice.title}`);
        assert.deepEqual([notice.tag, notice.url], [JSON.parse(text).notice, `/my/${child}`]);
        await deliver(text);
        await until(async () => (await shown(mother)).length === 1);

        // The vendor gives the browser another address: the worker tells the server by itself, and the device stays one.
        const key = await mother.page.locator('form[data-push]').getAttribute('data-push');
        const before = JSON.parse(await mother.page.evaluate(() => localStorage.getItem('subscription')));
        const after = await service.subscribe(key);
        await mother.page.evaluate((told) => localStorage.setItem('subscription', JSON.stringify(told)), after);
        const [worker] = mother.context.serviceWorkers();
        await worker.evaluate(({ old, told }) => {
          const change = Object.assign(new ExtendableEvent('pushsubscriptionchange'), {
            oldSubscription: { endpoint: old },
            newSubscription: { endpoint: told.endpoint, toJSON: () => told },
          });
          // Only the browser's own events may be waited for.
          change.waitUntil = () => undefined;
          self.dispatchEvent(change);
        }, { old: before.endpoint, told: after });
        await until(async () => {
          await mother.open('/my/phones');
          return mother.page.locator('.sh-tag[data-push-here]').first().isVisible();
        });
        assert.equal(await mother.page.locator('[data-push-browser]').count(), 1, 'the new address took the place of the old one');

        // Turned off where it was turned on: the device leaves the list, and the browser its subscription.
        mother.page.on('dialog', (dialog) => dialog.accept());
        await mother.tap('[data-push-off]');
        await mother.page.waitForURL(/done=removed/);
        await mother.page.locator('[data-push-said="off"]').waitFor();
        desk.note('turn notices off for this phone (on its page)', mother);
        assert.equal(await mother.page.locator('[data-push-browser]').count(), 0);
        assert.equal(await mother.page.evaluate(() => localStorage.getItem('subscription')), null);

        // Signed out, the same message shows no name.
        await mother.context.clearCookies({ name: 'session' });
        await mother.context.clearCookies({ name: '__Host-session' });
        await deliver(text);
        await until(async () => !(await shown(mother))[0].title.includes(givenName));
        assert.equal((await shown(mother)).length, 1);
      } finally {
        service.stop();
      }
    },
  },
  {
    name: 'installed app: opens without net with the last state and its age, and keeps nothing after a sign-out',
    async run(desk) {
      const mother = await desk.as('guardian', { language: 'kk', viewport: PHONE, workers: 'allow' });
      await mother.open('/my');
      const kept = () => mother.page.evaluate(async () => {
        const names = (await caches.keys()).filter((name) => name.startsWith('reader-'));
        const caught = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)));
        return caught.flat();
      });
      await until(async () => (await kept()).includes('/my'));
      await mother.open('/my');
      const child = (await mother.page.locator('.sh-child-card h2').first().textContent()).trim();
      await mother.context.setOffline(true);
      await mother.open('/my');
      await mother.page.locator('[data-offline-note]').waitFor();
      assert.match(await mother.page.locator('[data-offline-note]').textContent(), /\d\d:\d\d/);
      assert.equal((await mother.page.locator('.sh-child-card h2').first().textContent()).trim(), child);
      await mother.picture('my-offline');
      await mother.open('/my/consents');
      await mother.page.locator('.sh-empty a[href="/my"]').waitFor();
      await mother.picture('my-offline-elsewhere');
      await mother.context.setOffline(false);
      await mother.open('/my');
      assert.equal(await mother.page.locator('[data-offline-note]').count(), 0);
      await mother.tap('.sh-menu summary');
      await mother.tap('form[action="/sign-out"] button');
      await mother.page.waitForURL((url) => !url.pathname.startsWith('/my'));
      await until(async () => (await kept()).length === 0);
    },
  },
];
