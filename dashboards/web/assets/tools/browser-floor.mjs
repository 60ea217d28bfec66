// Our floor: iOS 10 Safari and Chrome of Android 6. The stylesheet is compared with what those browsers support;
// what they lack is listed here with the reason why a page stays readable without it. Anything new fails the build.

import doiuse from 'doiuse';
import postcss from 'postcss';

const FLOOR = ['ios_saf 10', 'chrome 60'];

/** Feature of caniuse → what a reader on the floor sees instead. */
const DEGRADES = {
};

/** Functions and selectors that make an old browser drop the colour or the whole rule; never allowed. */
const FORBIDDEN = [/color-mix\(/, /light-dark\(/, /oklch?\(/, /:has\(/, /:is\(/, /:where\(/, /@layer/, /@container/, /\d(dvh|svh|lvh)\b/, /[;{]inset:/];

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
