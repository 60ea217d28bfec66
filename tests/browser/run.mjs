// Finishes named tasks in Chromium and says how many passed.
//
//   node run.mjs --gallery                                   the islands and components, without the program
//   node run.mjs --base http://127.0.0.1:8080 --logins '{"guardian":{"login":"…","password":"…"}}'
//
// `--logins` may name a file; SHANYRAQ_BASE and SHANYRAQ_LOGINS serve as well. `--only word` runs tasks whose name contains it, `--pictures folder`
// keeps pictures, `--list` names the tasks. A task whose login is not given fails: a task that never ran is not a task that passed.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DESK, PHONE, launch, login, reader } from './browse.mjs';
import { serveGallery } from './static-server.mjs';

const TASK_LIMIT_MS = 60_000;

const { values: told } = parseArgs({
  options: {
    base: { type: 'string', default: process.env.SHANYRAQ_BASE },
    logins: { type: 'string', default: process.env.SHANYRAQ_LOGINS || '{}' },
    only: { type: 'string', default: '' },
    pictures: { type: 'string' },
    effort: { type: 'string' },
    gallery: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});

/** What a task is given: readers, logins, and a notebook for the effort it took. */
class Desk {
  constructor(browser, base, logins, pictures) {
    this.browser = browser;
    this.base = base;
    this.logins = logins;
    this.pictures = pictures;
    this.readers = [];
    this.effort = [];
  }

  /** A reader who is not signed in. */
  async stranger(options = {}) {
    const person = await reader(this.browser, { base: this.base, pictures: this.pictures, ...options });
    this.readers.push(person);
    return person;
  }

  /** A reader signed in as one of the given logins: `guardian`, `support`, `school`. */
  async as(role, options = {}) {
    const account = this.account(role);
    const person = await this.stranger(options);
    await login(person.page, this.base, account.login, account.password);
    return person;
  }

  account(role) {
    const account = this.logins[role];
    assert.ok(account, `no login for ${role} was given`);
    return account;
  }

  /** A page as it must be: no violation of WCAG 2.2 AA, nothing wider than the screen, nothing complained of by the browser. */
  async inspect(person, name) {
    await person.picture(name);
    if (person.options.javaScript === 'on') assert.deepEqual(await person.violations(), [], `accessibility of ${name}`);
    assert.deepEqual(await person.overflows(), [], `${name} is wider than the screen`);
    assert.deepEqual(person.complaints, [], `${name} complains`);
  }

  /** Writes down what the task cost its reader. */
  note(task, person) {
    this.effort.push({ task, taps: person.taps, keys: person.keys });
  }

  async leave() {
    // A page that still waits for an answer may never close; the browser's end takes it along.
    const patience = new Promise((enough) => { setTimeout(enough, 3_000).unref(); });
    await Promise.race([Promise.all(this.readers.map((person) => person.close())), patience]);
  }
}

async function loadTasks() {
  const folder = new URL(told.gallery ? 'gallery-tasks/' : 'tasks/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.mjs')).sort();
  const lists = await Promise.all(files.map(async (name) => (await import(new URL(name, folder))).default));
  return lists.flat().filter((task) => task.name.includes(told.only));
}

function readLogins() {
  const text = told.logins.trim();
  return JSON.parse(text.startsWith('{') ? text : readFileSync(text, 'utf8'));
}

async function runTask(task, browser, server, effort) {
  const desk = new Desk(browser, server.base, readLogins(), told.pictures);
  let limit;
  const tooLong = new Promise((_, refuse) => {
    limit = setTimeout(() => refuse(new Error(`not finished in ${TASK_LIMIT_MS / 1000} s`)), TASK_LIMIT_MS);
  });
  const began = Date.now();
  try {
    await Promise.race([task.run(desk, server), tooLong]);
    effort.push(...desk.effort);
    console.log(`ok    ${task.name} (${Date.now() - began} ms)`);
    return true;
  } catch (error) {
    console.log(`FAIL  ${task.name}\n      ${String(error.stack || error).split('\n').slice(0, 14).join('\n      ')}`);
    await keepEvidence(desk, task);
    return false;
  } finally {
    clearTimeout(limit);
    await desk.leave();
  }
}

async function keepEvidence(desk, task) {
  for (const [index, person] of desk.readers.entries()) {
    console.log(`      at ${person.page.url()}`);
    if (desk.pictures) await person.picture(`FAIL-${task.name.replace(/\W+/g, '-')}-${index}`).catch(() => undefined);
  }
}

async function main() {
  const tasks = await loadTasks();
  if (told.list) {
    tasks.forEach((task) => console.log(task.name));
    return 0;
  }
  if (!told.gallery && !told.base) throw new Error('name the program to test: --base URL, or --gallery for the islands alone');
  const server = told.gallery ? await serveGallery() : { base: told.base, close: () => undefined };
  const browser = await launch();
  const effort = [];
  let passed = 0;
  try {
    for (const task of tasks) if (await runTask(task, browser, server, effort)) passed += 1;
  } finally {
    await browser.close();
    server.close();
  }
  effort.forEach(({ task, taps, keys }) => console.log(`effort  ${task}: ${taps} taps, ${keys} keystrokes`));
  if (told.effort) writeFileSync(told.effort, `${JSON.stringify(effort, null, 2)}\n`);
  const failed = tasks.length - passed;
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && tasks.length > 0 ? 0 : 1;
}

export { DESK, PHONE };

process.exitCode = await main();
