// The steps of build-assets that need Node: styles, script, fonts, icons, checks of browser support and of size.
// Run it through ../../build-assets, which installs the packages first.

import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import * as sass from 'sass';
import { buildFont } from './font.mjs';
import { checkStyles, dropUnused } from './browser-floor.mjs';

const assets = fileURLToPath(new URL('..', import.meta.url));
const src = join(assets, 'src');
const served = join(assets, 'dist');
/** Everything is built here and moved at the end, so that a failed build leaves the files being served as they were. */
const dist = join(served, '.new');
const modules = join(assets, '..', 'node_modules');

/** What a first page may weigh, compressed: stylesheet, script, both weights of the font, logo. */
const BUDGET_KB = 200;
const FIRST_PAGE = ['app.css', 'app.js', 'sh-400.woff2', 'sh-600.woff2', 'logo.svg'];

async function begin() {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist);
}

async function publish() {
  const fresh = await readdir(dist);
  for (const name of fresh) await rename(join(dist, name), join(served, name));
  for (const name of await readdir(served)) {
    if (!name.startsWith('.') && !fresh.includes(name)) await rm(join(served, name));
  }
  await rm(dist, { recursive: true });
}

async function buildStyles() {
  const compiled = sass.compile(join(src, 'styles', 'app.scss'), {
    loadPaths: [modules],
    quietDeps: true,
    logger: sass.Logger.silent,
  });
  const { code } = await esbuild.transform(dropUnused(compiled.css), {
    loader: 'css',
    minify: true,
    target: ['ios10', 'chrome60'],
    legalComments: 'none',
  });
  await checkStyles(code);
  await writeFile(join(dist, 'app.css'), code);
}

async function buildScript() {
  await esbuild.build({
    entryPoints: [join(src, 'app.ts')],
    outfile: join(dist, 'app.js'),
    bundle: true,
    format: 'iife',
    target: ['es2017'],
    minify: true,
    legalComments: 'none',
    // htmx carries one eval behind `allowEval`, which our pages switch off and the CSP forbids.
    logOverride: { 'direct-eval': 'silent' },
  });
}

/** The worker of the installed app: a script of its own, since it outlives every page. */
async function buildWorker() {
  await esbuild.build({ entryPoints: [join(src, 'worker', 'sw.ts')], outfile: join(dist, 'sw.js'), bundle: true, format: 'iife', target: ['es2017'], minify: true, legalComments: 'none' });
}

async function buildFonts() {
  for (const [weight, file] of [[400, 'Inter-Regular.woff2'], [600, 'Inter-SemiBold.woff2']]) {
    const original = await readFile(join(modules, 'inter-ui', 'web', file));
    await writeFile(join(dist, `sh-${weight}.woff2`), await buildFont(original, file));
  }
}

/** All icons in one file, used as `<svg class="sh-icon"><use href="…/icons.svg#name"/></svg>`. */
async function buildIcons() {
  const names = (await readdir(join(src, 'icons'))).filter((name) => name.endsWith('.svg')).sort();
  const symbols = [];
  for (const name of names) {
    const drawing = (await readFile(join(src, 'icons', name), 'utf8')).trim();
    const inner = drawing.replace(/^<svg[^>]*>|<\/svg>$/g, '').replace(/\s*\n\s*/g, '');
    symbols.push(`<symbol id="${basename(name, '.svg')}" viewBox="0 0 24 24">${inner}</symbol>`);
  }
  await writeFile(join(dist, 'icons.svg'), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`);
}

async function copyStatic() {
  for (const name of await readdir(join(assets, 'static'))) {
    await copyFile(join(assets, 'static', name), join(dist, name));
  }
}

/** `assets.json` maps a file to a short hash of its content, for addresses that may be cached for ever: `app.css?v=…`. */
async function writeHashes() {
  const hashes = {};
  for (const name of (await readdir(dist)).filter((name) => !name.startsWith('.')).sort()) {
    hashes[name] = createHash('sha256').update(await readFile(join(dist, name))).digest('hex').slice(0, 12);
  }
  await writeFile(join(dist, 'assets.json'), `${JSON.stringify(hashes, null, 2)}\n`);
}

async function checkBudget() {
  let total = 0;
  for (const name of FIRST_PAGE) {
    const bytes = await readFile(join(dist, name));
    const wire = name.endsWith('.woff2') ? bytes.length : gzipSync(bytes, { level: 9 }).length;
    total += wire;
    console.log(`  ${name.padEnd(14)} ${(wire / 1024).toFixed(1).padStart(6)} KB`);
  }
  const kb = total / 1024;
  console.log(`  first page     ${kb.toFixed(1).padStart(6)} KB of ${BUDGET_KB} KB`);
  if (kb > BUDGET_KB) throw new Error(`the first page weighs ${kb.toFixed(1)} KB compressed, the budget is ${BUDGET_KB} KB`);
}

await begin();
await Promise.all([buildStyles(), buildScript(), buildWorker(), buildFonts(), buildIcons(), copyStatic()]);
await writeHashes();
await checkBudget();
await publish();
