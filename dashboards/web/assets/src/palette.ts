// The palette: "/" or Ctrl+K over any page, a letter or two, Enter. A combobox as ARIA 1.2 describes it: the focus stays in the field, the
// arrows walk the list, the list comes from the server. Without script its button leads to the page that finds the same.

import { on } from './events';

const REST_MS = 120;

interface Palette {
  box: HTMLElement;
  field: HTMLInputElement;
  list: HTMLElement;
  said: HTMLElement;
  address: string;
}

let opener: HTMLElement | null = null;
let resting: number | undefined;
/** The number of the last question; answers to older ones are dropped. */
let asked = 0;
let answered = 0;
/** Enter was pressed before the answer came. */
let impatient = false;

export function startPalette(): void {
  if (!find() || !window.fetch || document.body.hasAttribute('hx-disable')) return;
  document.addEventListener('keydown', (event) => {
    if (isCall(event)) open(event);
  });
  on<HTMLElement>('click', '[data-palette]', (_link, event) => {
    const click = event as MouseEvent;
    if (click.ctrlKey || click.metaKey || click.shiftKey || click.button !== 0) return;
    open(event);
  });
  on<HTMLElement>('click', '#palette', (box, event) => {
    const target = event.target as Element;
    if (target === box || target.closest('[data-palette-close]')) close();
  });
  on<HTMLInputElement>('input', '#palette input', () => {
    window.clearTimeout(resting);
    resting = window.setTimeout(ask, REST_MS);
    // Until the answer comes the list shows what was typed before.
    asked += 1;
  });
  on<HTMLInputElement>('keydown', '#palette', (_box, event) => press(event as unknown as KeyboardEvent));
  on<HTMLFormElement>('submit', '#palette form', (_form, event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    go();
  }, 'capture');
  on<HTMLElement>('mousemove', '#palette [role="option"]', (option) => choose(option));
}

function find(): Palette | null {
  const box = document.getElementById('palette');
  const field = box && box.querySelector('input');
  const list = box && box.querySelector<HTMLElement>('[role="listbox"]');
  const said = box && box.querySelector<HTMLElement>('[role="status"]');
  const address = box && box.dataset.address;
  return box && field && list && said && address ? { box, field, list, said, address } : null;
}

// By the key's place too: on a Cyrillic keyboard the same keys write other letters.
function isCall(event: KeyboardEvent): boolean {
  if (event.defaultPrevented) return false;
  const letterK = event.code === 'KeyK' || event.key === 'k';
  if (letterK && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) return true;
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return false;
  return event.key === '/' || (event.code === 'Slash' && !event.shiftKey);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function open(event: Event): void {
  const palette = find();
  if (!palette) return;
  event.preventDefault();
  if (palette.box.hidden) opener = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  palette.box.hidden = false;
  document.documentElement.classList.add('sh-palette-open');
  palette.field.focus();
  palette.field.select();
  ask();
}

function close(): void {
  const palette = find();
  if (!palette || palette.box.hidden) return;
  palette.box.hidden = true;
  palette.field.setAttribute('aria-expanded', 'false');
  document.documentElement.classList.remove('sh-palette-open');
  if (opener) opener.focus();
}

function ask(): void {
  const palette = find();
  if (!palette) return;
  asked += 1;
  const number = asked;
  const address = `${palette.address}?part=palette&q=${encodeURIComponent(palette.field.value)}`;
  const headers = { 'HX-Request': 'true' };
  window.fetch(address, { credentials: 'same-origin', headers }).then((answer) => {
    // Signed out meanwhile: the page that finds asks for the sign-in by itself.
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  }).then((html) => show(palette, html, number)).catch(() => {
    if (number === asked) window.location.assign(`${palette.address}?q=${encodeURIComponent(palette.field.value)}`);
  });
}

function show(palette: Palette, html: string, number: number): void {
  if (number !== asked) return;
  answered = number;
  palette.list.innerHTML = html;
  const said = palette.list.querySelector('[data-said]');
  palette.said.textContent = said ? said.textContent : '';
  palette.field.setAttribute('aria-expanded', 'true');
  palette.list.scrollTop = 0;
  choose(options(palette)[0] || null);
  if (impatient) go();
}

function options(palette: Palette): HTMLElement[] {
  return Array.from(palette.list.querySelectorAll<HTMLElement>('[role="option"]'));
}

function chosen(palette: Palette): HTMLElement | null {
  return palette.list.querySelector<HTMLElement>('[aria-selected="true"]');
}

function choose(option: HTMLElement | null): void {
  const palette = find();
  if (!palette) return;
  options(palette).forEach((one) => one.setAttribute('aria-selected', String(one === option)));
  if (option) palette.field.setAttribute('aria-activedescendant', option.id);
  else palette.field.removeAttribute('aria-activedescendant');
}

function press(event: KeyboardEvent): void {
  const palette = find();
  if (!palette) return;
  const steps: { [key: string]: number } = { ArrowDown: 1, ArrowUp: -1, Down: 1, Up: -1 };
  const step = steps[event.key];
  if (step !== undefined) {
    event.preventDefault();
    walk(palette, step);
  } else if (event.key === 'Escape' || event.key === 'Esc') {
    event.preventDefault();
    event.stopPropagation();
    close();
  } else if (event.key === 'Tab') {
    event.preventDefault();
    const button = palette.box.querySelector<HTMLElement>('[data-palette-close]');
    if (document.activeElement === palette.field && button) button.focus();
    else palette.field.focus();
  }
}

function walk(palette: Palette, step: number): void {
  const all = options(palette);
  if (all.length === 0) return;
  const current = chosen(palette);
  const from = current ? all.indexOf(current) : -1;
  const next = all[(from + step + all.length) % all.length];
  if (!next) return;
  choose(next);
  const room = palette.list.getBoundingClientRect();
  const place = next.getBoundingClientRect();
  if (place.bottom > room.bottom) palette.list.scrollTop += place.bottom - room.bottom;
  if (place.top < room.top) palette.list.scrollTop -= room.top - place.top;
}

function go(): void {
  const palette = find();
  if (!palette) return;
  if (answered !== asked) {
    impatient = true;
    window.clearTimeout(resting);
    ask();
    return;
  }
  impatient = false;
  const option = chosen(palette);
  if (option instanceof HTMLAnchorElement) window.location.assign(option.href);
}
