// Takes the pictures of README.md from the running demo: node pictures.mjs

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DESK, PHONE, launch, login, reader } from './browse.mjs';
import { BUSY_TOWN, startProgram } from './program.mjs';

const FOLDER = fileURLToPath(new URL('pictures/', import.meta.url));
const LIVELY_MS = 120_000;

const program = await startProgram(process.argv[2], BUSY_TOWN);
const browser = await launch();
try {
  mkdirSync(FOLDER, { recursive: true });
  const engineer = await reader(browser, { base: program.base, viewport: DESK, language: 'ru' });
  await login(engineer.page, program.base, program.logins.support.login, program.logins.support.password);
  await engineer.open('/support/devices');
  await engineer.live();
  // Many terminals have seen somebody pass.
  await engineer.page.waitForFunction(() => document.querySelectorAll('#devices > tr > td:nth-child(4) > time').length >= 20, null, { timeout: LIVELY_MS });
  await engineer.page.screenshot({ path: join(FOLDER, 'support-devices-1366.png') });

  const mother = await reader(browser, { base: program.base, viewport: PHONE, language: 'kk' });
  await login(mother.page, program.base, program.logins.guardian.login, program.logins.guardian.password);
  await mother.open('/my');
  await mother.live();
  // A child at school makes the better picture; on some days none of these comes.
  await mother.page.locator('.sh-child-card .sh-in').first().waitFor({ timeout: LIVELY_MS }).catch(() => undefined);
  await mother.page.screenshot({ path: join(FOLDER, 'my-360.png') });
} finally {
  await browser.close();
  await program.stop();
}
