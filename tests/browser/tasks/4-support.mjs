// A support engineer with sixty devices: what is silent, since when, and a stranger's terminal connected from the page alone.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DESK, PHONE, until, widthsOf } from '../browse.mjs';
import { Terminal } from '../program.mjs';

const looks = [];
for (const language of ['kk', 'ru', 'en']) {
  for (const viewport of widthsOf(language)) {
    looks.push({
      name: `support: devices in ${language} at ${viewport.width} px`,
      async run(desk) {
        const person = await desk.as('support', { language, viewport });
        await person.open('/support/devices');
        await person.page.locator('#devices > tr').first().waitFor();
        await desk.inspect(person, 'support-devices');
        await person.tap('#devices a');
        await person.page.locator('.sh-facts').first().waitFor();
        await desk.inspect(person, 'support-device');
        for (const [path, name] of [['/support/devices/new', 'device-new'], ['/support/connect', 'connect'], ['/support/deliveries', 'deliveries'], ['/support/undelivered', 'undelivered']]) {
          assert.equal(await person.open(path), 200, path);
          await desk.inspect(person, `support-${name}`);
        }
      },
    });
  }
}

/** Runs commands as the page shows them, in a shell with a home of its own. */
function shell(home, commands) {
  return promisify(execFile)('sh', ['-c', commands], { env: { ...process.env, HOME: home }, timeout: 20_000 });
}

export default [
  {
    name: 'support: a device that speaks moves on the board by itself',
    async run(desk) {
      const person = await desk.as('support', { viewport: DESK });
      const school = desk.town.schools[1];
      const device = school.devices.find((one) => one.kind === 'turnstile');
      await person.open(`/support/devices?q=${device.code}`);
      await person.live();
      const row = person.page.locator('#devices > tr', { hasText: device.code });
      const before = await row.locator('td').nth(3).textContent();
      await new Terminal(desk.town, school, device).pass(school.cards[0], 'in');
      await person.page.waitForFunction(({ code, said }) => {
        const found = [...document.querySelectorAll('#devices > tr')].find((one) => one.textContent.includes(code));
        return found && found.children[3].textContent !== said;
      }, { code: device.code, said: before });
      assert.deepEqual(person.complaints, []);
    },
  },
  {
    name: 'support: connects a terminal of their own by the page’s commands alone',
    async run(desk) {
      const person = await desk.as('support', { viewport: DESK, language: 'en' });
      await person.open('/support/devices');
      await person.tap('a[href="/support/connect"]');
      await person.tap('form[action="/support/connect"] button');
      await person.page.locator('#pass').waitFor();
      await desk.inspect(person, 'connect-steps');
      desk.note('begin to connect a terminal', person);
      const command = (id) => person.page.locator(`#${id}`).textContent();
      const home = mkdtempSync(join(tmpdir(), 'shanyraq-terminal-'));
      const listener = spawn('sh', ['-c', `until ${await command('listen')}; do sleep 0.5; done`], { detached: true, env: { ...process.env, HOME: home }, stdio: ['ignore', 'pipe', 'ignore'] });
      try {
        let heard = '';
        listener.stdout.on('data', (bytes) => { heard += bytes; });
        const passes = await command('pass');
        const again = await command('again');
        const functions = passes.slice(0, passes.lastIndexOf('pass in'));
        // A new account works at the broker within seconds, as the page says; a terminal would repeat as long.
        await shell(home, `${passes} || until ${again}; do sleep 0.5; done`);
        await person.page.locator('.sh-timeline > li').first().waitFor();
        // A listener that the broker refused at first has come back by now.
        await until(async () => {
          await shell(home, `${functions}${again}`);
          return /"upto":/.test(heard);
        });
        await shell(home, `${functions}pass out\n${again}`);
        await person.page.locator('.sh-timeline > li').nth(1).waitFor();
        await person.picture('connect-arrived');
        assert.equal(await person.page.locator('.sh-note.sh-bad').count(), 0, 'no dead letter');
        assert.match(heard, /"upto":/, 'the acknowledgement was seen where the page said');
      } finally {
        process.kill(-listener.pid);
        rmSync(home, { recursive: true, force: true });
      }
    },
  },
  {
    name: 'support: silent devices alone in one tap',
    async run(desk) {
      const person = await desk.as('support', { viewport: PHONE, language: 'ru' });
      await person.open('/support/devices');
      await person.tap('.sh-stats a');
      await person.page.waitForURL(/state=/);
      desk.note('see silent devices only', person);
    },
  },
  ...looks,
];
