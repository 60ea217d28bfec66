//! Lists as schools have them: a cover sheet, titles, headings in two lines, merged cells, Latin look-alikes, dates in five forms, numbers that
//! lost their zeros, repeated rows, empty ones and a total. Every number is synthetic, and the same list comes of the same first number.

use jiff::{ToSpan, civil::date};
use kernel::iin::Iin;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError};

const SURNAMES: [&str; 12] = ["Оспанов", "Ахметов", "Жұмабаев", "Қабдолов", "Ким", "Иванов", "Нұрланов", "Сейітқали", "Тілеуберді", "Әбілқасым", "Мұхамедғали", "Цой"];
const GIVEN: [&str; 10] = ["Айзере", "Алихан", "Мадина", "Әлішер", "Нұрай", "Дамир", "Аружан", "Тимур", "Ерасыл", "Зере"];

/// A list, and where its mistakes are.
pub struct Messy {
    /// The file.
    pub bytes: Vec<u8>,
    /// The number of the row whose IIN has a wrong digit, and the right IIN.
    pub wrong_iin: (i32, String),
    /// The number of the row whose class is no class.
    pub wrong_class: i32,
}

/// What the columns of the list are, as the form sends it.
pub const COLUMNS: [(&str, &str); 10] = [
    ("c1", "full-name"),
    ("c2", "class"),
    ("c3", "birth-date"),
    ("c4", "iin"),
    ("c5", "sex"),
    ("c6", "language"),
    ("c7", "address"),
    ("c8", "mother-name"),
    ("c9", "mother-phone"),
    ("c10", "father-name"),
];
/// The line with the headings, and the sheet of the list.
pub const HEADER: (&str, &str) = ("header", "5");
/// The sheet of the list.
pub const SHEET: (&str, &str) = ("sheet", "1");

/// A list of so many pupils.
pub fn list(pupils: u16, first: u16) -> Messy {
    write(pupils, first).expect("a workbook")
}

fn write(pupils: u16, first: u16) -> Result<Messy, XlsxError> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Титул")?.write_string(3, 2, "Средняя школа")?;
    let sheet = book.add_worksheet();
    sheet.set_name("Оқушылар")?;
    let bold = Format::new().set_bold();
    sheet.merge_range(0, 0, 0, 10, "Список учащихся на 2026-2027 учебный год", &bold)?;
    sheet.write_string(1, 0, "Утверждаю: директор школы")?;
    sheet.merge_range(3, 8, 3, 9, "Мать", &bold)?;
    for (column, heading) in (0_u16..).zip(["№", "Т.А.Ә. / ФИО ученика", "Сынып (класс)", "Дата рождения", "ЖСН/ИИН", "Пол", "Язык обучения", "Адрес", "ФИО", "Телефон", "ФИО отца"]) {
        sheet.write_string(4, column, heading)?;
    }
    let (mut row, mut wrong_iin, mut wrong_class) = (5_u32, (0, String::new()), 0);
    for n in 0..pupils {
        // An empty line now and then.
        row += u32::from(n % 97 == 96);
        let pupil = Pupil::new(n, first);
        pupil.write(sheet, row)?;
        let number = i32::try_from(row).expect("a small number") + 1;
        if n == 3 {
            let broken = format!("{}{}", &pupil.iin.reveal()[..11], (pupil.iin.reveal()[11..].parse::<u32>().expect("a digit") + 1) % 10);
            sheet.write_string(row, 4, &broken)?;
            wrong_iin = (number, pupil.iin.reveal().to_owned());
        }
        if n == 4 {
            sheet.write_string(row, 2, "седьмой")?;
            wrong_class = number;
        }
        if n == 5 {
            row += 1;
            pupil.write(sheet, row)?;
        }
        row += 1;
    }
    sheet.write_string(row, 1, "Барлығы / Итого")?;
    sheet.write_formula(row, 2, Formula::new("COUNTA(B6:B9)").set_result(pupils.to_string()))?;
    book.add_worksheet().set_name("Архив")?.write_string(0, 0, "Фамилия")?.write_string(0, 1, "Имя")?.write_string(1, 0, "Старый")?;
    Ok(Messy { bytes: book.save_to_buffer()?, wrong_iin, wrong_class })
}

struct Pupil {
    n: u16,
    born: jiff::civil::Date,
    iin: Iin,
    name: String,
    class: (u16, &'static str),
}

impl Pupil {
    fn new(n: u16, first: u16) -> Self {
        // A class now and then that the school has not.
        let class = (n / 2 % 11 + 1, if n % 50 == 11 { "Ғ" } else if n % 2 == 0 { "А" } else { "Б" });
        // Whoever is born before 2010 has a number that begins with a zero.
        let born = date(2019 - i16::try_from(class.0).expect("a small number"), 1, 5).saturating_add(i32::from(n % 300).days());
        let iin = (0..).find_map(|more| Iin::synthetic(born, n % 2 == 0, first.wrapping_add(n).wrapping_mul(7) % 9_990 + more)).expect("a number that is issued");
        let name = format!("{} {} {}", surname(n, first), GIVEN[usize::from(n / 12) % GIVEN.len()], if n % 3 == 0 { "Қайратұлы" } else { "" });
        Self { n, born, iin, name: name.trim().to_owned(), class }
    }

    fn write(&self, sheet: &mut Worksheet, row: u32) -> Result<(), XlsxError> {
        let (n, (grade, letter)) = (self.n, self.class);
        sheet.write_number(row, 0, n + 1)?;
        // A Latin letter in the place of a Cyrillic one, no-break spaces, capitals.
        let name = match n % 40 {
            7 => self.name.replacen('а', "a", 1),
            8 => self.name.replace(' ', "\u{a0}\u{a0}"),
            9 => self.name.to_uppercase(),
            _ => self.name.clone(),
        };
        sheet.write_string(row, 1, &name)?;
        let class = match n % 4 {
            0 => format!("{grade}{letter}"),
            1 => format!("{grade} \"{letter}\""),
            2 => format!("{grade}-{}", letter.to_lowercase()),
            _ => format!("«{grade} {letter}» сынып"),
        };
        sheet.write_string(row, 2, &class)?;
        match n % 5 {
            0 => sheet.write_string(row, 3, self.born.strftime("%d.%m.%Y").to_string())?,
            1 => sheet.write_datetime_with_format(row, 3, excel(self.born)?, &Format::new().set_num_format("dd.mm.yyyy"))?,
            2 => sheet.write_string(row, 3, self.born.strftime("%Y-%m-%d").to_string())?,
            3 => sheet.write_number(row, 3, (self.born - date(1899, 12, 30)).get_days())?,
            _ => sheet.write_string(row, 3, self.born.strftime("%-d/%-m/%Y г.").to_string())?,
        };
        if n % 2 == 0 {
            sheet.write_number(row, 4, self.iin.reveal().parse::<f64>().expect("digits"))?;
        } else {
            sheet.write_string(row, 4, format!("{} ", self.iin.reveal()))?;
        }
        sheet.write_string(row, 5, if n % 2 == 0 { "қыз" } else { "М" })?;
        sheet.write_string(row, 6, if letter == "А" { "казахский" } else { "русский" })?;
        sheet.write_string(row, 7, format!("Бөгенбай батыр көшесі, {}", n % 120 + 1))?;
        // Brothers and sisters share the mother.
        let family = n / 3;
        sheet.write_string(row, 8, format!("{}а Гүлнар{}", SURNAMES[usize::from(family) % SURNAMES.len()], if family % 2 == 0 { " Серікқызы" } else { "" }))?;
        sheet.write_string(row, 9, format!("8 (701) {:03}-{:02}-{:02}", family % 1_000, family / 1_000, family % 60))?;
        if n % 4 == 0 {
            sheet.write_string(row, 10, format!("{} Серік", SURNAMES[usize::from(n) % SURNAMES.len()]))?;
        }
        Ok(())
    }
}

fn excel(day: jiff::civil::Date) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_ymd(u16::try_from(day.year()).expect("our time"), u8::try_from(day.month()).expect("a month"), u8::try_from(day.day()).expect("a day"))
}

/// A surname of the list's own, so that no two pupils are of one name.
fn surname(n: u16, first: u16) -> String {
    let letter = |at: u16| char::from_u32(u32::from('а') + u32::from(at % 28)).expect("a letter");
    let own: String = [n, n / 28, first, first / 28].into_iter().map(letter).collect();
    format!("{}{own}", SURNAMES[usize::from(n) % SURNAMES.len()])
}
