// Icons are `<use href="…#name">`. Safari before 12.1 reads only the old spelling of that attribute; it is added where needed.

import { onContent, within } from './events';

const XLINK = 'http://www.w3.org/1999/xlink';

export function startIcons(): void {
  onContent((root) => {
    within(root, 'use[href]').forEach((use) => {
      const shown = (use as SVGUseElement).href;
      if (shown && shown.baseVal) return;
      use.setAttributeNS(XLINK, 'xlink:href', use.getAttribute('href') || '');
    });
  });
}
