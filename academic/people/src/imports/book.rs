//! Reading the file: Excel (.xlsx, .xls), LibreOffice (.ods) and text (.csv) become sheets of lines of plain texts. Pure: bytes in, texts out.
//!
//! Whatever a cell was, it becomes the text that a person would read there: a date `2016-04-15`, a whole number without `.0`, a formula what it
//! last came to, a merged cell the same in each of its places. Bounded in lines, columns and letters, whatever the file says of itself.

use std::{collections::BTreeMap, io::Cursor};

use calamine::{Data, DataRef, DataType, Dimensions, Ods, OdsError, Range, Reader, Xls, XlsError, Xlsx, XlsxError};
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};

/// So many lines of all sheets together.
pub const LINES_MOST: usize = 10_000;
/// So many columns are looked at.
const COLUMNS_MOST: usize = 60;
/// So many sheets.
const SHEETS_MOST: usize = 30;
/// So many letters of a cell.
const LETTERS_MOST: usize = 300;
/// So much a packed file may say to hold.
const UNPACKED_MOST: u64 = 200 * 1024 * 1024;
/// So many places of a merged cell are filled.
const MERGED_MOST: u32 = 20_000;

/// A file, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// Its sheets that hold something, in their order.
    pub sheets: Vec<Sheet>,
    /// Whether it was text of an older program, in which Kazakh letters may be lost.
    pub is_old_text: bool,
}

/// A sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its name; nothing in a text file.
    pub name: String,
    /// The lines that hold something.
    pub lines: Vec<Line>,
    /// How many merged cells were filled.
    pub merged: usize,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number, as the program that made the file shows it.
    pub n: i32,
    /// Its cells, the first column first.
    pub cells: Vec<String>,
}

/// Why a file is no list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It opens with a password only.
    #[error("protected by a password")]
    Protected,
    /// It is something else.
    #[error("no list")]
    OtherKind,
    /// It is such a file, but broken.
    #[error("broken")]
    Broken,
    /// More lines than a school has people.
    #[error("too many lines")]
    TooLong,
    /// Nothing stands in it.
    #[error("empty")]
    Empty,
}

impl Unreadable {
    /// The message at the field of the file.
    pub fn message(self) -> &'static str {
        match self {
            Self::Protected => "imports-file-protected",
            Self::OtherKind => "imports-file-other-kind",
            Self::Broken => "imports-file-broken",
            Self::TooLong => "imports-file-too-long",
            Self::Empty => "imports-file-empty",
        }
    }
}

/// Reads a file by what it is, whatever it is called.
///
/// # Errors
/// Why it is no list.
pub fn read(bytes: &[u8]) -> Result<Book, Unreadable> {
    let (sheets, is_old_text) = match bytes {
        [b'P', b'K', 3, 4, ..] if unpacked(bytes) > UNPACKED_MOST => return Err(Unreadable::TooLong),
        [b'P', b'K', 3, 4, ..] => (packed(bytes)?, false),
        [0xd0, 0xcf, 0x11, 0xe0, ..] if holds_encrypted(bytes) => return Err(Unreadable::Protected),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => (xls(bytes)?, false),
        _ => text(bytes)?,
    };
    let sheets: Vec<Sheet> = sheets.into_iter().filter(|sheet| !sheet.lines.is_empty()).collect();
    match sheets.iter().map(|sheet| sheet.lines.len()).sum::<usize>() {
        0 => Err(Unreadable::Empty),
        lines if lines > LINES_MOST => Err(Unreadable::TooLong),
        _ => Ok(Book { sheets, is_old_text }),
    }
}

/// Lines by their place, columns by theirs.
#[derive(Default)]
struct Grid(BTreeMap<u32, BTreeMap<u32, String>>);

impl Grid {
    fn put(&mut self, (row, column): (u32, u32), text: String) -> Result<(), Unreadable> {
        let text = tidy(&text);
        let within = usize::try_from(column).is_ok_and(|column| column < COLUMNS_MOST);
        if text.is_empty() || !within {
            return Ok(());
        }
        if self.0.len() > LINES_MOST {
            return Err(Unreadable::TooLong);
        }
        self.0.entry(row).or_default().insert(column, text);
        Ok(())
    }

    /// Writes the first cell of a merged one into all its places, and says whether it stood over several lines or columns.
    fn merge(&mut self, merged: &Dimensions) -> Result<bool, Unreadable> {
        let ((top, left), (bottom, right)) = (merged.start, merged.end);
        let places = (bottom.saturating_sub(top) + 1).saturating_mul(right.saturating_sub(left) + 1);
        let Some(text) = self.0.get(&top).and_then(|line| line.get(&left)).cloned() else { return Ok(false) };
        if places > MERGED_MOST {
            return Ok(false);
        }
        for row in top..=bottom {
            for column in left..=right {
                self.put((row, column), text.clone())?;
            }
        }
        Ok(true)
    }

    fn sheet(self, name: String, merged: usize) -> Sheet {
        let line = |(row, cells): (u32, BTreeMap<u32, String>)| {
            let width = cells.keys().next_back().map_or(0, |last| last + 1);
            let cells = (0..width).map(|column| cells.get(&column).cloned().unwrap_or_default()).collect();
            Line { n: i32::try_from(row).unwrap_or(i32::MAX - 1) + 1, cells }
        };
        Sheet { name, lines: self.0.into_iter().map(line).collect(), merged }
    }
}

fn packed(bytes: &[u8]) -> Result<Vec<Sheet>, Unreadable> {
    match Xlsx::new(Cursor::new(bytes)) {
        Ok(book) => xlsx(book),
        Err(XlsxError::Password) => Err(Unreadable::Protected),
        Err(_) => ods(bytes),
    }
}

fn xlsx(mut book: Xlsx<Cursor<&[u8]>>) -> Result<Vec<Sheet>, Unreadable> {
    let mut sheets = Vec::new();
    for name in book.sheet_names().into_iter().take(SHEETS_MOST) {
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let mut grid = Grid::default();
        // Cell by cell: a stray one at the far end of a sheet must not cost the memory of all between.
        let Ok(mut cells) = book.worksheet_cells_reader(&name) else { continue };
        while let Some(cell) = cells.next_cell().map_err(|_| Unreadable::Broken)? {
            grid.put(cell.get_position(), text_of_ref(cell.get_value()))?;
        }
        sheets.push(merge_all(grid, name, &merged)?);
    }
    Ok(sheets)
}

fn xls(bytes: &[u8]) -> Result<Vec<Sheet>, Unreadable> {
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => Unreadable::Protected,
        _ => Unreadable::Broken,
    })?;
    let mut sheets = Vec::new();
    for name in book.sheet_names().into_iter().take(SHEETS_MOST) {
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let Ok(range) = book.worksheet_range(&name) else { continue };
        sheets.push(merge_all(grid_of(&range)?, name, &merged)?);
    }
    Ok(sheets)
}

fn ods(bytes: &[u8]) -> Result<Vec<Sheet>, Unreadable> {
    let mut book: Ods<_> = Ods::new(Cursor::new(bytes)).map_err(|error| match error {
        OdsError::Password => Unreadable::Protected,
        // A packed file of another kind: a document, a picture book, a newer form of Excel.
        _ => Unreadable::OtherKind,
    })?;
    let mut sheets = Vec::new();
    for name in book.sheet_names().into_iter().take(SHEETS_MOST) {
        let Ok(range) = book.worksheet_range(&name) else { continue };
        sheets.push(grid_of(&range)?.sheet(name, 0));
    }
    Ok(sheets)
}

fn merge_all(mut grid: Grid, name: String, merged: &[Dimensions]) -> Result<Sheet, Unreadable> {
    let mut filled = 0;
    for one in merged {
        filled += usize::from(grid.merge(one)?);
    }
    Ok(grid.sheet(name, filled))
}

fn grid_of(range: &Range<Data>) -> Result<Grid, Unreadable> {
    let (top, left) = range.start().unwrap_or_default();
    let mut grid = Grid::default();
    for (row, column, cell) in range.used_cells() {
        let place = |offset: usize, first: u32| u32::try_from(offset).unwrap_or(u32::MAX).saturating_add(first);
        grid.put((place(row, top), place(column, left)), text_of(cell))?;
    }
    Ok(grid)
}

fn text_of_ref(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::SharedString(text) => (*text).to_owned(),
        other => text_of(&other.clone().into()),
    }
}

fn text_of(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) if number.fract().abs() < f64::EPSILON && number.abs() < 1e15 => format!("{number:.0}"),
        Data::Float(number) => number.to_string(),
        Data::Bool(is) => is.to_string(),
        Data::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::DateTime(moment) => moment.as_f64().to_string(),
        Data::DateTimeIso(text) => text.chars().take(10).collect(),
        Data::DurationIso(text) => text.clone(),
        Data::Error(_) => cell.get_error().map(ToString::to_string).unwrap_or_default(),
    }
}

fn text(bytes: &[u8]) -> Result<(Vec<Sheet>, bool), Unreadable> {
    let (text, is_old) = decoded(bytes).ok_or(Unreadable::OtherKind)?;
    let head = text.trim_start().get(..200).unwrap_or(text.trim_start()).to_lowercase();
    // Many programs call a page of the web a table.
    if head.starts_with('<') || head.starts_with("{\\rtf") || head.starts_with("%pdf") {
        return Err(Unreadable::OtherKind);
    }
    let sign = delimiter(&text);
    // The reader passes empty lines over; with a sign in each, lines keep their numbers.
    let whole: Vec<String> = text.lines().map(|line| if line.trim().is_empty() { char::from(sign).to_string() } else { line.to_owned() }).collect();
    let whole = whole.join("\n");
    let mut lines = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(sign).from_reader(whole.as_bytes());
    let mut grid = Grid::default();
    for (row, line) in (0_u32..).zip(lines.records()) {
        let line = line.map_err(|_| Unreadable::Broken)?;
        for (column, cell) in (0_u32..).zip(line.iter()) {
            grid.put((row, column), cell.to_owned())?;
        }
    }
    Ok((vec![grid.sheet(String::new(), 0)], is_old))
}

/// As UTF-8, UTF-16 with its mark, or windows-1251 where it can be nothing else; nothing for what is no text.
fn decoded(bytes: &[u8]) -> Option<(String, bool)> {
    let (text, is_old) = match bytes {
        [0xff, 0xfe, ..] => (UTF_16LE.decode(bytes).0.into_owned(), false),
        [0xfe, 0xff, ..] => (UTF_16BE.decode(bytes).0.into_owned(), false),
        _ => match UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
            Some(text) => (text.trim_start_matches('\u{feff}').to_owned(), false),
            None => (WINDOWS_1251.decode(bytes).0.into_owned(), true),
        },
    };
    let is_text = text.chars().all(|one| !one.is_control() || matches!(one, '\n' | '\r' | '\t'));
    is_text.then_some((text, is_old))
}

/// What parts the cells of the first lines most often.
fn delimiter(text: &str) -> u8 {
    let head: Vec<&str> = text.lines().take(10).collect();
    let count = |sign: char| head.iter().map(|line| line.matches(sign).count()).sum::<usize>();
    [(b';', count(';')), (b'\t', count('\t')), (b',', count(','))].into_iter().rev().max_by_key(|(_, times)| *times).map_or(b',', |(sign, _)| sign)
}

/// One space where several stand, of whatever kind; letters that nobody sees are gone.
fn tidy(text: &str) -> String {
    let seen = text.chars().filter(|one| !matches!(one, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\0'));
    let text: String = seen.map(|one| if one.is_whitespace() || one.is_control() { ' ' } else { one }).collect();
    let tidy = text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    tidy.chars().take(LETTERS_MOST).collect()
}

/// Whether an old container holds an encrypted new file: its folder says so in UTF-16.
fn holds_encrypted(bytes: &[u8]) -> bool {
    let sign: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(sign.len()).any(|part| part == sign)
}

/// How large a packed file says it is, by its own list of contents.
fn unpacked(bytes: &[u8]) -> u64 {
    let entries = bytes.windows(28).filter(|part| part.starts_with(b"PK\x01\x02"));
    entries.filter_map(|entry| Some(u64::from(u32::from_le_bytes(entry.get(24..28)?.try_into().ok()?)))).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn text_is_read_however_it_was_saved() {
        let lines = "ФИО;Класс\r\nОспанова Айзере;7А\r\n\r\n\"Ким; Анна\";8Б\r\n";
        let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(lines.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let old = WINDOWS_1251.encode(lines).0.into_owned();
        for (bytes, is_old) in [(lines.as_bytes().to_vec(), false), (utf16, false), (old, true), (format!("\u{feff}{lines}").into_bytes(), false)] {
            let book = read(&bytes).unwrap();
            assert_eq!(book.is_old_text, is_old);
            let cells: Vec<_> = book.sheets[0].lines.iter().map(|line| (line.n, line.cells.join("|"))).collect();
            assert_eq!(cells, [(1, "ФИО|Класс".to_owned()), (2, "Оспанова Айзере|7А".to_owned()), (4, "Ким; Анна|8Б".to_owned())]);
        }
        assert_eq!(read("a\tb\nc\td".as_bytes()).unwrap().sheets[0].lines[1].cells, ["c", "d"]);
    }

    #[test]
    fn what_is_no_list_says_why() {
        let protected: Vec<u8> = [0xd0, 0xcf, 0x11, 0xe0].into_iter().chain("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for (bytes, why) in [
            (protected, Unreadable::Protected),
            (b"\xd0\xcf\x11\xe0 nothing".to_vec(), Unreadable::Broken),
            (b"PK\x03\x04 nothing".to_vec(), Unreadable::OtherKind),
            (b"%PDF-1.7".to_vec(), Unreadable::OtherKind),
            (b"\x89PNG\r\n\x1a\n\0\0".to_vec(), Unreadable::OtherKind),
            (b"<html><table><tr><td>1".to_vec(), Unreadable::OtherKind),
            (b" \n ;;\n".to_vec(), Unreadable::Empty),
            ("a\n".repeat(LINES_MOST + 2).into_bytes(), Unreadable::TooLong),
        ] {
            assert_eq!(read(&bytes).map(|book| book.sheets.len()), Err(why));
        }
    }

    #[test]
    fn spaces_and_letters_that_nobody_sees_are_gone() {
        assert_eq!(tidy(" Оспанова\u{a0}\u{a0} Ай\u{200b}зере\n "), "Оспанова Айзере");
    }

    proptest! {
        #[test]
        fn no_file_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300), head in 0..4_usize) {
            let heads: [&[u8]; 4] = [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe"];
            drop(read(&[heads[head], &bytes].concat()));
        }
    }
}
