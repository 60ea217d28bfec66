// Imports: the office brings in a messy list, mends two rows, says go, sees what came of it, and takes it back.

import assert from 'node:assert/strict';
import { widthsOf } from '../browse.mjs';

const schoolCode = (desk) => desk.account('school_administrator').login.split('-')[0];

/** The IIN of an invented person: its check digit is five more than the state's. */
function syntheticIin(eleven) {
  const sum = (weights) => [...eleven].reduce((total, digit, at) => total + Number(digit) * weights[at], 0) % 11;
  const check = [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]].map(sum).find((digit) => digit < 10);
  return check === undefined ? undefined : `${eleven}${(check + 5) % 10}`;
}

/** Titles above, a Latin letter in a name, a lost zero, another form of date, a repeated row, two mistakes, a total. */
function list(surname, first) {
  const iin = (n) => [...Array(9).keys()].map((more) => syntheticIin(`090305${n % 2 ? 6 : 5}${String(first + n * 10 + more).padStart(4, '0')}`)).find(Boolean);
  const good = [1, 2, 3].map(iin);
  const rows = [
    ['Список учащихся 2026-2027'],
    [],
    ['№', 'ФИО', 'Класс', 'Дата рождения', 'ИИН', 'ФИО матери', 'Телефон матери'],
    [1, `${surname}aев Алихан`, '7 "А"', '05.03.2009', good[0].replace(/^0/, ''), `${surname}аева Гүлнар`, '8 701 555 00 11'],
    [2, `${surname}ов Дамир`, '7-б', '2009-03-05', good[1], `${surname}аева Гүлнар`, '87015550011'],
    [3, `${surname}ова Айзере`, 'седьмой', '05.03.2009', '', '', ''],
    [4, `${surname}ин Тимур`, '8А', '31.02.2009', good[2], '', ''],
    [2, `${surname}ов Дамир`, '7-б', '2009-03-05', good[1], '', ''],
    ['Итого: 4'],
  ];
  return Buffer.from(`\ufeff${rows.map((row) => row.join(';')).join('\r\n')}\r\n`, 'utf8');
}

const SURNAMES = { kk360: 'Қыран', kk1366: 'Бүркіт', ru360: 'Жапалақ', ru1366: 'Лашын', en360: 'Тұйғын', en1366: 'Қаршыға' };

const tasks = [];
for (const language of ['kk', 'ru', 'en']) {
  for (const viewport of widthsOf(language)) {
    const key = `${language}${viewport.width}`;
    tasks.push({
      name: `imports: a messy list is mended, brought in and taken back in ${language} at ${viewport.width} px`,
      async run(desk) {
        const person = await desk.as('school_administrator', { language, viewport });
        const code = schoolCode(desk);
        assert.equal(await person.open(`/${code}/imports`), 200);
        assert.equal(await person.page.getAttribute('html', 'lang'), language);
        await desk.inspect(person, 'imports');
        const upload = async (name, buffer) => {
          await person.page.setInputFiles('#file', { name, mimeType: 'text/csv', buffer });
          await person.tap('form[enctype="multipart/form-data"] .btn-primary');
        };
        // What is no list says so beside the file.
        await upload('scan.pdf', Buffer.from('%PDF-1.7'));
        await person.page.locator('#file-error').waitFor();
        await upload('список.csv', list(SURNAMES[key], Object.keys(SURNAMES).indexOf(key) * 1000 + 1000));
        await person.page.waitForURL(/\/columns$/);
        assert.equal(await person.page.inputValue('#c1'), 'full-name');
        await desk.inspect(person, 'import-columns');
        await person.tap('form[method="post"] .btn-primary');
        await person.page.waitForURL(/\/imports\/[^/]+$/);
        await desk.inspect(person, 'import-preview');
        const preview = person.page.url();
        assert.equal(await person.page.locator('tr.sh-row-bad').count(), 2);
        for (const [field, value] of [['#class', '7А'], ['#birth-date', '05.03.2009']]) {
          await person.tap('tr.sh-row-bad .sh-cell-title a');
          await person.page.locator('.sh-error').first().waitFor();
          if (field === '#class') await desk.inspect(person, 'import-row');
          await person.type(field, value);
          await person.tap('.sh-form .btn-primary');
          await person.page.waitForURL(/mended=/);
        }
        await person.open(new URL(preview).pathname);
        assert.equal(await person.page.locator('tr.sh-row-bad').count(), 0);
        await person.tap('form[action$="/go"] .btn-primary');
        await person.page.locator('form[action$="/take-back"]').waitFor({ timeout: 30_000 });
        await desk.inspect(person, 'import-done');
        await person.open(`/${code}/pupils?q=${encodeURIComponent(SURNAMES[key])}`);
        await person.sees(`${SURNAMES[key]}аев Алихан`);
        await person.open(new URL(preview).pathname);
        person.page.once('dialog', (dialog) => dialog.accept());
        await person.tap('form[action$="/take-back"] button');
        await person.page.locator('form[action$="/take-back"]').waitFor({ state: 'detached', timeout: 30_000 });
        await person.page.waitForFunction(() => !document.querySelector('progress'), undefined, { timeout: 30_000 });
        await desk.inspect(person, 'import-undone');
        await person.open(`/${code}/pupils?q=${encodeURIComponent(SURNAMES[key])}`);
        assert.equal(await person.page.locator('.sh-table tbody tr').count(), 0);
        desk.note('bring a list in, mend two rows, take it back', person);
      },
    });
  }
}

export default tasks;
