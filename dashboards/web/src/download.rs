//! Kept files on their way to a browser: a chunk at a time, to be saved and not shown, and not kept by anything between.
//!
//! A picture is shown by `<img>` all the same, which asks nothing of how it came; what is opened by itself is saved.

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue},
    web::Bytes,
};
use futures_util::{TryStreamExt, stream};
use kernel::{
    Error,
    db::{Db, Scope},
    file::{Files, InDatabase, Kept, Media},
    id::SchoolId,
};

use crate::failure::Failure;

/// Answers with a file. `name` is what it is called when saved, without its ending.
pub fn respond(db: &Db, school: SchoolId, kept: Kept, name: &str) -> HttpResponse {
    let (db, scope) = (db.clone(), Scope::school(school));
    let chunks = stream::try_unfold(0_u32, move |n| {
        let (db, scope) = (db.clone(), scope.clone());
        async move {
            if n >= kept.chunks {
                return Ok::<_, Error>(None);
            }
            let bytes = db.run(&scope, async |tx| InDatabase.chunk(tx, school, kept.id, n).await).await?;
            Ok(Some((Bytes::from(bytes), n + 1)))
        }
    });
    saved_as(kept.media, name)
        // An error in the middle ends the connection: the browser sees a broken file and not a short one.
        .streaming(Box::pin(chunks.map_err(Failure::from)))
}

/// Answers with a file that was sealed and lies open in memory.
pub fn whole(media: Media, bytes: Vec<u8>, name: &str) -> HttpResponse {
    saved_as(media, name).body(bytes)
}

fn saved_as(media: Media, name: &str) -> HttpResponseBuilder {
    let disposition = ContentDisposition { disposition: DispositionType::Attachment, parameters: called(name, media.ending()) };
    let mut answer = HttpResponse::Ok();
    answer.content_type(media.as_str()).insert_header((CONTENT_DISPOSITION, disposition)).insert_header((CACHE_CONTROL, "private, no-store"));
    answer
}

/// A name in Kazakh or Russian goes as RFC 6266 has it: with a plain one beside it for who cannot read it.
fn called(name: &str, ending: &str) -> Vec<DispositionParam> {
    let whole = format!("{name}.{ending}");
    if whole.is_ascii() {
        return vec![DispositionParam::Filename(whole)];
    }
    let plain = DispositionParam::Filename(format!("file.{ending}"));
    vec![plain, DispositionParam::FilenameExt(ExtendedValue { charset: Charset::Ext("UTF-8".to_owned()), language_tag: None, value: whole.into_bytes() })]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(name: &str) -> String {
        ContentDisposition { disposition: DispositionType::Attachment, parameters: called(name, "pdf") }.to_string()
    }

    #[test]
    fn a_name_in_any_letters_reaches_the_browser() {
        assert_eq!(header("document"), "attachment; filename=\"document.pdf\"");
        assert_eq!(header("Хат"), "attachment; filename=\"file.pdf\"; filename*=UTF-8''%D0%A5%D0%B0%D1%82.pdf");
    }
}
