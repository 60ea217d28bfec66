//! Kept files on their way to a browser: a chunk at a time, to be saved and not shown, and not kept by anything between.
//!
//! A picture is shown by `<img>` all the same, which asks nothing of how it came; what is opened by itself is saved.

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, ContentDisposition, DispositionParam, DispositionType},
    web::Bytes,
};
use futures_util::{TryStreamExt, stream};
use kernel::{
    Error,
    db::{Db, Scope},
    file::{Files, InDatabase, Kept},
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
    let file = format!("{name}.{}", kept.media.ending());
    let disposition = ContentDisposition { disposition: DispositionType::Attachment, parameters: vec![DispositionParam::Filename(file)] };
    HttpResponse::Ok()
        .content_type(kept.media.as_str())
        .insert_header((CONTENT_DISPOSITION, disposition))
        .insert_header((CACHE_CONTROL, "private, no-store"))
        // An error in the middle ends the connection: the browser sees a broken file and not a short one.
        .streaming(Box::pin(chunks.map_err(Failure::from)))
}
