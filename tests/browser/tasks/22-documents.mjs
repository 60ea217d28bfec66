// A mother takes a certificate with one tap and shows the school a doctor's paper; what she sends without net goes by itself later.

import assert from 'node:assert/strict';
import { DESK, PHONE } from '../browse.mjs';

const PAPER = { name: 'paper.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 paper') };

/** A child of the office's school: where children go to different ones, their cards name it. */
async function childOfSchool(mother) {
  await mother.open('/my');
  const named = '.sh-child-card:has-text("Абай") a';
  return (await mother.page.locator(named).count()) ? named : '.sh-child-card a';
}

const schoolCode = (desk) => desk.account('school_administrator').login.split('-')[0];

/** A day that no other task speaks of. */
function inDays(days) {
  return new Date(Date.now() + days * 24 * 3600 * 1000).toISOString().slice(0, 10);
}

export default [
  {
    name: 'documents: a mother takes a certificate at 360 px in kk, anybody checks it, the office revokes it at 1366 px in ru',
    async run(desk) {
      const mother = await desk.as('guardian', { language: 'kk', viewport: PHONE });
      await mother.tap(await childOfSchool(mother));
      await mother.page.waitForURL(/\/my\/[0-9a-zA-Z]{26}$/);
      const before = mother.taps;
      await mother.tap('a[href$="/documents"]');
      await mother.page.waitForURL(/\/documents$/);
      await desk.inspect(mother, 'documents-my');
      await mother.tap('form .btn-primary');
      await mother.page.waitForURL(/\/documents\/[0-9a-z]{26}$/);
      assert.equal(mother.taps - before, 2, 'one tap from the documents');
      desk.note('take a certificate', mother);
      await desk.inspect(mother, 'certificate-my');
      const certificate = new URL(mother.page.url()).pathname;
      const code = (await mother.page.locator('.sh-order').first().innerText()).match(/[2-9A-X]{4}-[2-9A-X]{4}-[2-9A-X]{4}/)[0];

      const clerk = await desk.stranger({ language: 'ru', viewport: PHONE });
      await clerk.open('/certificate');
      await desk.inspect(clerk, 'certificate-check');
      await clerk.type('#code', code.toLowerCase());
      await clerk.tap('.btn-primary');
      await clerk.sees('Справка подлинная');
      await desk.inspect(clerk, 'certificate-check-valid');

      const office = await desk.as('school_administrator', { language: 'ru', viewport: DESK });
      office.page.on('dialog', (dialog) => dialog.accept());
      const school = schoolCode(desk);
      await office.open(`/${school}/certificates`);
      await desk.inspect(office, 'certificates');
      await office.open(`/${school}/certificates/${certificate.split('/').pop()}`);
      await desk.inspect(office, 'certificate');
      await office.type('#why', 'Ошибка в имени');
      await office.tap('.sh-form .btn');
      await office.sees('Отозвана');
      await clerk.open(`/certificate?code=${code}`);
      await clerk.sees('Школа отозвала');
      await desk.inspect(clerk, 'certificate-check-revoked');
    },
  },
  {
    name: 'documents: a mother adds a doctor’s paper to a note at 360 px in kk, the class teacher’s deputy opens it at 1366 px in ru',
    async run(desk) {
      const mother = await desk.as('guardian', { language: 'kk', viewport: PHONE });
      await mother.tap(await childOfSchool(mother));
      await mother.page.waitForURL(/\/my\/[0-9a-zA-Z]{26}$/);
      await mother.tap('a[href$="/absence"]');
      await mother.page.waitForURL(/\/absence$/);
      const day = inDays(21);
      await mother.page.fill('#from', day);
      await mother.tap('input[name="reason"][value="ill"]');
      await mother.page.setInputFiles('#file', PAPER);
      await desk.inspect(mother, 'absence-my-document');
      await mother.tap('.sh-form .btn-primary');
      await mother.page.waitForURL(/done=told/);
      await mother.page.locator('a[href*="/absence/document?note="]').first().waitFor();
      await mother.tap('#main details summary');
      await desk.inspect(mother, 'absence-my-document-add');
      await mother.page.setInputFiles('#main details[open] input[type="file"]', PAPER);
      await mother.tap('#main details[open] button:not([type])');
      await mother.page.waitForURL(/done=document/);

      const director = await desk.as('director', { language: 'ru', viewport: DESK });
      await director.open(`/${schoolCode(desk)}/absences?when=coming&reason=ill`);
      await desk.inspect(director, 'absences-document');
      await director.page.locator('a[href$="/document"]').first().waitFor({ state: 'attached' });
    },
  },
  {
    name: 'documents: what changed and a paper, sent without net at 360 px in kk, go to the school when the net is back',
    async run(desk) {
      const mother = await desk.as('guardian', { language: 'kk', viewport: PHONE, workers: 'allow' });
      await mother.open('/my');
      await mother.page.evaluate(() => navigator.serviceWorker.ready);
      const child = await mother.page.locator('.sh-child-card a').nth(1).getAttribute('href');
      await mother.open(`${child}/update`);
      await mother.page.waitForFunction(async (path) => Boolean(await caches.match(path)), `${child}/update`);
      await mother.open(`${child}/absence`);
      await mother.page.waitForFunction(async (path) => Boolean(await caches.match(path)), `${child}/absence`);
      await mother.context.setOffline(true);
      await mother.open(`${child}/update`);
      await mother.page.locator('[data-offline-note]').waitFor();
      await mother.page.fill('#note', 'Жаңа нөмір');
      await mother.page.fill('#own_phone', '8 701 555 44 33');
      await mother.tap('.sh-form .btn-primary');
      await mother.page.locator('[data-outbox-said="kept"]').waitFor();
      await desk.inspect(mother, 'update-my-waits');
      await mother.open(`${child}/absence`);
      await mother.page.fill('#from', inDays(28));
      await mother.tap('input[name="reason"][value="ill"]');
      await mother.page.setInputFiles('#file', PAPER);
      await mother.tap('.sh-form .btn-primary');
      await mother.page.locator('[data-outbox-said="waits"]').waitFor();
      await mother.context.setOffline(false);
      // The page that was shown without net is loaded anew, and what waited goes.
      await mother.page.locator('[data-outbox-said="sent"]').waitFor();
      await mother.open(`${child}/absence`);
      await mother.page.locator('a[href*="/absence/document?note="]').first().waitFor();
      await mother.open('/my/updates');
      await mother.sees('Жаңа нөмір');
      await mother.page.waitForFunction(() => !Object.keys(localStorage).some((key) => key.startsWith('outbox:')));
    },
  },
];
