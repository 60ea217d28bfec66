// A school that arranges by itself who may do what: a role of its own, given to somebody; a login handed out; a parent who comes in by a
// printed code; a librarian of two schools who goes from one to the other.

import assert from 'node:assert/strict';
import { DESK, PHONE, widthsOf } from '../browse.mjs';

const schoolCode = (desk) => desk.account('school_administrator').login.split('-')[0];

const looks = [];
for (const language of ['kk', 'ru', 'en']) {
  for (const viewport of widthsOf(language)) {
    looks.push({
      name: `roles: logins, roles, invitations and organisation in ${language} at ${viewport.width} px`,
      async run(desk) {
        const person = await desk.as('school_administrator', { language, viewport });
        const code = schoolCode(desk);
        for (const [path, name] of [['accounts', 'logins'], ['roles', 'roles'], ['roles/new', 'role-new'], ['invitations', 'invitations'], ['organisation', 'organisation']]) {
          assert.equal(await person.open(`/${code}/${path}`), 200, path);
          await desk.inspect(person, name);
        }
        await person.open(`/${code}/accounts?role=teacher`);
        await person.tap('.sh-table tbody a');
        await person.page.locator('form[action$="/grant"]').waitFor();
        await desk.inspect(person, 'login');
      },
    });
    looks.push({
      name: `roles: where a parent types the code, in ${language} at ${viewport.width} px`,
      async run(desk) {
        const person = await desk.stranger({ language, viewport });
        assert.equal(await person.open('/join?code=ABCD-EFGH-JKMN'), 200);
        assert.equal(await person.page.getAttribute('html', 'lang'), language);
        await desk.inspect(person, 'join');
        await person.tap('form.sh-form button');
        await person.page.locator('[role="alert"]').waitFor();
        await desk.inspect(person, 'join-wrong');
      },
    });
  }
}

/** The page of somebody, found by their login. */
async function openAccount(person, code, login) {
  await person.open(`/${code}/accounts?q=${encodeURIComponent(login)}`);
  await person.tap('.sh-table tbody a');
  await person.page.locator('form[action$="/grant"]').waitFor();
}

export default [
  {
    name: 'roles: a role of the school opens the presence page to a psychologist',
    async run(desk) {
      const code = schoolCode(desk);
      const { login } = desk.account('psychologist');
      const psychologist = await desk.as('psychologist', { language: 'ru', viewport: DESK });
      assert.equal(await psychologist.open(`/${code}/presence`), 403);
      const director = await desk.as('director', { language: 'ru', viewport: DESK });
      await director.open(`/${code}/roles`);
      await director.tap('a[href$="/roles/new"]');
      const name = `Дежурный ${Date.now()}`;
      await director.type('#name_kk', `Кезекші ${Date.now()}`);
      await director.type('#name_ru', name);
      await director.tap('input[name="live.see_school"]');
      await director.tap('form.sh-form button');
      await director.page.waitForURL(/\/roles$/);
      await openAccount(director, code, login);
      await director.page.selectOption('#role', { label: name });
      await director.tap('form[action$="/grant"] button');
      await director.page.locator('main [role="status"]').waitFor();
      desk.note('make a role and give it (signed in)', director);
      assert.equal(await psychologist.open(`/${code}/presence`), 200);
      await desk.inspect(psychologist, 'presence-by-own-role');
    },
  },
  {
    name: 'roles: a parent joins by the printed code and sees the child',
    async run(desk) {
      const code = schoolCode(desk);
      const administrator = await desk.as('school_administrator', { language: 'ru', viewport: DESK });
      await administrator.open(`/${code}/invitations`);
      const [sheet] = await Promise.all([administrator.context.waitForEvent('page'), administrator.tap('form[action$="/invitations"] button')]);
      await sheet.locator('.sh-slip').first().waitFor();
      const slip = (await sheet.locator('.sh-slip-secret').first().textContent()).trim();
      const parent = await desk.stranger({ language: 'kk', viewport: PHONE });
      await parent.open(`/join?code=${slip}`);
      await parent.tap('form.sh-form button');
      await parent.page.locator('[name="login"]').waitFor();
      await desk.inspect(parent, 'join-account');
      await parent.type('[name="login"]', `parent.${Date.now()}`);
      await parent.type('[name="password"]', 'kestrel-7-boat');
      await parent.tap('form.sh-form button');
      await parent.page.waitForURL('**/my');
      await parent.page.locator('.sh-child-card').first().waitFor();
      desk.note('register by a printed code', parent);
    },
  },
  {
    name: 'roles: a new password is shown once, on a sheet with both languages',
    async run(desk) {
      const code = schoolCode(desk);
      const administrator = await desk.as('school_administrator', { language: 'kk', viewport: PHONE });
      await openAccount(administrator, code, desk.account('nurse').login);
      administrator.page.on('dialog', (dialog) => dialog.accept());
      await administrator.tap('form[action$="/password"] button');
      await administrator.page.locator('.sh-slip').waitFor();
      await desk.inspect(administrator, 'password-sheet');
      assert.equal(await administrator.page.locator('.sh-slip [lang="kk"]').count(), 1);
      assert.equal(await administrator.page.locator('.sh-slip [lang="ru"]').count(), 1);
      assert.equal(await administrator.page.locator('.sh-slip svg').count(), 1);
      desk.note('give a new password (from the list)', administrator);
    },
  },
  {
    name: 'roles: a librarian of two schools goes from one to the other',
    async run(desk) {
      const person = await desk.as('librarian', { language: 'ru', viewport: PHONE });
      await person.tap('details.sh-menu summary');
      const places = person.page.locator('form[action="/my/place"] button');
      assert.equal(await places.count(), 2);
      await desk.inspect(person, 'places');
      const other = await places.and(person.page.locator('[aria-pressed="false"]')).getAttribute('value');
      await person.tap('form[action="/my/place"] button[aria-pressed="false"]');
      await person.page.waitForLoadState('load');
      await person.tap('details.sh-menu summary');
      assert.equal(await person.page.locator('form[action="/my/place"] button[aria-pressed="true"]').getAttribute('value'), other);
      desk.note('go to another school (signed in)', person);
    },
  },
  ...looks,
];
