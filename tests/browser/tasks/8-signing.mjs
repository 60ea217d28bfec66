// Ways of signing in: a passkey of a virtual authenticator, phone and e-mail, recovery, keys of the API.

import assert from 'node:assert/strict';
import { DESK, widthsOf } from '../browse.mjs';

/** The same program by the name of this machine: a number has no passkeys. */
const byName = (base) => base.replace('127.0.0.1', 'localhost');

/** A finger that is always at hand, in this reader's browser. */
async function addAuthenticator(person) {
  const devtools = await person.context.newCDPSession(person.page);
  await devtools.send('WebAuthn.enable');
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  await devtools.send('WebAuthn.addVirtualAuthenticator', { options });
}

async function signIn(person, { login, password }) {
  await person.open('/sign-in');
  await person.type('[name="login"]', login);
  await person.type('[name="password"]', password);
  await person.tap('form[action="/sign-in"] button');
  await person.page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

async function signOut(person) {
  await person.open('/account');
  await person.tap('details.sh-menu summary');
  await person.tap('form[action="/sign-out"] button');
  await person.page.waitForURL('**/sign-in');
}

const looks = [];
for (const language of ['kk', 'ru', 'en']) {
  for (const viewport of widthsOf(language)) {
    looks.push({
      name: `signing in: ${language}, ${viewport.width} px, readable and accessible`,
      async run(desk) {
        const person = await desk.as('guardian', { language, viewport });
        for (const [path, name] of [['/account', 'account-all'], ['/account/passkeys', 'passkeys-by-number'], ['/account/identifiers', 'identifiers'], ['/account/keys', 'keys']]) {
          assert.equal(await person.open(path), 200, path);
          await desk.inspect(person, name);
        }
        const named = await desk.stranger({ language, viewport, base: byName(desk.base) });
        assert.equal(await named.open('/sign-in'), 200);
        await desk.inspect(named, 'sign-in-with-passkey');
        for (const [path, name, status] of [['/recover', 'recover', 200], ['/recover/password', 'recover-over', 422], ['/confirm-email', 'confirm-email', 200]]) {
          assert.equal(await named.open(path), status, path);
          await desk.inspect(named, name);
        }
      },
    });
  }
}

export default [
  ...looks,
  {
    name: 'passkey: added, signed in with, removed, refused afterwards',
    async run(desk) {
      const account = desk.account('guardian');
      const person = await desk.stranger({ base: byName(desk.base) });
      await addAuthenticator(person);
      await signIn(person, account);
      await person.open('/account');
      await person.tap('a[href="/account/passkeys"]');
      await person.type('#name', 'Телефоным');
      await person.type('#password', 'not it');
      await person.tap('form[data-passkey="add"] button');
      await person.page.locator('[data-passkey-said="refused"]:visible').waitFor();
      await desk.inspect(person, 'passkeys-refused');
      await person.type('#password', account.password);
      await person.tap('form[data-passkey="add"] button');
      await person.page.waitForURL('**/account/passkeys?done=added');
      await person.sees('Телефоным');
      await desk.inspect(person, 'passkeys');
      desk.note('add a passkey, after one wrong password', person);

      await signOut(person);
      const before = person.taps;
      await person.tap('form[data-passkey="sign-in"] button');
      await person.page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
      assert.equal(person.taps - before, 1);
      await person.open('/account/passkeys');
      person.page.on('dialog', (dialog) => dialog.accept());
      await person.tap('form[action$="/remove"] button');
      await person.page.waitForURL('**/account/passkeys?done=removed');

      await signOut(person);
      await person.tap('form[data-passkey="sign-in"] button');
      await person.page.locator('form[action="/sign-in"] [role="alert"]').waitFor();
      await person.open('/account');
      assert.match(person.page.url(), /\/sign-in\?next/, 'a removed passkey opens nothing');
    },
  },
  {
    name: 'phone: set on the account page, and typed in place of the login, without JavaScript',
    async run(desk) {
      const account = desk.account('teacher');
      const person = await desk.as('teacher', { language: 'ru', viewport: DESK });
      await person.open('/account/identifiers');
      await person.type('#phone', 'twelve');
      await person.type('#phone-password', account.password);
      await person.tap('form[action="/account/identifiers/phone"] button');
      await person.page.locator('[role="alert"]').waitFor();
      await desk.inspect(person, 'identifiers-refused');
      await person.type('#phone', '8 (701) 555-01-77');
      await person.type('#phone-password', account.password);
      await person.tap('form[action="/account/identifiers/phone"] button');
      await person.page.waitForURL('**/account/identifiers?done=phone');
      desk.note('set the phone, after one mistake', person);
      const plain = await desk.stranger({ javaScript: 'off' });
      await signIn(plain, { login: '+7 701 555 01 77', password: account.password });
      desk.note('sign in with a phone', plain);
    },
  },
  {
    name: 'keys: one is made, shown once, asks the API who it is, and is revoked',
    async run(desk) {
      const account = desk.account('teacher');
      const person = await desk.as('teacher', { language: 'en' });
      await person.open('/account/keys');
      await person.type('#name', 'Timetable program');
      await person.tap('#own');
      await person.type('#password', account.password);
      await person.tap('form[action="/account/keys"] button');
      await person.page.locator('#secret').waitFor();
      await desk.inspect(person, 'key-made');
      const key = await person.page.locator('#secret').textContent();
      desk.note('make a key of the API', person);
      const ask = async () => (await fetch(new URL('/api/v1/me', desk.base), { headers: { Authorization: `Bearer ${key}` } })).status;
      assert.equal(await ask(), 200);
      await person.open('/account/keys');
      assert.ok(!(await person.page.content()).includes(key), 'shown once');
      await desk.inspect(person, 'keys-one');
      person.page.on('dialog', (dialog) => dialog.accept());
      await person.tap('form[action$="/revoke"] button');
      await person.page.waitForURL('**/account/keys?done=revoked');
      assert.equal(await ask(), 401);
    },
  },
];
