// A file on its way: how much of it is gone, and a button to stop. The form is a form without it; what it cannot do it leaves to the browser.

import { on } from './events';

interface Texts {
  large: string;
  failed: string;
  said: string;
  wait: string;
}

const underWay = new WeakMap<HTMLFormElement, XMLHttpRequest>();

export function startUploads(): void {
  if (!window.FormData || !window.DOMParser || !('upload' in new XMLHttpRequest())) return;
  // Before the listener that keeps forms from being sent twice: a form of ours is never sent by the browser.
  window.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
    const part = form.querySelector<HTMLElement>('[data-upload]');
    if (!part) return;
    event.preventDefault();
    if (!underWay.has(form)) begin(form, part);
  });
  on<HTMLElement>('click', '[data-upload-cancel]', (button) => {
    const form = button.closest('form');
    const sending = form && underWay.get(form);
    if (sending) sending.abort();
  });
}

function begin(form: HTMLFormElement, part: HTMLElement): void {
  const texts = textsOf(part);
  if (bytesIn(form) > Number(part.dataset.upload)) {
    say(part, texts.large, 'wrong');
    return;
  }
  const sending = new XMLHttpRequest();
  underWay.set(form, sending);
  const idle = (text: string, how: Tone) => {
    underWay.delete(form);
    say(part, text, how);
    const button = form.querySelector<HTMLElement>('.sh-form-end button, button:not([type="button"])');
    if (button) button.focus();
  };
  sending.upload.onprogress = (event) => {
    if (event.lengthComputable) show(part, event.loaded / event.total, texts);
  };
  sending.onload = () => {
    underWay.delete(form);
    arrive(form, sending.responseURL, sending.responseText);
  };
  sending.onerror = () => idle(texts.failed, 'wrong');
  sending.ontimeout = () => idle(texts.failed, 'wrong');
  sending.onabort = () => idle('', 'idle');
  sending.open('POST', form.action);
  show(part, 0, texts);
  say(part, '', 'sending');
  sending.send(new FormData(form));
  const cancel = part.querySelector<HTMLElement>('[data-upload-cancel]');
  if (cancel) cancel.focus();
}

function textsOf(part: HTMLElement): Texts {
  const text = (name: string) => part.dataset[name] || '';
  return { large: text('uploadLarge'), failed: text('uploadFailed'), said: text('uploadSaid'), wait: text('uploadWait') };
}

function bytesIn(form: HTMLFormElement): number {
  const inputs = Array.from(form.querySelectorAll<HTMLInputElement>('input[type="file"]'));
  return inputs.reduce((sum, input) => sum + Array.from(input.files || []).reduce((all, file) => all + file.size, 0), 0);
}

type Tone = 'idle' | 'sending' | 'wrong';

function say(part: HTMLElement, text: string, tone: Tone): void {
  part.hidden = tone === 'idle';
  const moving = part.querySelector<HTMLElement>('[data-upload-moving]');
  if (moving) moving.hidden = tone !== 'sending';
  const wrong = part.querySelector<HTMLElement>('[role="alert"]');
  if (wrong) wrong.textContent = tone === 'wrong' ? text : '';
}

function show(part: HTMLElement, share: number, texts: Texts): void {
  const percent = Math.floor(share * 100);
  const bar = part.querySelector('progress');
  if (bar) bar.value = percent;
  const said = part.querySelector<HTMLElement>('[role="status"]');
  const text = percent < 100 ? texts.said.replace('{n}', String(percent)) : texts.wait;
  // A screen reader hears every tenth and not every one.
  if (said && (percent % 10 === 0 || !said.textContent)) said.textContent = text;
}

/** A page that answers at another address is gone to; what answers at the same is this page with its errors. */
export function arrive(form: HTMLFormElement, there: string, html: string): void {
  if (there && there.split('#')[0] !== form.action.split('#')[0]) {
    // What was typed is safe now: leaving asks nothing.
    form.reset();
    form.dispatchEvent(new Event('input', { bubbles: true }));
    window.location.assign(there);
    return;
  }
  const page = new DOMParser().parseFromString(html, 'text/html');
  const [fresh, main] = [page.getElementById('main'), document.getElementById('main')];
  if (!fresh || !main) {
    window.location.reload();
    return;
  }
  main.innerHTML = fresh.innerHTML;
  main.dispatchEvent(new CustomEvent('htmx:load', { bubbles: true }));
  const wrong = main.querySelector<HTMLElement>('[aria-invalid="true"]');
  if (wrong) wrong.focus();
}
