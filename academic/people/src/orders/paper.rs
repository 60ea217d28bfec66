//! `/{school}/orders/{id}/order.pdf` and `/{school}/orders.pdf`: an order on paper in Kazakh or Russian, and the register of a period.

use actix_web::{
    HttpRequest,
    web::{Path, ServiceConfig, get},
};
use identity::{
    Guard,
    schools::School,
    trail::{self, Sight},
};
use jiff::civil::Date;
use kernel::{
    Error, Locale,
    audit::Whose,
    id::read,
};
use serde::Deserialize;
use web::{
    Answer, Site, Texts,
    form::Asked,
    print::{self, Column, Content, Document, Said, Table},
};

use super::{
    service::{self, Printed},
    store::{Order, RegisterLine, Signer},
};
use crate::{
    movement::{BookLine, SeeMovement},
    pupils::full_name,
    years::short,
};

/// The routes of what is printed.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/orders.pdf", get().to(register)).route("/{school}/orders/{id}/order.pdf", get().to(order));
}

#[derive(Debug, Deserialize)]
struct PaperQuery {
    #[serde(default)]
    language: String,
}

#[derive(Debug, Deserialize)]
struct RegisterQuery {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

/// The languages that orders are written in: the one asked for, else the reader's, else Kazakh.
fn language(asked: &str, reader: Locale) -> Locale {
    match (asked, reader) {
        ("ru", _) | ("", Locale::Ru) => Locale::Ru,
        _ => Locale::Kk,
    }
}

async fn order(req: HttpRequest, guard: Guard<SeeMovement>, path: Path<(String, String)>, query: Asked<PaperQuery>) -> Answer {
    let (site, school) = (Site::of(&req)?, guard.school()?);
    let id = read(&path.1).ok_or(Error::NotFound)?;
    let printed = service::printed(&site.db, &guard.ctx, school.id, id).await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "people.see_order", Whose::persons(printed.lines.iter().map(|line| line.pupil_id)))]).await?;
    let locale = language(&query.language, web::page::texts(&req)?.locale());
    let t = site.texts(locale).in_zone(&school.zone);
    let file = format!("{}-order-{}-{}-{}", school.code, printed.order.number, printed.order.year, locale.as_str());
    print::respond(&req, &paper(&t, school, &printed), &file).await
}

fn paper(t: &Texts<'_>, school: &School, printed: &Printed) -> Document {
    let (order, kind) = (&printed.order, printed.order.kind.replace('_', "-"));
    let letterhead = |language: Locale| Said { language, text: school.name(language).to_owned() };
    let list = List::of(order);
    let content = print::Order {
        letterhead: [letterhead(Locale::Kk), letterhead(Locale::Ru)],
        name: t.text("orders-paper-name"),
        number: t.with("orders-paper-number", [("number", order.number.to_string())]),
        dated: t.with("orders-paper-dated", [("date", short(order.dated))]),
        place: printed.place.as_ref().and_then(|place| if t.locale() == Locale::Ru { place.place_ru.clone() } else { place.place_kk.clone() }),
        subject: t.text(format!("orders-about-{kind}")),
        cancelled: order.cancelled_at.map(|at| t.with("orders-cancelled", [("date", t.date(at))])),
        preamble: t.text(format!("orders-paper-ground-{kind}")),
        orders: t.text("orders-paper-orders"),
        text: t.text(format!("orders-paper-says-{kind}")),
        columns: list.columns(t),
        rows: (1..).zip(&printed.lines).map(|(number, line): (usize, _)| list.row(t, number, line)).collect(),
        closing: vec![t.text("orders-paper-control")],
        signs: t.text("orders-signed"),
        signer: printed.director.as_ref().map(Signer::initials),
        acquainted: vec![t.text("orders-paper-acquainted")],
        qr: None,
        footer: t.with("orders-number-of", (("number", order.number.to_string()), ("date", short(order.dated)))),
    };
    Document { locale: t.locale(), title: content.footer.clone(), made: order.made_at, content: Content::Order(Box::new(content)) }
}

/// What the list of an order says of each pupil, beside the name and the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    /// From where, and into which class.
    Admission,
    /// Out of which class, why, and to where.
    Departure,
    /// Out of which class, and into which.
    Change,
}

impl List {
    fn of(order: &Order) -> Self {
        match order.kind.as_str() {
            "admission" => Self::Admission,
            "departure" => Self::Departure,
            _ => Self::Change,
        }
    }

    fn columns(self, t: &Texts<'_>) -> Vec<Column> {
        let own: &[(&str, u8)] = match self {
            Self::Admission => &[("orders-paper-from-where", 3), ("orders-paper-class", 2)],
            Self::Departure => &[("orders-paper-class", 2), ("orders-paper-why", 4)],
            Self::Change => &[("orders-paper-from-class", 2), ("orders-paper-to-class", 2)],
        };
        let around = |key: &str, share| Column::words(t.text(key.to_owned()), share);
        let middle = own.iter().map(|(key, share)| around(key, *share));
        [around("orders-paper-no", 0), around("orders-paper-pupil", 5)].into_iter().chain(middle).chain([around("orders-paper-day", 2)]).collect()
    }

    fn row(self, t: &Texts<'_>, number: usize, line: &BookLine) -> Vec<String> {
        let class = |label: &Option<String>| label.clone().unwrap_or_else(|| "—".to_owned());
        let where_ = other(t, line).unwrap_or_else(|| "—".to_owned());
        let own = match self {
            Self::Admission => vec![where_, class(&line.to_label)],
            Self::Departure => vec![class(&line.from_label), why(t, line)],
            Self::Change => vec![class(&line.from_label), into(t, line)],
        };
        let day = if line.undone_at.is_some() { t.with("orders-paper-undone", [("date", short(line.on_date))]) } else { short(line.on_date) };
        [number.to_string(), full_name(&line.surname, &line.given_name, line.patronymic.as_deref())].into_iter().chain(own).chain([day]).collect()
    }
}

/// The other school or place.
fn other(t: &Texts<'_>, line: &BookLine) -> Option<String> {
    let school = match t.locale() {
        Locale::Kk => &line.other_kk,
        Locale::Ru => &line.other_ru,
        Locale::En => &line.other_en,
    };
    school.clone().or_else(|| line.place.clone())
}

fn why(t: &Texts<'_>, line: &BookLine) -> String {
    let reason = line.reason.as_deref().map(|reason| t.text(format!("movement-reason-{}", reason.replace('_', "-"))));
    reason.into_iter().chain(other(t, line)).collect::<Vec<_>>().join(", ")
}

/// The class that follows; for who stays or has finished, that.
fn into(t: &Texts<'_>, line: &BookLine) -> String {
    match (line.kind.as_str(), &line.to_label) {
        ("departure", _) => why(t, line),
        ("repeat", Some(class)) => t.with("orders-paper-repeats", [("class", class.as_str())]),
        (_, Some(class)) => class.clone(),
        (_, None) => "—".to_owned(),
    }
}

/// From the first of September to today, unless something else is asked for; nothing where the days are none.
fn period(query: &RegisterQuery, today: Date) -> Option<(Date, Date)> {
    let september = Date::new(crate::years::year_of(today), 9, 1).unwrap_or(today).min(today);
    let day = |text: &str, usual: Date| match text.trim() {
        "" => Some(usual),
        text => text.parse().ok().or_else(|| Date::strptime("%d.%m.%Y", text).ok()).filter(|day: &Date| (1990..2100).contains(&day.year())),
    };
    day(&query.from, september).zip(day(&query.to, today)).filter(|(from, to)| from <= to)
}

async fn register(req: HttpRequest, guard: Guard<SeeMovement>, query: Asked<RegisterQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let (from, to) = period(&query, t.day_of(guard.ctx.now())).ok_or(Error::invalid("from", "orders-field-period"))?;
    let kind = super::pages::known_kind(&query.kind);
    let orders = service::register(&site.db, &guard.ctx, school.id, kind.as_deref().unwrap_or_default(), from, to).await?;
    let said = |key: &str| t.text(key.to_owned());
    let title = said("orders-title");
    let row = |order: &RegisterLine| vec![order.number.to_string(), short(order.dated), what(&t, order), order.pupils.to_string(), order.signer.clone().unwrap_or_default()];
    let table = Table {
        wide: false,
        school: school.name(t.locale()).to_owned(),
        lead: vec![t.with("orders-paper-period", (("from", short(from)), ("to", short(to))))].into_iter().chain(kind.map(|kind| said(&format!("orders-kind-{}", kind.replace('_', "-"))))).collect(),
        columns: vec![Column::numbers(said("orders-paper-no"), 0), Column::words(said("orders-dated"), 2), Column::words(said("orders-what"), 6), Column::numbers(said("classes-pupils"), 2), Column::words(said("orders-paper-made-by"), 4)],
        rows: orders.iter().map(row).collect(),
        total: Vec::new(),
        nothing: said("orders-none-title"),
        signs: Some(said("orders-signed")),
        footer: t.with("orders-paper-printed", [("date", t.date(guard.ctx.now()))]),
    };
    let document = Document { locale: t.locale(), title, made: guard.ctx.now(), content: Content::Table(table) };
    print::respond(&req, &document, &format!("{}-orders-{from}-{to}", school.code)).await
}

fn what(t: &Texts<'_>, order: &RegisterLine) -> String {
    let about = t.text(format!("orders-about-{}", order.kind.replace('_', "-")));
    match order.cancelled_at {
        Some(at) => format!("{about} ({})", t.with("orders-cancelled", [("date", t.date(at))])),
        None => about,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_written_in_kazakh_or_russian() {
        for (asked, reader, expected) in [("ru", Locale::Kk, Locale::Ru), ("kk", Locale::Ru, Locale::Kk), ("", Locale::Ru, Locale::Ru), ("", Locale::En, Locale::Kk), ("en", Locale::Ru, Locale::Kk)] {
            assert_eq!(language(asked, reader), expected, "{asked} {reader:?}");
        }
    }

    #[test]
    fn a_period_goes_forward_and_is_the_school_year_by_default() {
        let today: Date = "2026-11-22".parse().unwrap();
        let asked = |from: &str, to: &str| period(&RegisterQuery { kind: String::new(), from: from.into(), to: to.into() }, today).map(|(from, to)| format!("{from} {to}"));
        assert_eq!(asked("", "").as_deref(), Some("2026-09-01 2026-11-22"));
        assert_eq!(asked("01.10.2026", "2026-10-31").as_deref(), Some("2026-10-01 2026-10-31"));
        assert_eq!(asked("2026-10-31", "2026-10-01"), None);
        assert_eq!(asked("yesterday", ""), None);
    }

    #[test]
    fn a_signature_is_an_initial_and_a_surname() {
        let signer = |given_name: &str| Signer { surname: "Серікбаева".into(), given_name: given_name.into() };
        assert_eq!(signer("Айгерім").initials(), "А. Серікбаева");
        assert_eq!(signer("").initials(), "Серікбаева");
    }
}
