// `data-dialog` on a link: the page it leads to opens as a dialog over this one. Without script, or in a browser without `<dialog>`, it is
// a page; so is the answer to its form.

import { on } from './events';

export function startDialogs(): void {
  if (typeof HTMLDialogElement === 'undefined' || !window.fetch || document.body.hasAttribute('hx-disable')) return;
  on<HTMLAnchorElement>('click', 'a[data-dialog]', (link, event) => {
    const click = event as MouseEvent;
    if (click.ctrlKey || click.metaKey || click.shiftKey || click.button !== 0) return;
    event.preventDefault();
    open(link);
  });
  on<HTMLElement>('click', 'dialog.sh-dialog', (dialog, event) => {
    const target = event.target as Element;
    const outside = target === dialog;
    // The way back to the page behind is that page.
    if (outside || target.closest('[data-dialog-shut]')) {
      event.preventDefault();
      (dialog as HTMLDialogElement).close();
    }
  });
}

function open(link: HTMLAnchorElement): void {
  const address = link.href;
  window.fetch(address, { credentials: 'same-origin', headers: { 'HX-Request': 'true' } }).then((answer) => {
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  }).then((html) => show(link, html)).catch(() => window.location.assign(address));
}

function show(link: HTMLAnchorElement, html: string): void {
  const dialog = document.createElement('dialog');
  dialog.className = 'sh-dialog';
  const inside = document.createElement('div');
  inside.className = 'sh-dialog-in';
  inside.innerHTML = html;
  const shut = document.createElement('button');
  shut.type = 'button';
  shut.className = 'sh-dialog-shut';
  shut.setAttribute('data-dialog-shut', '');
  shut.setAttribute('aria-label', link.dataset.dialogClose || '');
  shut.textContent = '×';
  inside.appendChild(shut);
  dialog.appendChild(inside);
  const title = inside.querySelector('h1, h2');
  if (title) {
    title.id = title.id || 'dialog-title';
    dialog.setAttribute('aria-labelledby', title.id);
  }
  // A form that is sent to where it stands is meant to be sent to its page.
  inside.querySelectorAll<HTMLFormElement>('form:not([action])').forEach((form) => form.setAttribute('action', link.href));
  dialog.addEventListener('close', () => {
    dialog.remove();
    link.focus();
  });
  document.body.appendChild(dialog);
  dialog.showModal();
  const first = inside.querySelector<HTMLElement>('input:not([type="hidden"]), select, textarea, button, a[href]');
  if (first) first.focus();
}
