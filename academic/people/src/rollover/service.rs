//! Use cases of the rollover.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed, Whose},
    db::{Db, Tx},
    id::{ClassId, PersonId, SchoolId, Uuid, show},
};
use serde_json::json;

use super::{
    RollOver,
    rules::{self, OldClass, Plan, Way},
    store::{self, Name, OpenClass, Rollover},
};
use crate::{
    movement::{self, About, Departure, Move, MoveKind, Reason},
    buildings, orders, years,
};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The form's own id: sent twice, it is done once.
    pub id: Uuid,
    /// The year that ends, as whoever asks saw it.
    pub year: i16,
    /// Who stays in their grade.
    pub repeaters: BTreeSet<PersonId>,
}

/// What will happen, and what it would be done to.
#[derive(Debug)]
pub struct Preview {
    /// The year that ends; nothing where there is no class.
    pub year: Option<i16>,
    /// The classes that will be closed.
    pub classes: Vec<OldClass>,
    /// Who is in them.
    pub names: Vec<Name>,
    /// What becomes of all.
    pub plan: Plan,
    /// The last grade of the school.
    pub last_grade: i16,
    /// Whether the year has not ended by its calendar.
    pub is_early: bool,
    /// The rollover that can be taken back now.
    pub undoable: Option<Rollover>,
}

/// Shows what would happen. Changes nothing.
pub async fn preview(db: &Db, ctx: &Ctx, school: SchoolId, repeaters: &BTreeSet<PersonId>, today: Date) -> Result<Preview> {
    ctx.require::<RollOver>()?;
    db.run(&ctx.scope, async |tx| {
        let (year, classes) = open_classes(tx, school).await?;
        let last_grade = years::norm(tx, school, today).await?.last_grade;
        let plan = rules::plan(&classes, repeaters, last_grade);
        let names = store::NAME_LIST.all(tx, (school,)).await?;
        let is_early = match year {
            Some(year) => years::calendar(tx, school, year, today).await?.whole().map_or(years::year_of(today) <= year, |whole| today <= whole.ends),
            None => false,
        };
        let last = store::ROLLOVER_LAST.opt(tx, (school,)).await?;
        let undoable = last.filter(|last| last.undone_at.is_none() && movement::may_undo(last.made_at, ctx.now()));
        Ok(Preview { year, classes, names, plan, last_grade, is_early, undoable })
    })
    .await
}

/// Takes the school into the next year, from today on. Sent twice, or by two at once, it is done once.
pub async fn roll_over(db: &Db, ctx: &Ctx, school: SchoolId, request: Request, today: Date) -> Result<()> {
    ctx.require::<RollOver>()?;
    db.run(&ctx.scope, async |tx| {
        // Whoever comes second waits here, and then finds the classes of the next year.
        // Who leaves a building waits: classes keep their homes only where those stand.
        buildings::hold(tx, school).await?;
        store::CLASS_FOR_UPDATE.all(tx, (school,)).await?;
        let last = store::ROLLOVER_LAST.opt(tx, (school,)).await?;
        if last.is_some_and(|last| last.id == request.id || (last.year == request.year && last.undone_at.is_none())) {
            return Ok(());
        }
        let (year, classes) = open_classes(tx, school).await?;
        if year != Some(request.year) {
            return Err(Error::Refused("rollover.changed"));
        }
        // The classes are of the year to come already: once a year is enough.
        if request.year > years::year_of(today) {
            return Err(Error::Refused("rollover.too_soon"));
        }
        let last_grade = years::norm(tx, school, today).await?.last_grade;
        let plan = rules::plan(&classes, &request.repeaters, last_grade);
        carry_out(tx, ctx, school, &request, &classes, &plan, today).await
    })
    .await
}

async fn carry_out(tx: &Tx, ctx: &Ctx, school: SchoolId, request: &Request, classes: &[OldClass], plan: &Plan, on: Date) -> Result<()> {
    let closed: Vec<ClassId> = classes.iter().map(|class| class.id).collect();
    let made: Vec<ClassId> = plan.classes.iter().map(|_| ctx.id()).collect();
    let order = orders::issue(tx, ctx, school, orders::Kind::Rollover, on).await?;
    store::CLASS_CLOSE.run(tx, (school, closed.clone(), on)).await?;
    let (grades, letters) = (plan.classes.iter().map(|class| class.grade).collect(), plan.classes.iter().map(|class| class.letter.clone()).collect());
    let like = plan.classes.iter().map(|class| class.like).collect();
    store::CLASS_MAKE.run(tx, (school, made.clone(), grades, letters, like, request.year.saturating_add(1), on)).await?;
    let to = |place: &usize, kind| made.get(*place).copied().map(|class| (class, kind));
    let goes = |way: &Way| match way {
        Way::Promoted(place) => to(place, MoveKind::Promotion),
        Way::Repeats(place) => to(place, MoveKind::Repeat),
        Way::Graduated => None,
    };
    let moves: Vec<Move> = plan.ways.iter().filter_map(|(pupil, way)| goes(way).map(|(class, kind)| Move { pupil: *pupil, class, kind })).collect();
    let leave: Vec<Departure> = plan.ways.iter().filter(|(_, way)| **way == Way::Graduated).map(|(pupil, _)| Departure { pupil: *pupil, reason: Reason::Graduated }).collect();
    let about = About { order: Some(order), rollover: Some(request.id), ..About::default() };
    movement::relocate(tx, ctx, school, &moves, on, about.clone()).await?;
    movement::leave(tx, ctx, school, &leave, on, about).await?;
    identity::roles::follow_classes(tx, ctx, school, &followers(classes, plan, &made)).await?;
    store::ROLLOVER_ADD.run(tx, (school, request.id, request.year, on, order, closed, made, ctx.now(), ctx.person().ok())).await?;
    let detail = json!({ "year": request.year, "order": show(order), "moved": moves.len(), "left": leave.len() });
    note(tx, ctx, school, "people.roll_over", request.id, detail).await
}

/// Which class takes the place of which: who is class teacher of 7А is then of 8А.
fn followers(classes: &[OldClass], plan: &Plan, made: &[ClassId]) -> Vec<(ClassId, ClassId)> {
    let goes_up = |class: &OldClass| plan.classes.iter().position(|new| new.like == class.id && new.grade == class.grade + 1);
    classes.iter().filter_map(|class| Some((class.id, *made.get(goes_up(class)?)?))).collect()
}

/// Takes the rollover back. Sent twice, it is done once.
///
/// # Errors
/// `movement.followed` after a day, or when anybody moved since.
pub async fn take_back(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid) -> Result<()> {
    ctx.require::<RollOver>()?;
    let done = db
        .run(&ctx.scope, async |tx| {
            let rollover = store::ROLLOVER_FOR_UPDATE.one(tx, (school, id)).await?;
            if rollover.undone_at.is_some() {
                return Ok(());
            }
            let followed = store::FOLLOWED_FIND.one(tx, (school, id, rollover.made_at)).await?.followed;
            if followed || !movement::may_undo(rollover.made_at, ctx.now()) {
                return Err(Error::Refused("movement.followed"));
            }
            let lines: Vec<Uuid> = store::LINE_LIST.all(tx, (school, id)).await?.into_iter().map(|line| line.id).collect();
            store::CLASS_VOID.run(tx, (school, rollover.made_classes.clone())).await?;
            store::CLASS_REOPEN.run(tx, (school, rollover.closed_classes.clone())).await?;
            movement::undo(tx, ctx, school, &lines).await?;
            let back = store::FOLLOWER_LIST.all(tx, (school, rollover.made_classes.clone(), rollover.closed_classes)).await?;
            let back: Vec<(ClassId, ClassId)> = back.into_iter().map(|pair| (pair.made, pair.closed)).collect();
            identity::roles::follow_classes(tx, ctx, school, &back).await?;
            store::CLASS_DROP.run(tx, (school, rollover.made_classes)).await?;
            orders::cancel_if_idle(tx, ctx, school, Some(rollover.order_id)).await?;
            store::ROLLOVER_UNDO.run(tx, (school, id, ctx.now(), ctx.person().ok())).await?;
            note(tx, ctx, school, "people.undo_rollover", id, json!({ "year": rollover.year })).await
        })
        .await;
    // Something points at a class that would go, or took the name of one that would come back.
    done.map_err(|error| if matches!(error.sqlstate(), Some("23503" | "23505")) { Error::Refused("movement.followed") } else { error })
}

/// The open classes and the year they are of: the latest, where a class of the next one was made already.
async fn open_classes(tx: &Tx, school: SchoolId) -> Result<(Option<i16>, Vec<OldClass>)> {
    let open = store::CLASS_LIST.all(tx, (school,)).await?;
    let year = open.iter().map(|class| class.year).max();
    let old = |class: OpenClass| OldClass { id: class.id, grade: class.grade, letter: class.letter, language: class.language, pupils: class.pupils };
    Ok((year, open.into_iter().map(old).collect()))
}

async fn note(tx: &Tx, ctx: &Ctx, school: SchoolId, action: &'static str, id: Uuid, detail: serde_json::Value) -> Result<()> {
    audit::record_about(tx, ctx, Deed { school, action, subject_kind: "rollover", subject: Some(id), detail }, Whose::School).await
}
