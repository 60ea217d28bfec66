// The API: its page, and a fuzzer that reads its description and looks for answers that break it.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DESK, widthsOf } from '../browse.mjs';

const FUZZER = fileURLToPath(new URL('../.fuzzer/bin/schemathesis', import.meta.url));
// The router answers 404 to a method that an address does not have, so as not to tell addresses apart from nothing.
const NOT_CHECKED = 'unsupported_method';
const CASES = 10;

const looks = [];
for (const language of ['kk', 'ru', 'en']) {
  for (const viewport of widthsOf(language)) {
    looks.push({
      name: `api: its page in ${language} at ${viewport.width} px`,
      async run(desk) {
        const person = await desk.stranger({ language, viewport });
        assert.equal(await person.open('/api'), 200);
        await desk.inspect(person, 'api');
      },
    });
  }
}

/** A key that may read the register. */
async function keyOf(desk) {
  const person = await desk.as('director', { viewport: DESK });
  await person.open('/account/keys');
  await person.type('#name', 'Fuzzer');
  await person.page.check('input[name="own"]');
  for (const right of ['people.see_pupils', 'people.see_cards', 'people.see_staff', 'people.see_calendar', 'people.see_movement']) await person.page.check(`input[name="${right}"]`);
  await person.type('#password', desk.account('director').password);
  await person.tap('form[action="/account/keys"] button');
  return (await person.page.locator('#secret').textContent()).trim();
}

export default [
  ...looks,
  {
    name: 'api: a fuzzer finds no fault of ours and no answer that its description does not tell',
    async run(desk) {
      const key = await keyOf(desk);
      const known = `/api/v1/schools/${desk.town.schools[0].code}/classes`;
      const tried = await fetch(new URL(known, desk.base), { headers: { Authorization: `Bearer ${key}` } });
      assert.equal(tried.status, 200, known);
      const said = ['run', new URL('/api/v1/openapi.json', desk.base).href, '--header', `Authorization: Bearer ${key}`, '--exclude-checks', NOT_CHECKED, '--max-examples', String(CASES), '--seed', '1', '--phases', 'examples,coverage,fuzzing', '--no-color', '--warnings', 'off'];
      const ended = await promisify(execFile)(FUZZER, said, { cwd: tmpdir(), timeout: 55_000, maxBuffer: 16_000_000 }).catch((error) => error);
      assert.ok(!(ended instanceof Error), `${ended.stdout}\n${ended.stderr}`);
      assert.match(ended.stdout, /generated/i, ended.stdout);
    },
  },
];
