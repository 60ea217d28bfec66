//! Documents as PDF: the program is there and prints.

use super::Finding;
use crate::config::Config;
use jiff::Timestamp;
use kernel::Locale;
use web::print::{Column, Content, Document, Table, Trouble};

pub(super) async fn look(config: &Config) -> Finding {
    let Some(printer) = config.printer() else { return Finding::Bad("where this program lies cannot be found out: name shanyraq-print in print.program".into()) };
    let program = printer.program().display().to_string();
    match printer.print(&nothing()).await {
        Ok(_) => Finding::Good(format!("documents are printed as PDF by {program}")),
        Err(Trouble::Missing) => Finding::Bad(format!("{program} is not there: pages can be printed from the browser only. Build it with hub/print/build, or name it in print.program")),
        Err(trouble) => Finding::Bad(format!("{program} does not print: {trouble}. Are setpriv and prlimit (util-linux) there, and is print.memory_mib enough?")),
    }
}

/// A page that says nothing.
fn nothing() -> Document {
    let column = Column::words(String::new(), 1);
    let table = Table { wide: false, school: String::new(), lead: Vec::new(), columns: vec![column], rows: Vec::new(), total: Vec::new(), nothing: String::new(), signs: None, footer: String::new() };
    Document { locale: Locale::Kk, title: "shanyraq".into(), made: Timestamp::UNIX_EPOCH, content: Content::Table(table) }
}
