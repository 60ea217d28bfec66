// A server of files for the tests of the islands: the gallery, the built assets, and answers a test supplies. Not part of the product.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const DIST = join(here, '../../dashboards/web/assets/dist');
const TYPES = { '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.png': 'image/png', '.html': 'text/html; charset=utf-8', '.webmanifest': 'application/manifest+json' };

/** The policy the hub sends too: nothing inline, nothing from elsewhere. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; manifest-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Serves on a free port of 127.0.0.1; `answers` maps a path to `(request) => ({ status, headers, body })`. */
export async function serveGallery(answers = {}) {
  const server = createServer((request, response) => {
    answer(request, answers).then(
      ({ status = 200, headers = {}, body }) => {
        response.writeHead(status, { 'Content-Security-Policy': POLICY, ...headers });
        response.end(body);
      },
      () => {
        response.writeHead(404);
        response.end();
      },
    );
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { base: `http://127.0.0.1:${server.address().port}`, stop: async () => server.close(), answers };
}

async function answer(request, answers) {
  const path = new URL(request.url, 'http://localhost').pathname;
  if (answers[path]) return answers[path](request);
  if (path.startsWith('/assets/')) return file(join(DIST, normalize(path.slice('/assets/'.length))));
  return file(join(here, path === '/' ? 'gallery.html' : normalize(path)));
}

async function file(path) {
  return { headers: { 'Content-Type': TYPES[extname(path)] || 'application/octet-stream' }, body: await readFile(path) };
}
