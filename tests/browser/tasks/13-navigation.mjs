// The way around: the groups of the navigation on a desk and on a phone, and the palette that leads anywhere in three keystrokes.

import assert from 'node:assert/strict';
import { DESK, PHONE, until } from '../browse.mjs';

const schoolCode = (desk) => desk.account('director').login.split('-')[0];

const looks = [];
for (const [language, viewport] of [['kk', PHONE], ['ru', DESK]]) {
  looks.push({
    name: `navigation: groups and search in ${language} at ${viewport.width} px`,
    async run(desk) {
      const person = await desk.as('director', { language, viewport });
      await person.open(`/${schoolCode(desk)}/audit`);
      const menu = viewport === PHONE ? '.sh-nav-more' : '.sh-nav-wide:has([aria-current="page"])';
      assert.equal(await person.page.locator(`${menu} > summary`).getAttribute('aria-current'), 'true', 'the group of the page is marked');
      await person.tap(`${menu} > summary`);
      await person.page.locator(`${menu} a[aria-current="page"]`).waitFor();
      await desk.inspect(person, 'navigation-open');
      await person.page.keyboard.press('Escape');
      assert.equal(await person.page.locator('[data-menu][open]').count(), 0, 'Escape closes it');
      assert.equal(await person.page.evaluate(() => document.activeElement.tagName), 'SUMMARY');
      await person.tap('.sh-find');
      await person.page.locator('#palette [role="option"]').first().waitFor();
      await desk.inspect(person, 'palette');
      await person.page.keyboard.press('Escape');
      await person.page.locator('#palette').waitFor({ state: 'hidden' });
      await person.open(`/${schoolCode(desk)}/find?q=%D0%B0`);
      await person.page.locator('#found .sh-list a').first().waitFor();
      await desk.inspect(person, 'find');
    },
  });
}

export default [
  ...looks,
  {
    name: 'navigation: to a pupil in a slash, two letters and Enter',
    async run(desk) {
      const person = await desk.as('director', { viewport: DESK, language: 'ru' });
      await person.open(`/${schoolCode(desk)}/audit`);
      const keyboard = person.page.keyboard;
      await keyboard.press('/');
      await keyboard.type('ос');
      await keyboard.press('Enter');
      await person.page.waitForURL(/\/pupils\/[0-9a-z]{26}$/i);
      person.keys += 4;
      desk.note('go to a pupil by keyboard', person);
      await keyboard.press('Control+k');
      await keyboard.type('ауд');
      await until(async () => (await person.page.locator('#palette [aria-selected="true"]').textContent().catch(() => '')).includes('Аудит'));
      assert.equal(await person.page.locator('#palette input').getAttribute('aria-activedescendant'), await person.page.locator('#palette [aria-selected="true"]').getAttribute('id'));
      await keyboard.press('Enter');
      await person.page.waitForURL(/\/audit$/);
    },
  },
  {
    name: 'navigation: menus and search without JavaScript',
    async run(desk) {
      const person = await desk.as('director', { viewport: PHONE, language: 'ru', javaScript: 'off' });
      await person.open(`/${schoolCode(desk)}/pupils`);
      await person.tap('.sh-nav-more > summary');
      await desk.inspect(person, 'navigation-nojs');
      await person.tap(`.sh-nav-more a[href="/${schoolCode(desk)}/audit"]`);
      await person.page.waitForURL(/\/audit$/);
      await person.tap('.sh-find');
      await person.page.waitForURL(/\/find$/);
      await person.type('#find', 'а');
      await person.tap('main form button');
      await person.tap('#found a');
      await person.page.waitForURL(/\/pupils\//);
    },
  },
];
