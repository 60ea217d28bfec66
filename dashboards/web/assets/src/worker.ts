// The installed app's worker is registered from the pages of a guardian; a page that it showed without net is loaded anew when the net is back.

import { isAnyChanged } from './form';

/** How often a page that is shown without net looks whether there is one: a browser's word for it may come too early, or never. */
const LOOK_MS = 5 * 1000;

export function startWorker(): void {
  if (document.querySelector('[data-offline-note]')) comeBack();
  const own = location.pathname === '/my' || location.pathname.indexOf('/my/') === 0;
  if (!own || !document.body.dataset.reader || !('serviceWorker' in navigator)) return;
  // Where a browser refuses (a private window, no room), the pages do without.
  navigator.serviceWorker.register('/sw.js').catch(() => undefined);
}

/** Loads the page anew once the server answers, unless somebody is writing on it. */
function comeBack(): void {
  let looking = false;
  const look = () => {
    if (looking || document.hidden || !navigator.onLine || isAnyChanged()) return;
    looking = true;
    // What the worker never answers itself.
    fetch('/sw.js', { cache: 'no-store' })
      .then((response) => response.ok && location.reload(), () => undefined)
      .then(() => (looking = false));
  };
  window.addEventListener('online', look);
  window.setInterval(look, LOOK_MS);
}
