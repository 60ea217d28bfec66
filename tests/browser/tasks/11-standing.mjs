// Who may do what, and within which bounds: a role for some classes, rights that a school switches, a role in a colleague's hands, another's
// eyes, limits of a guardian, and what an authority above schools sees.

import assert from 'node:assert/strict';
import { DESK, PHONE, widthsOf } from '../browse.mjs';

const schoolCode = (desk) => desk.account('school_administrator').login.split('-')[0];

/** The page of somebody, found by their login. */
async function openAccount(person, code, login) {
  await person.open(`/${code}/accounts?q=${encodeURIComponent(login)}`);
  await person.tap('.sh-table tbody a');
  await person.page.locator('form[action$="/grant"]').waitFor();
}

const looks = [];
for (const language of ['kk', 'ru', 'en']) {
  for (const viewport of widthsOf(language)) {
    looks.push({
      name: `standing: bounds, switches, delegations, other eyes and custody in ${language} at ${viewport.width} px`,
      async run(desk) {
        const code = schoolCode(desk);
        const administrator = await desk.as('school_administrator', { language, viewport });
        for (const [path, name] of [['roles/delivered/teacher', 'role-delivered'], ['delegations', 'delegations']]) {
          assert.equal(await administrator.open(`/${code}/${path}`), 200, path);
          await desk.inspect(administrator, name);
        }
        await openAccount(administrator, code, desk.account('librarian').login);
        await desk.inspect(administrator, 'login-classes');
        await openAccount(administrator, code, desk.account('card_officer').login);
        await administrator.tap('a[href$="/see-as"]');
        await administrator.page.locator('#reason').waitFor();
        await desk.inspect(administrator, 'see-as');
        await administrator.open(`/${code}/pupils`);
        await administrator.tap('.sh-table tbody a');
        await administrator.tap('a[href$="/custody"]');
        await administrator.page.locator('#act_number').waitFor();
        await desk.inspect(administrator, 'custody');
        assert.equal(await administrator.open('/account/seen'), 200);
        await desk.inspect(administrator, 'account-seen');
      },
    });
    looks.push({
      name: `standing: what authorities and the supplier see in ${language} at ${viewport.width} px`,
      async run(desk) {
        const district = await desk.as('district_department', { language, viewport });
        assert.equal(await district.open('/departments'), 200);
        await district.page.locator('.sh-table tbody tr').first().waitFor();
        await desk.inspect(district, 'departments-district');
        const region = await desk.as('region_administration', { language, viewport });
        assert.equal(await region.open('/departments'), 200);
        await region.tap('.sh-table tbody a');
        await region.page.locator('.sh-crumbs a').waitFor();
        await desk.inspect(region, 'departments-region');
        const supplier = await desk.as('supplier_administrator', { language, viewport });
        assert.equal(await supplier.open('/support/organisations'), 200);
        await desk.inspect(supplier, 'organisations');
      },
    });
  }
}

export default [
  {
    name: 'standing: a librarian sees the pupils of one class and no other',
    async run(desk) {
      const code = schoolCode(desk);
      const director = await desk.as('director', { language: 'ru', viewport: DESK });
      await openAccount(director, code, desk.account('librarian').login);
      await director.page.selectOption('#role', 'class_teacher');
      await director.tap('#reach-classes');
      const box = director.page.locator('form[action$="/grant"] input[type="checkbox"]').first();
      const label = (await director.page.locator(`label[for="${await box.getAttribute('id')}"]`).textContent()).trim();
      await director.tap(`label[for="${await box.getAttribute('id')}"]`);
      await director.tap('form[action$="/grant"] button');
      await director.page.locator('main [role="status"]').waitFor();
      desk.note('give a role for one class (from the person)', director);
      const librarian = await desk.as('librarian', { language: 'ru', viewport: PHONE });
      assert.equal(await librarian.open(`/${code}/pupils`), 200);
      const classes = await librarian.page.locator('.sh-table tbody tr td:nth-child(2)').allTextContents();
      assert.ok(classes.length > 0 && classes.every((one) => one.trim() === label), `${label}: ${classes.slice(0, 5)}`);
      await desk.inspect(librarian, 'pupils-of-one-class');
    },
  },
  {
    name: 'standing: a deputy hands their role to a nurse for a week and takes it back',
    async run(desk) {
      const code = schoolCode(desk);
      const deputy = await desk.as('deputy_academic', { language: 'kk', viewport: PHONE });
      await deputy.open(`/${code}/delegations`);
      const week = new Date(Date.now() + 7 * 24 * 3600 * 1000).toISOString().slice(0, 10);
      await deputy.page.selectOption('#receiver', { index: 1 });
      await deputy.type('#until', week);
      await deputy.type('#reason', 'Еңбек демалысы');
      await deputy.tap('form.sh-form button');
      await deputy.page.locator('main [role="status"]').waitFor();
      desk.note('hand a role over (from its page)', deputy);
      await desk.inspect(deputy, 'delegations-given');
      deputy.page.on('dialog', (dialog) => dialog.accept());
      await deputy.tap('form[action$="/end"] button');
      await deputy.page.waitForURL(/done=ended/);
    },
  },
  {
    name: 'standing: an administrator looks with a colleague’s eyes and comes back',
    async run(desk) {
      const code = schoolCode(desk);
      const administrator = await desk.as('school_administrator', { language: 'ru', viewport: DESK });
      await openAccount(administrator, code, desk.account('card_officer').login);
      await administrator.tap('a[href$="/see-as"]');
      await administrator.type('#reason', 'Просила помочь найти список');
      await administrator.tap('form.sh-form button');
      await administrator.page.locator('form[action="/see-as/end"]').waitFor();
      assert.equal(await administrator.open(`/${code}/pupils`), 200);
      await desk.inspect(administrator, 'seen-as');
      assert.equal(await administrator.open(`/${code}/accounts`), 403);
      await administrator.tap('form[action="/see-as/end"] button');
      await administrator.page.locator('form[action$="/grant"]').waitFor();
      desk.note('look with somebody’s eyes and come back (from the person)', administrator);
    },
  },
  ...looks,
];
