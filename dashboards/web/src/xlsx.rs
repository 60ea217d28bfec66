//! Lists as Excel files: one writer for all rooms. Rows are written as they come and do not pile up in memory; the work runs on a
//! thread of its own. Texts stay texts: what looks like a formula is not one.

use actix_web::{
    HttpResponse,
    http::header::{CONTENT_DISPOSITION, ContentDisposition, DispositionParam, DispositionType},
};
use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};
use kernel::{Error, Result, money::Money};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::failure::Answer;

const CONTENT_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// What one sheet holds, less the heading.
const MOST_ROWS: usize = 1_048_575;

/// A column: its heading and its width in characters.
#[derive(Debug, Clone)]
pub struct Heading {
    /// What stands above.
    pub text: String,
    /// How wide.
    pub width: u16,
}

/// One cell.
#[derive(Debug, Clone)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A count.
    Count(i32),
    /// A sum, shown as money and still a number.
    Money(Money),
    /// A day, shown as people write it and still a date.
    Day(Date),
    /// A moment, in the list's zone and still a date.
    Moment(Timestamp),
    /// Nothing.
    Empty,
}

/// A list to export.
#[derive(Debug, Clone)]
pub struct List {
    /// Name of the file, without its ending.
    pub file: String,
    /// The columns.
    pub headings: Vec<Heading>,
    /// The zone of its moments.
    pub zone: TimeZone,
}

/// Writes the list and answers with the file.
///
/// # Errors
/// When the file cannot be written.
pub async fn respond(list: List, rows: impl Iterator<Item = Vec<Cell>> + Send + 'static) -> Answer {
    let name = format!("{}.xlsx", list.file);
    let bytes = bytes(list, rows).await?;
    let disposition = ContentDisposition { disposition: DispositionType::Attachment, parameters: vec![DispositionParam::Filename(name)] };
    Ok(HttpResponse::Ok().content_type(CONTENT_TYPE).insert_header((CONTENT_DISPOSITION, disposition)).body(bytes))
}

/// The file itself, for who keeps it. Written on a thread of its own.
///
/// # Errors
/// When the file cannot be written.
pub async fn bytes(list: List, rows: impl Iterator<Item = Vec<Cell>> + Send + 'static) -> Result<Vec<u8>> {
    actix_web::web::block(move || write(&list, rows)).await.map_err(|_| Error::Busy)?
}

fn write(list: &List, rows: impl Iterator<Item = Vec<Cell>>) -> Result<Vec<u8>> {
    build(list, rows).map_err(|error| Error::broken(format!("xlsx: {error}")))
}

fn build(list: &List, rows: impl Iterator<Item = Vec<Cell>>) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory()?;
    let styles = Styles::new();
    for (column, heading) in (0_u16..).zip(&list.headings) {
        sheet.set_column_width(column, f64::from(heading.width))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (column, heading) in (0_u16..).zip(&list.headings) {
        sheet.write_string_with_format(0, column, &heading.text, &styles.heading)?;
    }
    for (row, cells) in (1_u32..).zip(rows.take(MOST_ROWS)) {
        for (column, cell) in (0_u16..).zip(cells) {
            put(sheet, (row, column), cell, &list.zone, &styles)?;
        }
    }
    book.save_to_buffer()
}

struct Styles {
    heading: Format,
    day: Format,
    money: Format,
    moment: Format,
}

impl Styles {
    fn new() -> Self {
        Self {
            heading: Format::new().set_bold(),
            day: Format::new().set_num_format("dd.mm.yyyy"),
            money: Format::new().set_num_format("#,##0.00\\ \"₸\""),
            moment: Format::new().set_num_format("dd.mm.yyyy hh:mm:ss"),
        }
    }
}

fn put(sheet: &mut Worksheet, (row, column): (u32, u16), cell: Cell, zone: &TimeZone, styles: &Styles) -> std::result::Result<(), XlsxError> {
    match cell {
        Cell::Text(text) => sheet.write_string(row, column, text)?,
        Cell::Count(count) => sheet.write_number(row, column, count)?,
        Cell::Money(money) => sheet.write_number_with_format(row, column, tenge(money), &styles.money)?,
        Cell::Day(day) => sheet.write_datetime_with_format(row, column, excel(day.to_datetime(Time::midnight()))?, &styles.day)?,
        Cell::Moment(at) => sheet.write_datetime_with_format(row, column, excel(at.to_zoned(zone.clone()).datetime())?, &styles.moment)?,
        Cell::Empty => sheet,
    };
    Ok(())
}

/// Whole tenge and tiyn apart, so that sums of a school lose nothing on their way into a floating number.
fn tenge(money: Money) -> f64 {
    let part = |tiyn: i64| i32::try_from(tiyn).map_or(f64::NAN, f64::from);
    part(money.tiyn() / 100) + part(money.tiyn() % 100) / 100.0
}

fn excel(at: DateTime) -> std::result::Result<ExcelDateTime, XlsxError> {
    let date = at.date();
    let unsigned = |number: i8| u8::try_from(number).unwrap_or_default();
    let second = f64::from(at.second()) + f64::from(at.millisecond()) / 1_000.0;
    ExcelDateTime::from_ymd(u16::try_from(date.year()).unwrap_or_default(), unsigned(date.month()), unsigned(date.day()))?.and_hms(
        u16::try_from(at.hour()).unwrap_or_default(),
        unsigned(at.minute()),
        second,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_list_becomes_a_file_that_begins_like_one() {
        let list = List { file: "stream".into(), headings: vec![Heading { text: "Кім".into(), width: 30 }], zone: TimeZone::UTC };
        let cells = vec![Cell::Text("=1+1".into()), Cell::Count(3), Cell::Day(jiff::civil::date(2016, 2, 29)), Cell::Money(Money::from_tiyn(125_050)), Cell::Moment("2026-11-21T02:52:00Z".parse().unwrap()), Cell::Empty];
        let answer = respond(list, std::iter::repeat_n(cells, 1_000)).await.unwrap();
        assert_eq!(answer.headers().get(CONTENT_DISPOSITION).unwrap(), "attachment; filename=\"stream.xlsx\"");
        let bytes = actix_web::body::to_bytes(answer.into_body()).await.unwrap();
        assert!(bytes.starts_with(b"PK"));
    }

    #[test]
    fn money_keeps_its_tiyn() {
        assert!((tenge(Money::from_tiyn(125_050)) - 1_250.5).abs() < 1e-9);
        assert!((tenge(Money::from_tiyn(-150)) + 1.5).abs() < 1e-9);
    }
}
