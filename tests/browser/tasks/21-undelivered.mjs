// What a provider refused: support sees it by cause, and sends it again when the cause is mended. Here the cause is a phone of another app, which
// the demo's push simulator refuses for good.

import assert from 'node:assert/strict';
import { DESK, PHONE, until } from '../browse.mjs';
import { Terminal } from '../program.mjs';

export default [
  {
    name: 'undelivered: support sends again what was refused, at 1366 px in ru, and reads it at 360 px in kk',
    async run(desk) {
      const mother = await desk.as('guardian', { language: 'ru' });
      await mother.open('/my');
      const child = (await mother.page.locator('.sh-child-card a').first().getAttribute('href')).split('/').pop();
      const school = desk.town.schools.find((one) => desk.account('guardian').login.startsWith(one.code));
      const administrator = await desk.as('school_administrator', { viewport: DESK });
      await administrator.open(`/${school.code}/pupils/${child}`);
      const card = (await administrator.page.locator('.sh-facts .sh-mono').first().textContent()).trim();
      const phone = await mother.page.evaluate(async (token) => {
        const answer = await fetch('/api/v1/push-tokens', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ channel: 'fcm', token }) });
        return (await answer.json()).id;
      }, `alien-${child}`);
      const door = school.devices.find((one) => one.kind === 'turnstile' && (one.direction === 'in' || one.direction === 'both'));
      await new Terminal(desk.town, school, door).pass(card, 'in');

      const support = await desk.as('support', { language: 'ru', viewport: DESK });
      support.page.on('dialog', (dialog) => dialog.accept());
      const list = `/support/undelivered?days=1&school=${school.code}`;
      const cause = support.page.locator('#undelivered tr', { hasText: 'SENDER_ID_MISMATCH' }).locator('a');
      await until(async () => {
        await support.open(list);
        return (await cause.count()) === 1;
      });
      await desk.inspect(support, 'undelivered');
      const { taps } = support;
      await support.tap('#undelivered a:has-text("ключ")');
      await support.page.locator('#replay-all').waitFor();
      await desk.inspect(support, 'undelivered-cause');
      assert.ok(Number(await support.page.locator('#fresh').textContent()) > 0);
      await support.tap('#replay-all');
      await support.page.waitForURL(/again=[1-9]/);
      assert.equal(support.taps, taps + 2);
      desk.note('send what was refused again (from its list)', support);
      await desk.inspect(support, 'undelivered-sent');

      const narrow = await desk.as('support', { language: 'kk', viewport: PHONE });
      await narrow.open(list);
      await desk.inspect(narrow, 'undelivered');
      await narrow.open(support.page.url().replace(/^[^/]*\/\/[^/]*/, ''));
      await desk.inspect(narrow, 'undelivered-cause');
      const gone = await mother.page.evaluate(async (id) => (await fetch(`/api/v1/push-tokens/${id}`, { method: 'DELETE' })).status, phone);
      assert.equal(gone, 204);
    },
  },
];
