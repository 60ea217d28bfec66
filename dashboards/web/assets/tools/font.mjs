// One font with every letter our pages need, cut from Inter. Refuses to build a font that lacks a Kazakh letter or the tenge sign.

import subsetFont from 'subset-font';

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)).join('');

const LATIN = range(0x20, 0x7e) + range(0xa0, 0xff);
const CYRILLIC = range(0x400, 0x45f) + range(0x490, 0x4f9);
const SIGNS = '–—‘’‚“”„•…‰‹›₸€№™←↑→↓↗−×≈≤≥✓✗\u2009\u202f';
const KAZAKH = 'ӘәҒғҚқҢңӨөҰұҮүҺһІі';
const MUST_HAVE = `${KAZAKH}₸№«»—–${range(0x410, 0x44f)}Ёё`;

/** Tabular figures keep clocks and columns still; the rest is what any text needs. */
const FEATURES = ['kern', 'mark', 'mkmk', 'ccmp', 'locl', 'tnum', 'calt'];

/** A WOFF2 subset of `original`; `name` is for the error message. */
export async function buildFont(original, name) {
  const options = { keepFeatures: FEATURES, noHinting: true, noLayoutClosure: false };
  const text = LATIN + CYRILLIC + SIGNS;
  const plain = await subsetFont(original, text, { ...options, targetFormat: 'truetype' });
  const present = codePoints(plain);
  const missing = [...MUST_HAVE].filter((letter) => !present.has(letter.codePointAt(0)));
  if (missing.length > 0) throw new Error(`${name} has no glyph for ${missing.join(' ')}`);
  return subsetFont(original, text, { ...options, targetFormat: 'woff2' });
}

/** The characters a TrueType file has a glyph for, read from its `cmap` (formats 4 and 12). */
function codePoints(font) {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const cmap = tableOffset(view, 'cmap');
  const found = new Set();
  for (let i = 0; i < view.getUint16(cmap + 2); i++) {
    const table = cmap + view.getUint32(cmap + 4 + i * 8 + 4);
    const format = view.getUint16(table);
    if (format === 4) readFormat4(view, table, found);
    if (format === 12) readFormat12(view, table, found);
  }
  return found;
}

function tableOffset(view, tag) {
  for (let i = 0; i < view.getUint16(4); i++) {
    const record = 12 + i * 16;
    const name = String.fromCharCode(...[0, 1, 2, 3].map((n) => view.getUint8(record + n)));
    if (name === tag) return view.getUint32(record + 8);
  }
  throw new Error(`the font has no ${tag} table`);
}

function readFormat4(view, table, found) {
  const doubled = view.getUint16(table + 6);
  for (let i = 0; i < doubled; i += 2) {
    const end = view.getUint16(table + 14 + i);
    const start = view.getUint16(table + 16 + doubled + i);
    const delta = view.getUint16(table + 16 + doubled * 2 + i);
    const slot = table + 16 + doubled * 3 + i;
    const offset = view.getUint16(slot);
    for (let code = start; code <= end && code !== 0xffff; code++) {
      const glyph = offset === 0 ? (code + delta) & 0xffff : view.getUint16(slot + offset + (code - start) * 2);
      if (glyph !== 0) found.add(code);
    }
  }
}

function readFormat12(view, table, found) {
  for (let i = 0; i < view.getUint32(table + 12); i++) {
    const group = table + 16 + i * 12;
    for (let code = view.getUint32(group); code <= view.getUint32(group + 4); code++) found.add(code);
  }
}
