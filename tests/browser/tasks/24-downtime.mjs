// The 48 hours: support reads what stands still, plans work and reads the act of a month; the school reads what it can do on the spot.

import assert from 'node:assert/strict';
import { DESK, PHONE } from '../browse.mjs';

const LOOKS = [['kk', PHONE], ['kk', DESK], ['ru', PHONE], ['ru', DESK], ['en', DESK]];

export default [
  {
    name: 'downtime: what stands still, planned work and the act, by keyboard too',
    limitMs: 120_000,
    async run(desk) {
      for (const [language, viewport] of LOOKS) {
        const support = await desk.as('support', { language, viewport });
        await support.open('/support/downtime');
        await desk.inspect(support, 'downtime');
        await support.open('/support/maintenance');
        await desk.inspect(support, 'maintenance');
        await support.open('/support/downtime/act');
        assert.match(await support.page.locator('#hash').textContent(), /^[0-9a-f]{64}$/);
        await desk.inspect(support, 'downtime-act');
        await support.close();
        const director = await desk.as('school_administrator', { language, viewport });
        await director.open(`/${desk.account('school_administrator').login.split('-')[0]}/downtime`);
        await desk.inspect(director, 'downtime-own');
        await director.close();
      }
    },
  },
  {
    name: 'downtime: work is planned at 360 px in kk and called off at 1366 px in ru',
    async run(desk) {
      const engineer = await desk.as('support');
      await engineer.open('/support/maintenance');
      const before = await engineer.page.locator('#rows form').count();
      await engineer.page.locator('#school').selectOption({ index: 1 });
      const day = new Date(Date.now() + 3 * 24 * 3600 * 1000).toISOString().slice(0, 10);
      await engineer.page.locator('#day').fill(day);
      await engineer.page.locator('#time').fill('02:00');
      await engineer.type('#reason', 'Роутерді ауыстыру');
      await engineer.tap('#main form.sh-form button');
      await engineer.page.locator('#main [role="status"]').waitFor();
      assert.equal(await engineer.page.locator('#rows form').count(), before + 1);
      desk.note('plan work', engineer);
      const other = await desk.as('support', { language: 'ru', viewport: DESK });
      await other.open('/support/maintenance');
      await desk.inspect(other, 'maintenance-planned');
      await other.tap('#rows form button');
      await other.page.locator('#main [role="status"]').waitFor();
      assert.equal(await other.page.locator('#rows form').count(), before);
    },
  },
  {
    name: 'downtime: the act of a month without JavaScript, chosen by month',
    async run(desk) {
      const support = await desk.as('support', { language: 'ru', viewport: DESK, javaScript: 'off' });
      const month = new Date().toISOString().slice(0, 7);
      await support.open(`/support/downtime/act?month=${month}`);
      await support.page.locator('#main [role="note"]').waitFor();
      assert.match(await support.page.locator('#hash').textContent(), /^[0-9a-f]{64}$/);
    },
  },
];
