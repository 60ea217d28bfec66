//! What the hub sends: which template, in which language, made when, and the words.

use serde::Deserialize;
use serde_json::Value;

/// A document to print.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The template.
    pub template: Template,
    /// `kk`, `ru` or `en`: of hyphenation, and said in the PDF.
    pub language: Language,
    /// The title that a reader's window shows.
    pub title: String,
    /// When it was made, in UTC: the only time in the file.
    pub made: Made,
    /// Everything that the template shows.
    pub content: Value,
}

/// A template of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Template {
    /// An order of the school.
    Order,
    /// A table over as many pages as it needs: a register, a statement, a book.
    Table,
    /// Slips to cut apart, each with a QR code.
    Slips,
}

impl Template {
    /// All of them.
    #[cfg(test)]
    pub const ALL: [Self; 3] = [Self::Order, Self::Table, Self::Slips];

    /// Its Typst source.
    pub fn source(self) -> &'static str {
        match self {
            Self::Order => include_str!("../templates/order.typ"),
            Self::Table => include_str!("../templates/table.typ"),
            Self::Slips => include_str!("../templates/slips.typ"),
        }
    }
}

/// A language of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Kazakh.
    Kk,
    /// Russian.
    Ru,
    /// English.
    En,
}

impl Language {
    /// As in the PDF.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kk => "kk",
            Self::Ru => "ru",
            Self::En => "en",
        }
    }
}

/// A moment in UTC, to the second.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// Year.
    pub year: i32,
    /// Month, from 1.
    pub month: u8,
    /// Day, from 1.
    pub day: u8,
    /// Hour.
    pub hour: u8,
    /// Minute.
    pub minute: u8,
    /// Second.
    pub second: u8,
}

/// The JSON is none of a document. Says where and not what, since what stands there is somebody's.
#[derive(Debug, thiserror::Error)]
#[error("the JSON is no document ({kind:?}, line {line}, column {column})")]
pub struct Unreadable {
    kind: serde_json::error::Category,
    line: usize,
    column: usize,
}

impl Document {
    /// Reads it.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(json: &[u8]) -> Result<Self, Unreadable> {
        serde_json::from_slice(json).map_err(|error| Unreadable { kind: error.classify(), line: error.line(), column: error.column() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_document_is_refused_without_its_words() {
        for text in ["", "[]", "{\"template\":\"letter\"}", "{\"template\":\"order\",\"secret\":\"Айгерім\"}", "\u{0}\u{1}", "{\"template\":\"order\",\"title\":\"Айгерім\"}"] {
            let told = Document::read(text.as_bytes()).unwrap_err().to_string();
            assert!(told.starts_with("the JSON is no document") && !told.contains("Айгерім") && !told.contains("secret"), "{told}");
        }
    }
}
