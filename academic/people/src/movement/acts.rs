//! The inner forms: many pupils at once, within the caller's transaction. Whoever calls has asked for the right, and writes the audit row.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::{
    Ctx, Error, Result,
    db::Tx,
    id::{ClassId, PersonId, SchoolId, Uuid},
};

use super::{
    rules::{ArrivalKind, MoveKind, Reason},
    store::{self, Current},
};

/// A pupil who comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Who; a person whom the school sees.
    pub pupil: PersonId,
    /// Into which class.
    pub class: ClassId,
    /// From which day on.
    pub on: Date,
    /// How.
    pub kind: ArrivalKind,
}

/// A pupil who goes into another class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// Who.
    pub pupil: PersonId,
    /// Into which class.
    pub class: ClassId,
    /// How.
    pub kind: MoveKind,
}

/// A pupil who leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Departure {
    /// Who.
    pub pupil: PersonId,
    /// Why.
    pub reason: Reason,
}

/// What the book says of all lines of an act.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// From where, or to where.
    pub place: Option<String>,
    /// The other school, where it is one of this hub.
    pub other_school: Option<SchoolId>,
    /// The order.
    pub order: Option<Uuid>,
    /// The rollover it belongs to.
    pub rollover: Option<Uuid>,
}

/// Takes pupils into classes: the enrolment, the belonging and the line in the book of each. All of them or none.
///
/// # Errors
/// `movement.class_closed` for a class that is closed or not this school's; `movement.already_here` for who is in a class, or was on that day.
pub async fn arrive(tx: &Tx, ctx: &Ctx, school: SchoolId, arrivals: &[Arrival]) -> Result<()> {
    arrive_as(tx, ctx, school, arrivals, About::default()).await.map(|_| ())
}

/// The same, with what else the book says. Gives the lines.
///
/// # Errors
/// As [`arrive`].
pub async fn arrive_as(tx: &Tx, ctx: &Ctx, school: SchoolId, arrivals: &[Arrival], about: About) -> Result<Vec<Uuid>> {
    if arrivals.is_empty() {
        return Ok(Vec::new());
    }
    require_open(tx, school, arrivals.iter().map(|arrival| arrival.class)).await?;
    let pupils: Vec<PersonId> = arrivals.iter().map(|arrival| arrival.pupil).collect();
    let classes: Vec<ClassId> = arrivals.iter().map(|arrival| arrival.class).collect();
    let days: Vec<Date> = arrivals.iter().map(|arrival| arrival.on).collect();
    let begun = store::ENROLMENT_BEGIN.run(tx, (school, pupils.clone(), classes.clone(), days.clone())).await;
    if !is_all(begun.map_err(twice)?, arrivals.len()) {
        return Err(Error::Refused("movement.already_here"));
    }
    store::MEMBER_BEGIN.run(tx, (school, pupils.clone(), days.clone())).await?;
    let lines = arrivals.iter().map(|arrival| {
        let (kind, reason) = arrival.kind.columns();
        Line { pupil: arrival.pupil, kind, on: arrival.on, from: None, to: Some(arrival.class), reason }
    });
    write(tx, ctx, school, lines.collect(), about).await
}

/// Takes arrivals back that nothing followed: as if these pupils had never come. Their persons and their belonging to the school stay with the caller.
///
/// # Errors
/// `movement.followed` when the last line of one of them is no arrival, or they are not where it put them. Then nothing is changed.
pub async fn unmake(tx: &Tx, ctx: &Ctx, school: SchoolId, pupils: &[PersonId]) -> Result<()> {
    if pupils.is_empty() {
        return Ok(());
    }
    store::CURRENT_FOR_UPDATE.all(tx, (school, pupils.to_vec())).await?;
    let last = store::LAST_LINE_LIST.all(tx, (school, pupils.to_vec())).await?;
    let arrivals: Vec<Uuid> = last.iter().filter(|line| matches!(line.kind.as_str(), "arrival" | "return")).map(|line| line.id).collect();
    let unmade = store::ARRIVAL_UNMAKE.run(tx, (school, arrivals.clone())).await?;
    if arrivals.len() != pupils.len() || !is_all(unmade, pupils.len()) {
        return Err(Error::Refused("movement.followed"));
    }
    store::MOVEMENT_UNDO.run(tx, (school, arrivals, ctx.now(), ctx.person().ok())).await?;
    Ok(())
}

/// Puts pupils into other classes from a day on; the day before is the last in the old one. Gives the lines.
///
/// # Errors
/// `movement.not_here` for who is in no class, `movement.too_early` for a day before their first in the present class,
/// `movement.class_closed`, `movement.same_class`.
pub async fn relocate(tx: &Tx, ctx: &Ctx, school: SchoolId, moves: &[Move], on: Date, about: About) -> Result<Vec<Uuid>> {
    if moves.is_empty() {
        return Ok(Vec::new());
    }
    require_open(tx, school, moves.iter().map(|one| one.class)).await?;
    let pupils: Vec<PersonId> = moves.iter().map(|one| one.pupil).collect();
    let classes: Vec<ClassId> = moves.iter().map(|one| one.class).collect();
    let current = here(tx, school, &pupils, on).await?;
    let from = |pupil: PersonId| current.binary_search_by_key(&pupil, |one| one.pupil_id).ok().and_then(|place| current.get(place)).map(|one| one.class_id);
    if moves.iter().any(|one| from(one.pupil) == Some(one.class)) {
        return Err(Error::Refused("movement.same_class"));
    }
    store::ENROLMENT_SWAP.run(tx, (school, pupils.clone(), classes.clone(), on)).await?;
    store::ENROLMENT_STOP_BEFORE.run(tx, (school, pupils.clone(), on)).await?;
    store::ENROLMENT_FOLLOW.run(tx, (school, pupils, classes, on)).await.map_err(twice)?;
    let lines = moves.iter().map(|one| Line { pupil: one.pupil, kind: one.kind.as_str(), on, from: from(one.pupil), to: Some(one.class), reason: None });
    write(tx, ctx, school, lines.collect(), about).await
}

/// Lets pupils go; `on` is their last day. Their belonging, their guardians' kinship and their cards end; guardians who have nothing else to do
/// with the school leave along. Gives the lines.
///
/// # Errors
/// `movement.not_here`, `movement.too_early`.
pub async fn leave(tx: &Tx, ctx: &Ctx, school: SchoolId, departures: &[Departure], on: Date, about: About) -> Result<Vec<Uuid>> {
    if departures.is_empty() {
        return Ok(Vec::new());
    }
    let mut departures = departures.to_vec();
    departures.sort_unstable_by_key(|one| one.pupil);
    let pupils: Vec<PersonId> = departures.iter().map(|one| one.pupil).collect();
    let current = here(tx, school, &pupils, on).await?;
    store::ENROLMENT_END.run(tx, (school, pupils.clone(), on)).await?;
    // Both are sorted by pupil, and of one length: `here` has seen to that.
    let lines = departures.iter().zip(&current).map(|(one, at)| Line { pupil: one.pupil, kind: "departure", on, from: Some(at.class_id), to: None, reason: Some(one.reason.as_str()) });
    let ids = write(tx, ctx, school, lines.collect(), about).await?;
    store::KINSHIP_END.run(tx, (school, pupils.clone(), ids.clone(), on)).await?;
    store::MEMBER_END.run(tx, (school, pupils, ids.clone(), on)).await?;
    store::GUARDIAN_END.run(tx, (school, ids.clone(), on, ctx.now())).await?;
    Ok(ids)
}

/// Takes lines back, of whatever kind: as if they had never been. The lines stay, with who took them back.
///
/// # Errors
/// `movement.followed` when somebody is not where the line put them. Whoever calls has seen that these are the last lines of their pupils.
pub(crate) async fn undo(tx: &Tx, ctx: &Ctx, school: SchoolId, lines: &[Uuid]) -> Result<()> {
    let key = || (school, lines.to_vec());
    let arrived = store::ARRIVAL_UNMAKE.run(tx, key()).await?;
    let moved = store::MOVE_UNDO.run(tx, key()).await?;
    let swapped = store::SWAP_UNDO.run(tx, key()).await?;
    let reopened = store::MOVE_REOPEN.run(tx, key()).await?;
    let left = store::DEPARTURE_UNDO.run(tx, key()).await.map_err(followed)?;
    if reopened != moved || !is_all(arrived + moved + swapped + left, lines.len()) {
        return Err(Error::Refused("movement.followed"));
    }
    store::KINSHIP_REOPEN.run(tx, key()).await.map_err(followed)?;
    store::MEMBER_REOPEN.run(tx, key()).await?;
    store::MOVEMENT_UNDO.run(tx, (school, lines.to_vec(), ctx.now(), ctx.person().ok())).await?;
    Ok(())
}

/// Ends what an arrival began beside the enrolment: it was taken back.
pub(super) async fn forget_arrival(tx: &Tx, ctx: &Ctx, school: SchoolId, pupil: PersonId, line: Uuid, on: Date) -> Result<()> {
    store::KINSHIP_END.run(tx, (school, vec![pupil], vec![line], on)).await?;
    store::MEMBER_END.run(tx, (school, vec![pupil], vec![line], on)).await?;
    store::GUARDIAN_END.run(tx, (school, vec![line], on, ctx.now())).await?;
    Ok(())
}

/// Something took the place of what would begin again.
fn followed(error: Error) -> Error {
    if error.sqlstate() == Some("23505") { Error::Refused("movement.followed") } else { error }
}

struct Line {
    pupil: PersonId,
    kind: &'static str,
    on: Date,
    from: Option<ClassId>,
    to: Option<ClassId>,
    reason: Option<&'static str>,
}

async fn write(tx: &Tx, ctx: &Ctx, school: SchoolId, lines: Vec<Line>, about: About) -> Result<Vec<Uuid>> {
    let ids: Vec<Uuid> = lines.iter().map(|_| ctx.id()).collect();
    let rows = (
        school,
        ids.clone(),
        lines.iter().map(|line| line.pupil).collect(),
        lines.iter().map(|line| line.kind).collect(),
        lines.iter().map(|line| line.on).collect(),
        lines.iter().map(|line| line.from).collect(),
        lines.iter().map(|line| line.to).collect(),
        lines.iter().map(|line| line.reason).collect(),
        about.place,
        about.other_school,
        about.order,
        about.rollover,
        ctx.now(),
        ctx.person().ok(),
    );
    store::MOVEMENT_ADD.run(tx, rows).await?;
    Ok(ids)
}

/// Where the pupils are now, locked and sorted by pupil: each is somewhere, and not only since a later day.
async fn here(tx: &Tx, school: SchoolId, pupils: &[PersonId], on: Date) -> Result<Vec<Current>> {
    let mut current = store::CURRENT_FOR_UPDATE.all(tx, (school, pupils.to_vec())).await?;
    if current.len() != pupils.len() {
        return Err(Error::Refused("movement.not_here"));
    }
    if current.iter().any(|one| one.valid_from > on) {
        return Err(Error::Refused("movement.too_early"));
    }
    current.sort_unstable_by_key(|one| one.pupil_id);
    Ok(current)
}

async fn require_open(tx: &Tx, school: SchoolId, classes: impl Iterator<Item = ClassId>) -> Result<()> {
    let classes: Vec<ClassId> = classes.collect::<BTreeSet<_>>().into_iter().collect();
    let wanted = classes.len();
    let open = store::OPEN_CLASS_COUNT.one(tx, (school, classes)).await?.count;
    if i64::try_from(wanted) == Ok(open) { Ok(()) } else { Err(Error::Refused("movement.class_closed")) }
}

fn is_all(rows: u64, wanted: usize) -> bool {
    u64::try_from(wanted) == Ok(rows)
}

/// Somebody else took the pupil in at the same moment.
fn twice(error: Error) -> Error {
    if error.sqlstate() == Some("23505") { Error::Refused("movement.already_here") } else { error }
}
