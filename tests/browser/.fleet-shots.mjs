import { chromium } from 'playwright-core';
const base = process.env.BASE || 'http://127.0.0.1:18091';
const locale = process.env.LANG2 || 'kk';
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--headless','--no-sandbox','--disable-gpu'] });
async function as(login, w, h) {
  const ctx = await browser.newContext({ viewport: { width: w, height: h } });
  await ctx.addCookies([{ name: 'locale', value: locale, url: base }]);
  const page = await ctx.newPage();
  page.on('console', m => { if (['error','warning'].includes(m.type())) console.log(login, m.type(), m.text().slice(0,200)); });
  page.on('pageerror', e => console.log('pageerror', e.message));
  await page.goto(base + '/sign-in');
  await page.fill('#login', login); await page.fill('#password', 'shanyraq');
  await page.click('form button.btn-primary');
  await page.waitForLoadState();
  console.log(login, '->', page.url());
  return page;
}
const only = process.argv[2];
async function shot(page, path, name) {
  await page.goto(base + path, { waitUntil: 'load' });
  await page.waitForTimeout(1500);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (over > 0) console.log('OVERFLOW', name, over);
  await page.screenshot({ path: `/tmp/w/shots/${name}.png`, fullPage: false });
}
for (const [tag, w, h] of [['desk', 1366, 900], ['phone', 360, 740]]) {
  const d = await as('s001-director', w, h);
  for (const [p, n] of [['/s001','home'],['/s001/presence','presence'],['/s001/stream','stream'],['/s001/pupils','pupils'],['/s001/pupils?q=%D0%B0%D0%B9','pupils-q']]) await shot(d, p, `${n}-${tag}`);
  const href = await d.$eval('.sh-cell-title a', a => a.getAttribute('href'));
  await shot(d, href, `pupil-${tag}`);
  await d.goto(base + '/s001/presence'); const c = await d.$eval('#classes .sh-cell-title a', a => a.getAttribute('href')); await shot(d, c, `presence-class-${tag}`);
  const s = await as('support', w, h);
  for (const [p, n] of [['/support/devices','board'],['/support/devices/new','new'],['/support/connect','connect']]) await shot(s, p, `${n}-${tag}`);
  await s.goto(base + '/support/devices'); const dev = await s.$eval('#devices .sh-cell-title a', a => a.getAttribute('href')); await shot(s, dev, `device-${tag}`);
  await s.goto(base + '/support/connect'); await s.click('form.sh-form button.btn-primary'); await s.waitForTimeout(2000); await s.screenshot({ path: `/tmp/w/shots/steps-${tag}.png`, fullPage: true });
  console.log(await s.$eval('#listen', e => e.textContent)); 
  (await import('node:fs')).writeFileSync('/tmp/w/shots/pass.sh', await s.$eval('#pass', e => e.textContent) + '\n');
}
await browser.close();
