//! `/{school}/pupils/{id}/custody`: what a guardian of this pupil may not, and since when.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    Guard,
    trail::{self, Sight},
};
use jiff::civil::Date;
use kernel::{
    Error,
    audit::Whose,
    error::FieldError,
    id::{PersonId, Uuid, read, show as show_id},
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Choice, FormField, Need},
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    SetCustody,
    rules::{NewLimit, Typed},
    service,
    store::Limit,
};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/pupils/{id}/custody", get().to(show))
        .route("/{school}/pupils/{id}/custody", post().to(set))
        .route("/{school}/pupils/{id}/custody/end", post().to(end));
}

#[derive(Debug, Deserialize)]
struct Done {
    done: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct LimitForm {
    #[serde(default)]
    id: String,
    #[serde(default)]
    guardian: String,
    #[serde(default)]
    limited: String,
    #[serde(default)]
    basis: String,
    #[serde(default)]
    act_number: String,
    #[serde(default)]
    act_date: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

#[derive(Debug, Deserialize)]
struct EndForm {
    #[serde(default)]
    limit: String,
}

#[derive(Template)]
#[template(path = "custody.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    pupil: String,
    path: String,
    name: String,
    done: Option<String>,
    lines: Vec<Line>,
    /// Whether there is a guardian to limit.
    has_kin: bool,
    id: String,
    fields: [FormField; 7],
}

struct Line {
    id: String,
    guardian: String,
    what: String,
    basis: String,
    days: String,
    state: String,
    set: String,
    ends: bool,
}

async fn show(req: HttpRequest, guard: Guard<SetCustody>, path: Path<(String, String)>, query: Asked<Done>) -> Answer {
    let form = LimitForm { id: show_id(guard.ctx.id::<Uuid>()), ..LimitForm::default() };
    render(&req, &guard, pupil_of(&path.1)?, form, query.done.as_deref(), &[]).await
}

async fn set(req: HttpRequest, guard: Guard<SetCustody>, path: Path<(String, String)>, form: Posted<LimitForm>) -> Answer {
    let (site, t, school, pupil, typed) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, pupil_of(&path.1)?, form.0);
    let overview = service::overview(&site.db, &guard.ctx, school.id, pupil).await?;
    let guardians: Vec<PersonId> = overview.kin.iter().map(|kin| kin.guardian_id).collect();
    let fields = Typed {
        guardian: &typed.guardian,
        limited: &typed.limited,
        basis: &typed.basis,
        act_number: &typed.act_number,
        act_date: &typed.act_date,
        from: &typed.from,
        to: &typed.to,
    };
    match NewLimit::parse(fields, &guardians, t.day_of(guard.ctx.now())) {
        Ok(limit) => {
            service::set(&site.db, &guard.ctx, school.id, pupil, read(&typed.id).unwrap_or_else(|| guard.ctx.id()), limit).await?;
            Ok(back(&school.code, pupil, "set"))
        }
        Err(Error::Invalid(wrong)) => render(&req, &guard, pupil, typed, None, &wrong).await,
        Err(other) => Err(other.into()),
    }
}

async fn end(req: HttpRequest, guard: Guard<SetCustody>, path: Path<(String, String)>, form: Posted<EndForm>) -> Answer {
    let (site, school, pupil) = (Site::of(&req)?, guard.school()?, pupil_of(&path.1)?);
    service::overview(&site.db, &guard.ctx, school.id, pupil).await?;
    if let Some(limit) = read(&form.0.limit) {
        service::end(&site.db, &guard.ctx, school.id, pupil, limit).await?;
    }
    Ok(back(&school.code, pupil, "ended"))
}

async fn render(req: &HttpRequest, guard: &Guard<SetCustody>, pupil: PersonId, typed: LimitForm, done: Option<&str>, wrong: &[FieldError]) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let overview = service::overview(&site.db, &guard.ctx, school.id, pupil).await?;
    let shown = std::iter::once(pupil).chain(overview.kin.iter().map(|kin| kin.guardian_id)).chain(overview.limits.iter().map(|limit| limit.guardian_id));
    trail::read(req, &guard.ctx, [Sight::of(school.id, "people.see_custody", Whose::persons(shown))]).await?;
    let kin = overview.kin.iter().map(|kin| Choice::new(kin.guardian_id.to_string(), &kin.name)).collect();
    let today = t.day_of(guard.ctx.now());
    let page = format!("/{}/pupils/{pupil}", school.code);
    let view = View {
        csrf: csrf::field(req),
        path: format!("{page}/custody"),
        pupil: page,
        name: overview.pupil.pupil.full_name(),
        done: ["set", "ended"].into_iter().find(|known| done == Some(*known)).map(|done| t.text(format!("custody-done-{done}"))),
        lines: overview.limits.iter().map(|limit| line(&t, limit, today)).collect(),
        has_kin: !overview.kin.is_empty(),
        fields: fields(&t, &typed, kin, wrong),
        id: typed.id,
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(t.text("custody-title")).narrow().status(status).respond(req, &view)
}

fn fields(t: &Texts<'_>, typed: &LimitForm, kin: Vec<Choice>, wrong: &[FieldError]) -> [FormField; 7] {
    let done = |field: FormField, value: &str| field.value(value).error_in(wrong, t);
    let choice = |(value, key): (&str, &str)| Choice::new(value, t.text(key));
    let limits = [("data", "custody-data"), ("pickup", "custody-pickup"), ("both", "custody-both")].map(choice).into();
    let bases = [("court_act", "custody-court-act"), ("family_word", "custody-by-word")].map(choice).into();
    let of_an_act = || Need::Optional(t.text("custody-act-if"));
    [
        done(FormField::select("guardian", t.text("custody-guardian"), Need::Required, kin, None), &typed.guardian),
        done(FormField::select("limited", t.text("custody-limited"), Need::Required, limits, None), &typed.limited),
        done(FormField::select("basis", t.text("custody-basis"), Need::Required, bases, None), &typed.basis),
        done(FormField::text("act_number", t.text("custody-act-number"), of_an_act()).most(100).autocomplete("off"), &typed.act_number),
        done(FormField::date("act_date", t.text("custody-act-date"), of_an_act()), &typed.act_date),
        done(FormField::date("from", t.text("custody-first-day"), Need::optional(t)).hint(t.text("custody-first-day-hint")), &typed.from),
        done(FormField::date("to", t.text("custody-last-day"), Need::optional(t)).hint(t.text("custody-last-day-hint")), &typed.to),
    ]
}

fn line(t: &Texts<'_>, limit: &Limit, today: Date) -> Line {
    let date = |day: Date| day.strftime("%d.%m.%Y").to_string();
    let what = match (limit.no_data, limit.no_pickup) {
        (true, true) => "custody-both",
        (true, false) => "custody-data",
        (false, _) => "custody-pickup",
    };
    let is_over = limit.ended_at.is_some() || limit.valid_to.is_some_and(|to| to < today);
    let state = match (is_over, limit.valid_from > today) {
        (true, _) => "custody-over",
        (false, true) => "custody-to-come",
        (false, false) => "custody-now",
    };
    Line {
        id: show_id(limit.id),
        guardian: limit.guardian.clone(),
        what: t.text(what),
        basis: match (&limit.act_number, limit.act_date) {
            (Some(number), Some(day)) => t.with("custody-by-act", (("number", number.as_str()), ("date", date(day)))),
            _ => t.text("custody-by-word"),
        },
        days: match limit.valid_to {
            Some(to) => t.with("custody-from-to", (("from", date(limit.valid_from)), ("to", date(to)))),
            None => t.with("custody-from", [("from", date(limit.valid_from))]),
        },
        state: t.text(state),
        set: t.with("custody-set-by", (("name", limit.set_by.clone().unwrap_or_default()), ("date", t.date(limit.set_at)))),
        ends: !is_over,
    }
}

fn pupil_of(text: &str) -> kernel::Result<PersonId> {
    text.parse().map_err(|_| Error::NotFound)
}

fn back(code: &str, pupil: PersonId, done: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, format!("/{code}/pupils/{pupil}/custody?done={done}"))).finish()
}
