//! `/{school}/pupils/{id}`: a pupil.

use actix_web::{
    HttpRequest,
    web::{Path, ServiceConfig, get},
};
use askama::Template;
use identity::{
    ClassGuard, Policy,
    trail::{self, Sight},
};
use kernel::{
    right::Right,
    audit::Whose,
    id::PersonId,
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    form::Asked,
};

use super::{
    PupilDetail, SeePupils,
    card::{
        EditCards, Field, SeeCards,
        view::{self, Line},
    },
    service,
};
use crate::{
    custody::SetCustody,
    doubles,
    families::EditFamilies,
    iin::{Keeper, SeeIin},
    movement::SeeMovement,
    photos::KeepPhotos,
};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/pupils/{id}", get().to(show));
}

#[derive(Debug, Deserialize)]
struct Done {
    done: Option<String>,
}

/// The right of the wing of cards, which stands above this one.
const BLOCKS_CARDS: Right = Right("safety.block_card");

#[derive(Template)]
#[template(path = "pupil.html")]
struct PupilPage<'a> {
    t: Texts<'a>,
    list: String,
    /// What was just done, in words.
    done: Option<String>,
    confidential: Vec<(String, String)>,
    /// Where the picture is, when there is one that may be shown.
    photo: Option<String>,
    /// Where it is kept: address and words, for who keeps pictures.
    photo_form: Option<(String, String)>,
    /// Where limits of guardians are written down, for who does that.
    custody: Option<String>,
    /// Where the two parts of the card are changed, for who does that.
    edit: Option<[String; 2]>,
    /// Where the family is changed, for who does that.
    edit_family: Option<String>,
    /// Where the whole IIN is: address and words, for who sees it.
    iin: Option<(String, String)>,
    name: String,
    who: Vec<(String, String)>,
    /// Nothing for who does not see contacts.
    contacts: Option<Vec<(String, String)>>,
    schooling: Vec<(String, String)>,
    /// Where the pupil's movement is, for who sees it.
    movement: Option<String>,
    guardians: Vec<GuardianLine>,
    /// Name, class and page.
    siblings: Vec<(String, String, String)>,
    cards: Vec<(String, String)>,
    /// Where a card is blocked, for who blocks.
    block: Option<String>,
    lines: Vec<Line>,
    /// Where the whole history is.
    history: Option<String>,
}

struct GuardianLine {
    kind: String,
    name: String,
    /// The guardian's page, for who sees cards.
    href: Option<String>,
    phone: Option<String>,
}

async fn show(req: HttpRequest, guard: ClassGuard<SeePupils>, path: Path<(String, String)>, query: Asked<Done>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let id: PersonId = path.1.parse().map_err(|_| kernel::Error::NotFound)?;
    let detail = match service::pupil(&site.db, &guard.ctx, school.id, id).await {
        Err(kernel::Error::NotFound) => return doubles::lead_on(&req, &guard.ctx, school, "pupils", id).await,
        found => found?,
    };
    let shown = std::iter::once(id).chain(detail.guardians.iter().map(|guardian| guardian.id)).chain(detail.siblings.iter().map(|sibling| sibling.id));
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "people.see_pupil", Whose::persons(shown))]).await?;
    let home = format!("/{}/pupils/{id}", school.code);
    let words = if detail.has_photo { "photos-change" } else { "photos-add" };
    let sees_card = detail.family.is_some();
    // Without its key the server keeps no IINs, and says nothing of them.
    let iin = match Keeper::of(Policy::of(&req), site.mode) {
        Ok(keeper) => site.db.run(&guard.ctx.scope, async |tx| keeper.iin_of(tx, id).await).await?,
        Err(_) => None,
    };
    let iin_words = if iin.is_some() { "iin-link" } else { "iin-add" };
    let last_digits = iin.map(|iin| (t.text("iin-title"), iin.to_string()));
    let may_edit = guard.ctx.within::<EditCards>().is_ok();
    let view = PupilPage {
        done: query.done.as_deref().filter(|done| ["saved", "moved"].contains(done)).map(|_| t.text("card-done")),
        custody: guard.ctx.require::<SetCustody>().is_ok().then(|| format!("{home}/custody")),
        confidential: crate::confidential::links(&guard.identity, school, id, &t),
        photo: detail.has_photo.then(|| format!("{home}/photo")),
        photo_form: guard.ctx.require::<KeepPhotos>().is_ok().then(|| (format!("{home}/photo-form"), t.text(words))),
        edit: may_edit.then(|| [format!("{home}/who"), format!("{home}/contacts")]),
        edit_family: guard.ctx.within::<EditFamilies>().is_ok().then(|| format!("{home}/family")),
        list: format!("/{}/pupils", school.code),
        name: detail.pupil.full_name(),
        iin: guard.ctx.require::<SeeIin>().is_ok().then(|| (format!("{home}/iin"), t.text(iin_words))),
        who: who(&t, &detail).into_iter().chain(last_digits).collect(),
        contacts: detail.family.as_ref().map(|family| view::facts(&t, &family.card, Field::CONTACTS)),
        schooling: detail.schooling.iter().map(|one| (one.class_label.clone(), days(&t, one.valid_from, one.valid_to))).collect(),
        movement: guard.ctx.require::<SeeMovement>().is_ok().then(|| format!("{home}/movement")),
        guardians: guardians(&t, &school.code, &detail),
        siblings: detail.siblings.iter().map(|one| (format!("{} {}", one.surname, one.given_name), one.class_label.clone(), format!("/{}/pupils/{}", school.code, one.id))).collect(),
        cards: detail.cards.iter().map(|card| (card.code.clone(), t.date(card.valid_from))).collect(),
        block: web::navigation::may(&req, BLOCKS_CARDS)?.then(|| format!("/{}/cards/new?person={id}", school.code)),
        lines: detail.family.as_ref().map(|family| view::lines(&t, &family.former)).unwrap_or_default(),
        history: (sees_card && guard.ctx.within::<SeeCards>().is_ok()).then(|| format!("{home}/history")),
        t,
    };
    Page::new(view.name.clone()).narrow().respond(&req, &view)
}

fn who(t: &Texts<'_>, detail: &PupilDetail) -> Vec<(String, String)> {
    match &detail.family {
        Some(family) => view::facts(t, &family.card, &[Field::BirthDate, Field::Sex, Field::Citizenship]),
        None => detail.birth_date.into_iter().map(|born| (t.text("people-birth-date"), view::day(born))).collect(),
    }
}

fn days(t: &Texts<'_>, from: jiff::civil::Date, to: Option<jiff::civil::Date>) -> String {
    match to {
        Some(to) => t.with("card-days-from-to", (("from", view::day(from)), ("to", view::day(to)))),
        None => t.with("card-days-since", [("from", view::day(from))]),
    }
}

fn guardians(t: &Texts<'_>, code: &str, detail: &PupilDetail) -> Vec<GuardianLine> {
    let line = |guardian: &super::Guardian| GuardianLine {
        kind: t.text(format!("people-kinship-{}", guardian.kind.replace('_', "-"))),
        name: guardian.full_name(),
        href: detail.family.as_ref().map(|_| format!("/{code}/guardians/{}", guardian.id)),
        phone: detail.family.as_ref().and_then(|family| family.phones.get(&guardian.id).cloned()),
    };
    detail.guardians.iter().map(line).collect()
}
