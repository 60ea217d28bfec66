// A mother blocks a lost card in two taps; the office sees it and gives the child the card back when it is found.

import assert from 'node:assert/strict';
import { DESK, PHONE } from '../browse.mjs';

/** A child of the office's school: where children go to different ones, their cards name it. */
async function childOfSchool(mother) {
  await mother.open('/my');
  const named = '.sh-child-card:has-text("Абай") a';
  return (await mother.page.locator(named).count()) ? named : '.sh-child-card a';
}

const schoolCode = (desk) => desk.account('school_administrator').login.split('-')[0];

export default [
  {
    name: 'card block: a mother blocks a card at 360 px in kk, the office lifts it at 1366 px in ru',
    async run(desk) {
      const mother = await desk.as('guardian', { language: 'kk', viewport: PHONE });
      const child = await childOfSchool(mother);
      await mother.tap(child);
      await mother.page.waitForURL(/\/my\/[0-9a-zA-Z]{26}$/);
      const before = mother.taps;
      await mother.tap('a[href$="/card"]');
      await mother.page.waitForURL(/\/card$/);
      await desk.inspect(mother, 'card-block-my');
      await mother.tap('.sh-form .btn-primary');
      await mother.page.waitForURL(/done=blocked/);
      assert.equal(mother.taps - before, 2, 'two taps from the child');
      desk.note('block a card', mother);
      await desk.inspect(mother, 'card-block-my-blocked');
      const end = (await mother.page.locator('.sh-note.sh-warn b').first().textContent()).trim().slice(-4);
      await mother.open('/my/cards');
      await desk.inspect(mother, 'card-block-all');

      const office = await desk.as('school_administrator', { language: 'ru', viewport: DESK });
      office.page.on('dialog', (dialog) => dialog.accept());
      const code = schoolCode(desk);
      await office.open(`/${code}/cards/new`);
      await desk.inspect(office, 'card-block-find');
      await office.open(`/${code}/cards`);
      await desk.inspect(office, 'card-block-list');
      await office.open(`/${code}/cards?other=none&q=${end}`);
      await office.tap('.sh-table tbody .sh-menu summary');
      await office.tap('.sh-table tbody .sh-menu button');
      await office.page.waitForURL(/done=lifted/);
      await desk.inspect(office, 'card-block-lifted');
      await mother.open('/my');
      await mother.tap(child);
      await mother.tap('a[href$="/card"]');
      await mother.page.locator('.sh-form .btn-primary').waitFor();
    },
  },
];
