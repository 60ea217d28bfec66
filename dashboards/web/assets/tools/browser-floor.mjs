// Our floor: iOS 10 Safari and Chrome of Android 6. The stylesheet is compared with what those browsers support;
// what they lack is listed here with the reason why a page stays readable without it. Anything new fails the build.

import doiuse from 'doiuse';
import postcss from 'postcss';

const FLOOR = ['ios_saf 10', 'chrome 60'];

/** Feature of caniuse → what a reader on the floor sees instead. */
const DEGRADES = {
  'prefers-color-scheme': 'the page is light',
  'prefers-reduced-motion': 'motion stays; ours is one breathing dot and a short fade',
  'css-scroll-behavior': 'jumps instead of gliding',
  'css-focus-visible': 'the focus ring also follows the finger',
  'css-focus-within': 'input groups keep their order of layers',
  'css-not-sel-list': 'rules for unused kinds of input',
  'css-appearance': 'Tabler and we also say -webkit-appearance',
  'css-resize': 'a text area keeps its size',
  'css-placeholder': 'the browser colours the placeholder',
  'css-logical-props': 'some space around Tabler icons',
  'css-color-adjust': 'a coloured dot may print grey',
  'css-indeterminate-pseudo': 'the half-checked box, which we do not use',
  'css-gradients': 'plain linear gradients are understood',
  'css-grid': 'only the utility d-grid',
  'css-sticky': 'a heading scrolls away with its list',
  'justify-content-space-evenly': 'items start at the left',
  'flexbox-gap': 'only in Tabler and in the utilities gap-*: parts stand closer together; ours space with margins',
  'css-backdrop-filter': 'no blur behind glass',
  'css-selection': 'the browser colours a selection',
  'css-font-rendering-controls': 'text appears when the font has come',
  'css-env-function': 'the old phones have no rounded corners',
  'css-page-break': 'a printed row may be cut',
  'multicolumn': 'a printed row may be cut',
  'text-decoration': 'underlines are plain',
  'css-overflow': 'overflow auto itself is understood',
  'css-snappoints': 'scroll-padding: what is scrolled to may stand under the bar',
  'css-masks': 'Tabler says -webkit-mask-image',
};

/** Functions and selectors that make an old browser drop the colour or the whole rule; never allowed. */
const FORBIDDEN = [/color-mix\(/, /light-dark\(/, /oklch?\(/, /:has\(/, /:is\(/, /:where\(/, /@layer/, /@container/, /\d(dvh|svh|lvh)\b/, /[;{]inset:/];

/** Rules of Tabler that need such things, for components we do not use. */
const UNUSED = /::selection|\.text-selected|\.text-(in)?correct|\.table-selectable|\.btn-close|:has\(/;

/** The stylesheet without the unused rules. */
export function dropUnused(css) {
  const root = postcss.parse(css);
  root.walkRules((rule) => {
    const kept = rule.selectors.filter((selector) => !UNUSED.test(selector));
    if (kept.length === 0) rule.remove();
    else if (kept.length < rule.selectors.length) rule.selectors = kept;
  });
  return root.toString();
}

/** Throws with the list of features that are neither supported by the floor nor known to degrade well. */
export async function checkStyles(css) {
  const unknown = new Map();
  const plugin = doiuse({
    browsers: FLOOR,
    ignore: Object.keys(DEGRADES),
    onFeatureUsage: ({ feature, usage }) => {
      if (!unknown.has(feature)) unknown.set(feature, String(usage).slice(0, 90));
    },
  });
  await postcss([plugin]).process(css, { from: undefined });
  const complaints = [...unknown].map(([feature, where]) => `${feature}: ${where}`);
  for (const pattern of FORBIDDEN) {
    const hit = css.match(pattern);
    if (hit) complaints.push(`forbidden ${hit[0]}: ${css.slice(Math.max(0, hit.index - 60), hit.index + 40)}`);
  }
  if (complaints.length > 0) throw new Error(`the stylesheet asks too much of an old phone:\n  ${complaints.join('\n  ')}`);
}
