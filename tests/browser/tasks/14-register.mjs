// The register's structure and movement: the year, classes, the books, orders, numbers, the next year, and a pupil's way through all of it.

import assert from 'node:assert/strict';
import { DESK, PHONE, widthsOf } from '../browse.mjs';

const schoolCode = (desk) => desk.account('school_administrator').login.split('-')[0];

/** Opens a page and looks at it. */
async function look(desk, person, path, name) {
  assert.equal(await person.open(path), 200, path);
  await desk.inspect(person, name);
}

const looks = [];
for (const language of ['kk', 'ru', 'en']) {
  for (const viewport of widthsOf(language)) {
    looks.push({
      name: `register: year, classes, books, orders and numbers in ${language} at ${viewport.width} px`,
      async run(desk) {
        const code = schoolCode(desk);
        const office = await desk.as('school_administrator', { language, viewport });
        for (const page of ['calendar', 'classes?q=7', 'classes/new', 'enrol', 'movement', 'orders', 'contingent', 'transfers', 'buildings', 'buildings/new']) {
          await look(desk, office, `/${code}/${page}`, `register-${page.replace('/', '-').split('?')[0]}`);
        }
        await look(desk, office, `/${code}/alphabet?state=here&q=%D0%B0%D0%BD`, 'register-alphabet');
        await office.tap('.sh-table tbody a');
        await office.page.locator('#act-leave').waitFor();
        await desk.inspect(office, 'register-pupil');
        await office.open(`/${code}/classes?q=7`);
        await office.tap('.sh-table tbody a');
        await office.page.locator('a[href$="/list.xlsx"]').waitFor();
        await desk.inspect(office, 'register-class');
        await office.tap('a[href$="/form"]');
        await office.page.locator('#home_room').waitFor();
        await desk.inspect(office, 'register-class-form');
        await office.open(`/${code}/buildings`);
        await office.tap('.sh-table tbody a');
        await office.page.locator('a[href*="/classes/"]').first().waitFor();
        await desk.inspect(office, 'register-building');
        await look(desk, office, `/${code}/rollover`, 'register-rollover');
        await office.tap('form[action$="/preview"] button');
        await office.page.locator('#do-rollover').waitFor();
        await desk.inspect(office, 'register-rollover-preview');
      },
    });
  }
}

export default [
  {
    name: 'register: a pupil comes, changes the class, gets a slip, leaves, and the leaving is taken back',
    async run(desk) {
      const code = schoolCode(desk);
      const office = await desk.as('school_administrator', { language: 'ru', viewport: PHONE });
      await office.open(`/${code}/enrol`);
      await office.type('#surname', 'Пробный');
      await office.type('#given_name', 'Ученик');
      await office.page.selectOption('#class', { index: 2 });
      await office.tap('form.sh-form button');
      await office.page.waitForURL(/done=enrolled/);
      desk.note('take a pupil in (from the form)', office);
      await desk.inspect(office, 'register-enrolled');
      await office.tap('#act-class summary');
      await office.page.selectOption('#act-class select', { index: 1 });
      await office.tap('#act-class button');
      await office.page.waitForURL(/done=changed/);
      await office.tap('a[href$="/transfer"]');
      await office.type('#to', code === 's002' ? 's001' : 's002');
      await office.page.selectOption('#transfer_reason', 'moving');
      await office.tap('form.sh-form button');
      await office.page.locator('#slip').waitFor();
      await desk.inspect(office, 'register-slip');
      await office.tap('form[action$="/cancel"] button');
      await office.page.waitForURL(/done=cancelled/);
      await office.tap('.sh-crumbs a');
      await office.tap('#act-leave summary');
      await office.page.selectOption('#reason', 'moving');
      await office.type('#place', 'Астана');
      await office.tap('#act-leave button');
      await office.page.waitForURL(/done=left/);
      await desk.inspect(office, 'register-left');
      await office.tap('form[action$="/undo"] button');
      await office.page.waitForURL(/done=undone/);
      desk.note('a pupil comes, moves, leaves, and stays after all', office);
      await office.tap('a[href*="/orders/"]');
      await office.page.locator('.sh-order').first().waitFor();
      await desk.inspect(office, 'register-order');
    },
  },
  {
    name: 'register: a school goes into the next year and back',
    async run(desk) {
      const code = schoolCode(desk);
      const director = await desk.as('director', { language: 'kk', viewport: DESK });
      await director.open(`/${code}/rollover`);
      await director.tap('form[action$="/preview"] details:nth-of-type(2) summary');
      await director.tap('form[action$="/preview"] details:nth-of-type(2) label');
      await director.tap('form[action$="/preview"] .sh-form-end button');
      await director.page.locator('#do-rollover').waitFor();
      await director.tap('#do-rollover button');
      await director.page.waitForURL(/done=done/);
      await desk.inspect(director, 'register-rolled-over');
      desk.note('take the school into the next year (from its page)', director);
      await director.tap('#undo-rollover button');
      await director.page.waitForURL(/done=undone/);
    },
  },
  ...looks,
];
