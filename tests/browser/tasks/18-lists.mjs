// The lists that an office lives in, the page that its day begins with, and a file on its way.

import assert from 'node:assert/strict';
import { DESK, PHONE, until } from '../browse.mjs';

const schoolCode = (desk) => desk.account('school_administrator').login.split('-')[0];

const looks = [['kk', PHONE], ['ru', DESK]].map(([language, viewport]) => ({
  name: `lists: home, pupils, guardians, staff, classes, accounts in ${language} at ${viewport.width} px`,
  async run(desk) {
    const code = schoolCode(desk);
    const office = await desk.as('school_administrator', { language, viewport });
    assert.equal(await office.open(`/${code}`), 200);
    await office.page.locator('#tasks').waitFor();
    await desk.inspect(office, 'lists-home');
    for (const [path, name] of [['pupils?grade=7&sex=f&missing=guardian', 'nobody'], ['pupils?grade=7&shift=1', 'pupils'], ['guardians', 'guardians'], ['staff?sort=-name', 'staff'], ['classes?teacher=none', 'classes'], ['accounts?state=with_login', 'accounts']]) {
      assert.equal(await office.open(`/${code}/${path}`), 200, path);
      await desk.inspect(office, `lists-${name}`);
    }
    await office.close();
  },
}));

/** Chooses the first rows of the list and asks to move them. */
async function chooseTwo(office) {
  const boxes = office.page.locator('[data-pick]');
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await office.tap('.sh-bulk button');
  await office.page.locator('select[name="class"]').waitFor();
}

export default [
  ...looks,
  {
    name: 'lists: two pupils go into another class and come back with one press',
    async run(desk) {
      const code = schoolCode(desk);
      const office = await desk.as('school_administrator', { language: 'ru', viewport: DESK });
      await office.open(`/${code}/pupils?sort=class`);
      await chooseTwo(office);
      await desk.inspect(office, 'lists-move');
      await office.page.selectOption('select[name="class"]', { index: 6 });
      await office.tap('form.sh-form .btn-primary');
      await office.page.waitForURL(/moved=/);
      desk.note('move two pupils to another class (from the list)', office);
      await desk.inspect(office, 'lists-moved');
      await office.tap('.sh-toast form button');
      await office.page.waitForURL(/done=undone/);
      // A file is taken away with what is filtered.
      await office.open(`/${code}/pupils?grade=7`);
      await office.tap('.sh-data-end details:last-child summary');
      const file = office.page.waitForEvent('download');
      await office.tap('a[href*="pupils.csv"]');
      assert.match((await file).suggestedFilename(), /pupils.*\.csv$/);
    },
  },
  {
    name: 'lists: searching, choosing and moving without JavaScript on a phone',
    async run(desk) {
      const code = schoolCode(desk);
      const office = await desk.as('school_administrator', { language: 'kk', viewport: PHONE, javaScript: 'off' });
      await office.open(`/${code}/pupils`);
      await office.type('#pupils-q', '7');
      await office.tap('.sh-filter > button');
      await office.page.waitForURL(/q=7/);
      await chooseTwo(office);
      await office.tap('form.sh-form .btn-primary');
      await until(async () => (await office.page.locator('.sh-error, :invalid').count()) > 0);
      await desk.inspect(office, 'lists-move-nojs');
    },
  },
  {
    name: 'lists: a file shows how far it is, stops, and is not begun when it is too large',
    async run(desk) {
      const person = await desk.stranger({ viewport: PHONE, language: 'kk' });
      await person.open('/kit');
      const file = (name, bytes) => ({ name, mimeType: 'application/pdf', buffer: Buffer.alloc(bytes, '%PDF-1.4 ') });
      await person.page.setInputFiles('#kit-file', file('large.pdf', 11 * 1024 * 1024));
      await person.tap('#upload .btn-primary');
      await person.page.locator('#upload [role="alert"]:not(:empty)').waitFor();
      await person.picture('lists-upload-large');
      const slow = await person.context.newCDPSession(person.page);
      await slow.send('Network.emulateNetworkConditions', { offline: false, latency: 20, downloadThroughput: 1e7, uploadThroughput: 200_000 });
      await person.page.setInputFiles('#kit-file', file('scan.pdf', 4 * 1024 * 1024));
      await person.tap('#upload .btn-primary');
      await person.page.locator('#upload progress').waitFor();
      await person.picture('lists-upload');
      await person.tap('[data-upload-cancel]');
      await person.page.locator('#upload progress').waitFor({ state: 'hidden' });
      await slow.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
      await person.page.setInputFiles('#kit-file', file('scan.pdf', 40 * 1024));
      await person.tap('#upload .btn-primary');
      await person.page.waitForURL(/done=file/);
    },
  },
  {
    name: 'navigation: one row between a phone and a desk',
    async run(desk) {
      for (const [language, width] of [['kk', 800], ['ru', 1024]]) {
        const office = await desk.as('school_administrator', { language, viewport: { width, height: 768 } });
        await office.open(`/${schoolCode(desk)}`);
        const height = await office.page.locator('.sh-nav').evaluate((nav) => nav.getBoundingClientRect().height);
        assert.ok(height < 60, `the navigation is ${height} px high at ${width} px`);
        await office.tap('.sh-nav-more > summary');
        await office.page.locator('.sh-nav-more .sh-nav-body').waitFor();
        await desk.inspect(office, `navigation-${width}`);
        await office.close();
      }
    },
  },
];
