//! `/{school}/oneroster/read`: another system's zip becomes two lists of the room of imports.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{ServiceConfig, block, post},
};
use identity::{Guard, Policy};
use kernel::{Error, id::show as show_id};
use serde::Deserialize;
use serde_json::json;
use web::{Answer, Site, upload::Sent};

use super::{
    ExportRoster, pages,
    rules::{Trouble, read},
    service,
    unpack::unpack,
};
use crate::imports::{BringIn, Desk};

/// The route of the form.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/oneroster/read", post().to(take));
}

#[derive(Debug, Default, Deserialize)]
struct Nothing {}

async fn take(req: HttpRequest, guard: Guard<BringIn>, mut sent: Sent<Nothing>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let today = t.day_of(guard.ctx.now());
    let desk = Desk { site, ctx: &guard.ctx, identity: &guard.identity, policy: Policy::of(&req), school: school.id, today };
    let read = match sent.raw() {
        // A file that breaks its reader is a broken file.
        Ok((name, bytes)) => match block(move || read(&unpack(&bytes)?, today)).await.unwrap_or(Err(Trouble::NotAZip)) {
            Ok(found) => Ok((name, found)),
            Err(trouble) => {
                let (key, args) = trouble.told();
                Err(t.with_json(key, &json!(args.into_iter().collect::<std::collections::BTreeMap<_, _>>())))
            }
        },
        Err(Error::Invalid(wrong)) => Err(t.text(wrong.first().map_or("upload-nothing", |field| field.message))),
        Err(other) => return Err(other.into()),
    };
    match read {
        Ok((name, found)) => {
            let to = match service::take(&desk, &school.code, &name, found).await? {
                [Some(only), None] | [None, Some(only)] => format!("/{}/imports/{}", school.code, show_id(only)),
                _ => format!("/{}/imports?done=oneroster", school.code),
            };
            Ok(HttpResponse::SeeOther().insert_header((LOCATION, to)).finish())
        }
        Err(says) => {
            // The page is the other right's: who brings lists in and takes none out learns it on a page of refusals.
            let page = Guard::<ExportRoster>::of(&req).await?;
            pages::render(&req, &page, Some(says)).await
        }
    }
}
