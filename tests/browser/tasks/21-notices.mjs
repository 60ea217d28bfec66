// Quiet hours on a parent's phone; an announcement written, sent and read.

import assert from 'node:assert/strict';
import { DESK, PHONE } from '../browse.mjs';

const schoolCode = (desk) => desk.account('school_administrator').login.split('-')[0];

export default [
  {
    name: 'notices: a parent wants quiet at night, at 360 px in kk',
    async run(desk) {
      const parent = await desk.as('guardian', { language: 'kk', viewport: PHONE });
      await parent.open('/my/switches');
      await parent.tap('a[href="/my/quiet"]');
      await parent.page.waitForURL(/\/my\/quiet/);
      await desk.inspect(parent, 'quiet');
      await parent.page.fill('#quiet_from', '22:00');
      await parent.tap('form .btn-primary');
      await parent.page.locator('#quiet_to-error').waitFor();
      await parent.page.fill('#quiet_to', '07:00');
      await parent.tap('form .btn-primary');
      await parent.page.locator('[role="status"]').waitFor();
      desk.note('be left in peace at night', parent);
      await desk.inspect(parent, 'quiet-saved');
      assert.equal(await parent.page.inputValue('#quiet_to'), '07:00');
      // As it was: other tasks wait for this phone's notices.
      await parent.page.fill('#quiet_from', '');
      await parent.page.fill('#quiet_to', '');
      await parent.tap('form .btn-primary');
      await parent.page.locator('[role="status"]').waitFor();
    },
  },
  {
    name: 'notices: a school announces a meeting at 1366 px in ru, a parent reads it at 360 px in kk',
    async run(desk) {
      const office = await desk.as('school_administrator', { language: 'ru', viewport: DESK });
      const code = schoolCode(desk);
      await office.open(`/${code}/announcements`);
      await desk.inspect(office, 'announcements-empty');
      await office.tap('.sh-head .btn-primary');
      await office.page.waitForURL(/\/new$/);
      await desk.inspect(office, 'announcement-form');
      await office.type('#title_kk', 'Ата-аналар жиналысы');
      await office.type('#text_kk', 'Ертең сағат 18:00, акт залында.');
      await office.type('#title_ru', 'Родительское собрание');
      await office.type('#text_ru', 'Завтра в 18:00, в актовом зале.');
      await office.tap('form .btn-primary');
      await office.page.waitForURL(/\/announcements\/[0-9a-zA-Z]{26}$/);
      await desk.inspect(office, 'announcement-preview');
      await office.tap('form[action$="/send"] button');
      await office.page.waitForURL(/done=sent/);
      desk.note('announce a meeting to the whole school', office);
      const id = office.page.url().split('/').pop().split('?')[0];

      const parent = await desk.as('guardian', { language: 'kk', viewport: PHONE });
      await parent.open(`/my/announcements/${id}`);
      await desk.inspect(parent, 'announcement-letter');
      await parent.tap('form .btn-primary');
      await parent.page.locator('[role="status"]').waitFor();
      desk.note('say that an announcement was read', parent);
      await desk.inspect(parent, 'announcement-read');

      await office.open(`/${code}/announcements/${id}`);
      await office.tap('#classes tbody a');
      await office.page.locator('#readers').waitFor();
      await desk.inspect(office, 'announcement-readers');
      const narrow = await desk.as('director', { language: 'kk', viewport: PHONE });
      await narrow.open(`/${code}/announcements`);
      await desk.inspect(narrow, 'announcements');
      await narrow.open(`/${code}/announcements/${id}`);
      await desk.inspect(narrow, 'announcement');
    },
  },
];
