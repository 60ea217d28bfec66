// What is sent without net waits on this phone, and goes by itself when the net is back. For forms that say `data-outbox`.
//
// Always true:
//  1. Such a form is one thing however often it arrives: by a field `id`, new for whoever fills it in on a kept page, or because its address
//     says all that it does.
//  2. What waits belongs to one reader: what anybody else left on this phone goes when a page says who reads, all of it when nobody does.
//  3. It leaves the phone only when the server has answered: taken, or refused and said so. A chosen document waits with it (./outbox-files).

import { Enclosure, fileOf, keepFile, keepFilesOf } from './outbox-files';
import { arrive } from './upload';

/** What waits: where it goes, its fields, and the page where it was written. */
interface Letter {
  action: string;
  body: string;
  page: string;
  /** Whether it goes in parts, as a form that may hold a file does. */
  parts?: boolean;
  /** Under what its document lies on this phone. */
  file?: string;
}

type End = 'taken' | 'refused' | 'not_now';

const KEY = 'outbox:';
/** A net that says nothing for so long counts as none. */
const PATIENCE_MS = 15 * 1000;
/** With a document: so much longer for each of its bytes, a slow phone's net. */
const PATIENCE_MS_A_BYTE = 1 / 20;
const AGAIN_MS = 30 * 1000;
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

let sending = false;
let flushing = false;

export function startOutbox(): void {
  const reader = document.body.dataset.reader || '';
  forgetAllBut(KEY + reader);
  void keepFilesOf(reader ? filesOf(letters(reader)) : []);
  if (!reader || !window.fetch || !window.URLSearchParams) return;
  freshen();
  // Before the listener that keeps forms from being sent twice: a form of ours is never sent by the browser.
  window.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented || form.dataset.outbox === undefined) return;
    event.preventDefault();
    void send(form, reader);
  });
  // A page that was shown without net is loaded anew when the net is back (./worker), and what waits goes from there.
  if (!document.querySelector('[data-offline-note]')) window.addEventListener('online', () => void flush(reader));
  window.setInterval(() => void flush(reader), AGAIN_MS);
  show(letters(reader).length, 0, []);
  void flush(reader);
}

/** A kept page is of another moment: its form gets an id of its own, and no day that is over where none may be. */
function freshen(): void {
  if (!document.querySelector('[data-offline-note]')) return;
  const now = new Date();
  const two = (n: number): string => (n < 10 ? `0${n}` : String(n));
  const today = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  Array.from(document.querySelectorAll<HTMLFormElement>('form[data-outbox]')).forEach((form) => {
    Array.from(form.querySelectorAll<HTMLInputElement>('input[name="id"]')).forEach((id) => (id.value = freshId(now.getTime())));
    if (form.dataset.outbox !== 'from-today') return;
    Array.from(form.querySelectorAll<HTMLInputElement>('input[type="date"]')).forEach((day) => {
      if (day.value && day.value < today) day.value = today;
    });
  });
}

/** As the server makes them: 48 bits of time, 80 of chance, in 26 letters. */
function freshId(ms: number): string {
  const letters: string[] = [];
  for (let left = ms, place = 0; place < 10; place += 1) {
    letters.unshift(ALPHABET.charAt(left % 32));
    left = Math.floor(left / 32);
  }
  const chance = crypto.getRandomValues(new Uint8Array(16));
  chance.forEach((byte) => letters.push(ALPHABET.charAt(byte % 32)));
  return letters.join('');
}

async function send(form: HTMLFormElement, reader: string): Promise<void> {
  if (sending) return;
  sending = true;
  const letter: Letter = { action: form.action, body: fieldsOf(form), page: location.pathname, parts: form.enctype === 'multipart/form-data' };
  const enclosure = chosenIn(form);
  if (enclosure) say('sends', 'sh-info', document.body.dataset.outboxSends || '');
  try {
    const response = await post(letter, enclosure);
    const html = await response.text();
    arrive(form, response.url, html);
  } catch (_noNet) {
    if (enclosure) letter.file = `${KEY}${reader}:${freshId(Date.now())}`;
    if (!keep(reader, letter)) {
      // No room on this phone: the browser says by its own page that there is no net.
      form.submit();
      return;
    }
    // What was typed is safe now: leaving asks nothing.
    form.reset();
    form.dispatchEvent(new Event('input', { bubbles: true }));
    const id = form.querySelector<HTMLInputElement>('input[name="id"]');
    if (id) id.value = freshId(Date.now());
    show(letters(reader).length, 0, []);
    if (form.dataset.outboxKept) say('kept', 'sh-info', form.dataset.outboxKept);
    // After its letter, so that what is swept meanwhile is not this one.
    if (enclosure && letter.file && !(await keepFile(letter.file, enclosure))) say('no-file', 'sh-warn', document.body.dataset.outboxNoFile || '');
  } finally {
    sending = false;
    unsay('sends');
  }
}

/** The document that was chosen, if one was. */
function chosenIn(form: HTMLFormElement): Enclosure | null {
  const input = form.querySelector<HTMLInputElement>('input[type="file"]');
  const file = input && input.files && input.files[0];
  return input && file ? { field: input.name, name: file.name, file } : null;
}

/** Sends what waits, the oldest first, until there is no net again. */
async function flush(reader: string): Promise<void> {
  if (flushing || !letters(reader).length) return;
  flushing = true;
  let taken = 0;
  const refused: string[] = [];
  try {
    for (let letter = letters(reader)[0]; letter; letter = letters(reader)[0]) {
      const end = await ended(letter);
      if (end === 'not_now') break;
      if (end === 'taken') taken += 1;
      else refused.push(letter.page);
      store(reader, letters(reader).slice(1));
    }
    await keepFilesOf(filesOf(letters(reader)));
  } finally {
    flushing = false;
  }
  show(letters(reader).length, taken, refused);
}

async function ended(letter: Letter): Promise<End> {
  try {
    const response = await post({ ...letter, body: signed(letter.body) }, letter.file ? await fileOf(letter.file) : null);
    if (response.redirected) return new URL(response.url).pathname.indexOf('/my') === 0 ? 'taken' : 'not_now';
    return response.status >= 400 && response.status < 500 && response.status !== 429 && response.status !== 401 ? 'refused' : 'not_now';
  } catch (_noNet) {
    return 'not_now';
  }
}

/** With the token of this page: that of the page where it was written may be of a session before. */
function signed(body: string): string {
  const token = document.querySelector<HTMLInputElement>('input[name="csrf"]');
  const fields = new URLSearchParams(body);
  if (token) fields.set('csrf', token.value);
  return fields.toString();
}

async function post(letter: Letter, enclosure: Enclosure | null): Promise<Response> {
  const patience = PATIENCE_MS + (enclosure ? enclosure.file.size * PATIENCE_MS_A_BYTE : 0);
  const answer = fetch(letter.action, { method: 'POST', credentials: 'same-origin', ...written(letter, enclosure) });
  return Promise.race([answer, new Promise<Response>((_, refuse) => setTimeout(() => refuse(new Error('no answer in time')), patience))]);
}

/** As the form would be sent by the browser; the document after the token, which stands first. */
function written(letter: Letter, enclosure: Enclosure | null): RequestInit {
  if (!letter.parts) return { body: letter.body, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } };
  const parts = new FormData();
  new URLSearchParams(letter.body).forEach((value, name) => parts.append(name, value));
  if (enclosure) parts.append(enclosure.field, enclosure.file, enclosure.name);
  return { body: parts };
}

function fieldsOf(form: HTMLFormElement): string {
  const fields = new URLSearchParams();
  new FormData(form).forEach((value, name) => {
    if (typeof value === 'string') fields.append(name, value);
  });
  return fields.toString();
}

function filesOf(waiting: Letter[]): string[] {
  return waiting.map((letter) => letter.file || '').filter((file) => file);
}

function letters(reader: string): Letter[] {
  try {
    return JSON.parse(window.localStorage.getItem(KEY + reader) || '[]') as Letter[];
  } catch (_refused) {
    return [];
  }
}

function keep(reader: string, letter: Letter): boolean {
  try {
    const others = letters(reader);
    const known = others.some((other) => other.action === letter.action && other.body === letter.body);
    if (!known || letter.file) store(reader, others.concat(letter));
    return true;
  } catch (_full) {
    return false;
  }
}

function store(reader: string, waiting: Letter[]): void {
  if (waiting.length) window.localStorage.setItem(KEY + reader, JSON.stringify(waiting));
  else window.localStorage.removeItem(KEY + reader);
}

function forgetAllBut(key: string): void {
  try {
    const others = Object.keys(window.localStorage).filter((one) => one.indexOf(KEY) === 0 && one !== key);
    others.forEach((one) => window.localStorage.removeItem(one));
  } catch (_refused) {
    return;
  }
}

/** Says on the page how many wait, how many went, and where one was refused. */
function show(waiting: number, taken: number, refused: string[]): void {
  const texts = document.body.dataset;
  if (refused.length) say('refused', 'sh-bad', texts.outboxRefused || '', refused[0]);
  if (taken) {
    unsay('kept');
    say('sent', 'sh-ok', texts.outboxSent || '');
  }
  if (waiting) say('waits', 'sh-warn', (texts.outboxWaits || '').replace('{n}', String(waiting)));
  else unsay('waits');
}

function unsay(what: string): void {
  document.querySelectorAll(`[data-outbox-said="${what}"]`).forEach((note) => note.remove());
}

function say(what: string, tone: string, text: string, page?: string): void {
  const main = document.getElementById('main');
  if (!main) return;
  const known = main.querySelector<HTMLElement>(`[data-outbox-said="${what}"]`);
  const note = known || document.createElement('p');
  note.className = `sh-note ${tone}`;
  note.setAttribute('role', what === 'refused' ? 'alert' : 'status');
  note.dataset.outboxSaid = what;
  note.textContent = text;
  if (page) {
    const link = document.createElement('a');
    link.href = page;
    link.textContent = document.body.dataset.outboxOpen || page;
    note.append(' ', link);
  }
  if (!known) main.insertBefore(note, main.firstChild);
}
