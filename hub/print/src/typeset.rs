//! From a document to the bytes of a PDF.

use serde_json::json;
use typst::{
    diag::SourceDiagnostic,
    foundations::{Datetime, Smart},
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::{
    document::{Document, Made},
    world::Closed,
};

/// What a reader's program says made the file.
const CREATOR: &str = "Shanyraq";

/// It could not be typeset. Says what Typst complains of, which names parts of our templates and no words of the document.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// A moment that no calendar has.
    #[error("the document was made at no moment")]
    Moment,
    /// A place of the program's own world.
    #[error("the template has no place")]
    Place,
    /// What was wrong with the template or with what it was given.
    #[error("the template does not take it: {0}")]
    Template(String),
    /// What was wrong with the pages.
    #[error("the pages are no PDF: {0}")]
    Pdf(String),
}

/// Typesets it.
///
/// # Errors
/// When the content is not what the template takes.
pub fn typeset(document: Document) -> Result<Vec<u8>, Failed> {
    let words = json!({ "title": document.title, "language": document.language.as_str(), "content": document.content }).to_string();
    let world = Closed::new(document.template.source(), words.into_bytes()).ok_or(Failed::Place)?;
    let pages: PagedDocument = typst::compile(&world).output.map_err(|complaints| Failed::Template(listed(&complaints)))?;
    let made = moment(document.made).ok_or(Failed::Moment)?;
    // For an archive, with its structure for readers who hear it. A letter that no font has cannot be kept so: then as an ordinary PDF.
    export(&pages, made, &[PdfStandard::A_2a]).or_else(|_| export(&pages, made, &[])).map_err(Failed::Pdf)
}

fn export(pages: &PagedDocument, made: Datetime, standards: &[PdfStandard]) -> Result<Vec<u8>, String> {
    let options = PdfOptions {
        ident: Smart::Auto,
        creator: Smart::Custom(Some(CREATOR.to_owned())),
        timestamp: Some(Timestamp::new_utc(made)),
        standards: PdfStandards::new(standards).map_err(|error| error.message().to_string())?,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(pages, &options).map_err(|complaints| listed(&complaints))
}

fn moment(made: Made) -> Option<Datetime> {
    Datetime::from_ymd_hms(made.year, made.month, made.day, made.hour, made.minute, made.second)
}

fn listed(complaints: &[SourceDiagnostic]) -> String {
    complaints.iter().map(|one| one.message.as_str()).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Template;

    /// What the hub sends, as its own tests write it.
    const EXAMPLES: [&str; 3] = [include_str!("../examples/order.json"), include_str!("../examples/table.json"), include_str!("../examples/slips.json")];

    fn printed(json: &str) -> Vec<u8> {
        typeset(Document::read(json.as_bytes()).unwrap()).unwrap()
    }

    fn holds(bytes: &[u8], text: &str) -> bool {
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    }

    #[test]
    fn inv_1_the_same_document_gives_the_same_bytes_and_is_for_an_archive() {
        for (json, template) in EXAMPLES.into_iter().zip(Template::ALL) {
            let first = printed(json);
            assert!(first.starts_with(b"%PDF-1.7"), "{template:?}");
            assert!(holds(&first, "pdfaid") && holds(&first, "StructTreeRoot"), "{template:?}");
            assert!(first == printed(json), "{template:?} differs from itself");
        }
    }

    #[test]
    fn inv_2_every_letter_of_both_languages_is_in_a_font() {
        let [order, ..] = EXAMPLES;
        let mut document = Document::read(order.as_bytes()).unwrap();
        document.title = "АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя «» № — – ₸ 0123456789".to_owned();
        let subject = document.content.get_mut("subject").unwrap();
        *subject = document.title.clone().into();
        // A letter without a glyph would be refused for an archive, and the file would say so by lacking its mark.
        assert!(holds(&typeset(document).unwrap(), "pdfaid"));
    }

    #[test]
    fn a_letter_that_no_font_has_does_not_keep_a_document_from_being_printed() {
        let [order, ..] = EXAMPLES;
        let mut document = Document::read(order.as_bytes()).unwrap();
        *document.content.get_mut("subject").unwrap() = "\u{1F42A} 漢".into();
        assert!(typeset(document).unwrap().starts_with(b"%PDF-"));
    }

    #[test]
    fn inv_3_words_are_words_and_no_template() {
        let [order, ..] = EXAMPLES;
        for words in ["#read(\"/etc/passwd\")", "#panic()", "$x^2$ *bold* _it_ `raw` @ref <label> // comment", "#import \"@preview/cetz:0.4.0\"", "\\ \u{202e} \u{0007}"] {
            let mut document = Document::read(order.as_bytes()).unwrap();
            *document.content.get_mut("subject").unwrap() = words.into();
            assert!(typeset(document).unwrap().starts_with(b"%PDF-"), "{words}");
        }
    }

    #[test]
    fn inv_3_a_template_reads_no_file_of_the_machine() {
        for template in ["#read(\"/etc/passwd\")", "#read(\"../../etc/passwd\")", "#image(\"/etc/hostname\")", "#import \"@preview/cetz:0.4.0\": *", "#import \"other.typ\"", "#datetime.today()"] {
            let world = Closed::new(template, b"{}".to_vec()).unwrap();
            assert!(typst::compile::<PagedDocument>(&world).output.is_err(), "{template}");
        }
    }

    #[test]
    fn a_content_of_another_shape_is_refused() {
        let [order, ..] = EXAMPLES;
        for content in [json!({}), json!(null), json!({ "subject": 7 })] {
            let mut document = Document::read(order.as_bytes()).unwrap();
            document.content = content;
            assert!(matches!(typeset(document), Err(Failed::Template(_))));
        }
    }
}
