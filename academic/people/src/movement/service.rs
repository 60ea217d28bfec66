//! Use cases of the movement: one pupil at a time, each with its order.

use jiff::civil::Date;
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed, Whose},
    db::{Db, Tx},
    id::{ClassId, PersonId, SchoolId, Uuid, show},
};
use serde_json::json;

use super::{
    SeeMovement,
    acts::{self, About, Arrival, Departure, Move},
    rules::{ArrivalKind, MoveKind, Reason, may_undo},
    store::{self, AlphabetLine, BookLine, Known},
};
use crate::{
    orders,
    pupils::{EnrolPupils, NewPerson},
    transfers::{self, Before},
};

/// How many lines a page of a book shows.
pub const PAGE: usize = 50;
/// How many a file holds.
pub const FILE: usize = 20_000;

/// A pupil, here or gone, with what the book says of them.
#[derive(Debug)]
pub struct History {
    /// Who, and where they are.
    pub known: Known,
    /// The latest first.
    pub lines: Vec<BookLine>,
    /// The line that can be taken back now.
    pub undoable: Option<Uuid>,
    /// Where they learned before, as transfers tell it.
    pub before: Vec<Before>,
}

/// Which lines of the book of movement to list.
#[derive(Debug, Clone, Default)]
pub struct BookFilter {
    /// From this day on.
    pub from: Option<Date>,
    /// Up to this day.
    pub to: Option<Date>,
    /// Of this kind.
    pub kind: String,
    /// Words of the name.
    pub words: String,
    /// Go on after this line.
    pub after: Option<Uuid>,
}

/// Which pupils of the alphabetical book to list.
#[derive(Debug, Clone, Default)]
pub struct AlphabetFilter {
    /// Words of the name.
    pub words: String,
    /// `here`, `left`, or nothing for both.
    pub state: String,
    /// Go on after this pupil.
    pub after: Option<PersonId>,
}

/// What the book says of a pupil who is or was here.
pub async fn history(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId) -> Result<History> {
    ctx.require::<SeeMovement>()?;
    db.run(&ctx.scope, async |tx| {
        let known = store::KNOWN_FIND.one(tx, (school, pupil)).await?;
        let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
        let lines = store::BOOK_LIST.all(tx, (school, Some(pupil), None, None, String::new(), String::new(), None, limit, None)).await?;
        let last = store::LAST_LINE_LIST.all(tx, (school, vec![pupil])).await?.into_iter().next();
        let is_single = |line: &store::Line| line.rollover_id.is_none() && lines.iter().any(|shown| shown.id == line.id && shown.other_kk.is_none());
        let undoable = last.filter(|line| may_undo(line.made_at, ctx.now()) && is_single(line)).map(|line| line.id);
        Ok(History { known, lines, undoable, before: transfers::before(tx, school, pupil).await? })
    })
    .await
}

/// A pupil who is or was here.
pub(crate) async fn known(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId) -> Result<Known> {
    ctx.require::<EnrolPupils>()?;
    db.run(&ctx.scope, async |tx| store::KNOWN_FIND.one(tx, (school, pupil)).await).await
}

/// The book of movement, and the last line shown when more follow.
pub async fn book(db: &Db, ctx: &Ctx, school: SchoolId, filter: BookFilter, most: usize) -> Result<(Vec<BookLine>, Option<Uuid>)> {
    ctx.require::<SeeMovement>()?;
    let limit = i64::try_from(most + 1).unwrap_or(i64::MAX);
    let key = (school, None, filter.from, filter.to, filter.kind, filter.words, filter.after, limit, None);
    let mut lines = db.run(&ctx.scope, async |tx| store::BOOK_LIST.all(tx, key).await).await?;
    let more = lines.len() > most;
    lines.truncate(most);
    let next = lines.last().map(|line| line.id).filter(|_| more);
    Ok((lines, next))
}

/// The alphabetical book, and the last pupil shown when more follow.
pub async fn alphabet(db: &Db, ctx: &Ctx, school: SchoolId, filter: AlphabetFilter, most: usize) -> Result<(Vec<AlphabetLine>, Option<PersonId>)> {
    ctx.require::<SeeMovement>()?;
    let limit = i64::try_from(most + 1).unwrap_or(i64::MAX);
    let key = (school, filter.words, filter.state, filter.after, limit);
    let mut lines = db.run(&ctx.scope, async |tx| store::ALPHABET_LIST.all(tx, key).await).await?;
    let more = lines.len() > most;
    lines.truncate(most);
    let next = lines.last().map(|line| line.pupil_id).filter(|_| more);
    Ok((lines, next))
}

/// Takes a new pupil in. `id` is the form's: sent twice, the pupil is taken in once.
pub async fn enrol(db: &Db, ctx: &Ctx, school: SchoolId, id: PersonId, person: NewPerson, arrival: (ClassId, Date, ArrivalKind), place: Option<String>) -> Result<()> {
    ctx.require::<EnrolPupils>()?;
    let (class, on, kind) = arrival;
    db.run(&ctx.scope, async |tx| {
        if store::KNOWN_FIND.opt(tx, (school, id)).await?.is_some() {
            return Ok(());
        }
        let NewPerson { surname, given_name, patronymic, birth_date, .. } = person;
        store::PERSON_ADD.run(tx, (id, surname, given_name, patronymic, birth_date)).await?;
        let order = orders::issue(tx, ctx, school, orders::Kind::Admission, on).await?;
        let about = About { place, order: Some(order), ..About::default() };
        acts::arrive_as(tx, ctx, school, &[Arrival { pupil: id, class, on, kind }], about).await?;
        note(tx, ctx, school, "people.enrol", id, json!({ "class": class, "order": show(order) })).await
    })
    .await
}

/// Puts a pupil into another class from a day on.
pub async fn change_class(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId, class: ClassId, on: Date) -> Result<()> {
    ctx.require::<EnrolPupils>()?;
    db.run(&ctx.scope, async |tx| {
        let order = orders::issue(tx, ctx, school, orders::Kind::ClassChange, on).await?;
        let about = About { order: Some(order), ..About::default() };
        acts::relocate(tx, ctx, school, &[Move { pupil, class, kind: MoveKind::ClassChange }], on, about).await?;
        note(tx, ctx, school, "people.change_pupils_class", pupil, json!({ "class": class, "order": show(order) })).await
    })
    .await
}

/// Puts many pupils into another class from a day on, with one order, and gives it. Who is there already stays; nothing comes back when all are.
///
/// # Errors
/// As [`acts::relocate`]; then nobody is moved.
pub async fn change_class_of_many(db: &Db, ctx: &Ctx, school: SchoolId, pupils: Vec<PersonId>, class: ClassId, on: Date) -> Result<Option<Uuid>> {
    ctx.require::<EnrolPupils>()?;
    db.run(&ctx.scope, async |tx| {
        let here = store::CURRENT_FOR_UPDATE.all(tx, (school, pupils.clone())).await?;
        if here.len() != pupils.len() {
            return Err(Error::Refused("movement.not_here"));
        }
        let moves: Vec<Move> = here.iter().filter(|one| one.class_id != class).map(|one| Move { pupil: one.pupil_id, class, kind: MoveKind::ClassChange }).collect();
        if moves.is_empty() {
            return Ok(None);
        }
        let order = orders::issue(tx, ctx, school, orders::Kind::ClassChange, on).await?;
        acts::relocate(tx, ctx, school, &moves, on, About { order: Some(order), ..About::default() }).await?;
        let deed = Deed { school, action: "people.change_class_of_many", subject_kind: "class", subject: Some(class.0), detail: json!({ "order": show(order), "pupils": moves.len() }) };
        audit::record_about(tx, ctx, deed, Whose::persons(moves.iter().map(|one| one.pupil))).await?;
        Ok(Some(order))
    })
    .await
}

/// Takes back what [`change_class_of_many`] did with one order. Sent twice, it is done once.
///
/// # Errors
/// `movement.followed` when something followed for one of the pupils, or a day is over; then nothing is taken back.
pub async fn take_back_order(db: &Db, ctx: &Ctx, school: SchoolId, order: Uuid) -> Result<()> {
    ctx.require::<EnrolPupils>()?;
    db.run(&ctx.scope, async |tx| {
        let lines = store::ORDER_LINE_LIST.all(tx, (school, order)).await?;
        if lines.is_empty() {
            return Ok(());
        }
        let pupils: Vec<PersonId> = lines.iter().map(|line| line.pupil_id).collect();
        store::CURRENT_FOR_UPDATE.all(tx, (school, pupils.clone())).await?;
        let last = store::LAST_LINE_LIST.all(tx, (school, pupils.clone())).await?;
        let is_last = |line: &store::OrderLine| last.iter().any(|one| one.id == line.id && may_undo(one.made_at, ctx.now()));
        if !lines.iter().all(is_last) {
            return Err(Error::Refused("movement.followed"));
        }
        acts::undo(tx, ctx, school, &lines.iter().map(|line| line.id).collect::<Vec<_>>()).await?;
        orders::cancel_if_idle(tx, ctx, school, Some(order)).await?;
        let deed = Deed { school, action: "people.undo_class_of_many", subject_kind: "order", subject: Some(order), detail: json!({ "pupils": lines.len() }) };
        audit::record_about(tx, ctx, deed, Whose::persons(pupils)).await
    })
    .await
}

/// Lets a pupil go; `on` is the last day.
pub async fn leave(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId, reason: Reason, on: Date, place: Option<String>) -> Result<()> {
    ctx.require::<EnrolPupils>()?;
    db.run(&ctx.scope, async |tx| {
        let order = orders::issue(tx, ctx, school, orders::Kind::Departure, on).await?;
        let about = About { place, order: Some(order), ..About::default() };
        acts::leave(tx, ctx, school, &[Departure { pupil, reason }], on, about).await?;
        note(tx, ctx, school, "people.leave", pupil, json!({ "reason": reason.as_str(), "order": show(order) })).await
    })
    .await
}

/// Takes a pupil in again who left; the guardians who left along come back with them.
pub async fn come_back(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId, class: ClassId, on: Date) -> Result<()> {
    ctx.require::<EnrolPupils>()?;
    db.run(&ctx.scope, async |tx| {
        let order = orders::issue(tx, ctx, school, orders::Kind::Admission, on).await?;
        let about = About { order: Some(order), ..About::default() };
        acts::arrive_as(tx, ctx, school, &[Arrival { pupil, class, on, kind: ArrivalKind::Returned }], about).await?;
        store::KINSHIP_RETURN.run(tx, (school, pupil, on)).await?;
        store::GUARDIAN_BEGIN.run(tx, (school, pupil, on)).await?;
        note(tx, ctx, school, "people.come_back", pupil, json!({ "class": class, "order": show(order) })).await
    })
    .await
}

/// Takes the last act with a pupil back. Sent twice, it is done once.
pub async fn take_back(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId, line: Uuid, today: Date) -> Result<()> {
    ctx.require::<EnrolPupils>()?;
    db.run(&ctx.scope, async |tx| {
        store::CURRENT_FOR_UPDATE.all(tx, (school, vec![pupil])).await?;
        let key = (school, Some(pupil), None, None, String::new(), String::new(), None, i64::try_from(PAGE).unwrap_or(i64::MAX), None);
        let lines = store::BOOK_LIST.all(tx, key).await?;
        let shown = lines.into_iter().find(|one| one.id == line).ok_or(Error::Refused("movement.followed"))?;
        if shown.undone_at.is_some() {
            return Ok(());
        }
        let last = store::LAST_LINE_LIST.all(tx, (school, vec![pupil])).await?.into_iter().next();
        let is_last = last.is_some_and(|last| last.id == line && last.rollover_id.is_none());
        if !is_last || !may_undo(shown.made_at, ctx.now()) || shown.other_kk.is_some() {
            return Err(Error::Refused("movement.followed"));
        }
        acts::undo(tx, ctx, school, &[line]).await?;
        if matches!(shown.kind.as_str(), "arrival" | "return") {
            acts::forget_arrival(tx, ctx, school, pupil, line, today).await?;
        }
        orders::cancel_if_idle(tx, ctx, school, shown.order_id).await?;
        note(tx, ctx, school, "people.undo_movement", pupil, json!({ "line": show(line), "kind": shown.kind })).await
    })
    .await
}

async fn note(tx: &Tx, ctx: &Ctx, school: SchoolId, action: &'static str, pupil: PersonId, detail: serde_json::Value) -> Result<()> {
    audit::record(tx, ctx, Deed { school, action, subject_kind: "person", subject: Some(pupil.0), detail }).await
}
