//! `/{school}/pupils` and `/{school}/pupils/{id}`.

use actix_web::{
    HttpRequest,
    web::{Path, ServiceConfig, get},
};
use askama::Template;
use identity::{
    ClassGuard,
    trail::{self, Sight},
};
use kernel::{
    audit::Whose,
    id::{ClassId, PersonId},
};
use serde::Deserialize;
use serde_json::json;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon, Paging},
    failure::encoded,
    form::Asked,
};

use super::{Filter, PupilDetail, SeePupils, service, store::Pupil};
use crate::{
    classes::{self, Class},
    custody::SetCustody,
    photos::KeepPhotos,
};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/pupils", get().to(list)).route("/{school}/pupils/{id}", get().to(show));
}

#[derive(Debug, Deserialize)]
struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    class: String,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "pupils.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    path: String,
    q: &'a str,
    class: Option<ClassId>,
    classes: Vec<Class>,
    pupils: Vec<Pupil>,
    nobody: Empty,
    paging: Paging,
}

#[derive(Template)]
#[template(path = "pupil.html")]
struct PupilPage<'a> {
    t: Texts<'a>,
    list: String,
    confidential: Vec<(String, String)>,
    /// Where the picture is, when there is one that may be shown.
    photo: Option<String>,
    /// Where it is kept: address and words, for who keeps pictures.
    photo_form: Option<(String, String)>,
    /// Where limits of guardians are written down, for who does that.
    custody: Option<String>,
    pupil: PupilDetail,
}

async fn list(req: HttpRequest, guard: ClassGuard<SeePupils>, query: Asked<ListQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let class: Option<ClassId> = query.class.parse().ok();
    let filter = Filter { words: query.q.clone(), class, after: query.after.as_deref().and_then(|after| after.parse().ok()) };
    let found = service::pupils(&site.db, &guard.ctx, school.id, filter).await?;
    let sight = Sight::of(school.id, "people.list_pupils", Whose::persons(found.pupils.iter().map(|pupil| pupil.id)));
    trail::read(&req, &guard.ctx, [sight.filtered(json!({ "class": class, "searched": !query.q.trim().is_empty() }))]).await?;
    let classes = site.db.run(&guard.ctx.scope, async |tx| classes::within(tx, school.id, &guard.ctx.within::<SeePupils>()?).await).await?;
    let path = format!("/{}/pupils", school.code);
    let filtered = format!("{path}?q={}&class={}", encoded(&query.q), encoded(&query.class));
    let view = ListPage {
        paging: Paging::of(&t, &filtered, query.after.as_deref(), found.next.map(|next| next.to_string()).as_deref()),
        nobody: Empty { icon: Icon("people"), title: t.text("people-nobody-title"), body: t.text("people-nobody-body"), action: None },
        school_name: school.name(t.locale()),
        q: &query.q,
        class,
        classes,
        pupils: found.pupils,
        path,
        t,
    };
    Page::new(view.t.text("people-pupils-title")).respond(&req, &view)
}

async fn show(req: HttpRequest, guard: ClassGuard<SeePupils>, path: Path<(String, String)>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let id: PersonId = path.1.parse().map_err(|_| kernel::Error::NotFound)?;
    let pupil = service::pupil(&site.db, &guard.ctx, school.id, id).await?;
    let shown = std::iter::once(id).chain(pupil.guardians.iter().map(|guardian| guardian.id));
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "people.see_pupil", Whose::persons(shown))]).await?;
    let confidential = crate::confidential::links(&guard.identity, school, id, &t);
    let home = format!("/{}/pupils/{id}", school.code);
    let photo = pupil.has_photo.then(|| format!("{home}/photo"));
    let words = if pupil.has_photo { "photos-change" } else { "photos-add" };
    let photo_form = guard.ctx.require::<KeepPhotos>().is_ok().then(|| (format!("{home}/photo-form"), t.text(words)));
    let custody = guard.ctx.require::<SetCustody>().is_ok().then(|| format!("{home}/custody"));
    let view = PupilPage { t, custody, confidential, photo, photo_form, list: format!("/{}/pupils", school.code), pupil };
    Page::new(view.pupil.pupil.full_name()).narrow().respond(&req, &view)
}
