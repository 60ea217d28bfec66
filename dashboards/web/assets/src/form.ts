// Forms that are safe in tired hands: sent once, kept when the page is lost, and not left by accident.

import { on, onContent, within } from './events';

const GIVE_UP_MS = 20 * 1000;
const TYPING_REST_MS = 400;
const SUBMIT = 'button[type="submit"], button:not([type]), input[type="submit"]';

const sending = new WeakSet<HTMLFormElement>();
const changed = new Set<HTMLFormElement>();

export function startForms(): void {
  sendOnce();
  keepTyped();
  guardChanges();
  submitByItself();
  stayHere();
}

// A second tap on a slow network must not send twice. The server's idempotency key is the truth; this spares the reader the doubt.
function sendOnce(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !sending.has(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  // On the window, after every other listener had the chance to refuse this submit.
  window.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== 'post' || form.dataset.repeat !== undefined || form.dataset.autosubmit !== undefined) return;
    if (!event.defaultPrevented || isHtmx(form)) markSending(form);
  });
  document.addEventListener('htmx:afterRequest', (event) => {
    if (event.target instanceof Element) {
      const form = event.target.closest('form');
      if (form) markIdle(form);
    }
  });
  // Back from the history: the frozen page is free again.
  window.addEventListener('pageshow', () => document.querySelectorAll('form').forEach(markIdle));
}

function isHtmx(form: HTMLFormElement): boolean {
  return form.hasAttribute('hx-post') || form.hasAttribute('hx-put') || form.hasAttribute('data-hx-post');
}

function markSending(form: HTMLFormElement): void {
  sending.add(form);
  within(form, SUBMIT).forEach((button) => {
    button.setAttribute('aria-busy', 'true');
    button.setAttribute('aria-disabled', 'true');
  });
  window.setTimeout(() => markIdle(form), GIVE_UP_MS);
}

function markIdle(form: HTMLFormElement): void {
  if (!sending.has(form)) return;
  sending.delete(form);
  within(form, SUBMIT).forEach((button) => {
    button.removeAttribute('aria-busy');
    button.removeAttribute('aria-disabled');
  });
}

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function keepTyped(): void {
  onContent((root) => within<HTMLFormElement>(root, 'form[data-keep]').forEach(restore));
  on<HTMLFormElement>('input', 'form[data-keep]', save);
  on<HTMLFormElement>('submit', 'form[data-keep]', (form) => storage((kept) => kept.removeItem(keyOf(form))));
}

function keyOf(form: HTMLFormElement): string {
  return `keep:${location.pathname}:${form.dataset.keep}`;
}

function keptFields(form: HTMLFormElement): Field[] {
  const never = ['password', 'hidden', 'file', 'submit', 'checkbox', 'radio'];
  return within<Field>(form, 'input[name], textarea[name], select[name]').filter((field) => never.indexOf(field.type) < 0);
}

function save(form: HTMLFormElement): void {
  const values: { [name: string]: string } = {};
  keptFields(form).forEach((field) => {
    if (field.value) values[field.name] = field.value;
  });
  storage((kept) => kept.setItem(keyOf(form), JSON.stringify(values)));
}

function restore(form: HTMLFormElement): void {
  storage((kept) => {
    const values = JSON.parse(kept.getItem(keyOf(form)) || '{}') as { [name: string]: string };
    keptFields(form).forEach((field) => {
      const value = values[field.name];
      // What the server sent is newer than what we remember.
      if (value !== undefined && field.value === '') field.value = value;
    });
  });
}

// A browser in private mode may refuse storage; nothing is kept then.
function storage(use: (kept: Storage) => void): void {
  try {
    use(window.sessionStorage);
  } catch (_refused) {
    return;
  }
}

// Forms of ours are guarded unless they say `data-guard="off"`: a note beside the button, and the browser's own question before leaving.
// What was typed and taken back again is no change.
function guardChanges(): void {
  const look = (form: HTMLFormElement) => {
    if (isGuarded(form)) noteChange(form, guardedFields(form).some(isChanged));
  };
  on<HTMLFormElement>('input', 'form', look);
  on<HTMLFormElement>('change', 'form', look);
  window.addEventListener('submit', (event) => {
    if (event.target instanceof HTMLFormElement && (!event.defaultPrevented || isHtmx(event.target))) noteChange(event.target, false);
  });
  window.addEventListener('beforeunload', (event) => {
    const form = Array.from(changed).filter((candidate) => document.contains(candidate))[0];
    if (!form) return;
    event.preventDefault();
    event.returnValue = guardText(form);
  });
}

function isGuarded(form: HTMLFormElement): boolean {
  if (form.dataset.guard !== undefined) return form.dataset.guard !== 'off';
  const posted = form.method === 'post' && form.classList.contains('sh-form') && form.dataset.autosubmit === undefined && form.dataset.passkey === undefined;
  return posted && !document.body.classList.contains('sh-plain') && !form.querySelector('input[type="password"]');
}

function guardText(form: HTMLFormElement): string {
  return form.dataset.guard || document.body.dataset.unsaved || '';
}

function guardedFields(form: HTMLFormElement): Field[] {
  return within<Field>(form, 'input[name], textarea[name], select[name]').filter((field) => ['hidden', 'submit', 'search'].indexOf(field.type) < 0);
}

/** Whether somebody has written something on this page that is not sent. */
export function isAnyChanged(): boolean {
  return Array.from(changed).some((form) => document.contains(form));
}

/** The names of the fields that stand as the server sent them. */
export function unchangedIn(form: HTMLFormElement): string[] {
  const fields = guardedFields(form);
  const changed = fields.filter(isChanged).map((field) => field.name);
  return fields.map((field) => field.name).filter((name) => changed.indexOf(name) < 0);
}

function isChanged(field: Field): boolean {
  if (field instanceof HTMLSelectElement) {
    const options = Array.from(field.options);
    const preset = options.some((option) => option.defaultSelected);
    return options.some((option, place) => option.selected !== (preset ? option.defaultSelected : !field.multiple && place === 0));
  }
  if (field instanceof HTMLInputElement && (field.type === 'checkbox' || field.type === 'radio')) return field.checked !== field.defaultChecked;
  return field.value !== field.defaultValue;
}

function noteChange(form: HTMLFormElement, is: boolean): void {
  const noted = form.querySelector('.sh-unsaved');
  if (!is) {
    changed.delete(form);
    if (noted) noted.remove();
    return;
  }
  changed.add(form);
  const end = form.querySelector('.sh-form-end');
  if (noted || !end || !guardText(form)) return;
  const note = document.createElement('p');
  note.className = 'sh-unsaved';
  note.setAttribute('role', 'status');
  note.textContent = guardText(form);
  end.insertBefore(note, end.firstChild);
}

// Choices are sent as they are made. Only htmx forms follow the typing: a whole page would take the field away under the reader's fingers.
function submitByItself(): void {
  let resting: number | undefined;
  onContent((root) => {
    within<HTMLFormElement>(root, 'form[data-autosubmit]').forEach((form) => {
      const automatic = followsTyping(form) || !within(form, 'input, textarea').some(isTyped);
      form.classList.toggle('sh-automatic', automatic);
      if (automatic) within<HTMLElement>(form, SUBMIT).forEach(hideEmptiedRow);
    });
  });
  on<HTMLFormElement>('change', 'form[data-autosubmit]', (form, event) => {
    if (isTyped(event.target)) return;
    window.clearTimeout(resting);
    submit(form);
  });
  on<HTMLFormElement>('input', 'form[data-autosubmit]', (form, event) => {
    if (!isTyped(event.target) || !followsTyping(form)) return;
    window.clearTimeout(resting);
    resting = window.setTimeout(() => submit(form), TYPING_REST_MS);
  });
}

// The row that held nothing but the button goes with it.
function hideEmptiedRow(button: HTMLElement): void {
  const row = button.parentElement;
  if (row && !(row instanceof HTMLFormElement) && row.children.length === 1) row.hidden = true;
}

function followsTyping(form: HTMLFormElement): boolean {
  return form.hasAttribute('hx-get') && !document.body.hasAttribute('hx-disable');
}

function isTyped(field: EventTarget | null): boolean {
  const chosen = ['checkbox', 'radio', 'hidden', 'submit', 'button', 'date', 'month'];
  return field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && chosen.indexOf(field.type) < 0);
}

// The page that answers is the same one: the reader stays where they were on it.
function stayHere(): void {
  storage((kept) => {
    const here = JSON.parse(kept.getItem('stay') || 'null') as { path: string; y: number; at: number } | null;
    kept.removeItem('stay');
    if (here && here.path === location.pathname && Date.now() - here.at < GIVE_UP_MS && !location.hash) window.scrollTo(0, here.y);
  });
}

function submit(form: HTMLFormElement): void {
  storage((kept) => kept.setItem('stay', JSON.stringify({ path: location.pathname, y: window.pageYOffset, at: Date.now() })));
  const button = form.querySelector<HTMLElement>(SUBMIT);
  if (button) button.click();
  else form.submit();
}
