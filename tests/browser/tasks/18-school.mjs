// A school moves in: founded by the supplier, brought in from the messy workbook of its office, mended, given its logins on paper, taken into
// the next year; and one pupil goes on to another school with their past. Every page that can be opened again is looked at in two languages and
// two widths.

import assert from 'node:assert/strict';
import { DESK, PHONE } from '../browse.mjs';
import { day, workbook } from '../workbook.mjs';

const PUPILS = 1_200;
const STAFF = 90;
const SURNAMES = ['Ахмет', 'Сәрсен', 'Жұмабай', 'Қасым', 'Оспан', 'Нұрлан', 'Ермек', 'Бекен', 'Төлеу', 'Дәулет', 'Сейіт', 'Мұрат', 'Әбіш', 'Ғалым', 'Қуаныш', 'Рахым', 'Сапар', 'Тілек', 'Үмбет', 'Шәкір'];
const ENDINGS = ['ов', 'ұлы', 'бек', 'баев'];
const GIVEN = ['Алихан', 'Айзере', 'Дамир', 'Аружан', 'Нұрасыл', 'Томирис', 'Арсен', 'Дильназ', 'Ерасыл', 'Көзайым', 'Санжар', 'Ләйлә', 'Темірлан', 'Медина', 'Олжас'];
const LETTERS = ['А', 'Ә', 'Б', 'В'];

/** The IIN of an invented person: its check digit is five more than the state's. */
function syntheticIin(eleven) {
  const sum = (weights) => [...eleven].reduce((total, digit, at) => total + Number(digit) * weights[at], 0) % 11;
  const check = [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]].map(sum).find((digit) => digit < 10);
  return check === undefined ? undefined : `${eleven}${(check + 5) % 10}`;
}

const two = (number) => String(number).padStart(2, '0');
const nameOf = (n) => `${SURNAMES[n % SURNAMES.length]}${ENDINGS[Math.floor(n / 300) % ENDINGS.length]} ${GIVEN[Math.floor(n / SURNAMES.length) % GIVEN.length]}`;

/** A pupil's row, written as four tired people would. */
function pupil(n) {
  const grade = 1 + (n % 11);
  const letter = LETTERS[Math.floor(n / 11) % LETTERS.length];
  const [year, month, date] = [2020 - grade, 1 + (n % 12), 1 + (n % 28)];
  const boy = (n % 2) + (year < 2000 ? 3 : 5);
  const iin = [...Array(9).keys()].map((more) => syntheticIin(`${two(year % 100)}${two(month)}${two(date)}${boy}${String((n * 7 + more) % 10_000).padStart(4, '0')}`)).find(Boolean);
  const born = [`${two(date)}.${two(month)}.${year}`, `${year}-${two(month)}-${two(date)}`, day(`${year}-${two(month)}-${two(date)}`), `${date}.${month}.${year} г.`][n % 4];
  const written = [`${grade}${letter}`, `${grade} "${letter}"`, `${grade}-${letter.toLowerCase()}`, `${grade} ${letter}`][(n >> 2) % 4];
  // A Latin letter that looks like ours, as a keyboard leaves it.
  const name = n % 9 === 0 ? nameOf(n).replace('а', 'a') : nameOf(n);
  return [n + 1, name, written, born, n % 5 ? iin : '', letter === 'В' ? 'русский' : 'қазақ', `${SURNAMES[n % SURNAMES.length]}ова Гүлнар`, `8 701 ${String(1_000_000 + n).slice(0, 3)} ${two(n % 100)} ${two(Math.floor(n / 100))}`];
}

const HEADINGS = ['№', 'ФИО', 'Класс', 'Дата рождения', 'ИИН', 'Язык обучения', 'ФИО матери', 'Телефон матери'];
const POSITIONS = ['Учитель', 'Мұғалім', 'учитель математики', 'Библиотекарь', 'Психолог'];

/** Three sheets: a title, the pupils with three mistakes and a row twice, the staff. */
function theirWorkbook() {
  const pupils = Array.from({ length: PUPILS }, (_, n) => pupil(n));
  pupils[10][2] = 'седьмой';
  pupils[400][3] = '31.02.2015';
  pupils[901][4] = `${pupils[901][4].slice(0, 11)}${(Number(pupils[901][4][11]) + 1) % 10}`;
  const staff = Array.from({ length: STAFF }, (_, n) => [n + 1, `${SURNAMES[n % SURNAMES.length]}ева ${['Сәуле', 'Гүлмира', 'Ирина', 'Бақыт', 'Жанар'][Math.floor(n / 20)]}`, POSITIONS[n % POSITIONS.length], `${two(1 + (n % 28))}.0${1 + (n % 9)}.${1965 + (n % 35)}`]);
  return workbook([
    { name: 'Титул', rows: [['Список учащихся и работников'], ['2026-2027']], merged: ['A1:D1'] },
    { name: 'Учащиеся', rows: [['Список учащихся на 2026-2027 учебный год'], [], HEADINGS, ...pupils, pupils[20], [`Итого: ${PUPILS}`]], merged: ['A1:H1'] },
    { name: 'Работники', rows: [['Работники школы'], ['№', 'Ф.И.О.', 'Должность', 'Дата рождения'], ...staff], merged: ['A1:D1'] },
  ]);
}

/** The same page in two languages and two widths; afterwards as it was. */
async function lookAround(desk, person, name) {
  const was = person.options;
  for (const language of ['kk', 'ru']) {
    for (const viewport of [PHONE, DESK]) {
      await person.context.addCookies([{ name: 'locale', value: language, url: desk.base }]);
      await person.page.setViewportSize(viewport);
      person.options = { ...was, language, viewport };
      await person.page.reload();
      assert.equal(await person.page.getAttribute('html', 'lang'), language, name);
      await desk.inspect(person, name);
    }
  }
  person.options = was;
  await person.context.addCookies([{ name: 'locale', value: was.language, url: desk.base }]);
  await person.page.setViewportSize(was.viewport);
  await person.page.reload();
}

/** The supplier founds the school; what the sheet says. */
async function found(desk, code) {
  const supplier = await desk.as('support', { language: 'ru', viewport: DESK });
  await supplier.open('/support/organisations');
  await supplier.tap('a[href="/support/organisations/new"]');
  await lookAround(desk, supplier, 'school-new');
  for (const [field, value] of [['#code', code], ['#name_kk', '№ 9 орта мектеп'], ['#name_ru', 'Средняя школа № 9'], ['#name_en', 'School No. 9'], ['#surname', 'Досова'], ['#given_name', 'Мәриям']]) await supplier.type(field, value);
  await supplier.tap('.sh-form .btn-primary');
  await supplier.page.locator('.sh-slip').waitFor();
  await desk.inspect(supplier, 'school-first-login');
  const [login, password] = await supplier.page.locator('.sh-slip-secret').allTextContents();
  return { login: login.trim(), password: password.trim() };
}

/** Brings one sheet of the workbook in: columns, mistakes, classes that are missing, go. */
async function bringIn(desk, director, code, kind, sheet, mend) {
  await director.open(`/${code}/imports`);
  await director.tap(`input[name="kind"][value="${kind}"]`);
  await director.page.setInputFiles('#file', { name: 'школа 2026.xlsx', mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', buffer: theirWorkbook() });
  await director.tap('form[enctype="multipart/form-data"] .btn-primary');
  await director.page.waitForURL(/\/columns$/);
  // The sheet is looked at as soon as it is chosen, with headings of its own.
  if (Number(await director.page.inputValue('#sheet')) !== sheet) {
    await director.page.selectOption('#sheet', { index: sheet });
    await director.page.waitForURL(/sheet=/);
  }
  if (kind === 'pupils') await lookAround(desk, director, 'school-columns');
  await director.tap('form[method="post"] .btn-primary');
  await director.page.waitForURL(/\/imports\/[^/]+$/, { timeout: 30_000 });
  await mend();
  // Twelve hundred rows are judged once more before they go.
  director.taps += 1;
  await director.page.locator('form[action$="/go"] .btn-primary').click({ timeout: 30_000 });
  await director.page.locator('form[action$="/take-back"]').waitFor({ timeout: 90_000 });
  await director.open(new URL(director.page.url()).pathname);
}

async function mendPupils(desk, director) {
  const preview = new URL(director.page.url()).pathname;
  await director.tap('form[action$="/classes"] button');
  await director.page.locator('form[action$="/classes"]').waitFor({ state: 'detached', timeout: 30_000 });
  await director.open(preview);
  await lookAround(desk, director, 'school-preview');
  await director.tap('.sh-stat.sh-bad');
  await director.page.locator('tr.sh-row-bad').first().waitFor();
  assert.equal(await director.page.locator('tr.sh-row-bad').count(), 3);
  for (const [field, value] of [['#class', '11А'], ['#birth-date', '05.03.2015'], ['#iin', '']]) {
    await director.open(preview);
    await director.tap('.sh-stat.sh-bad');
    await director.tap('tr.sh-row-bad .sh-cell-title a');
    await director.page.locator('.sh-error').first().waitFor();
    await director.type(field, value);
    await director.tap('.sh-form .btn-primary');
    await director.page.waitForURL(/mended=/, { timeout: 30_000 });
  }
  await director.open(preview);
  assert.equal((await director.page.locator('.sh-stat b').nth(1).textContent()).trim(), '0');
}

/** The pupil goes to another school: a slip here, accepted there, and the past is seen there. */
async function transfer(desk, director, code, name) {
  await director.open(`/${code}/alphabet?state=here&q=${encodeURIComponent(name)}`);
  await director.tap('.sh-table tbody a');
  await director.tap('a[href$="/transfer"]');
  const there = desk.account('school_administrator').login.split('-')[0];
  await director.type('#to', there);
  await director.page.selectOption('#transfer_reason', 'moving');
  await director.tap('form.sh-form button');
  const slip = (await director.page.locator('#slip .sh-mono b').textContent()).trim();
  await desk.inspect(director, 'school-slip');
  const office = await desk.as('school_administrator', { language: 'ru', viewport: DESK });
  await office.open(`/${there}/transfers`);
  await office.type('#code', slip);
  await office.page.selectOption('#class', { index: 2 });
  await office.tap('form.sh-form button');
  await office.page.waitForURL((url) => !url.pathname.endsWith('/transfers'));
  await office.sees('Средняя школа № 9');
  await lookAround(desk, office, 'school-accepted');
}

async function rollOver(desk, director, code) {
  await director.open(`/${code}/rollover`);
  await director.tap('form[action$="/preview"] details:nth-of-type(2) summary');
  await director.tap('form[action$="/preview"] details:nth-of-type(2) label');
  await director.tap('form[action$="/preview"] .sh-form-end button');
  await director.page.locator('#do-rollover').waitFor();
  await desk.inspect(director, 'school-rollover-preview');
  await director.tap('#do-rollover button');
  await director.page.waitForURL(/done=done/, { timeout: 30_000 });
  await lookAround(desk, director, 'school-rolled-over');
}

export default [
  {
    name: 'school: 1,200 pupils and 90 staff move in from a messy workbook, get logins, go into the next year, and one goes on with their past',
    limitMs: 300_000,
    async run(desk) {
      // Last of all schools: lists that propose the first one propose what they did.
      const code = `z${Date.now().toString(36).slice(-7)}`;
      const { login, password } = await found(desk, code);
      const director = await desk.stranger({ language: 'ru', viewport: DESK });
      await director.signIn(login, password);
      await lookAround(desk, director, 'school-empty');

      await bringIn(desk, director, code, 'pupils', 1, () => mendPupils(desk, director));
      await lookAround(desk, director, 'school-brought-in');
      await bringIn(desk, director, code, 'staff', 2, async () => assert.equal(await director.page.locator('tr.sh-row-bad').count(), 0));
      await director.open(`/${code}/pupils`);
      await lookAround(desk, director, 'school-pupils');
      await director.open(`/${code}/contingent`);
      await director.sees(new RegExp(`1.?200`));

      await director.open(`/${code}/accounts-new`);
      await lookAround(desk, director, 'school-hand-out');
      await director.tap('main form .btn-primary');
      await director.page.locator('.sh-slip').first().waitFor({ timeout: 30_000 });
      assert.equal(await director.page.locator('.sh-slip').count(), STAFF);
      await desk.inspect(director, 'school-logins');

      const [name] = nameOf(37).split(' ').slice(-1);
      await transfer(desk, director, code, `${nameOf(37).split(' ')[0]} ${name}`);
      await rollOver(desk, director, code);
      desk.note('move a school in, and into the next year (director)', director);
    },
  },
];
