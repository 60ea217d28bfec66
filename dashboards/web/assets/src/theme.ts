// Light, dark, or as the telephone says. The server writes `data-bs-theme` from the cookie, so a page never flashes in the wrong colours.

import { on } from './events';

const CHOICES = ['light', 'dark', 'auto'];
const YEAR_S = 365 * 24 * 3600;
const BAR_COLOUR = { light: '#f3f6f8', dark: '#0f171f' };

export function startTheme(): void {
  show(document.documentElement.getAttribute('data-bs-theme') || 'auto');
  on<HTMLElement>('click', '[data-theme-set]', (button, event) => {
    const choice = button.dataset.themeSet || 'auto';
    if (CHOICES.indexOf(choice) < 0) return;
    event.preventDefault();
    remember(choice);
    show(choice);
  });
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  // Old Safari knows only addListener.
  system.addListener(() => show(document.documentElement.getAttribute('data-bs-theme') || 'auto'));
}

function remember(choice: string): void {
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `theme=${choice}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax${secure}`;
}

function show(choice: string): void {
  document.documentElement.setAttribute('data-bs-theme', choice);
  document.querySelectorAll<HTMLElement>('[data-theme-set]').forEach((button) => {
    button.setAttribute('aria-pressed', String(button.dataset.themeSet === choice));
  });
  const bar = document.querySelector('meta[name="theme-color"]');
  if (bar) bar.setAttribute('content', isDark(choice) ? BAR_COLOUR.dark : BAR_COLOUR.light);
}

function isDark(choice: string): boolean {
  return choice === 'dark' || (choice === 'auto' && window.matchMedia('(prefers-color-scheme: dark)').matches);
}
