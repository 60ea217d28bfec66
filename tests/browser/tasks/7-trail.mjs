// The audit trail: the school's responsible person searches it, a guardian sees who looked at the child.

import assert from 'node:assert/strict';
import { DESK, until, widthsOf } from '../browse.mjs';

const schoolCode = (desk) => desk.account('school_administrator').login.split('-')[0];

const looks = [];
for (const language of ['kk', 'ru', 'en']) {
  for (const viewport of widthsOf(language)) {
    looks.push({
      name: `trail: of the school in ${language} at ${viewport.width} px`,
      async run(desk) {
        const person = await desk.as('director', { language, viewport });
        await person.open(`/${schoolCode(desk)}/pupils`);
        assert.equal(await person.open(`/${schoolCode(desk)}/audit`), 200);
        await person.page.locator('#rows tr').first().waitFor();
        await desk.inspect(person, 'trail');
      },
    });
    looks.push({
      name: `trail: of one's own children in ${language} at ${viewport.width} px`,
      async run(desk) {
        const person = await desk.as('guardian', { language, viewport });
        assert.equal(await person.open('/my/audit'), 200);
        await desk.inspect(person, 'trail-my');
      },
    });
  }
}

export default [
  {
    name: 'trail: who opened this pupil’s page is found by the pupil’s name, and the chain is checked',
    async run(desk) {
      const code = schoolCode(desk);
      const teacher = await desk.as('school_administrator', { language: 'ru', viewport: DESK });
      await teacher.open(`/${code}/pupils`);
      const pupil = (await teacher.page.locator('.sh-table tbody tr:nth-child(6) .sh-cell-title a').first().textContent()).trim();
      await teacher.tap('.sh-table tbody tr:nth-child(6) .sh-cell-title a');
      await teacher.page.locator('.sh-facts').first().waitFor();

      const director = await desk.as('director', { language: 'ru', viewport: DESK });
      await director.open(`/${code}/audit`);
      await director.type('#whose', pupil.split(' ').slice(0, 2).join(' '));
      await director.page.keyboard.press('Enter');
      await director.page.waitForURL(/whose=[^&]/);
      assert.ok((await director.page.locator('#rows').textContent()).includes('Просмотр страницы ученика'));
      desk.note('find who opened a pupil’s page', director);
      // The chainer comes by each second.
      await until(async () => {
        await director.open(`/${code}/audit`);
        return (await director.page.locator('#chain .sh-ok').count()) === 1;
      });
    },
  },
  ...looks,
];
