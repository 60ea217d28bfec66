// A mother says from her phone that the child will not come; the school sees it before the first lesson.

import { DESK, PHONE } from '../browse.mjs';

const schoolCode = (desk) => desk.account('school_administrator').login.split('-')[0];

export default [
  {
    name: 'absence: a mother excuses a child at 360 px in kk, the school sees it at 1366 px in ru',
    async run(desk) {
      const mother = await desk.as('guardian', { language: 'kk', viewport: PHONE });
      await mother.open('/my');
      await mother.tap('.sh-child-card a');
      await mother.page.waitForURL(/\/my\/[0-9a-zA-Z]{26}$/);
      await mother.tap('a[href$="/absence"]');
      await mother.page.waitForURL(/\/absence$/);
      await desk.inspect(mother, 'absence-my');
      await mother.tap('.sh-form .btn-primary');
      await mother.page.locator('.sh-error-summary').waitFor();
      await mother.tap('input[name="reason"][value="competition"]');
      await mother.type('#words', 'Облыстық олимпиада');
      await mother.tap('.sh-form .btn-primary');
      await mother.page.waitForURL(/done=told/);
      desk.note('excuse a child', mother);
      await desk.inspect(mother, 'absence-my-told');

      const office = await desk.as('school_administrator', { language: 'ru', viewport: DESK });
      const code = schoolCode(desk);
      await office.open(`/${code}/absences?when=today&reason=competition`);
      await office.sees('Облыстық олимпиада');
      await desk.inspect(office, 'absences');
      await office.open(`/${code}/absences/new`);
      await desk.inspect(office, 'absence-find');
      await office.open(`/${code}/arrivals`);
      await desk.inspect(office, 'arrivals-off');
      await office.open(`/${code}/arrivals/times`);
      await desk.inspect(office, 'arrivals-times');
    },
  },
  {
    name: 'absence: written without net at 360 px in kk, it goes to the school by itself when the net is back',
    async run(desk) {
      const mother = await desk.as('guardian', { language: 'kk', viewport: PHONE, workers: 'allow' });
      await mother.open('/my');
      await mother.page.evaluate(() => navigator.serviceWorker.ready);
      // Of the second child: the first is excused by the task above.
      const child = await mother.page.locator('.sh-child-card a').nth(1).getAttribute('href');
      await mother.open(`${child}/absence`);
      await mother.page.waitForFunction(async (path) => Boolean(await caches.match(path)), `${child}/absence`);
      await mother.context.setOffline(true);
      await mother.open(`${child}/absence`);
      await mother.page.locator('[data-offline-note]').waitFor();
      await mother.tap('input[name="reason"][value="family"]');
      await mother.type('#words', 'Ауылға барамыз');
      await mother.tap('.sh-form .btn-primary');
      await mother.page.locator('[data-outbox-said="waits"]').waitFor();
      await desk.inspect(mother, 'absence-my-waits');
      await mother.context.setOffline(false);
      // The page that was shown without net is loaded anew, and what waited goes.
      await mother.page.locator('[data-outbox-said="sent"]').waitFor();
      await mother.open(`${child}/absence`);
      await mother.sees('Ауылға барамыз');
      await mother.open('/my');
      await mother.page.waitForFunction(() => !Object.keys(localStorage).some((key) => key.startsWith('outbox:')));
    },
  },
];
