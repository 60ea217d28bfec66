// Rows that are chosen: the bar says how many, appears with the first one, and one box chooses them all.

import { on, onContent, within } from './events';

export function startTables(): void {
  onContent((root) => within<HTMLFormElement>(root, 'form[data-rows]').forEach(count));
  on<HTMLInputElement>('change', '[data-pick-all]', (all) => {
    const form = all.form;
    if (!form) return;
    boxes(form).forEach((box) => {
      box.checked = all.checked;
    });
    count(form);
  });
  on<HTMLInputElement>('change', '[data-pick]', (box) => {
    if (box.form) count(box.form);
  });
  // Back from the history the browser has ticked boxes again.
  window.addEventListener('pageshow', () => document.querySelectorAll<HTMLFormElement>('form[data-rows]').forEach(count));
}

function boxes(form: HTMLFormElement): HTMLInputElement[] {
  return within<HTMLInputElement>(form, '[data-pick]');
}

function count(form: HTMLFormElement): void {
  const all = boxes(form);
  const picked = all.filter((box) => box.checked).length;
  const bar = form.querySelector<HTMLElement>('.sh-bulk');
  if (!bar) return;
  bar.classList.add('sh-bulk-here');
  bar.hidden = picked === 0;
  const said = bar.querySelector<HTMLElement>('[data-picked]');
  if (said) said.textContent = (said.dataset.picked || '').replace('{n}', String(picked));
  const master = form.querySelector<HTMLInputElement>('[data-pick-all]');
  if (master) {
    master.checked = picked > 0 && picked === all.length;
    master.indeterminate = picked > 0 && picked < all.length;
  }
}
