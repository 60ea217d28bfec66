// Passkeys: `form[data-passkey="add|sign-in"]` asks the server what to ask the device (`data-options`), the device's owner answers with finger,
// face or PIN, and the form is sent with the answer in its field `credential`. What goes wrong is said by the form's own texts
// (`[data-passkey-said]`). Without script the form is hidden (`sh-js`).

import { on } from './events';

interface Options {
  publicKey: {
    challenge: string | ArrayBuffer;
    user?: { id: string | ArrayBuffer };
    excludeCredentials?: { id: string | ArrayBuffer }[];
    allowCredentials?: { id: string | ArrayBuffer }[];
  };
}

const asking = new Set<HTMLFormElement>();

export function startPasskeys(): void {
  on<HTMLFormElement>('submit', 'form[data-passkey]', (form, event) => {
    event.preventDefault();
    if (asking.has(form)) return;
    asking.add(form);
    answer(form).catch((error) => explain(form, error)).then(() => asking.delete(form));
  });
}

async function answer(form: HTMLFormElement): Promise<void> {
  if (!window.PublicKeyCredential) {
    show(form, 'unknown');
    return;
  }
  show(form, 'none');
  const options = await ask(form);
  const credential = form.dataset.passkey === 'add'
    ? await navigator.credentials.create(options as unknown as CredentialCreationOptions)
    : await navigator.credentials.get(options as unknown as CredentialRequestOptions);
  const field = form.querySelector<HTMLInputElement>('input[name="credential"]');
  if (!credential || !field) throw new Error('no answer');
  field.value = JSON.stringify(written(credential as PublicKeyCredential));
  form.submit();
}

class Refused extends Error {}

// Everything that the form holds goes along, its token and a password too; the answer is what the device is to be asked.
async function ask(form: HTMLFormElement): Promise<Options> {
  const typed = new URLSearchParams();
  form.querySelectorAll<HTMLInputElement>('input[name]').forEach((field) => typed.append(field.name, field.value));
  const response = await fetch(form.dataset.options || '', {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
    credentials: 'same-origin',
    body: typed.toString(),
  });
  if (!response.ok) throw new Refused(await reason(response));
  const options = await response.json() as Options;
  const { publicKey } = options;
  publicKey.challenge = bytes(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = bytes(publicKey.user.id);
  (publicKey.excludeCredentials || []).concat(publicKey.allowCredentials || []).forEach((known) => { known.id = bytes(known.id); });
  return options;
}

// The server's own words, in the reader's language.
async function reason(response: Response): Promise<string> {
  const problem = await response.json() as { title?: string };
  return problem.title || '';
}

// As the server reads it: what is bytes becomes base64url.
function written(credential: PublicKeyCredential): unknown {
  const response = credential.response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse;
  const parts: Record<string, string> = {};
  (['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'] as const).forEach((name) => {
    const part = response[name];
    if (part) parts[name] = text(part);
  });
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response: parts, extensions: {} };
}

function bytes(value: string | ArrayBuffer): ArrayBuffer {
  if (typeof value !== 'string') return value;
  const plain = atob(value.replace(/-/g, '+').replace(/_/g, '/'));
  const read = new Uint8Array(plain.length);
  for (let place = 0; place < plain.length; place += 1) read[place] = plain.charCodeAt(place);
  return read.buffer;
}

function text(buffer: ArrayBuffer): string {
  const plain = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('');
  return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

function explain(form: HTMLFormElement, error: unknown): void {
  const said = form.querySelector<HTMLElement>('[data-passkey-said="refused"]');
  const refused = error instanceof Refused && error.message !== '';
  if (said && refused) said.textContent = (error as Refused).message;
  show(form, refused ? 'refused' : 'failed');
}

// What went wrong stands in the form, written by the server in the reader's language.
function show(form: HTMLFormElement, what: 'failed' | 'refused' | 'unknown' | 'none'): void {
  form.querySelectorAll<HTMLElement>('[data-passkey-said]').forEach((said) => { said.hidden = said.dataset.passkeySaid !== what; });
}
