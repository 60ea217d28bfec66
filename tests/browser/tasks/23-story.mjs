// A guardian's first week with the app, from the browser's menu to a morning without net: the parts have tasks of their own, this is the whole.
//
// Chromium installs nothing without its window. So the task asks the browser what stands in the way of installing, which is nothing but that
// a context of a test is private, and goes on in a page that is told what the app's own window is told (`display-mode: standalone`).

import assert from 'node:assert/strict';
import { DESK, PHONE, until } from '../browse.mjs';
import { PushService, carrier, childAtDoor, handOver, leadTo, shown } from '../push-service.mjs';

/** A day that no other task speaks of. */
const IN_FIVE_WEEKS = new Date(Date.now() + 35 * 24 * 3600 * 1000).toISOString().slice(0, 10);

/** What keeps the browser from offering the app for installation, and the app's window from then on. */
async function install(mother) {
  const session = await mother.context.newCDPSession(mother.page);
  const { errors } = await session.send('Page.getAppManifest');
  assert.deepEqual(errors, [], 'the manifest is read');
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  assert.deepEqual(installabilityErrors.map((one) => one.errorId).filter((id) => id !== 'in-incognito'), [], 'the app can be installed');
  await mother.context.addInitScript(() => {
    const asked = window.matchMedia.bind(window);
    window.matchMedia = (query) => (query === '(display-mode: standalone)' ? Object.defineProperty(asked('all'), 'media', { value: query }) : asked(query));
  });
}

async function turnSwitch(mother, child, kind, to) {
  await mother.open('/my/switches');
  const box = mother.page.locator(`#child-${child} input[name="${kind}"]`);
  if ((await box.isChecked()) === to) return;
  const saved = mother.page.waitForResponse((response) => response.request().method() === 'POST');
  await mother.tap(`#child-${child} td label:has(input[name="${kind}"])`);
  await saved;
  await mother.open('/my/switches');
  assert.equal(await box.isChecked(), to, `the switch of ${kind}`);
}

export default [
  {
    name: 'story: a guardian installs the app, is told what she wants, reads it without net, blocks a card and excuses a day, at 360 px in kk',
    async run(desk) {
      const service = await PushService.start();
      try {
        const mother = await desk.as('guardian', { language: 'kk', viewport: PHONE, workers: 'allow' });
        mother.page.on('dialog', (dialog) => dialog.accept());
        await leadTo(service, mother);
        const { child, card, entry, till, name } = await childAtDoor(desk, mother);
        const givenName = name.split(' ').pop();

        await mother.open('/my/phones');
        await install(mother);
        await mother.open('/my/phones');
        await mother.page.locator('[data-installed]').waitFor();
        await mother.page.locator('[data-push-said="off"]').waitFor();
        await mother.tap('[data-push-on]');
        await mother.page.waitForURL(/done=on/);
        await desk.inspect(mother, 'story-installed');
        await turnSwitch(mother, child, 'meal', false);
        await desk.inspect(mother, 'story-switches');

        // She is told of nothing eaten, and of coming in; the meal is durable before the child comes in.
        const deliver = await carrier(mother);
        const dish = `Плов ${Date.now() % 100_000}`;
        await till.meal(card, dish, 90_000);
        await until(async () => {
          await mother.open('/my');
          return (await mother.page.locator(`#timeline-${child}`).getByText(dish).count()) > 0;
        });
        await entry.pass(card, 'in');
        const accepted = async () => (await service.messages()).filter((one) => one.outcome === 'accepted');
        await until(async () => (await accepted()).length > 0);
        await handOver(mother, deliver, (await accepted())[0].text);
        const [notice] = await shown(mother);
        assert.ok(notice.title.includes(givenName) && !notice.body.includes(dish), `told of coming in: ${notice.title}, ${notice.body}`);
        assert.equal((await accepted()).length, 1, 'what is switched off is not sent');

        // Without net the notice is in the app, which says how old it is.
        await until(() => mother.page.evaluate(async (words) => {
          const kept = await caches.match('/my/inbox');
          return Boolean(kept) && (await kept.text()).includes(words);
        }, notice.title));
        await mother.context.setOffline(true);
        await mother.open('/my/inbox');
        await mother.page.locator('[data-offline-note]').waitFor();
        await mother.page.locator('#notices li').first().getByText(notice.title).first().waitFor();
        await desk.inspect(mother, 'story-inbox-offline');
        await mother.open(`/my/${child}/absence`);
        await mother.page.fill('#from', IN_FIVE_WEEKS);
        await mother.tap('input[name="reason"][value="family"]');
        await mother.type('#words', 'Той');
        await mother.tap('.sh-form .btn-primary');
        await mother.page.locator('[data-outbox-said="waits"]').waitFor();
        await mother.context.setOffline(false);
        await mother.page.locator('[data-outbox-said="sent"]').waitFor();
        await mother.open(`/my/${child}/absence`);
        await mother.sees('Той');

        await mother.open(`/my/${child}`);
        await mother.tap('a[href$="/card"]');
        await mother.page.waitForURL(/\/card$/);
        await mother.tap('.sh-form .btn-primary');
        await mother.page.waitForURL(/done=blocked/);
        // Its number and its being blocked reach her as any other news.
        await until(async () => (await accepted()).length > 1);
        desk.note('install, choose, be told, read without net, excuse and block', mother);
        await desk.inspect(mother, 'story-blocked');

        const office = await desk.as('school_administrator', { language: 'ru', viewport: DESK });
        const code = desk.account('school_administrator').login.split('-')[0];
        await office.open(`/${code}/absences?when=coming&reason=family`);
        await office.sees('Той');
        await office.open(`/${code}/pupils/${child}`);
        await desk.inspect(office, 'story-card-file');

        // As it was: other tasks speak of this phone and this card.
        await mother.tap(`form[action$="/card/undo"] button`);
        await mother.page.waitForURL(/done=/);
        await turnSwitch(mother, child, 'meal', true);
        await mother.open('/my/phones');
        await mother.tap('[data-push-off]');
        await mother.page.waitForURL(/done=removed/);
      } finally {
        service.stop();
      }
    },
  },
];
