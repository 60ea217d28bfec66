//! `/{school}/pupils/{id}/health`, `…/social`, `…/psychology` and `/{school}/confidential`.

use std::collections::HashMap;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Data, Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    Guard,
    trail::{self, Sight},
};
use kernel::{
    Ctx, Error,
    audit::Whose,
    error::FieldError,
    id::{PersonId, Uuid, read, show as show_id},
    vault::{Realm, Vault},
};
use serde::Deserialize;
use serde_json::json;
use web::{
    Answer, Page, Site, Texts,
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    CountConfidential, SeeHealth, SeePsychology, SeeSocial, WriteHealth, WritePsychology, WriteSocial,
    rules::{Category, Content, LEAST_SHOWN},
    service::{self, Draft, File, NeedToKnow, Version},
};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/pupils/{id}/health", get().to(health))
        .route("/{school}/pupils/{id}/health", post().to(write_health))
        .route("/{school}/pupils/{id}/social", get().to(social))
        .route("/{school}/pupils/{id}/social", post().to(write_social))
        .route("/{school}/pupils/{id}/psychology", get().to(psychology))
        .route("/{school}/pupils/{id}/psychology", post().to(write_psychology))
        .route("/{school}/confidential", get().to(count));
}

/// Why psychology is looked at: written into the audit in the words of whoever asks.
const REASONS: [&str; 5] = ["consultation", "family-request", "commission", "observation", "check"];

#[derive(Debug, Default, Deserialize)]
struct Opening {
    #[serde(default)]
    reason: String,
    /// The record to correct.
    correct: Option<String>,
    saved: Option<String>,
}

type Typed = HashMap<String, String>;

#[derive(Template)]
#[template(path = "confidential.html")]
struct FilePage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    realm: &'static str,
    title: String,
    here: String,
    pupil: String,
    name: String,
    class_label: Option<String>,
    printed: String,
    state: State,
    saved: bool,
    reasons: Vec<(String, String)>,
    records: Vec<RecordView>,
    form: FormView,
}

/// What stands in the way of showing records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    NoKey,
    NoConsent,
    AskReason,
    Shown,
}

struct RecordView {
    correct: String,
    newest: VersionView,
    older: Vec<VersionView>,
}

struct VersionView {
    facts: Vec<(String, String)>,
    notes: String,
    written: String,
}

struct FormView {
    row: String,
    record: Option<String>,
    version: i32,
    reason: String,
    groups: Vec<(u8, bool)>,
    categories: Vec<(&'static str, String, bool)>,
    values: HashMap<&'static str, String>,
    errors: HashMap<&'static str, String>,
}

impl FormView {
    fn value(&self, field: &str) -> &str {
        self.values.get(field).map(String::as_str).unwrap_or_default()
    }

    fn error(&self, field: &str) -> Option<&String> {
        self.errors.get(field)
    }
}

#[derive(Template)]
#[template(path = "confidential_counts.html")]
struct CountPage<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    has_key: bool,
    least: i64,
    lines: Vec<(String, Option<i64>)>,
}

async fn health(req: HttpRequest, guard: Guard<SeeHealth>, path: Path<(String, String)>, asked: Asked<Opening>) -> Answer {
    let what = what(&guard, &path.1, Realm::Health)?;
    let file = look(&req, &guard.ctx, what, &asked).await?;
    let sight = Sight::of(what.school, "people.see_health", Whose::person(what.pupil));
    trail::read(&req, &guard.ctx, [sight.filtered(json!({ "shown": file.state == State::Shown }))]).await?;
    answer(&req, &guard.ctx, what, file, &asked, &[])
}

async fn social(req: HttpRequest, guard: Guard<SeeSocial>, path: Path<(String, String)>, asked: Asked<Opening>) -> Answer {
    let what = what(&guard, &path.1, Realm::Social)?;
    let file = look(&req, &guard.ctx, what, &asked).await?;
    let sight = Sight::of(what.school, "people.see_social", Whose::person(what.pupil));
    trail::read(&req, &guard.ctx, [sight.filtered(json!({ "shown": file.state == State::Shown }))]).await?;
    answer(&req, &guard.ctx, what, file, &asked, &[])
}

async fn psychology(req: HttpRequest, guard: Guard<SeePsychology>, path: Path<(String, String)>, asked: Asked<Opening>) -> Answer {
    let what = what(&guard, &path.1, Realm::Psychology)?;
    let ctx = because(&req, &guard.ctx, &asked)?;
    let file = look(&req, &ctx, what, &asked).await?;
    let sight = Sight::of(what.school, "people.see_psychology", Whose::person(what.pupil));
    trail::read(&req, &ctx, [sight.filtered(json!({ "shown": file.state == State::Shown }))]).await?;
    answer(&req, &ctx, what, file, &asked, &[])
}

async fn write_health(req: HttpRequest, guard: Guard<WriteHealth>, path: Path<(String, String)>, form: Posted<Typed>) -> Answer {
    let what = what(&guard, &path.1, Realm::Health)?;
    save(&req, &guard.ctx, what, &form.0).await
}

async fn write_social(req: HttpRequest, guard: Guard<WriteSocial>, path: Path<(String, String)>, form: Posted<Typed>) -> Answer {
    let what = what(&guard, &path.1, Realm::Social)?;
    save(&req, &guard.ctx, what, &form.0).await
}

async fn write_psychology(req: HttpRequest, guard: Guard<WritePsychology>, path: Path<(String, String)>, form: Posted<Typed>) -> Answer {
    let what = what(&guard, &path.1, Realm::Psychology)?;
    save(&req, &guard.ctx, what, &form.0).await
}

async fn count(req: HttpRequest, guard: Guard<CountConfidential>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let counts = service::counts(&site.db, &guard.ctx, school.id).await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "people.count_confidential", Whose::Nobody)]).await?;
    let view = CountPage {
        school_name: school.name(t.locale()),
        has_key: vault_of(&req).is_some(),
        least: LEAST_SHOWN,
        lines: counts.into_iter().map(|(realm, pupils)| (t.text(format!("confidential-realm-{}", realm.as_str())), pupils)).collect(),
        t: t.clone(),
    };
    Page::new(t.text("confidential-counts-title")).narrow().respond(&req, &view)
}

/// Where the installation has no key, there is no vault.
pub fn vault_of(req: &HttpRequest) -> Option<&Vault> {
    req.app_data::<Data<Vault>>().map(Data::get_ref)
}

fn what<P: kernel::right::Permission>(guard: &Guard<P>, id: &str, realm: Realm) -> kernel::Result<NeedToKnow> {
    Ok(NeedToKnow { school: guard.school()?.id, pupil: id.parse().map_err(|_| Error::NotFound)?, realm })
}

/// The context with the reason that was chosen, in words.
fn because(req: &HttpRequest, ctx: &Ctx, asked: &Opening) -> kernel::Result<Ctx> {
    let t = web::page::texts(req)?;
    Ok(if REASONS.contains(&asked.reason.as_str()) { ctx.clone().because(&t.text(format!("confidential-reason-{}", asked.reason))) } else { ctx.clone() })
}

/// What a page is about to show.
struct Looked {
    file: File,
    state: State,
}

async fn look(req: &HttpRequest, ctx: &Ctx, what: NeedToKnow, asked: &Opening) -> kernel::Result<Looked> {
    let vault = vault_of(req);
    let asks = what.realm == Realm::Psychology && !REASONS.contains(&asked.reason.as_str());
    let file = service::file(&Site::of(req)?.db, ctx, vault.filter(|_| !asks), what).await?;
    let state = match (vault, file.consented) {
        (None, _) => State::NoKey,
        (Some(_), false) => State::NoConsent,
        (Some(_), true) if asks => State::AskReason,
        (Some(_), true) => State::Shown,
    };
    Ok(Looked { file, state })
}

async fn save(req: &HttpRequest, ctx: &Ctx, what: NeedToKnow, typed: &Typed) -> Answer {
    let site = Site::of(req)?;
    let text = |field: &str| typed.get(field).map(String::as_str).unwrap_or_default();
    let asked = Opening { reason: text("reason").to_owned(), correct: None, saved: None };
    // Whose record it would be is decided before anything else is: of a stranger there is nothing to say.
    let file = service::file(&site.db, ctx, None, what).await?;
    let Some(vault) = vault_of(req) else { return Err(Error::Refused("people.no_records_key").into()) };
    let version = text("version").parse().unwrap_or(0);
    let corrects = read(text("record")).map(|record| (record, version));
    let row = read(text("row")).unwrap_or_else(|| ctx.id::<Uuid>());
    match Content::parse(what.realm, typed) {
        Ok(content) => {
            service::write(&site.db, ctx, vault, what, Draft { row, corrects, content }).await?;
            let back = format!("{}?saved=1&reason={}", req.path(), web::failure::encoded(&asked.reason));
            Ok(HttpResponse::SeeOther().insert_header((LOCATION, back)).finish())
        }
        Err(Error::Invalid(wrong)) => {
            trail::read(req, ctx, [Sight::of(what.school, "people.see_confidential_form", Whose::person(what.pupil))]).await?;
            let mut view = page(req, ctx, what, Looked { file, state: State::Shown }, &asked, &wrong)?;
            for (field, value) in typed {
                if let Some(field) = FIELDS.into_iter().find(|known| known == field) {
                    view.form.values.insert(field, value.clone());
                }
            }
            (view.form.record, view.form.version, view.form.row) = (corrects.map(|(record, _)| show_id(record)), version, show_id(row));
            view.form.groups = groups(text("group").parse().ok());
            view.form.categories = categories(&view.t, text("category"));
            respond(req, &view, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(other) => Err(other.into()),
    }
}

const FIELDS: [&str; 4] = ["proof", "from", "to", "notes"];

fn answer(req: &HttpRequest, ctx: &Ctx, what: NeedToKnow, looked: Looked, asked: &Opening, wrong: &[FieldError]) -> Answer {
    let view = page(req, ctx, what, looked, asked, wrong)?;
    respond(req, &view, StatusCode::OK)
}

fn respond(req: &HttpRequest, view: &FilePage<'_>, status: StatusCode) -> Answer {
    Page::new(view.title.clone()).narrow().status(status).respond(req, view)
}

fn page<'a>(req: &'a HttpRequest, ctx: &Ctx, what: NeedToKnow, looked: Looked, asked: &Opening, wrong: &[FieldError]) -> kernel::Result<FilePage<'a>> {
    let t = web::page::texts(req)?;
    let Looked { file, state } = looked;
    let here = req.path().to_owned();
    let corrected = asked.correct.as_deref().and_then(read).and_then(|id| file.records.iter().find(|record| record.id == id));
    let newest = corrected.and_then(|record| record.versions.first().map(|version| (record.id, version)));
    let form = form(&t, ctx, newest, asked, wrong);
    let records = file.records.into_iter().map(|record| {
        let correct = format!("{here}?correct={}&reason={}#form", show_id(record.id), web::failure::encoded(&asked.reason));
        let mut versions = record.versions.iter().map(|version| version_view(&t, version));
        versions.next().map(|newest| RecordView { correct, newest, older: versions.collect() })
    });
    let pupil = &file.pupil;
    Ok(FilePage {
        csrf: csrf::field(req),
        realm: what.realm.as_str(),
        title: t.text(format!("confidential-realm-{}", what.realm.as_str())),
        pupil: here.rsplit_once('/').map(|(pupil, _)| pupil.to_owned()).unwrap_or_default(),
        name: [Some(pupil.surname.as_str()), Some(pupil.given_name.as_str()), pupil.patronymic.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" "),
        class_label: pupil.class_label.clone(),
        printed: t.moment(ctx.now()),
        state,
        saved: asked.saved.is_some(),
        reasons: REASONS.map(|reason| (reason.to_owned(), t.text(format!("confidential-reason-{reason}")))).into(),
        records: records.flatten().collect(),
        form,
        here,
        t,
    })
}

fn form(t: &Texts<'_>, ctx: &Ctx, corrected: Option<(Uuid, &Version)>, asked: &Opening, wrong: &[FieldError]) -> FormView {
    let (mut group, mut category, mut values) = (None, "", HashMap::new());
    match corrected.map(|(_, version)| &version.content) {
        Some(Content::Health { group: known, notes }) => {
            group = Some(*known);
            values.insert("notes", notes.clone());
        }
        Some(Content::Social { category: known, proof, from, to, notes }) => {
            category = known.as_str();
            values.insert("proof", proof.clone());
            values.insert("from", from.to_string());
            values.insert("to", to.map(|to| to.to_string()).unwrap_or_default());
            values.insert("notes", notes.clone());
        }
        Some(Content::Psychology { notes }) => {
            values.insert("notes", notes.clone());
        }
        None => {}
    }
    FormView {
        row: show_id(ctx.id::<Uuid>()),
        record: corrected.map(|(record, _)| show_id(record)),
        version: corrected.map_or(0, |(_, version)| version.number),
        reason: asked.reason.clone(),
        groups: groups(group),
        categories: categories(t, category),
        values,
        errors: wrong.iter().map(|wrong| (wrong.field, t.text(wrong.message))).collect(),
    }
}

fn groups(chosen: Option<u8>) -> Vec<(u8, bool)> {
    (1..=5).map(|group| (group, chosen == Some(group))).collect()
}

fn categories(t: &Texts<'_>, chosen: &str) -> Vec<(&'static str, String, bool)> {
    Category::ALL.map(|category| (category.as_str(), t.text(format!("confidential-category-{}", category.as_str())), category.as_str() == chosen)).into()
}

fn version_view(t: &Texts<'_>, version: &Version) -> VersionView {
    let written = t.with("confidential-written", (("who", version.writer.clone().unwrap_or_default()), ("at", t.moment(version.written_at))));
    let (facts, notes) = match &version.content {
        Content::Health { group, notes } => (vec![(t.text("confidential-group"), t.number(i64::from(*group)))], notes.clone()),
        Content::Social { category, proof, from, to, notes } => {
            let day = |day: &jiff::civil::Date| day.strftime("%d.%m.%Y").to_string();
            let mut facts = vec![
                (t.text("confidential-category"), t.text(format!("confidential-category-{}", category.as_str()))),
                (t.text("confidential-proof"), proof.clone()),
                (t.text("confidential-from"), day(from)),
            ];
            facts.extend(to.as_ref().map(|to| (t.text("confidential-to"), day(to))));
            (facts, notes.clone())
        }
        Content::Psychology { notes } => (Vec::new(), notes.clone()),
    };
    VersionView { facts, notes, written }
}

/// The links of a pupil's page to the records that its reader may open.
pub(crate) fn links(identity: &identity::Identity, school: &identity::School, pupil: PersonId, t: &Texts<'_>) -> Vec<(String, String)> {
    let held = [
        (Realm::Health, service::holds::<SeeHealth>(identity, school.id)),
        (Realm::Social, service::holds::<SeeSocial>(identity, school.id)),
        (Realm::Psychology, service::holds::<SeePsychology>(identity, school.id)),
    ];
    let link = |realm: Realm| (format!("/{}/pupils/{pupil}/{}", school.code, realm.as_str()), t.text(format!("confidential-realm-{}", realm.as_str())));
    held.into_iter().filter(|(_, held)| *held).map(|(realm, _)| link(realm)).collect()
}
