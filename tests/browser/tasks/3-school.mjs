// The school's own people: pupils, who is inside, what passes the doors now.

import assert from 'node:assert/strict';
import { DESK, PHONE } from '../browse.mjs';

const schoolCode = (desk) => desk.account('school_administrator').login.split('-')[0];

const looks = [];
for (const language of ['kk', 'ru', 'en']) {
  for (const viewport of [PHONE, DESK]) {
    looks.push({
      name: `school: pupils in ${language} at ${viewport.width} px`,
      async run(desk) {
        const person = await desk.as('school_administrator', { language, viewport });
        await person.open(`/${schoolCode(desk)}/pupils`);
        await person.page.locator('.sh-table tbody tr').first().waitFor();
        await desk.inspect(person, 'pupils');
        await person.tap('.sh-table tbody a');
        await person.page.locator('.sh-facts').first().waitFor();
        await desk.inspect(person, 'pupil');
      },
    });
  }
}

export default [
  {
    name: 'school: finds a pupil by the beginning of the surname',
    async run(desk) {
      const person = await desk.as('school_administrator', { viewport: DESK });
      await person.open(`/${schoolCode(desk)}/pupils`);
      const name = (await person.page.locator('.sh-table tbody a').nth(3).textContent()).trim();
      await person.type('#q', name.split(' ').slice(0, 2).join(' '));
      await person.page.keyboard.press('Enter');
      await person.page.waitForURL(/q=/);
      assert.ok((await person.page.locator('.sh-table tbody a').allTextContents()).some((text) => text.trim() === name));
      desk.note('find a pupil', person);
    },
  },
  ...looks,
];
