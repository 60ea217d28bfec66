// The office: a guardian tells what changed and the office answers; a double is warned of, merged, and the merge undone.

import assert from 'node:assert/strict';
import { DESK, PHONE } from '../browse.mjs';

const schoolCode = (desk) => desk.account('school_administrator').login.split('-')[0];

export default [
  {
    name: 'office: a guardian tells of a new address at 360 px in kk, the office answers at 1366 px in ru',
    async run(desk) {
      const parent = await desk.as('guardian', { language: 'kk', viewport: PHONE });
      await parent.open('/my/updates');
      await desk.inspect(parent, 'updates-my-empty');
      await parent.tap('.sh-list a');
      await parent.page.waitForURL(/\/update$/);
      await desk.inspect(parent, 'update-form');
      await parent.tap('.btn-primary');
      await parent.page.locator('.sh-error-summary').waitFor();
      await parent.type('#address', 'Көкше көшесі, 5');
      await parent.type('#own_phone', '8 701 123 45 67');
      await parent.page.setInputFiles('#file', { name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') });
      await parent.tap('.btn-primary');
      await parent.page.waitForURL(/done=asked/);
      desk.note('tell the school of a new address and phone', parent);
      await desk.inspect(parent, 'updates-my');

      const office = await desk.as('school_administrator', { language: 'ru', viewport: DESK });
      const code = schoolCode(desk);
      await office.open(`/${code}/updates?state=waiting`);
      await desk.inspect(office, 'updates');
      // The oldest come first: the parent's own is the last of those that wait.
      await office.tap('.sh-table tbody tr:last-child a');
      await office.page.waitForURL(/\/updates\/[^/]+$/);
      await desk.inspect(office, 'update');
      await office.tap('#f-child-address input[value="accepted"]');
      await office.tap('#f-own-phone input[value="refused"]');
      await office.tap('.btn-primary');
      await office.page.locator('#why-own-phone-error').waitFor();
      await office.type('#why-own-phone', 'Номер не отвечает');
      await office.tap('form .btn-primary');
      await office.page.waitForURL(/done=1/);
      desk.note('answer a request field by field', office);
      await office.sees('Ответ сохранён');
      await desk.inspect(office, 'update-answered');

      await parent.open('/my/updates');
      await parent.sees('Номер не отвечает');
      await desk.inspect(parent, 'updates-my-answered');
      const narrow = await desk.as('director', { language: 'kk', viewport: PHONE });
      await narrow.open(`/${code}/updates`);
      await desk.inspect(narrow, 'updates');
      await narrow.open(`/${code}/updates?state=closed`);
      await narrow.tap('.sh-table tbody a');
      await desk.inspect(narrow, 'update-answered');
    },
  },
  {
    name: 'office: a namesake is named before they are taken in, and two who are one are merged and parted again',
    async run(desk) {
      const office = await desk.as('school_administrator', { language: 'ru', viewport: DESK });
      const code = schoolCode(desk);
      for (const birth of ['2017-03-04', '']) {
        await office.open(`/${code}/enrol`);
        await office.type('#surname', 'Двойникова');
        await office.type('#given_name', 'Алия');
        if (birth) await office.type('#birth_date', birth);
        await office.page.selectOption('#class', { index: 1 });
        await office.tap('form.sh-form .btn-primary');
        if (birth) {
          await office.page.waitForURL(/done=enrolled/);
          continue;
        }
        await office.page.locator('#anyway').waitFor();
        await desk.inspect(office, 'enrol-namesake');
        await office.tap('#anyway');
        await office.tap('form.sh-form .btn-primary');
        await office.page.waitForURL(/done=enrolled/);
      }
      for (const [person, language, viewport] of [[office, 'ru', DESK], [await desk.as('director', { language: 'kk', viewport: PHONE }), 'kk', PHONE]]) {
        assert.equal(await person.open(`/${code}/doubles?q=${encodeURIComponent('Двойникова')}`), 200, `${language} ${viewport.width}`);
        await desk.inspect(person, 'doubles');
        await person.tap('.sh-table tbody a');
        await person.page.waitForURL(/\/pair\?/);
        await desk.inspect(person, 'double');
      }
      office.page.on('dialog', (dialog) => dialog.accept());
      await office.tap('input[name="take-birth_date"][value="gone"]');
      await office.tap('form.sh-form .btn-primary');
      await office.page.waitForURL(/done=merged/);
      desk.note('merge two records', office);
      await desk.inspect(office, 'doubles-merged');
      await office.tap('.sh-toast button:not([data-dismiss])');
      await office.page.waitForURL(/done=undone/);
      await desk.inspect(office, 'doubles-undone');
      await office.open(`/${code}/doubles?q=${encodeURIComponent('Двойникова')}`);
      await office.tap('.sh-table tbody a');
      await office.tap('form[action$="/apart"] button');
      await office.page.waitForURL(/done=apart/);
    },
  },
];
