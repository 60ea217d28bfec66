// A tired parent with a cracked phone: where are the children, what happened, what do I want to be told.

import assert from 'node:assert/strict';
import { DESK, until, widthsOf } from '../browse.mjs';
import { Terminal } from '../program.mjs';

/** The turnstile and the till of the guardian's school, and the card of their first child, read off the pupil's page by the school. */
async function childAtDoor(desk, mother) {
  const href = await mother.page.locator('.sh-child-card a').first().getAttribute('href');
  const child = href.split('/').pop();
  const school = desk.town.schools.find((one) => desk.account('guardian').login.startsWith(one.code));
  const administrator = await desk.as('school_administrator', { viewport: DESK });
  await administrator.open(`/${school.code}/pupils/${child}`);
  const card = (await administrator.page.locator('.sh-facts .sh-mono').first().textContent()).trim();
  const device = (kind, direction) => school.devices.find((one) => one.kind === kind && (!direction || one.direction === direction || one.direction === 'both'));
  return {
    child,
    card,
    school,
    entry: new Terminal(desk.town, school, device('turnstile', 'in')),
    exit: new Terminal(desk.town, school, device('turnstile', 'out')),
    till: new Terminal(desk.town, school, device('till')),
  };
}

const looks = [];
for (const language of ['kk', 'ru', 'en']) {
  for (const viewport of widthsOf(language)) {
    looks.push({
      name: `guardian: the children in ${language} at ${viewport.width} px`,
      async run(desk) {
        const mother = await desk.as('guardian', { language, viewport });
        await mother.open('/my');
        await mother.page.locator('.sh-child-card').first().waitFor();
        await desk.inspect(mother, 'my');
        await mother.tap('.sh-child-card a');
        await mother.page.waitForURL(/\/my\/[0-9a-zA-Z]{26}/);
        await desk.inspect(mother, 'my-child');
        for (const [path, name] of [['/my/inbox', 'inbox'], ['/my/switches', 'switches']]) {
          assert.equal(await mother.open(path), 200, path);
          await desk.inspect(mother, `my-${name}`);
        }
      },
    });
  }
}

export default [
  {
    name: 'guardian: sees the child come in, eat and leave without touching the phone',
    async run(desk) {
      const mother = await desk.as('guardian', { language: 'ru' });
      await mother.open('/my');
      await mother.live();
      const { child, card, entry, exit, till } = await childAtDoor(desk, mother);
      const { taps } = mother;
      const line = mother.page.locator(`#timeline-${child} > li`);
      const before = await line.count();
      await entry.pass(card, 'in');
      await mother.page.locator(`#child-state-${child}.sh-in`).waitFor();
      await till.meal(card, 'Самса', 45_000);
      await mother.page.locator(`#timeline-${child}`).getByText('Самса').first().waitFor();
      await exit.pass(card, 'out');
      await mother.page.locator(`#child-state-${child}.sh-out`).waitFor();
      assert.equal(await line.count(), before + 3);
      assert.equal(mother.taps, taps);
      desk.note('see where the child is (signed in)', mother);
      await desk.inspect(mother, 'my-after');
    },
  },
  {
    name: 'guardian: a new page tells the same as the live one',
    async run(desk) {
      const mother = await desk.as('guardian');
      await mother.open('/my');
      const { child, card, entry } = await childAtDoor(desk, mother);
      await mother.live();
      await entry.pass(card, 'in');
      await mother.page.locator(`#child-state-${child}.sh-in`).waitFor();
      const texts = async () => (await mother.page.locator(`#timeline-${child} > li b`).allTextContents()).map((text) => text.trim());
      const live = await texts();
      await mother.page.reload();
      assert.deepEqual(await texts(), live);
      const plain = await desk.as('guardian', { javaScript: 'off' });
      await plain.open('/my');
      assert.equal(await plain.page.locator(`#timeline-${child} > li`).count(), live.length);
      await desk.inspect(plain, 'my-nojs-after');
    },
  },
  {
    name: 'guardian: a notice is in the inbox, is read, and stays read',
    async run(desk) {
      const mother = await desk.as('guardian', { language: 'ru' });
      const { card, entry } = await childAtDoor(desk, mother);
      const { taps } = mother;
      const newest = () => mother.page.locator('#notices > li').first().getAttribute('id', { timeout: 500 }).catch(() => null);
      await mother.open('/my/inbox');
      const before = await newest();
      await entry.pass(card, 'in');
      await until(async () => {
        await mother.page.reload();
        return (await newest()) !== before;
      });
      const unread = mother.page.locator('#notices > .sh-unread');
      assert.ok((await unread.count()) > 0);
      await mother.tap('form[action="/my/inbox/read"] button');
      await unread.first().waitFor({ state: 'detached' });
      await mother.page.reload();
      assert.equal(await unread.count(), 0);
      assert.equal(mother.taps, taps + 1);
      desk.note('read all notices', mother);
    },
  },
  {
    name: 'guardian: a switch is turned by one tap and stays turned',
    async run(desk) {
      const mother = await desk.as('guardian', { language: 'ru' });
      await mother.open('/my/switches');
      const first = () => mother.page.locator('.sh-switches input').first();
      const before = await first().isChecked();
      const saved = mother.page.waitForResponse((response) => response.request().method() === 'POST');
      await mother.tap('.sh-switches td label');
      await saved;
      await mother.page.locator('.sh-switches').first().waitFor();
      await mother.open('/my/switches');
      assert.equal(await first().isChecked(), !before);
      desk.note('turn a switch (on its page)', mother);
      const plain = await desk.as('guardian', { javaScript: 'off' });
      await plain.open('/my/switches');
      const box = plain.page.locator('.sh-switches input').first();
      if ((await box.isChecked()) !== before) await box.press('Space');
      await plain.tap('form[action="/my/switches"] button');
      assert.equal(await box.isChecked(), before);
    },
  },
  ...looks,
];
