// A chat of Telegram: linked from the page of phones by a code, told of an entry, and let go. Telegram itself is the demo's simulator, whose
// pages show the chat as its owner would see it.

import assert from 'node:assert/strict';
import { DESK, PHONE, until } from '../browse.mjs';
import { Terminal } from '../program.mjs';

export default [
  {
    name: 'telegram: a chat is connected in two taps, told of an entry in its language, and disconnected by /stop',
    async run(desk) {
      const mother = await desk.as('guardian', { language: 'ru' });
      await mother.open('/my');
      const link = mother.page.locator('.sh-child-card a').first();
      const child = (await link.getAttribute('href')).split('/').pop();
      const givenName = (await link.textContent()).trim().split(' ').pop();
      const school = desk.town.schools.find((one) => desk.account('guardian').login.startsWith(one.code));
      const administrator = await desk.as('school_administrator', { viewport: DESK });
      await administrator.open(`/${school.code}/pupils/${child}`);
      const card = (await administrator.page.locator('.sh-facts .sh-mono').first().textContent()).trim();

      await mother.open('/my/phones');
      await desk.inspect(mother, 'my-phones-telegram');
      const { taps } = mother;
      await mother.tap('#telegram button');
      await mother.page.locator('#code').waitFor();
      await desk.inspect(mother, 'my-telegram-code');
      const opened = mother.context.waitForEvent('page');
      await mother.tap('#open-telegram');
      const chat = await opened;
      await chat.waitForURL(/\/chat-\d+$/);
      const bot = chat.locator('li.bot');
      await until(async () => (await bot.count()) > 0);
      assert.equal(mother.taps, taps + 2);
      desk.note('connect a chat of Telegram (two taps)', mother);
      assert.match(await bot.last().textContent(), /Готово/);

      const door = school.devices.find((one) => one.kind === 'turnstile' && (one.direction === 'in' || one.direction === 'both'));
      await new Terminal(desk.town, school, door).pass(card, 'in');
      await until(async () => (await bot.count()) > 1);
      const told = await bot.last().textContent();
      assert.ok(told.includes(givenName) && told.includes(`/my/${child}`), told);

      // What comes there is chosen apart from the phone.
      await mother.open('/my/switches');
      await mother.page.locator('input[name="telegram.entered"]').first().waitFor();
      await desk.inspect(mother, 'switches-telegram');
      const kazakh = await desk.as('guardian', { language: 'kk', viewport: PHONE });
      await kazakh.open('/my/switches');
      await desk.inspect(kazakh, 'switches-telegram');

      await mother.open('/my/phones');
      await mother.page.locator('#phones b', { hasText: 'Telegram' }).waitFor();
      const place = new URL(chat.url());
      const body = JSON.stringify({ chat: Number(place.pathname.split('-').pop()), text: '/stop', language: 'ru' });
      assert.equal((await fetch(`${place.origin}/say`, { method: 'POST', body })).status, 204);
      await until(async () => /больше не приходят/.test(await bot.last().textContent()));
      await mother.open('/my/phones');
      assert.equal(await mother.page.locator('#phones b', { hasText: 'Telegram' }).count(), 0);
      await chat.close();
    },
  },
];
