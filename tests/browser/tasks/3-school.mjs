// The school's own people: pupils, who is inside, what passes the doors now.

import assert from 'node:assert/strict';
import { DESK, widthsOf } from '../browse.mjs';
import { Terminal } from '../program.mjs';

const schoolCode = (desk) => desk.account('school_administrator').login.split('-')[0];

const looks = [];
for (const language of ['kk', 'ru', 'en']) {
  for (const viewport of widthsOf(language)) {
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
    looks.push({
      name: `school: today, presence and stream in ${language} at ${viewport.width} px`,
      async run(desk) {
        const person = await desk.as('director', { language, viewport });
        const code = schoolCode(desk);
        for (const [path, name] of [[`/${code}`, 'home'], [`/${code}/presence`, 'presence'], [`/${code}/stream`, 'stream'], [`/${code}/deliveries`, 'deliveries']]) {
          assert.equal(await person.open(path), 200, path);
          await desk.inspect(person, `school-${name}`);
        }
      },
    });
  }
}

export default [
  {
    name: 'school: the stream and the number inside move by themselves',
    async run(desk) {
      const code = schoolCode(desk);
      const school = desk.town.schools.find((one) => one.code === code);
      const door = new Terminal(desk.town, school, school.devices.find((one) => one.direction === 'in'));
      const person = await desk.as('director', { viewport: DESK, language: 'ru' });
      await person.open(`/${code}`);
      await person.live();
      const items = person.page.locator('#stream > li');
      const newest = await items.first().getAttribute('id').catch(() => null);
      const inside = await person.page.locator('#inside').textContent();
      await door.pass(school.cards[200], 'in');
      await person.page.waitForFunction((was) => {
        const first = document.querySelector('#stream > li');
        return first && first.id !== was;
      }, newest);
      await person.page.waitForFunction((was) => document.querySelector('#inside').textContent !== was, inside);
      await person.tap('.sh-stats a');
      await person.page.waitForURL(/presence/);
      desk.note('see who is inside (signed in)', person);
    },
  },
  {
    name: 'school: finds a pupil by the beginning of the surname',
    async run(desk) {
      const person = await desk.as('school_administrator', { viewport: DESK });
      await person.open(`/${schoolCode(desk)}/pupils`);
      const name = (await person.page.locator('.sh-table tbody a').nth(3).textContent()).trim();
      await person.type('#pupils-q', name.split(' ').slice(0, 2).join(' '));
      await person.page.keyboard.press('Enter');
      await person.page.waitForURL(/q=/);
      assert.ok((await person.page.locator('.sh-table tbody a').allTextContents()).some((text) => text.trim() === name));
      desk.note('find a pupil', person);
    },
  },
  ...looks,
];
