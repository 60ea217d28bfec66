// What is sent without net waits on this phone, and goes by itself when the net is back. For forms that say `data-outbox`.
//
// Always true:
//  1. Such a form is one thing however often it arrives: by a field `id`, new for whoever fills it in on a kept page, or because its address
//     says all that it does.
//  2. What waits belongs to one reader: what anybody else left on this phone goes when a page says who reads, all of it when nobody does.
//  3. It leaves the phone only when the server has answered: taken, or refused for what it says and said so. A chosen document waits with it
//     (./outbox-files); where a phone loses one, the words go all the same, and the page says that the document did not.

import { unchangedIn } from './form';
import { freshId } from './ids';
import { Enclosure, fileOf, keepFile, keepFilesOf } from './outbox-files';
import { arrive } from './upload';

/** What waits: where it goes, its fields, and the page where it was written. */
interface Letter {
  id: string;
  action: string;
  body: string;
  page: string;
  /** Whether it goes in parts, as a form that may hold a file does. */
  parts?: boolean;
  /** Under what its document lies on this phone. */
  file?: string;
}

/** How a letter ended; `later` where the server answered that it cannot take it now, `no_net` where nobody answered. */
type End = 'taken' | 'refused' | 'later' | 'no_net';

const KEY = 'outbox:';
/** A net that says nothing for so long counts as none. */
const PATIENCE_MS = 15 * 1000;
/** With a document: so much longer for each of its bytes, a slow phone's net. */
const PATIENCE_MS_A_BYTE = 1 / 20;
const AGAIN_MS = 30 * 1000;
/** Answers that judge what was sent. Any other says nothing of it: too slow, too many, a session that is over, a server in trouble. */
const JUDGES = [400, 403, 404, 409, 410, 413, 415, 422];

/** What the server could not take rests: a document costs a phone's money each time. */
const REST_MS = 60 * 1000;
const REST_WITH_FILE_MS = 10 * 60 * 1000;
const restsUntil: { [id: string]: number } = {};

let sending = false;
let flushing = false;

export function startOutbox(): void {
  const reader = document.body.dataset.reader || '';
  forgetAllBut(KEY + reader);
  void sweepFiles(reader);
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
  show(letters(reader).length, { taken: 0, refused: [], withoutFile: [] });
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

async function send(form: HTMLFormElement, reader: string): Promise<void> {
  if (sending) return;
  const enclosure = chosenIn(form);
  if (enclosure && enclosure.file.size > Number(form.dataset.outboxMost || Infinity)) {
    say('too-large', 'sh-bad', form.dataset.outboxLarge || '');
    return;
  }
  unsay('too-large');
  sending = true;
  const letter: Letter = { id: freshId(Date.now()), action: form.action, body: fieldsOf(form), page: location.pathname, parts: form.enctype === 'multipart/form-data' };
  if (enclosure) say('sends', 'sh-info', document.body.dataset.outboxSends || '');
  try {
    const response = await post(letter, enclosure);
    if (!response.redirected && response.status >= 400 && JUDGES.indexOf(response.status) < 0) throw new Error('no judgement');
    arrive(form, response.url, await response.text());
  } catch (_noNet) {
    await keepLetter(form, reader, letter, enclosure);
  } finally {
    sending = false;
    unsay('sends');
  }
}

/** What cannot go now waits: its document first, so that nothing goes without it meanwhile. */
async function keepLetter(form: HTMLFormElement, reader: string, letter: Letter, enclosure: Enclosure | null): Promise<void> {
  const file = `${KEY}${reader}:${letter.id}`;
  const isFileKept = enclosure !== null && (await keepFile(file, enclosure));
  // Of a form that asks for changes only those that were made: what stands on a kept page may have changed by the time it goes.
  const body = form.dataset.outbox === 'changes' ? fieldsOf(form, unchangedIn(form)) : letter.body;
  if (!keep(reader, { ...letter, body, file: isFileKept ? file : undefined })) {
    // No room on this phone: the browser says by its own page that there is no net.
    form.submit();
    return;
  }
  // What was typed is safe now: leaving asks nothing.
  form.reset();
  form.dispatchEvent(new Event('input', { bubbles: true }));
  const id = form.querySelector<HTMLInputElement>('input[name="id"]');
  if (id) id.value = freshId(Date.now());
  show(letters(reader).length, { taken: 0, refused: [], withoutFile: [] });
  if (form.dataset.outboxKept) say('kept', 'sh-info', form.dataset.outboxKept);
  if (enclosure && !isFileKept) say('no-file', 'sh-warn', document.body.dataset.outboxNoFile || '');
}

/** The document that was chosen, if one was. */
function chosenIn(form: HTMLFormElement): Enclosure | null {
  const input = form.querySelector<HTMLInputElement>('input[type="file"]');
  const file = input && input.files && input.files[0];
  return input && file ? { field: input.name, name: file.name, file } : null;
}

/** What became of letters: how many went, and the pages of those that were refused or went without their document. */
interface Sent {
  taken: number;
  refused: string[];
  withoutFile: string[];
}

/** Sends what waits, the oldest first; one window at a time, where the browser can say so. */
async function flush(reader: string): Promise<void> {
  if (flushing || !letters(reader).length) return;
  flushing = true;
  try {
    if (navigator.locks) await navigator.locks.request(KEY + reader, { ifAvailable: true }, async (lock) => (lock ? sendAll(reader) : undefined));
    else await sendAll(reader);
  } finally {
    flushing = false;
  }
}

async function sendAll(reader: string): Promise<void> {
  const sent: Sent = { taken: 0, refused: [], withoutFile: [] };
  const ready = letters(reader).filter((letter) => (restsUntil[letter.id] || 0) <= Date.now());
  for (const letter of ready) {
    const end = await ended(letter, sent);
    if (end === 'no_net') break;
    // It keeps nothing behind it waiting.
    if (end === 'later') {
      restsUntil[letter.id] = Date.now() + (letter.file ? REST_WITH_FILE_MS : REST_MS);
      continue;
    }
    if (end === 'taken') sent.taken += 1;
    else sent.refused.push(letter.page);
    store(reader, letters(reader).filter((one) => one.id !== letter.id));
  }
  await sweepFiles(reader);
  show(letters(reader).length, sent);
}

async function ended(letter: Letter, sent: Sent): Promise<End> {
  const enclosure = letter.file ? await fileOf(letter.file) : null;
  const end = await endedWith(letter, enclosure);
  // Words that a document stands in the way of go without it; those whose document the phone lost have gone so.
  if (end === 'refused' && enclosure) {
    const without = await endedWith(letter, null);
    if (without === 'taken') sent.withoutFile.push(letter.page);
    return without;
  }
  if (end === 'taken' && letter.file && !enclosure) sent.withoutFile.push(letter.page);
  return end;
}

async function endedWith(letter: Letter, enclosure: Enclosure | null): Promise<End> {
  try {
    const response = await post({ ...letter, body: signed(letter.body) }, enclosure);
    if (response.redirected) return new URL(response.url).pathname.indexOf('/my') === 0 ? 'taken' : 'later';
    return JUDGES.indexOf(response.status) < 0 ? 'later' : 'refused';
  } catch (_noNet) {
    return 'no_net';
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

function fieldsOf(form: HTMLFormElement, left: string[] = []): string {
  const fields = new URLSearchParams();
  new FormData(form).forEach((value, name) => {
    if (typeof value === 'string' && left.indexOf(name) < 0) fields.append(name, value);
  });
  return fields.toString();
}

/** Lets go of documents whose letters are gone, and of whatever anybody else left. */
async function sweepFiles(reader: string): Promise<void> {
  const waiting = reader ? letters(reader) : [];
  await keepFilesOf(`${KEY}${reader}:`, waiting.map((letter) => letter.file || '').filter((file) => file));
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

/** Says on the page how many wait, how many went, which without their document, and where one was refused. */
function show(waiting: number, sent: Sent): void {
  const texts = document.body.dataset;
  if (sent.refused.length) say('refused', 'sh-bad', texts.outboxRefused || '', sent.refused[0]);
  if (sent.withoutFile.length) say('no-file', 'sh-warn', texts.outboxNoFile || '', sent.withoutFile[0]);
  if (sent.taken) {
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
  note.setAttribute('role', tone === 'sh-bad' ? 'alert' : 'status');
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
