// A reader at a browser: Chromium on a phone or a desk, signed in or not, with or without JavaScript. Tasks (tasks/*.mjs) are written with
// this and nothing else, so that they read as what a person does. Every wait is for a condition with a deadline, never for a time.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** The two widths every page is looked at: a cheap phone, a cheap laptop. */
export const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1366, height: 768 };

/** Where a language is looked at: the two of the country on both, English, which is read at desks and has the shortest words, on one. */
export const widthsOf = (language) => (language === 'en' ? [DESK] : [PHONE, DESK]);

/** How long a page may take before a task fails. */
export const PATIENCE_MS = 10_000;

const CHROMIUM = process.env.CHROMIUM || ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

const FLAGS = ['--headless', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Starts Chromium with an empty profile. Close it with `await browser.close()`. */
export async function launch() {
  if (!CHROMIUM) throw new Error('no Chromium found: install the package chromium, or name the program in CHROMIUM');
  const profile = mkdtempSync(join(tmpdir(), 'shanyraq-browser-'));
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    // Root has no user namespace to sandbox in; anybody else keeps the sandbox.
    args: process.getuid && process.getuid() === 0 ? [...FLAGS, '--no-sandbox'] : FLAGS,
    env: { ...process.env, HOME: profile },
  });
  browser.on('disconnected', () => rmSync(profile, { recursive: true, force: true }));
  return browser;
}

/** A reader: a context of its own (cookies, language, width), one page, and a count of taps and keystrokes. */
export class Reader {
  constructor(context, page, options) {
    this.context = context;
    this.page = page;
    this.options = options;
    this.taps = 0;
    this.keys = 0;
    /** What went wrong in the page: script errors, refused content, failed requests of our own server. */
    this.complaints = [];
    /** Answers that refused something, which may be what a task is about. */
    this.refused = [];
    listenForComplaints(this);
  }

  /** Opens a path of the program under test. */
  async open(path) {
    try {
      const response = await this.page.goto(new URL(path, this.options.base).href, { waitUntil: 'load' });
      return response ? response.status() : 0;
    } catch (error) {
      // A live page whose session has ended goes to the sign-in by itself, at times while it is being opened again: then that is what is seen.
      if (!/interrupted by another navigation to "[^"]*\/sign-in\b/.test(error.message)) throw error;
      await this.page.waitForURL(/\/sign-in\b/);
      return 401;
    }
  }

  /** What the page says of itself, for whoever looks for the cause of a failure: its heading, refusals, what the browser complained of. */
  async said() {
    const parts = this.page.locator('h1, [role="alert"], .sh-error, .sh-note, .sh-unsaved, dialog[open]');
    const texts = await parts.evaluateAll((all) => all.map((part) => part.textContent.trim().replace(/\s+/g, ' ').slice(0, 200)).filter(Boolean)).catch(() => []);
    return [...texts, ...this.complaints, ...this.refused].slice(0, 12);
  }

  async tap(selector) {
    this.taps += 1;
    await this.page.locator(selector).first().click();
  }

  async type(selector, text) {
    this.taps += 1;
    this.keys += text.length;
    await this.page.locator(selector).first().fill(text);
  }

  /** Signs in through the form. */
  async signIn(user, password) {
    return login(this.page, this.options.base, user, password);
  }

  async sees(text) {
    await this.page.getByText(text).first().waitFor({ state: 'visible' });
  }

  /** Waits until the badge of the live part says the socket is open. */
  async live() {
    await this.page.locator('[data-live-status].connected').waitFor();
  }

  /** A picture of the whole page in the run's folder: `name.lang.width.png`. */
  async picture(name) {
    return screenshot(this.page, name, this.options.viewport.width, this.options.language, this.options.pictures);
  }

  /** Violations of WCAG 2.2 AA on the page as it is now, each as one line. */
  async violations() {
    return violations(this.page);
  }

  /** Whether something on the page is wider than the screen, so that it scrolls sideways. */
  async overflows() {
    return this.page.evaluate(() => {
      const room = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= room) return [];
      return [...document.querySelectorAll('body *')]
        .filter((element) => element.getBoundingClientRect().right > room + 1)
        .slice(0, 5)
        .map((element) => `${element.tagName.toLowerCase()}.${element.className}`);
    });
  }

  async close() {
    await this.context.close();
  }
}

/**
 * A reader of `base`. Options: `viewport` (PHONE), `language` (kk, ru, en), `javaScript` ('on' or 'off'), `theme` ('light' or 'dark'),
 * `pictures` (folder),
 * `workers` ('block', or 'allow' for the installed app).
 */
export async function reader(browser, options) {
  const told = { viewport: PHONE, language: 'kk', javaScript: 'on', theme: 'light', pictures: null, workers: 'block', ...options };
  const phone = told.viewport.width < 600;
  const context = await browser.newContext({
    viewport: told.viewport,
    locale: told.language,
    timezoneId: 'Asia/Almaty',
    colorScheme: told.theme,
    // A page that glides is tapped where it was a moment ago.
    reducedMotion: 'reduce',
    javaScriptEnabled: told.javaScript === 'on',
    hasTouch: phone,
    deviceScaleFactor: phone ? 2 : 1,
    extraHTTPHeaders: { 'Accept-Language': told.language },
    // A worker outlives its page and would answer in the server's place: only who looks at the installed app has one.
    serviceWorkers: told.workers,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  return new Reader(context, await context.newPage(), told);
}

function listenForComplaints(reader) {
  const { page, complaints, options } = reader;
  const ours = (url) => !options.base || url.startsWith(new URL(options.base).origin);
  // Playwright itself would answer "no" without a word; a task that listens answers for itself.
  page.on('dialog', (dialog) => {
    reader.refused.push(`asked: ${dialog.type()} ${dialog.message()}`);
    if (page.listenerCount('dialog') === 1) dialog.dismiss().catch((error) => reader.refused.push(`dialog: ${error.message}`));
  });
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    // The state of an answer is judged by 'response' below, which knows its address.
    if (message.type() === 'error' && !text.startsWith('Failed to load resource') && !text.startsWith('WebSocket connection')) complaints.push(`console: ${text} (${message.location().url}:${message.location().lineNumber})`);
  });
  page.on('response', (response) => {
    if (response.status() >= 500 && ours(response.url())) complaints.push(`${response.status()} ${response.url()}`);
    else if (response.status() >= 400) reader.refused.push(`${response.status()} ${response.url()}`);
  });
  page.on('request', (request) => {
    if (!ours(request.url()) && /^https?:/.test(request.url())) complaints.push(`foreign request: ${request.url()}`);
  });
}

/** Asks again and again until the answer is yes; fails after the patience of a page. */
export async function until(condition, patienceMs = PATIENCE_MS) {
  const deadline = Date.now() + patienceMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`still not so after ${patienceMs / 1000} s: ${condition}`);
    // The other reader, and whatever is waited for, get their turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Signs in through the form, as anybody does. */
export async function login(page, base, user, password) {
  await page.goto(new URL('/sign-in', base).href);
  await page.fill('[name="login"]', user);
  await page.fill('[name="password"]', password);
  await Promise.all([
    page.waitForURL((url) => !url.pathname.startsWith('/sign-in')),
    page.press('[name="password"]', 'Enter'),
  ]);
}

/** Takes a picture of the whole page; returns its path, or nothing without a folder. */
export async function screenshot(page, name, width, language, folder) {
  if (!folder) return null;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.${language}.${width}.png`);
  const screen = page.viewportSize();
  // The screen grows to the page, so that a bar fixed to its edge is where a reader finds it.
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: screen.width, height: Math.min(Math.max(height, screen.height), 8000) });
  await page.screenshot({ path, animations: 'disabled' });
  await page.setViewportSize(screen);
  return path;
}

/** WCAG 2.2 AA by axe-core, which runs apart from the page's own content policy. It needs script: a page read without is checked by its twin with. */
export async function violations(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(async (tags) => {
    // Without preloading stylesheets: it writes inline style, which the content policy rightly reports.
    const result = await window.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'], preload: false });
    return result.violations.map((rule) => ({ id: rule.id, help: rule.help, where: rule.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} (${(node.any[0] || node.all[0] || node.none[0] || {}).message || ''})`) }));
  }, AA);
  return found.map((rule) => `${rule.id}: ${rule.help}: ${rule.where.join('; ')}`);
}
