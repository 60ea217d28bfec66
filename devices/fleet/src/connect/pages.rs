//! `/support/connect`, `/support/connect/{id}` and what has arrived.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{Data, Path, ServiceConfig, get, post},
};
use askama::{Template, filters::HtmlSafe};
use identity::{
    Guard,
    trail::{self, Sight},
};
use kernel::{Error, audit::Whose, id::DeviceId, id::SchoolId};
use people::organisation::{self, Organisation};
use protocol::{
    down::Ack,
    topic::{Channel, Code, Topic},
};
use serde::Deserialize;
use web::{
    Answer, Failure, Mode, Page, Site, Texts,
    component::Moment,
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    Commands, Terminal,
    service::{self, Arrived},
    store::{Link, Trial},
};
use crate::{
    health::Status,
    registry::{self, Kind, NewDevice, RegisterDevices},
};

/// Where devices reach the broker from outside. The server registers it as `actix_web::web::Data`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokerAddress {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
}

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/support/connect", get().to(choose))
        .route("/support/connect", post().to(begin))
        .route("/support/connect/{id}", get().to(steps))
        .route("/support/connect/{id}", post().to(renew))
        .route("/support/connect/{id}/arrived", get().to(arrived));
}

#[derive(Debug, Deserialize)]
struct BeginForm {
    id: String,
    school: String,
}

#[derive(Debug, Deserialize)]
struct NoFields {}

#[derive(Debug, Default, Deserialize)]
struct StepsQuery {
    card: Option<String>,
}

#[derive(Template)]
#[template(path = "connect.html")]
struct ChoosePage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    id: String,
    schools: Vec<Organisation>,
    links: Vec<Link>,
}

#[derive(Template)]
#[template(path = "connect_steps.html")]
struct StepsPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    path: String,
    status: Status,
    school: String,
    password: Option<String>,
    trials: Vec<Trial>,
    card: String,
    topic: String,
    commands: Commands,
    arrived: ArrivedPart<'a>,
}

#[derive(Template)]
#[template(path = "connect_arrived.html")]
struct ArrivedPart<'a> {
    t: Texts<'a>,
    arrived: Arrived,
    ack_topic: String,
    ack: Option<String>,
}

impl HtmlSafe for ArrivedPart<'_> {}

impl ArrivedPart<'_> {
    fn at(&self, at: &jiff::Timestamp) -> Moment {
        Moment::ago(&self.t, *at)
    }
}

async fn choose(req: HttpRequest, guard: Guard<RegisterDevices>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let schools = site.db.run(&guard.ctx.scope, async |tx| organisation::schools(tx).await).await?;
    let links = service::links(&site.db, &guard.ctx).await?;
    let view = ChoosePage { csrf: csrf::field(&req), id: guard.ctx.id::<DeviceId>().to_string(), schools, links, t };
    Page::new(view.t.text("fleet-connect-title")).narrow().respond(&req, &view)
}

async fn begin(req: HttpRequest, guard: Guard<RegisterDevices>, form: Posted<BeginForm>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let school: SchoolId = form.0.school.parse().map_err(|_| Error::invalid("school", "fleet-field-school-missing"))?;
    let id: DeviceId = form.0.id.parse().unwrap_or_else(|_| guard.ctx.id());
    let device = NewDevice { kind: Kind::Link, name: t.text("fleet-connect-name"), place: t.text("fleet-connect-place") };
    match registry::register(&site.db, &guard.ctx, school, id, device).await {
        Ok(registration) => show_steps(&req, &guard, id, Some(registration.password), None).await,
        // The form was sent twice; its password was on the first answer.
        Err(Error::Refused("fleet.already_registered")) => Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/support/connect/{id}"))).finish()),
        Err(other) => Err(other.into()),
    }
}

async fn steps(req: HttpRequest, guard: Guard<RegisterDevices>, path: Path<String>, query: Asked<StepsQuery>) -> Answer {
    show_steps(&req, &guard, device_of(&path)?, None, query.into_inner().card).await
}

async fn renew(req: HttpRequest, guard: Guard<RegisterDevices>, path: Path<String>, _form: Posted<NoFields>) -> Answer {
    let id = device_of(&path)?;
    let registration = registry::renew_password(&Site::of(&req)?.db, &guard.ctx, id).await?;
    show_steps(&req, &guard, id, Some(registration.password), None).await
}

async fn arrived(req: HttpRequest, guard: Guard<RegisterDevices>, path: Path<String>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let arrived = service::arrived(&site.db, &guard.ctx, device_of(&path)?).await?;
    trail::read(&req, &guard.ctx, [sight(&arrived, &[])]).await?;
    let part = part(t, &guard, arrived)?;
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(part.render()?))
}

async fn show_steps(req: &HttpRequest, guard: &Guard<RegisterDevices>, id: DeviceId, password: Option<String>, card: Option<String>) -> Answer {
    let (site, t) = (Site::of(req)?, web::page::texts(req)?);
    let arrived = service::arrived(&site.db, &guard.ctx, id).await?;
    let status = arrived.dossier.status.clone();
    // Cards of real people are not for trying.
    let trials = if site.mode == Mode::Live { Vec::new() } else { service::trials(&site.db, &guard.ctx, status.school).await? };
    trail::read(req, &guard.ctx, [sight(&arrived, &trials)]).await?;
    let card = card.and_then(|card| protocol::up::card(&card).ok()).or_else(|| trials.first().map(|trial| trial.code.clone()));
    let card = card.unwrap_or_else(|| t.text("fleet-connect-card-here"));
    let topic = topic_of(&status, Channel::UpEvents)?;
    let broker = broker_of(req, site);
    let placeholder = t.text("fleet-connect-password-here");
    let terminal =
        Terminal { host: &broker.host, port: broker.port, topic: topic.clone(), password: password.as_deref().unwrap_or(&placeholder), card: &card };
    let view = StepsPage {
        csrf: csrf::field(req),
        path: format!("/support/connect/{id}"),
        school: status.school_name(t.locale()).to_owned(),
        commands: terminal.commands(),
        topic: topic.to_string(),
        arrived: part(t.clone(), guard, arrived)?,
        status,
        password,
        trials,
        card,
        t,
    };
    Page::new(view.t.text("fleet-connect-title")).respond(req, &view)
}

/// Whose cards are offered, and whose came.
fn sight(arrived: &Arrived, trials: &[Trial]) -> Sight {
    let people = arrived.arrivals.iter().filter_map(|arrival| arrival.person_id).chain(trials.iter().map(|trial| trial.person));
    Sight::of(arrived.dossier.status.school, "fleet.see_arrivals", Whose::persons(people))
}

fn part<'a>(t: Texts<'a>, guard: &Guard<RegisterDevices>, arrived: Arrived) -> Result<ArrivedPart<'a>, Failure> {
    let ack = arrived.dossier.journals.first().map(|journal| Ack::of(&journal.store, &journal.cursor(), guard.ctx.now()));
    let ack = ack.map(|ack| serde_json::to_string(&ack)).transpose().map_err(|error| Error::broken(error.to_string()))?;
    let t = t.in_zone(&arrived.dossier.status.zone);
    Ok(ArrivedPart { ack_topic: topic_of(&arrived.dossier.status, Channel::DownAck)?.to_string(), arrived, ack, t })
}

fn topic_of(status: &Status, channel: Channel) -> kernel::Result<Topic> {
    let code = |text: &str| Code::parse(text).map_err(|error| Error::broken(error.to_string()));
    Ok(Topic::of(&code(&status.school_code)?, &code(&status.code)?, channel))
}

/// As the server told us; else the machine that serves the pages, at the usual port.
fn broker_of(req: &HttpRequest, site: &Site) -> BrokerAddress {
    if let Some(address) = req.app_data::<Data<BrokerAddress>>() {
        return address.get_ref().clone();
    }
    let authority = site.url.split_once("://").map_or(site.url.as_str(), |(_, authority)| authority);
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    BrokerAddress { host: host.to_owned(), port: 1883 }
}

fn device_of(path: &str) -> kernel::Result<DeviceId> {
    path.parse().map_err(|_| Error::NotFound)
}
