// An incident with personal data: registered with its clock, those concerned gathered, the letter printed, the authorised body told.

import assert from 'node:assert/strict';
import { DESK, widthsOf } from '../browse.mjs';

const schoolCode = (desk) => desk.account('school_administrator').login.split('-')[0];

/** Registers an incident and stays on its page. */
async function register(person, code, happened) {
  await person.open(`/${code}/breaches`);
  await person.tap('a[href$="/breaches/new"]');
  await person.type('#happened', happened);
  await person.type('#contact', 'А. Оспанова, +7 700 000 00 00');
  await person.tap('form.sh-form button');
  await person.page.locator('#clock').waitFor();
}

const looks = [];
for (const language of ['kk', 'ru', 'en']) {
  for (const viewport of widthsOf(language)) {
    looks.push({
      name: `breaches: the register, an entry, an incident and its letter in ${language} at ${viewport.width} px`,
      async run(desk) {
        const person = await desk.as('director', { language, viewport });
        const code = schoolCode(desk);
        assert.equal(await person.open(`/${code}/breaches/new`), 200);
        await desk.inspect(person, 'breach-new');
        await register(person, code, 'Сынып тізімі бар ноутбук жоғалды. / Пропал ноутбук со списками классов.');
        await person.tap('form[action$="/people"] button');
        await person.page.locator('#concerned tr').first().waitFor();
        await desk.inspect(person, 'breach');
        await person.tap('a[href$="/letter"]');
        await person.page.locator('article').waitFor();
        await desk.inspect(person, 'breach-letter');
        assert.equal(await person.open(`/${code}/breaches`), 200);
        await desk.inspect(person, 'breaches');
      },
    });
    looks.push({
      name: `breaches: clocks of all schools in ${language} at ${viewport.width} px`,
      async run(desk) {
        const person = await desk.as('support', { language, viewport });
        assert.equal(await person.open('/support/breaches'), 200);
        await desk.inspect(person, 'breaches-watch');
      },
    });
  }
}

export default [
  {
    name: 'breaches: from noticing to telling the authorised body, in one sitting',
    async run(desk) {
      const code = schoolCode(desk);
      const director = await desk.as('director', { language: 'ru', viewport: DESK });
      await register(director, code, 'Логин учителя попал в чужие руки');
      await director.type('#login', desk.account('teacher').login);
      await director.page.fill('#from', '2026-09-01');
      await director.tap('form:has(#login) button');
      await director.page.locator('main [role="status"]').waitFor();
      await director.type('#text', 'Пароль сменён, все сеансы закрыты');
      await director.tap('form[action$="/steps"] button');
      await director.page.getByText('Пароль сменён, все сеансы закрыты').waitFor();
      await director.type('#letter', '12-3/45');
      await director.tap('form[action$="/reported"] button');
      await director.page.locator('#clock .sh-ok').waitFor();
      desk.note('register an incident and note the report', director);
    },
  },
  ...looks,
];
