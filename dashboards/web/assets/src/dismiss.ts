// Toasts and notes leave when their button is pressed, or by themselves after `data-dismiss-after` seconds.

import { on, onContent, within } from './events';

export function startDismissing(): void {
  on<HTMLElement>('click', '[data-dismiss]', (button) => {
    const around = button.closest('.sh-toast, .sh-note, .sh-banner') || button.parentElement;
    if (around) around.remove();
  });
  onContent((root) => within<HTMLElement>(root, '[data-dismiss-after]').forEach(leaveLater));
}

function leaveLater(element: HTMLElement): void {
  const seconds = Number(element.dataset.dismissAfter);
  if (!(seconds > 0)) return;
  window.setTimeout(() => {
    // Somebody is reading or reaching for it: wait once more.
    if (element.matches(':hover') || element.contains(document.activeElement)) leaveLater(element);
    else element.remove();
  }, seconds * 1000);
}
