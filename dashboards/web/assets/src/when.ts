// Parts of a form that only some of its answers need: `data-when="readers=staff"`, or `data-when="readers=guardians pupils"` for any of several.
// By script and not by `:has()`, which old phones lack; without script all parts are there.

import { on, onContent, within } from './events';

export function startWhen(): void {
  onContent((root) => within<HTMLFormElement>(root, 'form').forEach(showWhatIsNeeded));
  on<HTMLFormElement>('change', 'form', showWhatIsNeeded);
  // The browser puts back what was chosen before the reader left and came back.
  window.addEventListener('pageshow', () => document.querySelectorAll('form').forEach(showWhatIsNeeded));
}

function showWhatIsNeeded(form: HTMLFormElement): void {
  within<HTMLElement>(form, '[data-when]').forEach((part) => {
    const [name, values] = (part.dataset.when || '').split('=');
    part.hidden = !isChosen(form, name || '', (values || '').split(' '));
  });
}

function isChosen(form: HTMLFormElement, name: string, values: string[]): boolean {
  return within<HTMLInputElement>(form, `input[name="${name}"]:checked`).some((field) => values.indexOf(field.value) >= 0);
}
