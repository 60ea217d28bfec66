// Buttons that copy: `data-copy="#id"` takes the text of an element, `data-copy-text` a text of its own.

import { on } from './events';

const SHOWN_MS = 2000;

export function startCopying(): void {
  on<HTMLElement>('click', '[data-copy], [data-copy-text]', (button) => {
    const text = textFor(button);
    if (text === null) return;
    writeClipboard(text).then(
      () => confirm(button),
      () => selectSource(button),
    );
  });
}

function textFor(button: HTMLElement): string | null {
  if (button.dataset.copyText !== undefined) return button.dataset.copyText;
  const source = sourceOf(button);
  if (!source) return null;
  return source instanceof HTMLInputElement || source instanceof HTMLTextAreaElement ? source.value : (source.textContent || '').trim();
}

function sourceOf(button: HTMLElement): Element | null {
  return button.dataset.copy ? document.querySelector(button.dataset.copy) : null;
}

// The clipboard of the browser needs https; a school's hub in the local network often has none.
function writeClipboard(text: string): Promise<void> {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.readOnly = true;
  area.className = 'sh-visually-hidden';
  document.body.appendChild(area);
  area.select();
  area.setSelectionRange(0, text.length);
  const copied = document.execCommand('copy');
  area.remove();
  return copied ? Promise.resolve() : Promise.reject(new Error('copy refused'));
}

function confirm(button: HTMLElement): void {
  const said = button.dataset.copied;
  if (!said || button.dataset.copyLabel !== undefined) return;
  button.dataset.copyLabel = button.textContent || '';
  button.textContent = said;
  button.setAttribute('aria-live', 'polite');
  window.setTimeout(() => {
    button.textContent = button.dataset.copyLabel || '';
    delete button.dataset.copyLabel;
  }, SHOWN_MS);
}

// Where nothing may be copied for the reader, the text is at least selected for them.
function selectSource(button: HTMLElement): void {
  const source = sourceOf(button);
  const selection = window.getSelection();
  if (source && selection) selection.selectAllChildren(source);
}
