// The installed app's worker is registered from the pages of a guardian; a page that it showed without net is loaded anew when the net is back.

export function startWorker(): void {
  if (document.querySelector('[data-offline-note]')) window.addEventListener('online', () => location.reload());
  const own = location.pathname === '/my' || location.pathname.indexOf('/my/') === 0;
  if (!own || !document.body.dataset.reader || !('serviceWorker' in navigator)) return;
  // Where a browser refuses (a private window, no room), the pages do without.
  navigator.serviceWorker.register('/sw.js').catch(() => undefined);
}
