// `<time datetime="…" data-ago>` says how long ago something was, and keeps saying it truly. The texts come from the server in the
// reader's language, as `data-ago-now`, `-minute`, `-hour`, `-day` with `{n}` on the element or anything around it.

import { onContent, within } from './events';

const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const LONGEST_MS = 7 * DAY_MS;
const REFRESH_MS = 20 * 1000;

type Unit = 'now' | 'minute' | 'hour' | 'day';

/** The unit and number that tell an age; nothing beyond a week, where the date itself says more. */
export function agePhrase(ageMs: number): { unit: Unit; n: number } | null {
  if (ageMs < MINUTE_MS) return { unit: 'now', n: 0 };
  if (ageMs < HOUR_MS) return { unit: 'minute', n: Math.floor(ageMs / MINUTE_MS) };
  if (ageMs < DAY_MS) return { unit: 'hour', n: Math.floor(ageMs / HOUR_MS) };
  if (ageMs < LONGEST_MS) return { unit: 'day', n: Math.floor(ageMs / DAY_MS) };
  return null;
}

export function startAgo(): void {
  const ahead = clockError();
  const refresh = (root: ParentNode): void => within<HTMLTimeElement>(root, 'time[data-ago]').forEach((time) => show(time, Date.now() - ahead));
  onContent(refresh);
  window.setInterval(() => refresh(document), REFRESH_MS);
}

/** By how much this device's clock runs ahead of the server's, judged by `data-now` of the page. */
function clockError(): number {
  const server = Date.parse(document.body.dataset.now || '');
  const error = Date.now() - server;
  // A page from the history was rendered long ago: then the clock is believed.
  const reloaded = error > 0 && error < DAY_MS && isFromHistory();
  return isNaN(error) || reloaded ? 0 : error;
}

function isFromHistory(): boolean {
  const timing = performance.timing;
  return !timing || (timing.responseStart === 0) || (performance.navigation && performance.navigation.type === 2);
}

function show(time: HTMLTimeElement, nowMs: number): void {
  const at = Date.parse(time.dateTime || time.getAttribute('datetime') || '');
  const phrase = isNaN(at) ? null : agePhrase(nowMs - at);
  if (!phrase) {
    if (time.dataset.agoPlain !== undefined) time.textContent = time.dataset.agoPlain;
    return;
  }
  const pattern = patternFor(time, `data-ago-${phrase.unit}`);
  if (pattern === null) return;
  if (time.dataset.agoPlain === undefined) {
    time.dataset.agoPlain = time.textContent || '';
    if (!time.title) time.title = time.dataset.agoPlain;
  }
  const text = pattern.replace('{n}', String(phrase.n));
  if (time.textContent !== text) time.textContent = text;
}

function patternFor(time: Element, attribute: string): string | null {
  const holder = time.closest(`[${attribute}]`);
  return holder ? holder.getAttribute(attribute) : null;
}
