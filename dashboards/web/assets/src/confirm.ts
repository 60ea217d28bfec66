// `data-confirm="Are you sure?"` on a button, link or form asks before it acts.

import { on } from './events';

export function startAsking(): void {
  on<HTMLElement>('click', 'button[data-confirm], a[data-confirm]', ask, 'capture');
  on<HTMLElement>('submit', 'form[data-confirm]', ask, 'capture');
}

function ask(element: HTMLElement, event: Event): void {
  if (window.confirm(element.dataset.confirm)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}
