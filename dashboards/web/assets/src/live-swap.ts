// Putting what the live stream brings into the page.

import htmx from 'htmx.org';

const INSERTS = /^(afterbegin|beforeend|beforebegin|afterend)\b/;

/** Applies fragments marked `hx-swap-oob`. */
export function swapFragments(html: string): void {
  const incoming = parse(html);
  const lists = removeEarlierCopies(incoming);
  htmx.swap(document.body, html, { swapStyle: 'none', swapDelay: 0, settleDelay: 0 });
  markFresh(incoming);
  lists.forEach(trim);
}

/** Replaces the inside of `target`, by a fragment or by the same element found in a whole page; waits while the reader types in it. */
export function swapSnapshot(target: HTMLElement, answer: string, done: () => void): void {
  const typing = document.activeElement;
  if (typing instanceof HTMLElement && target.contains(typing) && typing.matches('input:not([type="checkbox"]), textarea, select')) {
    typing.addEventListener('blur', () => swapSnapshot(target, answer, done), { once: true });
    return;
  }
  htmx.swap(target, insideOf(target, answer), { swapStyle: 'innerHTML', swapDelay: 0, settleDelay: 0 });
  done();
}

function insideOf(target: HTMLElement, answer: string): string {
  if (!/<(html|body)[\s>]/i.test(answer)) return answer;
  const page = new DOMParser().parseFromString(answer, 'text/html');
  const same = target.id ? page.getElementById(target.id) : page.querySelector(`[data-live="${target.dataset.live}"]`);
  return same ? same.innerHTML : answer;
}

function parse(html: string): DocumentFragment {
  const template = document.createElement('template');
  template.innerHTML = html;
  return template.content;
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
