//! What the school's page and the reader's show alike.

use kernel::{file::Media, id::show};
use web::Texts;

use super::store::Attached;

/// So many bytes are a kilobyte.
const KB: i32 = 1024;

/// A file with the way to it.
pub struct FileLine {
    /// Which one, for the form that takes it off.
    pub id: String,
    /// Where it is.
    pub href: String,
    /// Its name with its ending.
    pub name: String,
    /// How large it is.
    pub size: String,
}

/// A file of the announcement at this address.
pub fn file_line(t: &Texts<'_>, path: &str, file: &Attached) -> FileLine {
    let ending = Media::ALL.into_iter().find(|media| media.as_str() == file.media_type).map_or("", Media::ending);
    let kilobytes = file.size.div_euclid(KB).max(1);
    let (key, size) = if kilobytes < KB { ("announcements-file-kb", kilobytes) } else { ("announcements-file-mb", kilobytes.div_euclid(KB)) };
    FileLine { id: show(file.id), href: format!("{path}/files/{}", show(file.id)), name: format!("{}.{ending}", file.name), size: t.with(key, (("size", i64::from(size)),)) }
}
