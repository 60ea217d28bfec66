//! `/{school}/consents/blank`: forms to print, one for each pupil of a class, in Kazakh and Russian whatever the reader's language is,
//! since who signs reads one of them. What comes back signed is written down on the pupil's sheet.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, get},
};
use askama::Template;
use kernel::{Locale, audit::Whose, id::ClassId};
use serde::Deserialize;
use web::{Answer, Page, Site, Texts, form::Asked};

use super::{SeeConsents, own_pages::facts, school, service::Standing};
use crate::{
    ClassGuard, School,
    trail::{self, Sight},
};

/// The languages of a form.
const LANGUAGES: [Locale; 2] = [Locale::Kk, Locale::Ru];

/// The route of the forms.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/consents-blank", get().to(blank));
}

#[derive(Debug, Deserialize)]
struct BlankQuery {
    #[serde(default)]
    class: String,
}

#[derive(Template)]
#[template(path = "consents_blank.html")]
struct BlankPage<'a> {
    t: Texts<'a>,
    home: String,
    classes: Vec<(String, String, bool)>,
    /// Name and class, one a form.
    pupils: Vec<(String, String)>,
    parts: Vec<Part<'a>>,
}

/// A form's text in one language.
struct Part<'a> {
    t: Texts<'a>,
    language: &'static str,
    school: String,
    purposes: Vec<(String, Vec<(String, String)>)>,
}

async fn blank(req: HttpRequest, guard: ClassGuard<SeeConsents>, query: Asked<BlankQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let class: Option<ClassId> = query.class.parse().ok();
    let (classes, pupils) = school::classes(&site.db, &guard.ctx, school.id, class).await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "consents.print_blank", Whose::persons(pupils.iter().map(|pupil| pupil.id)))]).await?;
    let today = t.day_of(guard.ctx.now());
    let mut parts = Vec::new();
    for locale in LANGUAGES {
        let purposes = school::purposes(&site.db, &guard.ctx, school.id, today, locale).await?;
        parts.push(part(site, school, locale, &purposes));
    }
    let view = BlankPage {
        home: format!("/{}", school.code),
        classes: classes.into_iter().map(|one| (one.class_id.to_string(), one.class_label, class == Some(one.class_id))).collect(),
        pupils: pupils.into_iter().map(|pupil| (format!("{} {}", pupil.surname, pupil.given_name), pupil.class_label)).collect(),
        parts,
        t,
    };
    Page::new(view.t.text("consents-blank-title")).respond(&req, &view)
}

fn part<'a>(site: &'a Site, school: &School, locale: Locale, purposes: &[Standing]) -> Part<'a> {
    let t = site.texts(locale);
    let name = school.name(locale).to_owned();
    // Who the operator is stands once at the head.
    let told = |standing: &Standing| (t.text(format!("consents-purpose-{}", standing.purpose.key())), facts(&t, &standing.text, &name).into_iter().skip(1).collect());
    Part { language: locale.as_str(), purposes: purposes.iter().map(told).collect(), school: name.clone(), t: t.clone() }
}
