//! What can be printed, as `shanyraq-print` takes it: words and nothing else. Its templates hold no word; all words come from here.

use jiff::{Timestamp, tz::TimeZone};
use kernel::Locale;
use serde::Serialize;

/// A document to print.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its language.
    pub locale: Locale,
    /// What a reader's window calls it; the title of a table.
    pub title: String,
    /// When it was made: the only time in the file.
    pub made: Timestamp,
    /// What it shows.
    pub content: Content,
}

/// What a document shows.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Content {
    /// An order of the school.
    Order(Box<Order>),
    /// A register, a statement, a book.
    Table(Table),
    /// Slips to cut apart.
    Slips {
        /// One for each person.
        slips: Vec<Slip>,
    },
}

/// Words in a language that need not be the document's.
#[derive(Debug, Clone, Serialize)]
pub struct Said {
    /// The language.
    pub language: Locale,
    /// The words.
    pub text: String,
}

/// An order of the school.
#[derive(Debug, Clone, Serialize)]
pub struct Order {
    /// The school's full name, in both languages of its papers.
    pub letterhead: [Said; 2],
    /// The word "order".
    pub name: String,
    /// Its number, with the sign.
    pub number: String,
    /// Its date.
    pub dated: String,
    /// Where it was made.
    pub place: Option<String>,
    /// What it is about.
    pub subject: String,
    /// That it holds no more.
    pub cancelled: Option<String>,
    /// Its ground.
    pub preamble: String,
    /// "I order".
    pub orders: String,
    /// What is ordered, above the list.
    pub text: String,
    /// The columns of the list.
    pub columns: Vec<Column>,
    /// Its rows, each as long as the columns.
    pub rows: Vec<Vec<String>>,
    /// What is ordered below the list.
    pub closing: Vec<String>,
    /// As what somebody signs.
    pub signs: String,
    /// Who.
    pub signer: Option<String>,
    /// Lines for those who have read it.
    pub acquainted: Vec<String>,
    /// A QR code as SVG beside what stands below the list, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qr: Option<String>,
    /// At the foot of each page, beside its number.
    pub footer: String,
}

/// A table over as many pages as it needs.
#[derive(Debug, Clone, Serialize)]
pub struct Table {
    /// Whether the page lies.
    pub wide: bool,
    /// Whose it is.
    pub school: String,
    /// Lines between title and table.
    pub lead: Vec<String>,
    /// The columns.
    pub columns: Vec<Column>,
    /// Its rows, each as long as the columns.
    pub rows: Vec<Vec<String>>,
    /// The last row, or nothing.
    pub total: Vec<String>,
    /// What is said where no row is.
    pub nothing: String,
    /// As what somebody signs, if anybody does.
    pub signs: Option<String>,
    /// At the foot of each page, beside its number.
    pub footer: String,
}

/// A column of a list.
#[derive(Debug, Clone, Serialize)]
pub struct Column {
    /// Its heading.
    pub text: String,
    /// Its share of the width; 0 for as wide as its words.
    pub share: u8,
    /// Whether it holds numbers.
    pub number: bool,
}

impl Column {
    /// A column of words.
    pub fn words(text: String, share: u8) -> Self {
        Self { text, share, number: false }
    }

    /// A column of numbers.
    pub fn numbers(text: String, share: u8) -> Self {
        Self { text, share, number: true }
    }
}

/// A slip for one person.
#[derive(Debug, Clone, Serialize)]
pub struct Slip {
    /// Whose.
    pub name: String,
    /// Of which school.
    pub school: String,
    /// What to type.
    pub words: Vec<Labelled>,
    /// What to do.
    pub steps: Vec<Said>,
    /// The QR code, as SVG.
    pub qr: String,
    /// What it leads to, for those who cannot see it.
    pub address: String,
}

/// What to type, and where.
#[derive(Debug, Clone, Serialize)]
pub struct Labelled {
    /// Where.
    pub label: String,
    /// What.
    pub text: String,
}

/// As it goes to the program.
#[derive(Serialize)]
struct Sent<'a> {
    template: &'static str,
    language: Locale,
    title: &'a str,
    made: Made,
    content: &'a Content,
}

#[derive(Serialize)]
struct Made {
    year: i16,
    month: i8,
    day: i8,
    hour: i8,
    minute: i8,
    second: i8,
}

impl Document {
    /// Which template prints it: also the name of the kind in metrics.
    pub fn template(&self) -> &'static str {
        match self.content {
            Content::Order(_) => "order",
            Content::Table(_) => "table",
            Content::Slips { .. } => "slips",
        }
    }

    /// As it goes to the program.
    pub(super) fn json(&self) -> serde_json::Result<Vec<u8>> {
        let at = self.made.to_zoned(TimeZone::UTC);
        let made = Made { year: at.year(), month: at.month(), day: at.day(), hour: at.hour(), minute: at.minute(), second: at.second() };
        serde_json::to_vec(&Sent { template: self.template(), language: self.locale, title: &self.title, made, content: &self.content })
    }
}
