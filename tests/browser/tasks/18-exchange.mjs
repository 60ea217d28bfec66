// Exchange with other systems: the register goes out as OneRoster and comes in again; the file for the national database says first what it lacks.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { DESK, PHONE } from '../browse.mjs';

const schoolCode = (desk) => desk.account('school_administrator').login.split('-')[0];

/** The file that a link leads to, once the job that makes it is over. */
async function fetched(person, form) {
  await person.tap(form);
  const link = person.page.locator('.sh-job a.btn-primary[href$="/file"]');
  await link.waitFor({ timeout: 30_000 });
  const [download] = await Promise.all([person.page.waitForEvent('download'), link.click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

const tasks = [];
for (const [language, viewport] of [['kk', PHONE], ['ru', DESK]]) {
  tasks.push({
    name: `exchange: out as OneRoster and in again, and for the national database, in ${language} at ${viewport.width} px`,
    async run(desk) {
      const person = await desk.as('school_administrator', { language, viewport });
      const code = schoolCode(desk);
      assert.equal(await person.open(`/${code}/oneroster`), 200);
      assert.equal(await person.page.getAttribute('html', 'lang'), language);
      const roster = await fetched(person, '#out .btn-primary');
      assert.match(roster.name, /-oneroster-\d{4}\.zip$/);
      await desk.inspect(person, 'oneroster');
      // What is no zip says so beside the file.
      const upload = async (name, buffer) => {
        await person.page.setInputFiles('#file', { name, mimeType: 'application/zip', buffer });
        await person.tap('#in .btn-primary');
      };
      await upload('a.zip', Buffer.from('no zip'));
      await person.page.locator('#file-error').waitFor();
      await desk.inspect(person, 'oneroster-wrong');
      await upload(roster.name, roster.bytes);
      await person.page.waitForURL(/\/imports\?done=oneroster$/);
      await desk.inspect(person, 'oneroster-read');
      // Our own people are known: nothing would change.
      await person.tap('.sh-table tbody tr .sh-cell-title a');
      await person.page.locator('.sh-stats').waitFor();
      assert.equal(await person.page.locator('form[action$="/go"]').count(), 0);
      await desk.inspect(person, 'oneroster-preview');

      assert.equal(await person.open(`/${code}/national?what=pupils`), 200);
      await desk.inspect(person, 'national');
      const gap = person.page.locator('#gaps tbody a').first();
      if (await gap.count()) {
        await gap.click();
        await person.page.locator('#lacking li a').first().waitFor();
        await desk.inspect(person, 'national-lacking');
      }
      const file = await fetched(person, '#make form .btn-primary');
      assert.match(file.name, /-nobd-pupils-\d{4}-\d\d-\d\d\.xlsx$/);
      assert.equal(file.bytes.subarray(0, 2).toString(), 'PK');
      await desk.inspect(person, 'national-done');
      desk.note('take the school out as OneRoster, read it back, prepare the file for the national database', person);
    },
  });
}

export default tasks;
