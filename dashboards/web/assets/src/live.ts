// Live parts: a WebSocket brings fragments, a snapshot heals every doubt, polling carries on when there is no socket.
//
// The server says `{"rev":n,"html":"…"}` (fragments for htmx's out-of-band swap), `{"rev":n,"snapshot":true}` (fetch the snapshot) or
// `{"rev":n}` (where the stream stands: greeting, heartbeat). `rev` grows by one with every `html`. The client never sends anything.
//
// Always true:
//  1. A frame is applied only on top of the revision before it; otherwise the snapshot is fetched.
//  2. Frames that arrive while a snapshot is on its way wait for it.
//  3. While the socket is down the snapshot is fetched every 15 seconds, unless nobody looks at the page.

import htmx from 'htmx.org';
import { backoff, decide, parseFrame, type Frame } from './live-rules';
import { onContent, within } from './events';
import { swapFragments, swapSnapshot } from './live-swap';

const POLL_MS = 15 * 1000;
const HIDDEN_LONG_MS = 60 * 1000;
const GONE_CODE = 4401;
const KEPT_FRAMES = 200;

type State = 'connected' | 'reconnecting' | 'polling';

const streams = new Map<Element, Stream>();

export function startLive(): void {
  onContent((root) => {
    streams.forEach((stream, element) => {
      if (!document.contains(element)) {
        stream.stop();
        streams.delete(element);
      }
    });
    within<HTMLElement>(root, '[data-live]').forEach((element) => {
      if (streams.has(element)) return;
      const stream = new Stream(element);
      streams.set(element, stream);
      stream.start();
    });
  });
  let hiddenSince = 0;
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) hiddenSince = Date.now();
    else streams.forEach((stream) => stream.seenAgain(Date.now() - hiddenSince > HIDDEN_LONG_MS));
  });
  window.addEventListener('online', () => streams.forEach((stream) => stream.seenAgain(true)));
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) streams.forEach((stream) => stream.seenAgain(true));
  });
}

function reloadedLately(): boolean {
  try {
    const last = Number(sessionStorage.getItem('live-reload')) || 0;
    sessionStorage.setItem('live-reload', String(Date.now()));
    return Date.now() - last < HIDDEN_LONG_MS;
  } catch (_noStorage) {
    return true;
  }
}

class Stream {
  private rev: number | null;
  private socket: WebSocket | null = null;
  private failures = 0;
  private retryTimer: number | undefined;
  private silenceTimer: number | undefined;
  private pollTimer: number | undefined;
  private fetching: XMLHttpRequest | null = null;
  private waiting: Frame[] = [];
  private again = false;
  private stopped = false;

  constructor(private readonly element: HTMLElement) {
    const rendered = parseInt(element.dataset.liveRev || '', 10);
    this.rev = isNaN(rendered) ? null : rendered;
  }

  start(): void {
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    window.clearTimeout(this.retryTimer);
    window.clearTimeout(this.silenceTimer);
    window.clearInterval(this.pollTimer);
    if (this.fetching) this.fetching.abort();
    if (this.socket) this.socket.close();
  }

  /** The reader is back: connect at once, and after a long absence do not trust what is on the page. */
  seenAgain(stale: boolean): void {
    if (stale || !this.isOpen()) this.fetchSnapshot();
    if (!this.socket) this.connect();
  }

  private isOpen(): boolean {
    return this.socket !== null && this.socket.readyState === WebSocket.OPEN;
  }

  private connect(): void {
    if (this.stopped) return;
    window.clearTimeout(this.retryTimer);
    if (!('WebSocket' in window)) {
      this.startPolling();
      return;
    }
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    let socket: WebSocket;
    try {
      socket = new WebSocket(`${scheme}//${location.host}${this.element.dataset.live}`);
    } catch (_refused) {
      this.lost(0);
      return;
    }
    this.socket = socket;
    socket.onopen = () => this.opened();
    socket.onmessage = (message) => this.received(String(message.data));
    socket.onclose = (event) => {
      if (this.socket === socket) this.lost(event.code);
    };
  }

  private opened(): void {
    this.stopPolling();
    this.show('connected');
    this.listenForSilence();
  }

  private lost(code: number): void {
    this.socket = null;
    window.clearTimeout(this.silenceTimer);
    if (this.stopped) return;
    if (code === GONE_CODE) {
      this.signInAgain();
      return;
    }
    this.startPolling();
    this.retryTimer = window.setTimeout(() => this.connect(), backoff(this.failures, Math.random()));
    this.failures += 1;
  }

  // A telephone that changed networks may hold a dead socket for many minutes; a server that promises a heartbeat lets us notice.
  private listenForSilence(): void {
    window.clearTimeout(this.silenceTimer);
    const seconds = Number(this.element.dataset.liveHeartbeat);
    if (!(seconds > 0)) return;
    this.silenceTimer = window.setTimeout(() => {
      const socket = this.socket;
      this.lost(0);
      if (socket) socket.close();
    }, seconds * 1000);
  }

  private received(text: string): void {
    // Only a connection that says something has proved itself; one that opens and closes keeps its back-off.
    this.failures = 0;
    this.listenForSilence();
    const frame = parseFrame(text);
    if (!frame) this.fetchSnapshot();
    else if (this.fetching) this.keep(frame);
    else this.apply(frame);
  }

  private keep(frame: Frame): void {
    this.waiting.push(frame);
    if (this.waiting.length > KEPT_FRAMES) {
      this.waiting = [];
      this.again = true;
    }
  }

  private apply(frame: Frame): void {
    const step = decide(this.rev, frame);
    if (step === 'ignore') return;
    this.rev = frame.rev;
    if (step === 'swap') swapFragments(frame.html || '');
    if (step === 'snapshot') this.fetchSnapshot();
  }

  private fetchSnapshot(): void {
    if (this.stopped) return;
    if (this.fetching) {
      this.again = true;
      return;
    }
    const target = this.snapshotTarget();
    if (!target) return;
    const request = new XMLHttpRequest();
    this.fetching = request;
    request.open('GET', this.element.dataset.snapshot || location.pathname + location.search);
    request.setRequestHeader('HX-Request', 'true');
    if (target.id) request.setRequestHeader('HX-Target', target.id);
    request.setRequestHeader('X-Live-Snapshot', 'true');
    request.timeout = POLL_MS;
    request.onload = () => this.snapshotCame(request, target);
    request.onerror = () => this.snapshotFailed();
    request.ontimeout = () => this.snapshotFailed();
    request.send();
  }

  private snapshotTarget(): HTMLElement | null {
    const selector = this.element.dataset.snapshotTarget || (this.element === document.body ? '#main' : '');
    return selector ? document.querySelector<HTMLElement>(selector) : this.element;
  }

  private snapshotCame(request: XMLHttpRequest, target: HTMLElement): void {
    const elsewhere = request.responseURL !== '' && new URL(request.responseURL).pathname !== this.snapshotPath();
    if (request.status === 401 || request.status === 403 || elsewhere || request.getResponseHeader('HX-Redirect')) {
      this.signInAgain();
      return;
    }
    if (request.status !== 200) {
      this.snapshotFailed();
      return;
    }
    const rev = parseInt(request.getResponseHeader('X-Live-Rev') || '', 10);
    if (!isNaN(rev)) this.rev = rev;
    swapSnapshot(target, request.responseText, () => this.snapshotDone());
    if (!this.isOpen()) this.show('polling');
  }

  private snapshotPath(): string {
    return new URL(this.element.dataset.snapshot || location.href, location.href).pathname;
  }

  private snapshotFailed(): void {
    if (!this.isOpen()) this.show('reconnecting');
    else this.again = this.again || this.waiting.length === 0;
    // With the socket open nobody polls, so a failed snapshot is asked for again, not at once.
    this.fetching = null;
    if (this.isOpen()) {
      this.again = false;
      window.setTimeout(() => this.fetchSnapshot(), backoff(this.failures + 1, Math.random()));
    }
    this.applyWaiting();
  }

  private snapshotDone(): void {
    this.fetching = null;
    this.applyWaiting();
    if (this.again) {
      this.again = false;
      this.fetchSnapshot();
    }
  }

  private applyWaiting(): void {
    const frames = this.waiting;
    this.waiting = [];
    frames.forEach((frame) => (this.fetching ? this.keep(frame) : this.apply(frame)));
  }

  private startPolling(): void {
    this.show('reconnecting');
    if (this.pollTimer !== undefined) return;
    this.pollTimer = window.setInterval(() => {
      if (!document.hidden) this.fetchSnapshot();
    }, POLL_MS);
  }

  private stopPolling(): void {
    window.clearInterval(this.pollTimer);
    this.pollTimer = undefined;
  }

  // The page itself knows the way to the sign-in and back. If it does load, only its snapshot being refused, it must not load for ever.
  private signInAgain(): void {
    this.stop();
    if (reloadedLately()) this.show('reconnecting');
    else location.reload();
  }

  private show(state: State): void {
    document.querySelectorAll<HTMLElement>('[data-live-status]').forEach((badge) => {
      badge.classList.remove('connected', 'reconnecting', 'polling');
      badge.classList.add(state);
      const text = badge.getAttribute(`data-text-${state}`);
      if (text !== null && badge.textContent !== text) badge.textContent = text;
    });
    htmx.trigger(document.body, 'sh:live', { state });
  }
}
