// Finishes named tasks in Chromium and says how many passed.
//
//   node run.mjs                       everything: the islands, then the program, which is started with a town of its own and stopped again
//   node run.mjs --gallery             the islands and components only, without the program
//   node run.mjs --base http://127.0.0.1:8080 --logins '{"guardian":{"login":"…","password":"…"}}' --town town.json
//                                      a program that already runs
//
// The program's tasks are worked off by two readers at once, each in a town of its own: one waits for the network while the other draws.
//
// `--logins` may name a file; SHANYRAQ_BASE, SHANYRAQ_LOGINS and SHANYRAQ_TOWN serve as well. `--only word` runs tasks whose name contains it,
// `--pictures folder` keeps pictures, `--list` names the tasks. A task that lacks its login fails: what never ran did not pass.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { launch, login, reader } from './browse.mjs';
import { startProgram } from './program.mjs';
import { serveGallery } from './static-server.mjs';

const TASK_LIMIT_MS = 60_000;
/** So many lines of the program's log are shown of a task that failed. */
const LOG_LINES = 40;

/** Pages whose accessibility was found good: name, width, theme. */
const measured = new Set();

const { values: told } = parseArgs({
  options: {
    base: { type: 'string', default: process.env.SHANYRAQ_BASE },
    logins: { type: 'string', default: process.env.SHANYRAQ_LOGINS || '{}' },
    town: { type: 'string', default: process.env.SHANYRAQ_TOWN },
    program: { type: 'string' },
    only: { type: 'string', default: '' },
    pictures: { type: 'string' },
    effort: { type: 'string' },
    gallery: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});

/** What a task is given: readers, logins, and a notebook for the effort it took. */
class Desk {
  constructor(browser, place, pictures) {
    this.browser = browser;
    this.base = place.base;
    this.logins = place.logins || {};
    this.town = place.town;
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

  /**
   * A page as it must be: no violation of WCAG 2.2 AA, nothing wider than the screen, nothing complained of by the browser. Accessibility is
   * measured in the language that comes first, at each width: the others have the same markup and other words.
   */
  async inspect(person, name) {
    await person.picture(name);
    if (person.options.javaScript === 'on') await this.measure(person, name);
    assert.deepEqual(await person.overflows(), [], `${name} is wider than the screen`);
    assert.deepEqual(person.complaints, [], `${name} complains`);
  }

  async measure(person, name) {
    const { theme, viewport } = person.options;
    const page = `${name} ${viewport.width} ${theme}`;
    if (measured.has(page)) return;
    assert.deepEqual(await person.violations(), [], `accessibility of ${name}`);
    measured.add(page);
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

/** The tasks of each file of a folder, in the files' order. */
async function tasksIn(folder) {
  const place = new URL(`${folder}/`, import.meta.url);
  const files = readdirSync(place).filter((name) => name.endsWith('.mjs')).sort();
  const lists = await Promise.all(files.map(async (name) => (await import(new URL(name, place))).default));
  return lists.map((tasks) => tasks.filter((task) => task.name.includes(told.only))).filter((tasks) => tasks.length > 0);
}

const limitOf = (task) => task.limitMs || TASK_LIMIT_MS;

/** Deals files out to so many readers, each file whole and in order, so that all have about as much to do; the same files always fall together. */
function lanes(files, count) {
  const dealt = Array.from({ length: count }, () => ({ tasks: [], most: 0 }));
  for (const tasks of files) {
    const least = dealt.reduce((one, other) => (other.most < one.most ? other : one));
    least.tasks.push(...tasks);
    least.most += tasks.reduce((sum, task) => sum + limitOf(task), 0);
  }
  return dealt.map((lane) => lane.tasks).filter((tasks) => tasks.length > 0);
}

const jsonOrFile = (text) => JSON.parse(text.trim().startsWith('{') ? text : readFileSync(text, 'utf8'));

/** What runs where: the islands on the gallery page, the tasks on the program named or started. */
function rounds() {
  const islands = { folder: 'gallery-tasks', lanes: 1, start: async () => serveGallery() };
  const named = { folder: 'tasks', lanes: 1, start: async () => ({ base: told.base, logins: jsonOrFile(told.logins), town: told.town && jsonOrFile(told.town) }) };
  const started = { folder: 'tasks', lanes: 2, start: async () => startProgram(told.program) };
  if (told.gallery) return [islands];
  return told.base ? [named] : [islands, started];
}

async function runTask(task, browser, place, effort) {
  const desk = new Desk(browser, place, told.pictures);
  let limit;
  const tooLong = new Promise((_, refuse) => {
    limit = setTimeout(() => refuse(new Error(`not finished in ${limitOf(task) / 1000} s`)), limitOf(task));
  });
  const began = Date.now();
  try {
    await Promise.race([task.run(desk, place), tooLong]);
    effort.push(...desk.effort);
    console.log(`ok    ${task.name} (${Date.now() - began} ms)`);
    return true;
  } catch (error) {
    console.log(`FAIL  ${task.name}\n      ${String(error.stack || error).split('\n').slice(0, 14).join('\n      ')}`);
    await keepEvidence(desk, task, place.log, began);
    return false;
  } finally {
    clearTimeout(limit);
    await desk.leave();
  }
}

/** What pages and program say of a task that failed. */
async function keepEvidence(desk, task, log, began) {
  for (const [index, person] of desk.readers.entries()) {
    console.log(`      at ${person.page.url()}`);
    (await person.said()).forEach((text) => console.log(`         ${text}`));
    if (desk.pictures) await person.picture(`FAIL-${task.name.replace(/\W+/g, '-')}-${index}`).catch(() => undefined);
  }
  if (log) saidSince(log, began).slice(-LOG_LINES).forEach((line) => console.log(`      log ${line}`));
}

/** Lines of the program's log since a moment; each begins with its time. */
function saidSince(log, moment) {
  const from = new Date(moment).toISOString();
  return readFileSync(log, 'utf8').split('\n').filter((line) => /^\d{4}-/.test(line) && line >= from);
}

/** Runs the tasks of one lane in a place of their own; returns how many passed. */
async function runLane(place, tasks, browser, effort) {
  let passed = 0;
  try {
    for (const task of tasks) if (await runTask(task, browser, place, effort)) passed += 1;
  } finally {
    if (place.stop) await place.stop();
  }
  return passed;
}

/** Each lane in its own place, at once. Places are started one after the other, so that each sees which ports the others took. */
async function runLanes(round, files, browser, effort) {
  const waiting = [];
  let place = Promise.resolve();
  for (const tasks of lanes(files, round.lanes)) {
    place = place.then(round.start);
    waiting.push(place.then((started) => runLane(started, tasks, browser, effort)));
  }
  // All are finished before the first failure of a place is told, so that none outlives the run.
  const done = await Promise.allSettled(waiting);
  const failed = done.find((lane) => lane.status === 'rejected');
  if (failed) throw failed.reason;
  return done.map((lane) => lane.value);
}

async function main() {
  const browser = told.list ? null : await launch();
  const effort = [];
  let passed = 0;
  let all = 0;
  try {
    for (const round of rounds()) {
      const files = await tasksIn(round.folder);
      all += files.flat().length;
      if (told.list) files.flat().forEach((task) => console.log(task.name));
      else for (const count of await runLanes(round, files, browser, effort)) passed += count;
    }
  } finally {
    if (browser) await browser.close();
  }
  if (told.list) return 0;
  effort.forEach(({ task, taps, keys }) => console.log(`effort  ${task}: ${taps} taps, ${keys} keystrokes`));
  if (told.effort) writeFileSync(told.effort, `${JSON.stringify(effort, null, 2)}\n`);
  console.log(`${passed} passed, ${all - passed} failed`);
  return passed === all && all > 0 ? 0 : 1;
}

process.exitCode = await main();
