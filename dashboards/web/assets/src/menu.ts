// Menus are `<details>` and open without us; they close when the reader presses Escape or looks elsewhere.

export function startMenus(): void {
  document.addEventListener('click', (event) => closeOthers(event.target));
  document.addEventListener('focusin', (event) => closeOthers(event.target));
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    openMenus().forEach((menu) => {
      menu.open = false;
      const summary = menu.querySelector('summary');
      if (summary) summary.focus();
    });
  });
}

function openMenus(): HTMLDetailsElement[] {
  return Array.from(document.querySelectorAll<HTMLDetailsElement>('details[data-menu][open], details.sh-menu[open]'));
}

function closeOthers(target: EventTarget | null): void {
  openMenus().forEach((menu) => {
    if (!(target instanceof Node && menu.contains(target))) menu.open = false;
  });
}
