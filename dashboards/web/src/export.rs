//! A list as a file, in the form that the reader asked for: Excel by the one writer ([`crate::xlsx`]), or CSV.
//!
//! CSV is what the spreadsheets of this country open with two clicks: UTF-8 with its mark, semicolons, days as people write them. A text that a
//! spreadsheet would take for a formula begins with an apostrophe.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CONTENT_DISPOSITION, ContentDisposition, DispositionParam, DispositionType},
};
use jiff::tz::TimeZone;

use crate::{
    failure::Answer,
    xlsx::{self, Cell, List},
};

/// Which file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `.xlsx`
    Excel,
    /// `.csv`
    Csv,
}

impl Format {
    /// By the ending of the address.
    pub fn of(req: &HttpRequest) -> Self {
        if req.path().ends_with(".csv") { Self::Csv } else { Self::Excel }
    }
}

/// Writes the list and answers with the file.
///
/// # Errors
/// When the file cannot be written.
pub async fn respond(format: Format, list: List, rows: impl Iterator<Item = Vec<Cell>> + Send + 'static) -> Answer {
    if format == Format::Excel {
        return xlsx::respond(list, rows).await;
    }
    let name = format!("{}.csv", list.file);
    let disposition = ContentDisposition { disposition: DispositionType::Attachment, parameters: vec![DispositionParam::Filename(name)] };
    Ok(HttpResponse::Ok().content_type("text/csv; charset=utf-8").insert_header((CONTENT_DISPOSITION, disposition)).body(csv(&list, rows)))
}

fn csv(list: &List, rows: impl Iterator<Item = Vec<Cell>>) -> String {
    let headings = list.headings.iter().map(|heading| Cell::Text(heading.text.clone())).collect();
    let lines = std::iter::once(headings).chain(rows).map(|cells| line(cells, &list.zone));
    std::iter::once("\u{feff}".to_owned()).chain(lines).collect()
}

fn line(cells: Vec<Cell>, zone: &TimeZone) -> String {
    let fields: Vec<String> = cells.into_iter().map(|cell| quoted(&words(cell, zone))).collect();
    fields.join(";") + "\r\n"
}

fn words(cell: Cell, zone: &TimeZone) -> String {
    match cell {
        Cell::Text(text) => harmless(text),
        Cell::Count(count) => count.to_string(),
        Cell::Money(money) => money.to_string(),
        Cell::Day(day) => day.strftime("%d.%m.%Y").to_string(),
        Cell::Moment(at) => at.to_zoned(zone.clone()).strftime("%d.%m.%Y %H:%M:%S").to_string(),
        Cell::Empty => String::new(),
    }
}

/// A phone begins with a plus and is no formula.
fn harmless(text: String) -> String {
    let is_phone = || text.strip_prefix('+').is_some_and(|rest| rest.chars().all(|one| one.is_ascii_digit() || " ()-".contains(one)));
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_phone() { format!("'{text}") } else { text }
}

fn quoted(text: &str) -> String {
    if text.contains([';', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xlsx::Heading;

    #[test]
    fn a_spreadsheet_opens_it_as_it_is_meant() {
        let list = List { file: "x".into(), headings: vec![Heading { text: "Аты".into(), width: 9 }, Heading { text: "Туған күні".into(), width: 9 }], zone: TimeZone::UTC };
        let rows = vec![
            vec![Cell::Text("О\"Нил; Ә".into()), Cell::Day(jiff::civil::date(2016, 2, 29))],
            vec![Cell::Text("=1+1".into()), Cell::Empty],
            vec![Cell::Text("+7 701 000-00-00".into()), Cell::Moment("2026-11-21T02:52:00Z".parse().unwrap())],
            vec![Cell::Text("+1+cmd".into()), Cell::Count(3)],
        ];
        let file = csv(&list, rows.into_iter());
        assert_eq!(file, "\u{feff}Аты;Туған күні\r\n\"О\"\"Нил; Ә\";29.02.2016\r\n'=1+1;\r\n+7 701 000-00-00;21.11.2026 02:52:00\r\n'+1+cmd;3\r\n");
    }
}
