// Papers: orders and their register become PDF files.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { DESK } from '../browse.mjs';

const schoolCode = (desk) => desk.account('school_administrator').login.split('-')[0];

/** What a tap on this downloads: its name and bytes. */
async function downloaded(person, selector) {
  const [download] = await Promise.all([person.page.waitForEvent('download'), person.tap(selector)]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

function isPdf({ name, bytes }, pattern) {
  assert.match(name, pattern);
  assert.equal(bytes.subarray(0, 5).toString('latin1'), '%PDF-');
  assert.ok(bytes.length > 10_000 && bytes.length < 500_000, `${name} has ${bytes.length} bytes`);
}

export default [
  {
    name: 'papers: an order as PDF in Kazakh and Russian, and the register of a period',
    async run(desk) {
      const code = schoolCode(desk);
      const office = await desk.as('school_administrator', { language: 'ru', viewport: DESK });
      await office.open(`/${code}/pupils`);
      const pupil = (await office.page.locator('.sh-table tbody a').evaluateAll((all) => all.map((link) => link.getAttribute('href')))).filter((link) => /\/pupils\/[^/]+$/.test(link))[7];
      await office.open(`${pupil}/movement`);
      await office.tap('#act-leave summary');
      await office.page.selectOption('#reason', 'moving');
      await office.type('#place', 'Өскемен қ.');
      await office.tap('#act-leave button');
      await office.page.waitForURL(/done=left/);
      const left = office.page.url();
      await office.tap('a[href*="/orders/"]');
      await desk.inspect(office, 'papers-order');
      isPdf(await downloaded(office, 'a[href$="language=kk"]'), /-order-\d+-\d{4}-kk\.pdf$/);
      isPdf(await downloaded(office, 'a[href$="language=ru"]'), /-order-\d+-\d{4}-ru\.pdf$/);
      desk.note('an order as PDF in both languages (from its page)', office);
      await office.open(`/${code}/orders`);
      isPdf(await downloaded(office, 'form[action$="/orders.pdf"] button'), /-orders-.*\.pdf$/);
      await office.open(left);
      await office.tap('form[action$="/undo"] button');
      await office.page.waitForURL(/done=undone/);
    },
  },
];
