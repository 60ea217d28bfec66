// The components and islands of the web kit, tried on the gallery page with a WebSocket that the test itself answers.

import assert from 'node:assert/strict';
import { DESK, PHONE } from '../browse.mjs';

/** Answers `/live/gallery`; `greet` is sent to every new socket. Returns the sockets, newest last. */
async function liveServer(person, greet) {
  const sockets = [];
  await person.page.routeWebSocket(/\/live\//, (socket) => {
    sockets.push(socket);
    if (greet) socket.send(greet);
  });
  return sockets;
}

const item = (id, text) => `<ol hx-swap-oob="afterbegin:#timeline"><li class="sh-in" id="${id}"><time>08:00</time><div><b>${text}</b></div></li></ol>`;
const frame = (rev, html) => JSON.stringify({ rev, html });

/** The gallery with a snapshot counter: how often the page was fetched, and what it answers. */
function countSnapshots(server, body) {
  const seen = { times: 0 };
  server.answers['/'] = undefined;
  server.answers['/snapshot'] = () => {
    seen.times += 1;
    return { headers: { 'Content-Type': 'text/html', ...(body.rev ? { 'X-Live-Rev': String(body.rev) } : {}) }, body: body.html };
  };
  return seen;
}

async function openLive(desk, server, options = {}) {
  const person = await desk.stranger(options);
  const sockets = await liveServer(person, options.greet === undefined ? '{"rev":1}' : options.greet);
  await person.page.route('**/', async (route) => {
    const answer = await route.fetch();
    const html = (await answer.text()).replace('data-live-rev="1"', `data-live-rev="1" data-snapshot="/snapshot" data-snapshot-target="#timeline" ${options.attributes || ''}`);
    await route.fulfill({ response: answer, body: html });
  });
  await person.open('/');
  return { person, sockets };
}

const looks = [];
for (const theme of ['light', 'dark']) {
  for (const viewport of [PHONE, DESK]) {
    looks.push({
      name: `gallery: ${theme}, ${viewport.width} px, readable and accessible`,
      async run(desk) {
        const person = await desk.stranger({ viewport, theme });
        await liveServer(person, '{"rev":1}');
        await person.open('/');
        await person.live();
        await desk.inspect(person, `gallery-${theme}`);
      },
    });
  }
}

export default [
  ...looks,
  {
    name: 'gallery: without JavaScript everything is there',
    async run(desk) {
      const person = await desk.stranger({ javaScript: 'off' });
      await person.open('/');
      await person.sees('Әлихан Оспанов');
      await person.tap('summary');
      await person.sees('Қараңғы');
      assert.equal(await person.page.locator('.sh-filter button').isVisible(), true);
      await desk.inspect(person, 'gallery-nojs');
    },
  },
  {
    name: 'gallery: on a phone too old for htmx forms are sent as plain forms',
    async run(desk, server) {
      server.answers['/plain'] = () => ({ headers: { 'Content-Type': 'text/html' }, body: '<p>whole page</p>' });
      const person = await desk.stranger();
      await person.page.addInitScript(() => { delete Object.fromEntries; });
      await person.page.route('**/', async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, body: (await answer.text()).replace('<form class="sh-filter" method="get"', '<form class="sh-filter" method="get" action="/plain" hx-get="/part" hx-target="#devices"') });
      });
      await person.open('/');
      await person.page.selectOption('#st', { index: 1 });
      await person.sees('whole page');
      assert.deepEqual(person.complaints, []);
    },
  },
  {
    name: 'live: a fragment arrives, the same one twice does no harm',
    async run(desk, server) {
      const seen = countSnapshots(server, { html: '<li id="snap">snapshot</li>' });
      const { person, sockets } = await openLive(desk, server);
      await person.live();
      sockets[0].send(frame(2, item('ev-9', 'Кірді 9')));
      await person.sees('Кірді 9');
      sockets[0].send(frame(3, item('ev-9', 'Кірді тағы')));
      await person.sees('Кірді тағы');
      assert.equal(await person.page.locator('#ev-9').count(), 1);
      sockets[0].send(frame(4, '<b id="inside" hx-swap-oob="true">1 205</b>'));
      await person.sees('1 205');
      for (let n = 5; n < 12; n++) sockets[0].send(frame(n, item(`ev-1${n}`, `Кірді 1${n}`)));
      await person.sees('Кірді 111');
      assert.equal(await person.page.locator('#timeline > li').count(), 6, 'data-live-max');
      assert.equal(seen.times, 0);
      assert.deepEqual(person.complaints, []);
    },
  },
  {
    name: 'live: table rows arrive as rows',
    async run(desk, server) {
      countSnapshots(server, { html: '' });
      const { person, sockets } = await openLive(desk, server);
      await person.live();
      sockets[0].send(frame(2, '<tr id="dev-4" hx-swap-oob="true"><td data-label="Құрылғы" class="sh-cell-title">class-207</td><td data-label="Күйі"><span class="sh-dot sh-ok">Қосылды</span></td></tr>'));
      await person.sees('Қосылды');
      assert.equal(await person.page.locator('#devices > tr#dev-4 > td').count(), 2);
      sockets[0].send(frame(3, '<tr id="dev-3" hx-swap-oob="delete"></tr>'));
      await person.page.locator('#dev-3').waitFor({ state: 'detached' });
    },
  },
  {
    name: 'live: a missing revision is healed by a snapshot, later frames wait for it',
    async run(desk, server) {
      let release;
      const held = new Promise((resolve) => { release = resolve; });
      server.answers['/snapshot'] = async () => {
        await held;
        return { headers: { 'Content-Type': 'text/html', 'X-Live-Rev': '6' }, body: '<li id="snap"><time>09:00</time><div><b>Суретпен келді</b></div></li>' };
      };
      const { person, sockets } = await openLive(desk, server);
      await person.live();
      sockets[0].send(frame(5, item('ev-5', 'Бесінші')));
      sockets[0].send(frame(6, item('ev-6', 'Алтыншы')));
      sockets[0].send(frame(7, item('ev-7', 'Жетінші')));
      release();
      await person.sees('Жетінші');
      await person.sees('Суретпен келді');
      assert.equal(await person.page.getByText('Алтыншы').count(), 0, 'known to the snapshot');
      assert.equal(await person.page.locator('#timeline > li').count(), 2);
    },
  },
  {
    name: 'live: the server may ask for a snapshot; a broken frame asks too',
    async run(desk, server) {
      const seen = countSnapshots(server, { html: '<li id="snap"><time>1</time><div>Жаңа сурет</div></li>' });
      const { person, sockets } = await openLive(desk, server);
      await person.live();
      sockets[0].send('{"rev":40,"snapshot":true}');
      await person.sees('Жаңа сурет');
      sockets[0].send(frame(41, item('ev-41', 'Қырық бір')));
      await person.sees('Қырық бір');
      sockets[0].send('{"rev":');
      await person.page.locator('#ev-41').waitFor({ state: 'detached' });
      assert.equal(seen.times, 2);
    },
  },
  {
    name: 'live: a lost socket comes back by itself and is healed',
    async run(desk, server) {
      const seen = countSnapshots(server, { html: '<li id="snap"><time>1</time><div>Жаңа сурет</div></li>' });
      const { person, sockets } = await openLive(desk, server);
      await person.live();
      await sockets[0].close({ code: 1001 });
      await person.page.locator('[data-live-status].reconnecting').waitFor();
      await person.live();
      assert.equal(sockets.length, 2);
      assert.equal(seen.times, 0, 'the greeting says nothing was missed');
      sockets[1].send(frame(2, item('ev-2b', 'Қайта қосылды')));
      await person.sees('Қайта қосылды');
    },
  },
  {
    name: 'live: without a socket the page is polled and says so',
    async run(desk, server) {
      countSnapshots(server, { html: '<li id="snap"><time>1</time><div>Сұрап алынды</div></li>' });
      const person = await desk.stranger();
      await person.page.addInitScript(() => { delete window.WebSocket; });
      await person.page.clock.install();
      await person.page.route('**/', async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, body: (await answer.text()).replace('data-live-rev="1"', 'data-snapshot="/snapshot" data-snapshot-target="#timeline"') });
      });
      await person.open('/');
      await person.page.clock.runFor(16_000);
      await person.sees('Сұрап алынды');
      await person.page.locator('[data-live-status].polling').waitFor();
    },
  },
  {
    name: 'live: silence beyond the heartbeat counts as a dead connection',
    async run(desk, server) {
      countSnapshots(server, { html: '<li id="snap"></li>' });
      const person = await desk.stranger();
      const sockets = await liveServer(person, '{"rev":1}');
      await person.page.clock.install();
      await person.page.route('**/', async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, body: (await answer.text()).replace('data-live-rev="1"', 'data-live-rev="1" data-live-heartbeat="60" data-snapshot="/snapshot" data-snapshot-target="#timeline"') });
      });
      await person.open('/');
      await person.live();
      await person.page.clock.runFor(61_000);
      await person.page.clock.runFor(2_000);
      await person.live();
      assert.equal(sockets.length, 2);
    },
  },
  {
    name: 'live: a snapshot waits while the reader is in a field it would take away',
    async run(desk, server) {
      countSnapshots(server, { html: '<p>Жаңа бет</p>', rev: 9 });
      const person = await desk.stranger({ viewport: DESK });
      const sockets = await liveServer(person, '{"rev":1}');
      await person.page.route('**/', async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, body: (await answer.text()).replace('data-live-rev="1"', 'data-live-rev="1" data-snapshot="/snapshot"') });
      });
      await person.open('/');
      await person.live();
      await person.type('#login', 'менің логинім');
      sockets[0].send('{"rev":9,"snapshot":true}');
      sockets[0].send('{"rev":9}');
      await person.page.waitForResponse('**/snapshot').catch(() => undefined);
      assert.equal(await person.page.inputValue('#login'), 'менің логинім');
      await person.page.locator('#login').blur();
      await person.sees('Жаңа бет');
    },
  },
  {
    name: 'live: a snapshot keeps what was typed and where the cursor is',
    async run(desk, server) {
      countSnapshots(server, { html: '<p>Жаңа бет</p><input id="q" value=""><input id="login" value="ospanova">', rev: 9 });
      const person = await desk.stranger({ viewport: DESK });
      const sockets = await liveServer(person, '{"rev":1}');
      await person.page.route('**/', async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, body: (await answer.text()).replace('data-live-rev="1"', 'data-live-rev="1" data-snapshot="/snapshot"') });
      });
      await person.open('/');
      await person.live();
      await person.type('#q', 'турникет');
      sockets[0].send('{"rev":9,"snapshot":true}');
      await person.sees('Жаңа бет');
      assert.equal(await person.page.inputValue('#q'), 'турникет');
      assert.equal(await person.page.inputValue('#login'), 'ospanova');
      assert.equal(await person.page.evaluate(() => document.activeElement.id), 'q');
    },
  },
  {
    name: 'live: an ended session leads to the sign-in',
    async run(desk, server) {
      const { person, sockets } = await openLive(desk, server);
      await person.live();
      const reloaded = person.page.waitForNavigation();
      await sockets[0].close({ code: 4401 });
      await reloaded;
    },
  },
  {
    name: 'copy: a command is copied and the button says so',
    async run(desk) {
      const person = await desk.stranger({ viewport: DESK });
      await person.context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await person.open('/');
      await person.tap('[data-copy="#cmd"]');
      await person.sees('Көшірілді');
      assert.match(await person.page.evaluate(() => navigator.clipboard.readText()), /^mosquitto_pub -h hub/);
    },
  },
  {
    name: 'form: a second submit is ignored, what was typed survives a reload',
    async run(desk, server) {
      let posts = 0;
      let release;
      const held = new Promise((resolve) => { release = resolve; });
      server.answers['/slow'] = async () => {
        posts += 1;
        await held;
        return { headers: { 'Content-Type': 'text/plain' }, body: 'done' };
      };
      const person = await desk.stranger();
      await person.open('/');
      await person.page.evaluate(() => document.querySelector('form.sh-form').setAttribute('action', '/slow'));
      await person.type('#login', 'сақталсын');
      await person.type('#password', 'secret');
      await person.page.reload();
      // The server's own value stands; an empty field gets back what was typed.
      assert.equal(await person.page.inputValue('#login'), 'ospanova');
      assert.equal(await person.page.evaluate(() => JSON.stringify({ ...sessionStorage }).includes('secret')), false);
      await person.page.evaluate(() => document.querySelector('form.sh-form').setAttribute('action', '/slow'));
      const busy = await person.page.evaluate(() => {
        const button = document.querySelector('.sh-form .btn-primary');
        button.click();
        button.click();
        return button.getAttribute('aria-busy');
      });
      assert.equal(busy, 'true');
      release();
      await person.sees('done');
      assert.equal(posts, 1);
    },
  },
  {
    name: 'time: ages are told in the page’s language by the server’s clock',
    async run(desk) {
      const person = await desk.stranger();
      await person.page.clock.install({ time: new Date('2026-11-21T02:56:30Z') });
      await person.open('/');
      await person.sees('4 мин бұрын · Бас кіреберіс');
      await person.page.clock.runFor(3_600_000);
      await person.sees('1 сағ бұрын · Бас кіреберіс');
    },
  },
  {
    name: 'theme: chosen at once and remembered in the cookie',
    async run(desk) {
      const person = await desk.stranger();
      await person.open('/');
      await person.tap('summary');
      await person.tap('[data-theme-set="dark"]');
      assert.equal(await person.page.locator('html').getAttribute('data-bs-theme'), 'dark');
      assert.equal((await person.context.cookies()).find((cookie) => cookie.name === 'theme').value, 'dark');
      assert.equal(await person.page.locator('[data-theme-set="dark"]').getAttribute('aria-pressed'), 'true');
      await person.page.keyboard.press('Escape');
      assert.equal(await person.page.locator('details.sh-menu[open]').count(), 0);
    },
  },
  {
    name: 'toast: says, can be closed, leaves by itself',
    async run(desk, server) {
      countSnapshots(server, { html: '' });
      const { person, sockets } = await openLive(desk, server);
      await person.live();
      const toast = (id, after) => `<div hx-swap-oob="beforeend:#toasts"><div class="sh-toast sh-ok" id="${id}" role="status"${after}>Сақталды ${id}<button data-dismiss aria-label="Жабу">×</button></div></div>`;
      sockets[0].send(frame(2, toast('t1', '')));
      await person.sees('Сақталды t1');
      await person.tap('#t1 [data-dismiss]');
      await person.page.locator('#t1').waitFor({ state: 'detached' });
      // A toast waits under a resting pointer.
      await person.page.mouse.move(5, 5);
      sockets[0].send(frame(3, toast('t2', ' data-dismiss-after="0.3"')));
      await person.page.locator('#t2').waitFor();
      await person.page.locator('#t2').waitFor({ state: 'detached' });
    },
  },
];
