//! `/{school}/consents/{id}`: one pupil's consents with the ledger, and the form that writes down what was signed on paper; its scans.

use std::collections::HashMap;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use kernel::{Error, audit::Whose, error::FieldError, id::{FileId, PersonId}};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon, StatusDot},
    csrf::{self, CsrfField},
    download,
    upload::Sent,
    form::Asked,
};

use super::{
    RecordConsents, SeeConsents,
    own_pages::{WordLine, state_of, word_line},
    paper::Paper,
    school::{self, Sheet},
    school_pages::pupil_of,
};
use crate::{
    ClassGuard,
    trail::{self, Sight},
};

/// The fields of the form from paper.
type Fields = HashMap<String, String>;

/// The routes of a sheet.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/consents/{id}", get().to(show)).route("/{school}/consents/{id}/paper", post().to(record)).route("/{school}/consents/scans/{id}", get().to(scan));
}

#[derive(Debug, Deserialize)]
struct Done {
    recorded: Option<String>,
}

#[derive(Template)]
#[template(path = "consents_sheet.html")]
struct SheetPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    list: String,
    path: String,
    name: String,
    class: String,
    recorded: bool,
    rows: Vec<Row>,
    words: Vec<WordLine>,
    nothing: Empty,
    /// The form from paper, for who may write it down.
    form: Option<Form>,
}

struct Row {
    code: &'static str,
    name: String,
    state: StatusDot,
    typed: String,
}

struct Form {
    speakers: Vec<(String, String, bool)>,
    signed_on: String,
    russian: bool,
    /// What is wrong, by field: who, day, ticks, file.
    wrong: [Option<String>; 4],
}

async fn show(req: HttpRequest, guard: ClassGuard<SeeConsents>, path: Path<(String, String)>, query: Asked<Done>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let pupil = pupil_of(&path.1)?;
    let sheet = school::sheet(&site.db, &guard.ctx, school.id, pupil, t.day_of(guard.ctx.now()), t.locale()).await?;
    let shown = std::iter::once(pupil).chain(sheet.words.iter().map(|word| word.by_person)).chain(sheet.speakers.iter().map(|speaker| speaker.person_id));
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "consents.see_sheet", Whose::persons(shown))]).await?;
    let may_record = guard.ctx.within::<RecordConsents>().is_ok();
    let page = page(&req, &t, &school.code, &sheet, may_record.then_some((&Fields::new(), &[])), query.recorded.is_some());
    Page::new(page.name.clone()).respond(&req, &page)
}

fn page<'a>(req: &HttpRequest, t: &Texts<'a>, code: &str, sheet: &Sheet, typed: Option<(&Fields, &[FieldError])>, recorded: bool) -> SheetPage<'a> {
    let list = format!("/{code}/consents");
    let field = |name: &str| typed.and_then(|(fields, _)| fields.get(name)).cloned().unwrap_or_default();
    let row = |standing: &super::service::Standing| Row {
        code: standing.purpose.as_str(),
        name: t.text(format!("consents-purpose-{}", standing.purpose.key())),
        state: state_of(t, standing.rule, standing.act()),
        typed: field(standing.purpose.as_str()),
    };
    SheetPage {
        csrf: csrf::field(req),
        path: format!("{list}/{}", sheet.pupil.id),
        name: format!("{} {}", sheet.pupil.surname, sheet.pupil.given_name),
        class: sheet.pupil.class_label.clone(),
        recorded,
        rows: sheet.standings.iter().map(row).collect(),
        words: sheet.words.iter().map(|word| word_line(t, word, String::new(), word.file_id.map(|scan| format!("{list}/scans/{scan}")))).collect(),
        nothing: Empty { icon: Icon("check"), title: t.text("consents-ledger-nothing-title"), body: t.text("consents-ledger-nothing-body"), action: None },
        form: typed.map(|(fields, wrong)| form(t, sheet, fields, wrong)),
        list,
        t: t.clone(),
    }
}

fn form(t: &Texts<'_>, sheet: &Sheet, fields: &Fields, wrong: &[FieldError]) -> Form {
    let typed = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let error = |name: &str| wrong.iter().find(|field| field.field == name).map(|field| t.text(field.message));
    let speaker = |one: &super::store::Named| {
        let id = one.person_id.to_string();
        let chosen = typed("by") == id;
        (id, format!("{} {}", one.surname, one.given_name), chosen)
    };
    Form {
        speakers: sheet.speakers.iter().map(speaker).collect(),
        signed_on: typed("signed_on").to_owned(),
        russian: typed("language") == "ru",
        wrong: ["by", "signed_on", "said", "file"].map(error),
    }
}

async fn record(req: HttpRequest, guard: ClassGuard<RecordConsents>, path: Path<(String, String)>, sent: Sent<Fields>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let (pupil, today, mut sent) = (pupil_of(&path.1)?, t.day_of(guard.ctx.now()), sent);
    // First, whether the pupil is this school's at all: a stranger is not there, whatever the form says.
    let sheet = school::sheet(&site.db, &guard.ctx, school.id, pupil, today, t.locale()).await?;
    let done = match (Paper::parse(&sent.fields, today), sent.scan().await) {
        (Ok(paper), Ok(scan)) => school::record(site, &guard.ctx, school.id, pupil, &paper, &scan, today).await,
        (Ok(_), Err(error)) | (Err(error), Ok(_)) => Err(error),
        (Err(Error::Invalid(one)), Err(Error::Invalid(other))) => Err(Error::Invalid([one, other].concat())),
        (Err(error), Err(_)) => Err(error),
    };
    match done {
        Ok(_) => Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/{}/consents/{pupil}?recorded=yes", school.code))).finish()),
        Err(Error::Invalid(wrong)) => {
            let page = page(&req, &t, &school.code, &sheet, Some((&sent.fields, &wrong)), false);
            Page::new(page.name.clone()).status(StatusCode::UNPROCESSABLE_ENTITY).respond(&req, &page)
        }
        Err(other) => Err(other.into()),
    }
}

async fn scan(req: HttpRequest, guard: ClassGuard<SeeConsents>, path: Path<(String, String)>) -> Answer {
    let (site, school) = (Site::of(&req)?, guard.school()?);
    let id: FileId = path.1.parse().map_err(|_| Error::NotFound)?;
    let kept = school::scan(&site.db, &guard.ctx, school.id, id).await?;
    let whose: PersonId = kept.person;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "consents.see_scan", Whose::person(whose))]).await?;
    Ok(download::respond(&site.db, school.id, kept, "consent"))
}
