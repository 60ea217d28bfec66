//! `/support/devices/{id}`.

use actix_web::{
    HttpRequest,
    web::{Path, ServiceConfig, get},
};
use askama::Template;
use identity::Guard;
use kernel::{Error, id::DeviceId};
use web::{
    Answer, Page, Site, Texts,
    component::{Moment, StatusDot, Tone},
    csrf::{self, CsrfField},
};

use super::service::{self, Dossier};
use crate::health::{Condition, SeeDevices, Status};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/support/devices/{id}", get().to(show));
}

#[derive(Template)]
#[template(path = "device.html")]
struct DevicePage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    path: String,
    school: String,
    dot: StatusDot,
    dossier: Dossier,
}

impl DevicePage<'_> {
    fn at(&self, at: &jiff::Timestamp) -> Moment {
        Moment::ago(&self.t, *at)
    }

    /// A number with its unit, or a dash.
    fn figure(&self, value: &Option<i64>, key: &str, unit: i64) -> String {
        value.map_or_else(|| "—".to_owned(), |value| self.t.with(key, [("count", value / unit)]))
    }

    fn percent(&self, value: &Option<f64>) -> String {
        value.map_or_else(|| "—".to_owned(), |value| format!("{value:.0}\u{a0}%"))
    }

    fn gaps(&self, journal: &super::JournalRow) -> String {
        journal.gaps().iter().map(|(from, to)| if from == to { from.to_string() } else { format!("{from}–{to}") }).collect::<Vec<_>>().join(", ")
    }
}

async fn show(req: HttpRequest, guard: Guard<SeeDevices>, path: Path<String>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let id: DeviceId = path.parse().map_err(|_| Error::NotFound)?;
    let dossier = service::dossier(&site.db, &guard.ctx, id).await?;
    let t = t.in_zone(&dossier.status.zone);
    let view = DevicePage {
        csrf: csrf::field(&req),
        path: format!("/support/devices/{id}"),
        school: dossier.status.school_name(t.locale()).to_owned(),
        dot: dot(&t, dossier.status.condition(guard.ctx.now())),
        dossier,
        t,
    };
    Page::new(view.dossier.status.name.clone()).respond(&req, &view)
}

fn dot(t: &Texts<'_>, condition: Condition) -> StatusDot {
    let tone = match condition {
        Condition::Silent => Tone::Bad,
        Condition::Troubled => Tone::Warn,
        Condition::Well => Tone::Ok,
        Condition::NeverSeen | Condition::Retired => Tone::Unknown,
    };
    StatusDot { tone, text: t.text(format!("fleet-condition-{}", condition.as_str())) }
}

impl Status {
    /// The school's name in a language.
    pub fn school_name(&self, locale: kernel::Locale) -> &str {
        match locale {
            kernel::Locale::Kk => &self.school_name_kk,
            kernel::Locale::Ru => &self.school_name_ru,
            kernel::Locale::En => &self.school_name_en,
        }
    }
}
