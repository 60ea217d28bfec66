// The kit: every component, in every language, on both screens, light and dark; and by keyboard alone.

import assert from 'node:assert/strict';
import { DESK, PHONE, until } from '../browse.mjs';

const looks = ['kk', 'ru', 'en'].map((language) => ({
  name: `kit: every component in ${language}, on both screens, light and dark`,
  async run(desk) {
    for (const viewport of [PHONE, DESK]) {
      for (const theme of ['light', 'dark']) {
        const person = await desk.stranger({ language, viewport, theme });
        assert.equal(await person.open('/kit?done=row&class=kit-class-7a'), 200);
        await desk.inspect(person, `kit-${theme}`);
        await person.close();
      }
    }
  },
}));

/** What a first visit brings over the wire, compressed, in bytes. */
async function weight(desk, path) {
  const person = await desk.stranger({ viewport: PHONE });
  const coming = [];
  person.page.on('requestfinished', (request) => coming.push(request.sizes().then((sizes) => sizes.responseBodySize)));
  await person.open(path);
  await person.page.waitForLoadState('networkidle');
  return (await Promise.all(coming)).reduce((sum, size) => sum + size, 0);
}

export default [
  ...looks,
  {
    name: 'kit: a first page weighs less than 200 KB',
    async run(desk) {
      for (const path of ['/sign-in', '/kit']) {
        const bytes = await weight(desk, path);
        assert.ok(bytes > 50_000 && bytes < 200 * 1024, `${path} weighs ${bytes} bytes`);
      }
    },
  },
  {
    name: 'kit: table, form, dialog and long work by keyboard',
    async run(desk) {
      const person = await desk.stranger({ viewport: DESK, language: 'ru' });
      const { page } = person;
      const { keyboard } = page;
      await person.open('/kit');

      // The dialog takes the focus, keeps it, and gives it back.
      await page.locator('[data-dialog]').focus();
      await keyboard.press('Enter');
      const dialog = page.locator('dialog.sh-dialog[open]');
      await dialog.waitFor();
      assert.deepEqual(await person.violations(), [], 'accessibility of the dialog');
      await person.picture('kit-dialog');
      await keyboard.press('Tab');
      assert.ok(await page.evaluate(() => document.querySelector('dialog').contains(document.activeElement)));
      await keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      assert.ok(await page.evaluate(() => document.activeElement.matches('[data-dialog]')), 'the focus is back');

      // The search of the table follows the typing, headings sort, the bar counts.
      await page.locator('#kit-pupils-q').focus();
      await keyboard.type('осп');
      await until(async () => (await page.locator('#kit-pupils tbody tr').count()) === 1);
      assert.match(page.url(), /q=/);
      await page.locator('.sh-chip').focus();
      await keyboard.press('Enter');
      await until(async () => (await page.locator('#kit-pupils tbody tr').count()) === 6);
      await page.locator('.sh-sort').nth(1).focus();
      await keyboard.press('Enter');
      await page.locator('th[aria-sort="ascending"] >> text=Год').waitFor();
      assert.equal(await page.locator('.sh-bulk').isVisible(), false);
      await page.locator('[data-pick]').nth(1).focus();
      await keyboard.press('Space');
      await page.locator('.sh-bulk >> text=Выбрано: 1').waitFor();
      await page.locator('[data-pick-all]').focus();
      await keyboard.press('Space');
      await page.locator('.sh-bulk >> text=Выбрано: 6').waitFor();
      await page.locator('.sh-cell-end summary').first().focus();
      await keyboard.press('Enter');
      await person.picture('kit-chosen');
      await keyboard.press('Escape');
      await page.locator('.sh-data-tools summary').first().focus();
      await keyboard.press('Enter');
      await page.locator('input[value="card"]').focus();
      await keyboard.press('Space');
      await page.locator('.sh-checks button').focus();
      await keyboard.press('Enter');
      await page.locator('thead >> text=Карта').waitFor();

      // What is typed is not lost by accident, and an error stands at its field.
      await page.locator('#surname').focus();
      await keyboard.type('О');
      await page.locator('.sh-unsaved').waitFor();
      await keyboard.press('Backspace');
      await page.locator('.sh-unsaved').waitFor({ state: 'detached' });
      await page.locator('#note').fill('Ә');
      let asked = '';
      page.once('dialog', async (question) => {
        asked = question.type();
        await question.dismiss();
      });
      await page.locator('main .sh-stats a').first().evaluate((link) => { link.href = '/sign-in'; });
      await page.locator('main .sh-stats a').first().click({ noWaitAfter: true });
      await until(async () => asked === 'beforeunload');
      await page.locator('#form .sh-form-end button').focus();
      await keyboard.press('Enter');
      await page.locator('#surname[aria-invalid="true"]').waitFor();
      assert.equal(await page.locator('#note').inputValue(), 'Ә');
      await person.picture('kit-errors');

      // Long work asks for itself until it is done.
      page.on('dialog', (question) => question.accept());
      await person.open('/kit/job?at=900');
      await page.locator('.sh-note.sh-ok').waitFor();
      assert.deepEqual(person.complaints, []);
    },
  },
];
