//! `/my/{child}/absence/document`: a guardian adds the document of a note and opens it; `/{school}/absences/{id}/document`: the school does.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Path, ServiceConfig, get, post},
};
use identity::{
    Child, ClassGuard, MyGuard,
    trail::{self, Sight},
};
use kernel::{
    Error,
    audit::Whose,
    error::FieldError,
    id::read,
    vault::Vault,
};
use people::confidential::vault_of;
use serde::Deserialize;
use web::{
    Answer, Site,
    download,
    form::Asked,
    upload,
};

use super::{
    super::{
        SeeAbsenceDocuments,
        own_pages::{self, Shown},
        rules::Typed,
    },
    service::{self, Opened, Sent},
};

/// The routes of a guardian.
pub fn own_routes(cfg: &mut ServiceConfig) {
    cfg.route("/my/{child:[0-9a-zA-Z]{26}}/absence/document", get().to(open)).route("/my/{child:[0-9a-zA-Z]{26}}/absence/document", post().to(add));
}

/// The route of the school.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/absences/{id}/document", get().to(open_at_school));
}

#[derive(Debug, Deserialize)]
struct OfNote {
    #[serde(default)]
    note: String,
}

async fn open(req: HttpRequest, guard: MyGuard, child: Path<String>, query: Asked<OfNote>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let family = own_pages::family_of(&guard, &child)?;
    // Kept as health records are: nobody opens them with another's eyes (`identity::see_as`, invariant 3).
    if guard.identity.seer.is_some() {
        return Err(Error::Refused("identity.see_as_only_looks").into());
    }
    // An address that names no note leads to where they stand.
    let Some(note) = read(&query.0.note) else { return Ok(own_pages::to(family.child, "")) };
    let opened = service::own(&site.db, &guard.ctx, vault(&req)?, family, note, t.day_of(guard.ctx.now())).await?;
    trail::read(&req, &guard.ctx, Sight::of_children("safety.see_absence_document", &[Child { school: family.school, person: family.child }])).await?;
    Ok(given(opened))
}

async fn add(req: HttpRequest, guard: MyGuard, child: Path<String>, sent: upload::Sent<OfNote>) -> Answer {
    let (site, t, mut sent) = (Site::of(&req)?, web::page::texts(&req)?, sent);
    let family = own_pages::family_of(&guard, &child)?;
    let Some(note) = read(&sent.fields.note) else { return Ok(own_pages::to(family.child, "")) };
    let added = match sent.scan().await {
        Ok(scan) => service::add(&site.db, &guard.ctx, family, note, Sent { vault: vault(&req)?, scan: &scan }, t.day_of(guard.ctx.now())).await,
        Err(wrong) => Err(wrong),
    };
    match added {
        Ok(()) => Ok(own_pages::to(family.child, "document")),
        Err(Error::Invalid(wrong)) => own_pages::render(&req, &guard, family, Shown { typed: Typed::default(), wrong, at: Some(note), done: None }).await,
        Err(other) => Err(other.into()),
    }
}

async fn open_at_school(req: HttpRequest, guard: ClassGuard<SeeAbsenceDocuments>, path: Path<(String, String)>) -> Answer {
    let (site, school) = (Site::of(&req)?, guard.school()?);
    let note = read(&path.1).ok_or(Error::NotFound)?;
    let opened = service::of_school(&site.db, &guard.ctx, vault(&req)?, school.id, note).await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "safety.see_absence_document", Whose::person(opened.child))]).await?;
    Ok(given(opened))
}

fn given(opened: Opened) -> HttpResponse {
    download::whole(opened.media, opened.bytes, &format!("absence-{}", opened.from))
}

/// What seals documents; an installation without a key takes none and has none.
fn vault(req: &HttpRequest) -> kernel::Result<&Vault> {
    vault_of(req).ok_or(Error::Refused("people.no_records_key"))
}

/// The document that came with a form, if one did.
///
/// # Errors
/// The field `file`, with what is wrong with it.
pub async fn chosen(req: &HttpRequest, sent: &mut upload::Sent<Typed>) -> kernel::Result<Option<upload::Scan>> {
    match sent.scan().await {
        Ok(_) if vault_of(req).is_none() => Err(Error::Refused("people.no_records_key")),
        Ok(scan) => Ok(Some(scan)),
        Err(Error::Invalid(wrong)) if wrong.iter().all(is_nothing) => Ok(None),
        Err(other) => Err(other),
    }
}

fn is_nothing(wrong: &FieldError) -> bool {
    wrong.message == "upload-nothing"
}
