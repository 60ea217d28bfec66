//! Documents as PDF, printed by the program `shanyraq-print` (hub/print): JSON to it, PDF from it.
//!
//! A room fills a [`Document`] with words in the document's language and answers with [`respond`]. The program is started once for each
//! document and bounded in time, memory and number ([`Bounds`]); where it is not there, pages leave its button out ([`is_offered`]) and
//! the browser prints.
//!
//! Always true:
//!  1. A printing program that hangs, dies, floods or gives rubbish costs its document and nothing else: it is killed, its document is
//!     refused with `print.not_now`, and the next one is printed ([`Printer::print`]).
//!  2. No more run at once than the bound, and no more wait than the bound: who comes then is refused at once.

mod document;
mod program;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, ContentDisposition, DispositionParam, DispositionType},
    web::Data,
};
use kernel::Error;

pub use document::{Column, Content, Document, Labelled, Order, Said, Slip, Table};
pub use program::{Bounds, Printer, Trouble};

use crate::failure::Answer;

/// Whether pages offer documents as PDF: the program is there.
pub fn is_offered(req: &HttpRequest) -> bool {
    req.app_data::<Data<Printer>>().is_some_and(|printer| printer.is_there())
}

/// Prints the document and answers with the file, to be saved. `file` is its name without the ending, in letters that every system takes.
///
/// # Errors
/// When it cannot be printed now.
pub async fn respond(req: &HttpRequest, document: &Document, file: &str) -> Answer {
    let Some(printer) = req.app_data::<Data<Printer>>() else { return Err(Error::Refused("print.not_now").into()) };
    let pdf = printer.print(document).await.map_err(|trouble| {
        tracing::error!(template = document.template(), program = %printer.program().display(), %trouble, "a document was not printed");
        Error::Refused("print.not_now")
    })?;
    let disposition = ContentDisposition { disposition: DispositionType::Attachment, parameters: vec![DispositionParam::Filename(format!("{file}.pdf"))] };
    Ok(HttpResponse::Ok().content_type("application/pdf").insert_header((CONTENT_DISPOSITION, disposition)).insert_header((CACHE_CONTROL, "private, no-store")).body(pdf))
}
