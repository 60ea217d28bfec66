// The script of every page: htmx and the islands. Each island works on attributes alone (see ../README.md), so a page that a server
// renders needs no code of its own, and a fragment that arrives later behaves like the page it joined.

import htmx from 'htmx.org';
import { startAsking } from './confirm';
import { startCopying } from './copy';
import { startDialogs } from './dialog';
import { startDismissing } from './dismiss';
import { startForms } from './form';
import { startIcons } from './icons';
import { startLive } from './live';
import { startMenus } from './menu';
import { startOutbox } from './outbox';
import { startPalette } from './palette';
import { startPasskeys } from './passkey';
import { startPush } from './push';
import { startTables } from './table';
import { startTheme } from './theme';
import { startAgo } from './time';
import { startUploads } from './upload';
import { startWhen } from './when';
import { startWorker } from './worker';

document.documentElement.classList.add('js');

// One island's failure on an odd browser must not take the others with it.
function start(island: () => void): void {
  try {
    island();
  } catch (error) {
    console.error(error);
  }
}

function startAll(): void {
  const islands = [startTheme, startIcons, startMenus, startAsking, startUploads, startOutbox, startForms, startWhen, startCopying, startDismissing, startTables, startDialogs, startAgo, startPasskeys, startPush, startWorker, startPalette, startLive];
  islands.forEach(start);
}

// On phones too old for htmx its attributes are left alone: links and forms then do what they do without script.
const knowsEnough = 'fromEntries' in Object && 'flat' in Array.prototype && 'entries' in FormData.prototype;
if (!knowsEnough) document.body.setAttribute('hx-disable', '');

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
// Not 'style': writing that attribute is what the content policy forbids.
htmx.config.attributesToSettle = ['class', 'width', 'height'];

if (document.readyState === 'loading') {
  document.addEventListener('DOMContentLoaded', startAll);
} else {
  startAll();
}
