// Notices on this phone. `form[data-push="public key"]` says how it stands here (`[data-push-said]`), asks the browser for leave when its button
// is pressed, and is sent with where the browser is reached. In the list, `[data-push-browser="print"]` that is this browser is marked, and
// removing it ends the subscription here too; `[data-push-off]` beside the first button is the short way to that. `[data-install]` installs the app where the browser offers that.

import { on, onContent, within } from './events';

type Said = 'on' | 'off' | 'denied' | 'unsupported' | 'install' | 'failed';

interface InstallPrompt extends Event {
  prompt(): Promise<void>;
}

let installable: InstallPrompt | null = null;

export function startPush(): void {
  onContent((root) => {
    within<HTMLFormElement>(root, 'form[data-push]').forEach((form) => {
      look(form).catch(() => say(form, 'failed'));
    });
    showInstall(root);
  });
  on<HTMLFormElement>('submit', 'form[data-push]', (form, event) => {
    event.preventDefault();
    subscribe(form).catch(() => say(form, 'failed'));
  });
  on<HTMLFormElement>('submit', '[data-push-browser] form[data-push-here]', (form, event) => {
    event.preventDefault();
    const send = (): void => form.submit();
    current().then((known) => known && known.unsubscribe()).then(send, send);
  });
  on<HTMLElement>('click', '[data-push-off]', () => {
    const remove = document.querySelector<HTMLElement>('[data-push-browser] form[data-push-here] button');
    if (remove) remove.click();
  });
  on<HTMLElement>('click', '[data-install]', () => {
    if (installable) installable.prompt().catch(() => undefined);
  });
  window.addEventListener('beforeinstallprompt', (event) => {
    if (!document.querySelector('[data-install]')) return;
    event.preventDefault();
    installable = event as InstallPrompt;
    showInstall(document);
  });
}

async function look(form: HTMLFormElement): Promise<void> {
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window)) {
    say(form, isApple() && !isInstalled() ? 'install' : 'unsupported');
    return;
  }
  if (Notification.permission === 'denied') {
    say(form, 'denied');
    return;
  }
  say(form, 'off');
  const known = await current();
  const row = known && (await rowOf(known));
  if (!row) return;
  say(form, 'on');
  row.querySelectorAll<HTMLElement>('.sh-tag[data-push-here]').forEach((tag) => { tag.hidden = false; });
  row.querySelectorAll('form').forEach((remove) => remove.setAttribute('data-push-here', ''));
}

async function subscribe(form: HTMLFormElement): Promise<void> {
  if ((await Notification.requestPermission()) !== 'granted') {
    say(form, 'denied');
    return;
  }
  const { pushManager } = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytes(form.dataset.push || '') };
  // One made for another key, of before, stands in the way.
  const known = await pushManager.subscribe(options).catch(async () => {
    const old = await pushManager.getSubscription();
    if (old) await old.unsubscribe();
    return pushManager.subscribe(options);
  });
  const { endpoint, keys } = known.toJSON();
  fill(form, 'endpoint', endpoint);
  fill(form, 'key', keys && keys.p256dh);
  fill(form, 'auth', keys && keys.auth);
  form.submit();
}

function fill(form: HTMLFormElement, name: string, value: string | undefined): void {
  const field = form.querySelector<HTMLInputElement>(`input[name="${name}"]`);
  if (!field || !value) throw new Error(`no ${name}`);
  field.value = value;
}

async function current(): Promise<PushSubscription | null> {
  const { pushManager } = await navigator.serviceWorker.ready;
  return pushManager.getSubscription();
}

/** The line of the list that is this browser: the server knows it by the hash of its address. */
async function rowOf(known: PushSubscription): Promise<HTMLElement | null> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(known.endpoint));
  const plain = Array.from(new Uint8Array(hash), (byte) => String.fromCharCode(byte)).join('');
  const print = btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  return document.querySelector<HTMLElement>(`[data-push-browser="${print}"]`);
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  const read = new Uint8Array(plain.length);
  for (let place = 0; place < plain.length; place += 1) read[place] = plain.charCodeAt(place);
  return read;
}

function say(form: HTMLFormElement, what: Said): void {
  form.querySelectorAll<HTMLElement>('[data-push-said]').forEach((said) => { said.hidden = said.dataset.pushSaid !== what; });
  const button = form.querySelector<HTMLElement>('[data-push-on]');
  if (button) button.hidden = what !== 'off' && what !== 'failed';
  const off = form.querySelector<HTMLElement>('[data-push-off]');
  if (off) off.hidden = what !== 'on';
}

function showInstall(root: ParentNode): void {
  const installed = isInstalled();
  within<HTMLElement>(root, '[data-install]').forEach((button) => { button.hidden = installed || !installable; });
  within<HTMLElement>(root, '[data-installed]').forEach((text) => { text.hidden = !installed; });
  within<HTMLElement>(root, '[data-install-how]').forEach((text) => { text.hidden = installed || installable !== null; });
}

function isInstalled(): boolean {
  const apple = navigator as Navigator & { standalone?: boolean };
  return apple.standalone === true || window.matchMedia('(display-mode: standalone)').matches;
}

function isApple(): boolean {
  return /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
}
