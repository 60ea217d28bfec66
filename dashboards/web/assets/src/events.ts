// Listening on the document instead of on elements, so that fragments swapped in later need no wiring.

/** Calls `handle` when an event of `type` happens on, or inside, an element matching `selector`. */
export function on<T extends Element>(type: string, selector: string, handle: (element: T, event: Event) => void, phase?: 'capture'): void {
  document.addEventListener(
    type,
    (event) => {
      const target = event.target instanceof Element ? event.target.closest<T>(selector) : null;
      if (target) handle(target, event);
    },
    phase === 'capture',
  );
}

/** All matches below `root`, and `root` itself when it matches. */
export function within<T extends Element>(root: ParentNode, selector: string): T[] {
  const found = Array.from(root.querySelectorAll<T>(selector));
  if (root instanceof Element && root.matches(selector)) found.unshift(root as unknown as T);
  return found;
}

/** Calls `handle` now and after every htmx swap, with the part of the page that is new. */
export function onContent(handle: (root: ParentNode) => void): void {
  handle(document);
  document.addEventListener('htmx:load', (event) => {
    if (event.target instanceof Element) handle(event.target);
  });
}
