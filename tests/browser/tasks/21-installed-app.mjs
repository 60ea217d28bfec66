// The installed app: notices on this phone through the real encryption (../push-service.mjs), and the last state without net.

import assert from 'node:assert/strict';
import { PHONE, until } from '../browse.mjs';
import { PushService, carrier, childAtDoor, handOver, leadTo, shown } from '../push-service.mjs';

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
        await handOver(mother, deliver, text);
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
