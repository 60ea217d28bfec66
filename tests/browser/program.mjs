// Starts the program under test as its demo does: private database and broker in a folder of its own, the synthetic town. Without simulated
// terminals, unless asked: each task makes its own events.

import { spawn, execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const BINARY = fileURLToPath(new URL('../../target/quick/shanyraq', import.meta.url));
const START_MS = 180_000;
const STOP_MS = 30_000;

/** No simulated terminals. */
export const QUIET_TOWN = ['--no-swarm'];
/** The demo as a visitor sees it. */
export const BUSY_TOWN = [];

/** Starts the program; the answer has its address, its demo logins by role, its town, the file of its log, and `stop()`. */
export async function startProgram(binary = BINARY, town = QUIET_TOWN) {
  if (!existsSync(binary)) throw new Error(`${binary} is not built: cargo build --profile quick -p shanyraq`);
  const data = mkdtempSync(join(tmpdir(), 'shanyraq-pages-'));
  // The database runs under an account of its own when we are root, and must be able to walk through.
  chmodSync(data, 0o711);
  const child = spawn(binary, ['up', '--data', data, '--http', `127.0.0.1:${await freePort()}`, ...town], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    if (child.exitCode === null) child.kill('SIGTERM');
    const limit = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(limit);
    rmSync(data, { recursive: true, force: true });
  };
  try {
    const said = await untilReady(child);
    return { base: /ready: (\S+)/.exec(said)[1], logins: loginsIn(said), town: JSON.parse(readFileSync(join(data, 'town.json'), 'utf8')), log: join(data, 'log', 'hub.log'), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function untilReady(child) {
  return new Promise((resolve, reject) => {
    let said = '';
    const limit = setTimeout(() => reject(new Error(`the program was not ready in ${START_MS / 1000} s:\n${said}`)), START_MS);
    const hear = (bytes) => {
      said += bytes;
      if (/Ctrl-C stops/.test(said)) {
        clearTimeout(limit);
        resolve(said);
      }
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', (code) => {
      clearTimeout(limit);
      reject(new Error(`the program ended with ${code}:\n${said}`));
    });
  });
}

/** The first login of each role: `{ guardian: { login, password }, … }`. */
function loginsIn(said) {
  const logins = {};
  for (const [, role, login, password] of said.matchAll(/sign in as (\S+) with (\S+) and (\S+)/g)) {
    if (!logins[role]) logins[role] = { login, password };
  }
  return logins;
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** A terminal of the town that publishes passes and meals with `mosquitto_pub`, numbering its events. */
export class Terminal {
  constructor(town, school, device) {
    Object.assign(this, { broker: town.broker, school, device, seq: 0, store: `page${Date.now().toString(36)}` });
  }

  async pass(card, direction, at = new Date()) {
    await this.publish({ kind: 'pass', card, direction, at: at.toISOString() });
  }

  async meal(card, item, priceTiyn, at = new Date()) {
    await this.publish({ kind: 'meal', card, item, price_tiyn: priceTiyn, at: at.toISOString() });
  }

  async publish(event) {
    this.seq += 1;
    const message = JSON.stringify({ store: this.store, seq: this.seq, boot: 1, ...event });
    const { broker, device } = this;
    await promisify(execFile)('mosquitto_pub', ['-h', broker.host, '-p', String(broker.port), '-u', device.code, '-P', device.password, '-i', device.code, '-q', '1', '-t', this.topic(), '-m', message], { timeout: 10_000 });
  }

  topic() {
    const shard = createHash('sha256').update(this.school.code).digest()[0] % 64;
    return `v1/${shard}/${this.school.code}/${this.device.code}/up/events`;
  }
}
