// The decisions of the live stream, apart from sockets and pages, so that they can be tested as plain functions.

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30 * 1000;

/** What the server says; see live.ts. */
export interface Frame {
  rev: number;
  html?: string;
  snapshot?: boolean;
}

/** A frame, or nothing if the text is not one. */
export function parseFrame(text: string): Frame | null {
  let value: Partial<Frame> | null;
  try {
    value = JSON.parse(text) as Partial<Frame> | null;
  } catch (_notJson) {
    return null;
  }
  if (!value || typeof value.rev !== 'number') return null;
  const frame: Frame = { rev: value.rev };
  if (typeof value.html === 'string') frame.html = value.html;
  if (value.snapshot === true) frame.snapshot = true;
  return frame;
}

/** What to do with a frame when the page stands at revision `rev` (`null`: not known yet). */
export function decide(rev: number | null, frame: Frame): 'swap' | 'snapshot' | 'ignore' {
  if (frame.snapshot) return 'snapshot';
  if (rev === null) return 'snapshot';
  if (frame.html === undefined) return frame.rev === rev ? 'ignore' : 'snapshot';
  if (frame.rev === rev + 1) return 'swap';
  // Already in the snapshot we have.
  if (frame.rev <= rev) return 'ignore';
  return 'snapshot';
}

/** How long to wait before the next attempt: doubling to half a minute, spread so that a school's phones do not return in one instant. */
export function backoff(failures: number, random: number): number {
  const full = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * Math.pow(2, Math.min(failures, 10)));
  return full / 2 + (full / 2) * random;
}
