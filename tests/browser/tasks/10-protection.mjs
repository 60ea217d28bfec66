// Protection of data: a nurse keeps a health record, the director sees how many there are, what is kept how long, and whose data may be erased.

import assert from 'node:assert/strict';
import { widthsOf } from '../browse.mjs';

const schoolCode = (desk) => desk.account('school_administrator').login.split('-')[0];

const looks = [];
for (const language of ['kk', 'ru', 'en']) {
  for (const viewport of widthsOf(language)) {
    looks.push({
      name: `protection: counts, retention and erasures in ${language} at ${viewport.width} px`,
      async run(desk) {
        const person = await desk.as('director', { language, viewport });
        const code = schoolCode(desk);
        for (const path of ['confidential', 'retention', 'erasures']) {
          assert.equal(await person.open(`/${code}/${path}`), 200, path);
          assert.equal(await person.page.getAttribute('html', 'lang'), language);
          await desk.inspect(person, path);
        }
        await person.open(`/${code}/pupils`);
        const pupil = await person.page.locator('.sh-table tbody a').first().getAttribute('href');
        // Who has not left is told why nothing is erased.
        assert.equal(await person.open(`/${code}/leavers/${pupil.split('/').pop()}`), 200);
        assert.equal(await person.page.locator('form[action$="/erase"]').count(), 0);
        await desk.inspect(person, 'erasure-preview');
      },
    });
    looks.push({
      name: `protection: a psychologist asks for the reason in ${language} at ${viewport.width} px`,
      async run(desk) {
        const person = await desk.as('psychologist', { language, viewport });
        const code = schoolCode(desk);
        await person.open(`/${code}/pupils`);
        const pupil = await person.page.locator('.sh-table tbody a').nth(3).getAttribute('href');
        assert.equal(await person.open(`${pupil}/psychology`), 200);
        assert.equal(await person.page.locator('main [role="status"], #reason-form').count() > 0, true);
        await desk.inspect(person, 'confidential-psychology');
        assert.equal(await person.open(`${pupil}/health`), 403);
      },
    });
  }
}

export default [...looks];
