// What everybody meets first: the sign-in.

import assert from 'node:assert/strict';
import { widthsOf } from '../browse.mjs';

const looks = [];
for (const language of ['kk', 'ru', 'en']) {
  for (const viewport of widthsOf(language)) {
    looks.push({
      name: `sign-in: ${language}, ${viewport.width} px, readable and accessible`,
      async run(desk) {
        const person = await desk.stranger({ language, viewport });
        await person.open('/sign-in');
        assert.equal(await person.page.getAttribute('html', 'lang'), language);
        await desk.inspect(person, 'sign-in');
      },
    });
  }
}

export default [
  ...looks,
  {
    name: 'sign-in: a wrong password is told, the login stays, the right one lets in',
    async run(desk) {
      const { login, password } = desk.account('guardian');
      const person = await desk.stranger();
      await person.open('/my');
      await person.type('[name="login"]', login);
      await person.type('[name="password"]', 'not this one');
      await person.tap('form.sh-form button');
      await person.page.locator('[role="alert"], .sh-error').first().waitFor();
      assert.equal(await person.page.inputValue('[name="login"]'), login);
      await person.picture('sign-in-wrong');
      await person.type('[name="password"]', password);
      await person.tap('form.sh-form button');
      await person.page.waitForURL('**/my');
      desk.note('sign in, after one wrong password', person);
    },
  },
  {
    name: 'sign-in: without JavaScript',
    async run(desk) {
      const person = await desk.as('guardian', { javaScript: 'off' });
      assert.match(new URL(person.page.url()).pathname, /^\/my/);
      await desk.inspect(person, 'my-nojs');
    },
  },
  {
    name: 'language: chosen in two taps, stays on the next page',
    async run(desk) {
      // The choice stays with the account: a reader whom no other task needs in their own language.
      const person = await desk.as('teacher');
      await person.tap('details.sh-menu summary');
      await person.tap('button[name="locale"][value="ru"]');
      await person.page.locator('html[lang="ru"]').waitFor();
      await person.open('/');
      assert.equal(await person.page.getAttribute('html', 'lang'), 'ru');
      desk.note('change the language', person);
    },
  },
  {
    name: 'sign-out: the way back is closed',
    async run(desk) {
      const person = await desk.as('guardian');
      await person.tap('details.sh-menu summary');
      await person.tap('form[action="/sign-out"] button');
      await person.page.waitForURL((url) => url.pathname !== '/my');
      await person.open('/my');
      assert.match(new URL(person.page.url()).pathname, /sign-in/);
    },
  },
];
