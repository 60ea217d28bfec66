// Putting what the live stream brings into the page.

import htmx from 'htmx.org';

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const TYPED = 'input:not([type="checkbox"]):not([type="radio"]):not([type="hidden"]), textarea, select';
const INSERTS = /^(afterbegin|beforeend|beforebegin|afterend)\b/;

/** Applies fragments marked `hx-swap-oob`. */
export function swapFragments(html: string): void {
  const incoming = parse(html);
  passOverAbsent(incoming);
  const lists = removeEarlierCopies(incoming);
  htmx.swap(document.body, textOf(incoming), { swapStyle: 'none', swapDelay: 0, settleDelay: 0 });
  markFresh(incoming);
  lists.forEach(trim);
}

/**
 * Replaces the inside of `target`, by a fragment or by the same element found in a whole page. What the reader typed is carried over into
 * the same fields; where the field they are in would vanish, the swap waits until they leave it.
 */
export function swapSnapshot(target: HTMLElement, answer: string, done: () => void): void {
  const inside = insideOf(target, answer);
  const active = document.activeElement;
  if (active instanceof HTMLElement && target.contains(active) && active.matches(TYPED) && !(active.id && parse(inside).getElementById(active.id))) {
    active.addEventListener('blur', () => swapSnapshot(target, answer, done), { once: true });
    return;
  }
  const typed = typedFields(target);
  htmx.swap(target, inside, { swapStyle: 'innerHTML', swapDelay: 0, settleDelay: 0 });
  typed.forEach((field) => restoreTyped(target, field));
  done();
}

function typedFields(target: HTMLElement): Field[] {
  return Array.from(target.querySelectorAll<Field>(TYPED)).filter((field) => {
    if (!field.id) return false;
    if (field instanceof HTMLSelectElement) return Array.from(field.options).some((option) => option.selected !== option.defaultSelected) && field === document.activeElement;
    return field.value !== field.defaultValue;
  });
}

function restoreTyped(target: HTMLElement, typed: Field): void {
  const field = document.getElementById(typed.id) as Field | null;
  if (field && target.contains(field) && field.tagName === typed.tagName) field.value = typed.value;
}

// The answer may be the target's inside alone, the part of the page around it, or the whole page.
function insideOf(target: HTMLElement, answer: string): string {
  const whole = /<(html|body)[\s>]/i.test(answer);
  const page: ParentNode = whole ? new DOMParser().parseFromString(answer, 'text/html') : parse(answer);
  const same = page.querySelector(target.id ? `[id="${target.id}"]` : `[data-live="${target.dataset.live}"]`);
  return same ? same.innerHTML : answer;
}

function parse(html: string): DocumentFragment {
  const template = document.createElement('template');
  template.innerHTML = html;
  return template.content;
}

function textOf(fragment: DocumentFragment): string {
  const box = document.createElement('div');
  box.appendChild(fragment.cloneNode(true));
  return box.innerHTML;
}

// The server does not know which parts an open page shows: what has no place here is passed over.
function passOverAbsent(incoming: DocumentFragment): void {
  Array.from(incoming.querySelectorAll('[hx-swap-oob]')).forEach((holder) => {
    const how = holder.getAttribute('hx-swap-oob') || '';
    const place = how.indexOf(':') > 0 ? document.querySelector(how.slice(how.indexOf(':') + 1)) : document.getElementById(holder.id);
    if (!place) holder.remove();
  });
}

// An insert whose item is already on the page (a frame sent twice, or one the snapshot knew) replaces it instead of doubling it.
function removeEarlierCopies(incoming: DocumentFragment): Element[] {
  const lists: Element[] = [];
  Array.from(incoming.querySelectorAll('[hx-swap-oob]')).forEach((holder) => {
    const how = holder.getAttribute('hx-swap-oob') || '';
    if (!INSERTS.test(how)) return;
    const list = how.indexOf(':') > 0 ? document.querySelector(how.slice(how.indexOf(':') + 1)) : document.getElementById(holder.id);
    if (list) {
      list.setAttribute('data-live-end', how.indexOf('beforeend') === 0 ? 'last' : 'first');
      lists.push(list);
    }
    Array.from(holder.children).forEach((item) => {
      const earlier = item.id ? document.getElementById(item.id) : null;
      if (earlier) earlier.remove();
    });
  });
  return lists;
}

function trim(list: Element): void {
  const most = parseInt(list.getAttribute('data-live-max') || '', 10);
  if (isNaN(most)) return;
  while (list.children.length > most) {
    const oldest = list.getAttribute('data-live-end') === 'last' ? list.firstElementChild : list.lastElementChild;
    if (!oldest) return;
    oldest.remove();
  }
}

function markFresh(incoming: DocumentFragment): void {
  Array.from(incoming.querySelectorAll('[id]')).forEach((item) => {
    const arrived = document.getElementById(item.id);
    if (!arrived || arrived.tagName === 'TBODY' || arrived.tagName === 'UL' || arrived.tagName === 'OL') return;
    arrived.classList.remove('sh-fresh');
    // Reading the width makes the browser notice the removal, so that the animation runs again.
    void arrived.offsetWidth;
    arrived.classList.add('sh-fresh');
  });
}
