// One's own account: the password, the devices, two-step sign-in with a telephone that shows codes.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { DESK, until, widthsOf } from '../browse.mjs';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MS = 30_000;

/** The bytes of a secret as a person would type it. */
function bytesOf(typed) {
  const bits = [...typed.replace(/\s/g, '')].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((eight) => parseInt(eight, 2)));
}

/** A telephone that shows codes, never the same one twice. */
class Authenticator {
  constructor(typed) {
    this.secret = bytesOf(typed);
    this.last = 0;
  }

  /** The next code. A code works once, so that of a step which was used is followed by that of the next step, which the hub takes a little early. */
  code() {
    this.last = Math.max(Math.floor(Date.now() / STEP_MS), this.last + 1);
    const step = Buffer.alloc(8);
    step.writeBigUInt64BE(BigInt(this.last));
    const digest = createHmac('sha1', this.secret).update(step).digest();
    const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, '0');
  }
}

async function typePassword(person, login, password) {
  await person.open('/sign-in');
  await person.type('[name="login"]', login);
  await person.type('[name="password"]', password);
  await person.tap('form.sh-form button');
}

const looks = [];
for (const language of ['kk', 'ru', 'en']) {
  for (const viewport of widthsOf(language)) {
    looks.push({
      name: `account: ${language}, ${viewport.width} px, readable and accessible`,
      async run(desk) {
        const person = await desk.as('guardian', { language, viewport });
        for (const [path, name] of [['/account', 'account'], ['/account/password', 'account-password'], ['/account/devices', 'account-devices'], ['/account/second-factor', 'second-factor']]) {
          assert.equal(await person.open(path), 200, path);
          await desk.inspect(person, name);
        }
        await person.tap('form[action="/account/second-factor/begin"] button');
        await person.page.waitForURL('**/account/second-factor/enrol');
        await desk.inspect(person, 'second-factor-enrol');
      },
    });
  }
}

export default [
  ...looks,
  {
    name: 'account: reached from the menu, and the language chosen there',
    async run(desk) {
      const person = await desk.as('teacher');
      await person.tap('details.sh-menu summary');
      await person.tap('.sh-menu a[href="/account"]');
      await person.page.waitForURL('**/account');
      await person.page.selectOption('#locale', 'en');
      await person.tap('form[action="/locale"].sh-form button');
      await person.page.locator('html[lang="en"]').waitFor();
      assert.equal(new URL(person.page.url()).pathname, '/account');
      desk.note('change the language on the account page', person);
    },
  },
  {
    name: 'account: another device is seen and signed out',
    async run(desk) {
      const elsewhere = await desk.as('guardian');
      const here = await desk.as('guardian', { language: 'ru', viewport: DESK });
      await here.open('/account/devices');
      await here.sees('Chrome');
      const before = await here.page.locator('form[action$="/end"]').count();
      assert.ok(before >= 1);
      await here.tap('form[action$="/end"] button');
      await here.page.locator('main [role="status"]').waitFor();
      assert.equal(await here.page.locator('form[action$="/end"]').count(), before - 1);
      desk.note('sign another device out', here);
      // The device last used is the first of the list: it is the other reader's.
      await until(async () => {
        await elsewhere.open('/my');
        return /sign-in/.test(elsewhere.page.url());
      });
    },
  },
  {
    name: 'two-step sign-in: switched on, asked for with and without JavaScript, a recovery code, switched off',
    async run(desk) {
      const { login, password } = desk.account('teacher');
      const person = await desk.as('teacher');
      await person.open('/account/second-factor');
      await person.tap('form[action="/account/second-factor/begin"] button');
      await person.page.waitForURL('**/enrol');
      const phone = new Authenticator(await person.page.locator('#secret').textContent());
      await person.type('[name="code"]', '000000');
      await person.tap('form[action="/account/second-factor/confirm"] button');
      await person.page.locator('.sh-error').waitFor();
      await person.type('[name="code"]', phone.code());
      await person.tap('form[action="/account/second-factor/confirm"] button');
      await person.page.locator('#codes').waitFor();
      const codes = (await person.page.locator('#codes').textContent()).trim().split(/\s+/);
      assert.equal(codes.length, 10);
      await desk.inspect(person, 'second-factor-codes');
      desk.note('switch two-step sign-in on', person);

      const plain = await desk.stranger({ javaScript: 'off' });
      await typePassword(plain, login, password);
      await plain.page.waitForURL('**/sign-in/code');
      await plain.open('/account');
      assert.match(plain.page.url(), /\/sign-in\?next/, 'half-way is not in');
      await plain.open('/sign-in/code');
      await plain.type('[name="code"]', phone.code());
      await plain.tap('form.sh-form button');
      await plain.page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
      desk.note('sign in with password and code', plain);

      const lost = await desk.stranger({ language: 'kk' });
      await typePassword(lost, login, password);
      await lost.page.waitForURL('**/sign-in/code');
      await desk.inspect(lost, 'sign-in-code');
      await lost.type('[name="code"]', 'not one');
      await lost.tap('form.sh-form button');
      await lost.page.locator('[role="alert"]').waitFor();
      await lost.type('[name="code"]', codes[0]);
      await lost.tap('form.sh-form button');
      await lost.page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
      await lost.open('/account/second-factor');
      await desk.inspect(lost, 'second-factor-on');
      lost.page.on('dialog', (dialog) => dialog.accept());
      await lost.type('[name="password"]', password);
      await lost.tap('button[formaction="/account/second-factor/off"]');
      await lost.page.locator('form[action="/account/second-factor/begin"]').waitFor();
      desk.note('sign in with a recovery code and switch two-step sign-in off', lost);
    },
  },
  {
    name: 'password: a weak one is told next to its field, a good one signs the other browsers out',
    async run(desk) {
      // The old password does not come back: later tasks find the new one in the same account.
      const account = desk.account('director');
      const good = 'kestrel over the steppe';
      const elsewhere = await desk.as('director');
      const person = await desk.as('director', { language: 'en', viewport: DESK });
      await person.open('/account/password');
      await person.type('[name="old"]', account.password);
      await person.type('[name="new"]', 'Almaty2026');
      await person.type('[name="again"]', 'Almaty2026');
      await person.tap('form[action="/account/password"] button');
      await person.page.locator('#new-error').waitFor();
      await desk.inspect(person, 'account-password-refused');
      await person.type('[name="old"]', account.password);
      await person.type('[name="new"]', good);
      await person.type('[name="again"]', good);
      await person.tap('form[action="/account/password"] button');
      await person.page.waitForURL('**/account?done=password');
      account.password = good;
      desk.note('change the password, after one weak try', person);
      await until(async () => {
        await elsewhere.open('/account');
        return /sign-in/.test(elsewhere.page.url());
      });
    },
  },
];
