// A family that decides what a child's data is used for, and a school that sees who has not answered, writes down a signed form, and adds
// a picture once it may.

import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { DESK, PHONE, widthsOf } from '../browse.mjs';

const schoolCode = (desk) => desk.account('school_administrator').login.split('-')[0];

/** A scan that is one by its content. */
const SCAN = { name: 'form.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF') };

/** A grey square of 40 by 40 points. */
function picture() {
  const table = Array.from({ length: 256 }, (_, n) => { let c = n; for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1; return c >>> 0; });
  const crc = (bytes) => (bytes.reduce((sum, byte) => table[(sum ^ byte) & 255] ^ (sum >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(40, 0);
  head.writeUInt32BE(40, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc(40 * 41, 0x80);
  for (let row = 0; row < 40; row += 1) rows[row * 41] = 0;
  const parts = [chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return { name: 'me.png', mimeType: 'image/png', buffer: Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), ...parts]) };
}

/** The first child's panel, and one purpose of it. */
const purpose = (person, code) => person.page.locator(`details[id^="${code}-"]`).first();

/** Says yes or no to a purpose of the first child, whatever was said before. */
async function answer(person, code, wish) {
  await person.open('/my/consents');
  const one = purpose(person, code);
  await one.locator('summary').click();
  const button = one.locator(`button[value="${wish}"]`);
  if ((await button.count()) === 0) return;
  await Promise.all([person.page.waitForURL(/said=/), button.click()]);
}

const looks = [];
for (const language of ['kk', 'ru', 'en']) {
  for (const viewport of widthsOf(language)) {
    looks.push({
      name: `consents: the pages of family and school in ${language} at ${viewport.width} px`,
      async run(desk) {
        const mother = await desk.as('guardian', { language, viewport });
        assert.equal(await mother.open('/my/consents'), 200);
        await mother.page.locator('.sh-consent summary').first().click();
        await desk.inspect(mother, 'my-consents');
        assert.equal(await mother.open('/my/consents/ledger'), 200);
        await desk.inspect(mother, 'my-consents-ledger');
        const office = await desk.as('school_administrator', { language, viewport });
        const code = schoolCode(desk);
        assert.equal(await office.open(`/${code}/consents`), 200);
        await desk.inspect(office, 'consents');
        assert.equal(await office.open(`/${code}/consents?purpose=photos&state=lacking`), 200);
        await desk.inspect(office, 'consents-lacking');
        await office.tap('#pupils a');
        await office.page.locator('#states').waitFor();
        await desk.inspect(office, 'consents-sheet');
        assert.equal(await office.open(`/${code}/consents-blank`), 200);
        const value = await office.page.locator('#class option').nth(1).getAttribute('value');
        assert.equal(await office.open(`/${code}/consents-blank?class=${value}`), 200);
        await office.page.locator('.sh-blank[lang="ru"]').first().waitFor();
      },
    });
  }
}

export default [
  {
    name: 'consents: a mother takes a consent back in two taps, reads what stops before, and gives it again',
    async run(desk) {
      const mother = await desk.as('guardian', { language: 'ru' });
      await answer(mother, 'publication', 'yes');
      await mother.open('/my/consents');
      const { taps } = mother;
      const id = await purpose(mother, 'publication').getAttribute('id');
      await mother.tap(`#${id} summary`);
      assert.ok(await purpose(mother, 'publication').getByText('Новых публикаций не будет').isVisible());
      await mother.tap(`#${id} button[value="no"]`);
      await mother.page.locator('[role="status"]').first().waitFor();
      assert.equal(mother.taps, taps + 2);
      desk.note('withdraw a consent (on its page)', mother);
      assert.ok(await mother.page.locator(`#${id} summary`).getByText('Согласие отозвано').isVisible());
      await mother.open('/my/consents/ledger');
      assert.ok(await mother.page.locator('#words tr').first().getByText('Отзыв').isVisible());
      await answer(mother, 'publication', 'yes');
    },
  },
  {
    name: 'consents: it all works without JavaScript',
    async run(desk) {
      const plain = await desk.as('guardian', { language: 'kk', javaScript: 'off' });
      await answer(plain, 'ai', 'yes');
      await answer(plain, 'ai', 'no');
      assert.ok(await purpose(plain, 'ai').locator('summary').getByText('Келісім кері қайтарылды').isVisible());
    },
  },
  {
    name: 'consents: the office writes down a signed form with its scan, and adds the picture that it allows',
    async run(desk) {
      const code = schoolCode(desk);
      const office = await desk.as('school_administrator', { language: 'ru', viewport: DESK });
      await office.open(`/${code}/consents?purpose=photos&state=silent`);
      await office.tap('#pupils a');
      await office.page.locator('#file').waitFor();
      const sheet = new URL(office.page.url()).pathname;
      await office.page.fill('#signed_on', '2026-11-02');
      await office.page.selectOption('#p-photos', 'yes');
      await office.page.setInputFiles('#file', SCAN);
      await Promise.all([office.page.waitForURL(/recorded=/), office.tap('#paper button.btn-primary')]);
      desk.note('record a consent from paper (signed in)', office);
      const scan = office.page.locator('#words a').first();
      const [download] = await Promise.all([office.page.waitForEvent('download'), scan.click()]);
      assert.equal(download.suggestedFilename(), 'consent.pdf');

      const pupil = sheet.replace('/consents/', '/pupils/');
      await office.open(`${pupil}/photo-form`);
      await office.page.setInputFiles('#file', picture());
      await Promise.all([office.page.waitForURL((url) => url.pathname === pupil), office.tap('form[enctype] button.btn-primary')]);
      desk.note('add a photo (on its page)', office);
      const loaded = () => office.page.locator('img.sh-photo').evaluate((image) => image.complete && image.naturalWidth);
      await office.page.locator('img.sh-photo').waitFor();
      assert.equal(await loaded(), 40);
      for (const viewport of [PHONE, DESK]) {
        const look = await desk.as('school_administrator', { language: 'kk', viewport });
        await look.open(`${pupil}/photo-form`);
        await desk.inspect(look, 'photo-form');
        await look.open(pupil);
        await desk.inspect(look, 'pupil-with-photo');
      }
    },
  },
  ...looks,
];
