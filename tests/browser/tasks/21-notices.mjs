// Quiet hours on a parent's phone; an announcement written, sent and read.

import assert from 'node:assert/strict';
import { DESK, PHONE, until } from '../browse.mjs';

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
      await office.page.setInputFiles('#file', { name: 'Жиналыс күн тәртібі.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 agenda') });
      await office.tap('#files form[enctype] button:not([type])');
      await office.page.locator('#files .sh-list a').waitFor();
      await desk.inspect(office, 'announcement-preview');
      await office.tap('form[action$="/send"] button');
      await office.page.waitForURL(/done=sent/);
      desk.note('announce a meeting to the whole school', office);
      const id = office.page.url().split('/').pop().split('?')[0];

      const parent = await desk.as('guardian', { language: 'kk', viewport: PHONE });
      await parent.open(`/my/announcements/${id}`);
      await desk.inspect(parent, 'announcement-letter');
      const [file] = await Promise.all([parent.page.waitForEvent('download'), parent.tap('#files a')]);
      assert.equal(file.suggestedFilename(), 'Жиналыс күн тәртібі.pdf');
      desk.note('download a file of an announcement', parent);
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
  {
    name: 'notices: a director announces to the teachers at 360 px in kk, a teacher reads it at 360 px in kk and 1366 px in ru',
    async run(desk) {
      const director = await desk.as('director', { language: 'kk', viewport: PHONE });
      const code = schoolCode(desk);
      await director.open(`/${code}/announcements/new`);
      assert.equal(await director.page.locator('[data-when="readers=staff"]').isVisible(), false, 'roles are asked where staff is told');
      await director.page.uncheck('input[name="readers"][value="guardians"]');
      await director.page.check('input[name="readers"][value="staff"]');
      assert.equal(await director.page.locator('[data-when^="readers=guardians"]').isVisible(), false, 'staff is of no class');
      await director.page.check('input[name="roles"][value="teacher"]');
      await desk.inspect(director, 'announcement-form-staff');
      await director.type('#title_kk', 'Педкеңес');
      await director.type('#text_kk', 'Бейсенбі, сағат 16:00, мұғалімдер бөлмесінде.');
      await director.type('#title_ru', 'Педсовет');
      await director.type('#text_ru', 'В четверг в 16:00, в учительской.');
      await director.tap('form .btn-primary');
      await director.page.waitForURL(/\/announcements\/[0-9a-zA-Z]{26}$/);
      await director.tap('form[action$="/send"] button');
      await director.page.waitForURL(/done=sent/);
      desk.note('announce something to the teachers', director);
      const id = director.page.url().split('/').pop().split('?')[0];

      const teacher = await desk.as('teacher', { language: 'kk', viewport: PHONE });
      await teacher.open('/my/switches');
      await desk.inspect(teacher, 'switches-teacher');
      await until(async () => {
        await teacher.open('/my/inbox');
        return (await teacher.page.locator(`#notices a[href="/my/announcements/${id}"]`).count()) > 0;
      });
      await desk.inspect(teacher, 'inbox-teacher');
      await teacher.tap(`#notices a[href="/my/announcements/${id}"]`);
      await teacher.page.waitForURL(new RegExp(`/my/announcements/${id}$`));
      await teacher.tap('form .btn-primary');
      await teacher.page.locator('#main [role="status"]').waitFor();
      desk.note('read and confirm what the director announced', teacher);
      await desk.inspect(teacher, 'announcement-teacher');
      const wide = await desk.as('teacher', { language: 'ru', viewport: DESK });
      await wide.open(`/my/announcements/${id}`);
      await desk.inspect(wide, 'announcement-teacher');

      await director.open(`/${code}/announcements/${id}`);
      await director.page.locator('#staff time').first().waitFor();
      await desk.inspect(director, 'announcement-staff-receipts');
    },
  },
];
