//! `shanyraq-print`: a document as JSON on standard input, the same document as PDF on standard output.
//!
//! The hub starts it once for each document, with bounds on time and memory, and trusts nothing of it but bytes that look like a PDF
//! (`web::print`). It is apart from the hub because typesetting is large, and slow to build; because a document that makes it loop or eat
//! memory must hurt nobody else; and because it needs nothing of what the hub holds. It opens no file and no connection: fonts and
//! templates are in the program, and what a template may read are the templates and the document's own words ([`world`]).
//!
//! What it says on standard error never holds the document's words: the hub logs it.
//!
//! Always true:
//!  1. The same JSON gives the same bytes: no clock, no randomness, no environment (tests `inv_1_…`).
//!  2. Every letter of Kazakh and Russian is in the embedded fonts and can be copied out of the PDF (tests `inv_2_…`).
//!  3. A template reads nothing outside the program, whatever the document says (tests `inv_3_…`).

mod document;
mod typeset;
mod world;

use std::{
    io::{self, Read, Write},
    process::ExitCode,
};

/// A document longer than this is none of a school's.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// Standard input or output.
    #[error("standard streams: {0}")]
    Stream(#[from] io::Error),
    /// The document is too long.
    #[error("the document is longer than {MOST_BYTES} bytes")]
    TooLong,
    /// The JSON is not a document.
    #[error(transparent)]
    Document(#[from] document::Unreadable),
    /// It cannot be typeset.
    #[error(transparent)]
    Typeset(#[from] typeset::Failed),
}

fn main() -> ExitCode {
    match print() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Nobody reads an exit that cannot be written about.
            writeln!(io::stderr(), "{failure}").ok();
            ExitCode::FAILURE
        }
    }
}

fn print() -> Result<(), Failure> {
    let mut json = Vec::new();
    io::stdin().lock().take(MOST_BYTES + 1).read_to_end(&mut json)?;
    if u64::try_from(json.len()).is_ok_and(|length| length > MOST_BYTES) {
        return Err(Failure::TooLong);
    }
    let pdf = typeset::typeset(document::Document::read(&json)?)?;
    io::stdout().lock().write_all(&pdf)?;
    Ok(())
}
