// Cards of pupils, families and staff: a phone is changed and found in the history, a guardian is linked and ended, somebody is taken on and leaves.

import assert from 'node:assert/strict';
import { DESK, PHONE, widthsOf } from '../browse.mjs';

const schoolCode = (desk) => desk.account('school_administrator').login.split('-')[0];

/** The pages of some pupils of the list. */
async function pupils(person, code) {
  await person.open(`/${code}/pupils`);
  const links = await person.page.locator('.sh-table tbody a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  return links.filter((link) => /\/pupils\/[^/]+$/.test(link));
}

const looks = [];
for (const language of ['kk', 'ru', 'en']) {
  for (const viewport of widthsOf(language)) {
    looks.push({
      name: `cards: a pupil, the family, staff and the passport in ${language} at ${viewport.width} px`,
      async run(desk) {
        const person = await desk.as('director', { language, viewport });
        const code = schoolCode(desk);
        const [pupil] = await pupils(person, code);
        for (const [part, name] of [['', 'card'], ['/who', 'card-who'], ['/contacts', 'card-contacts'], ['/history', 'card-history'], ['/family', 'family']]) {
          assert.equal(await person.open(`${pupil}${part}`), 200, part);
          assert.equal(await person.page.getAttribute('html', 'lang'), language);
          await desk.inspect(person, name);
        }
        await person.open(pupil);
        await person.open(await person.page.locator('a[href*="/guardians/"]').first().getAttribute('href'));
        await desk.inspect(person, 'guardian');
        for (const [path, name] of [['staff', 'staff'], ['staff-forecast?years=10', 'staff-forecast'], ['staff-new', 'staff-new'], ['social', 'social']]) {
          assert.equal(await person.open(`/${code}/${path}`), 200, path);
          await desk.inspect(person, name);
        }
        await person.open(`/${code}/staff?position=teacher`);
        const card = await person.page.locator('.sh-table tbody a').first().getAttribute('href');
        assert.equal(await person.open(card), 200);
        await desk.inspect(person, 'staff-card');
        assert.equal(await person.open(`${card}/line?kind=category`), 200);
        await desk.inspect(person, 'staff-line');
      },
    });
  }
}

export default [
  {
    name: 'cards: a changed phone stands on the page, the former one in the history',
    async run(desk) {
      const person = await desk.as('school_administrator', { viewport: DESK, language: 'ru' });
      const pupil = (await pupils(person, schoolCode(desk)))[5];
      for (const [phone, shown] of [['8 700 111 22 33', '+77001112233'], ['8 700 444 55 66', '+77004445566']]) {
        await person.open(`${pupil}/contacts`);
        await person.type('#phone', phone);
        await person.tap('.sh-form .btn-primary');
        await person.page.waitForURL(/done=saved/);
        await person.sees(shown);
      }
      desk.note('change a phone twice', person);
      await person.open(`${pupil}/history`);
      await person.sees('+77001112233');
      await person.open(`${pupil}/contacts`);
      await person.type('#phone', '12');
      await person.tap('.sh-form .btn-primary');
      await person.page.locator('#phone-error').waitFor();
      assert.equal(await person.page.inputValue('#phone'), '12');
      await desk.inspect(person, 'card-contacts-wrong');
    },
  },
  {
    name: 'cards: somebody is taken on, gets a category, and leaves without script',
    async run(desk) {
      const person = await desk.as('director', { viewport: PHONE, language: 'kk', javaScript: 'off' });
      const code = schoolCode(desk);
      await person.open(`/${code}/staff-new`);
      for (const [field, text] of [['surname', 'Сынақова'], ['given_name', 'Жанар'], ['birth_date', '1990-05-05'], ['from', '2026-09-01'], ['rate', '0,75']]) await person.type(`#${field}`, text);
      await person.page.selectOption('#title', 'psychologist');
      await person.page.locator('#rate').press('Enter');
      await person.page.waitForURL(/done=1/);
      const card = new URL(person.page.url()).pathname;
      await person.open(`${card}/line?kind=category`);
      await person.page.selectOption('#title', 'moderator');
      await person.type('#from', '2026-10-01');
      await person.page.locator('#document').press('Enter');
      await person.page.waitForURL(/done=1/);
      await person.sees('Педагог-модератор');
      await person.page.locator('#sure').check({ force: true });
      await person.page.locator('#sure').press('Enter');
      await person.sees('Бұл мектепте енді істемейді');
      desk.note('take on, categorise and dismiss', person);
    },
  },
  ...looks,
];
