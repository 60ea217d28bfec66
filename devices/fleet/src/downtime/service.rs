//! Use cases of downtime.

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::{DeviceId, SchoolId, Uuid},
};
use serde_json::{Value, json};

use super::{
    SeeDowntime, SeeOwnDowntime, TakeDowntime,
    rules::{self, Act, Apart, Listed, Plan, Span, Standing, Stop, Work},
    store::{self, Open, Planned},
};
use crate::health::SILENT_AFTER;

/// The service says so often that it listens.
const SILENCE_OF_THE_SERVICE: SignedDuration = SignedDuration::from_secs(60);
/// Outages further back matter to no open stop.
const FAR_BACK: SignedDuration = SignedDuration::from_hours(24 * 400);

/// Writes down the stops of devices that are back. `rows` are the states about to be written; before they are.
pub async fn record_returns(tx: &Tx, now: Timestamp, rows: &Value) -> Result<()> {
    store::HEALTH_LOCK.all(tx, (rows.clone(),)).await?;
    store::RETURN_SAVE.run(tx, (rows.clone(), now, SILENT_AFTER.as_secs())).await?;
    Ok(())
}

/// The service listens: a break of more than a minute before this becomes a stop of its own. Said by whoever reads the broker, every few seconds.
pub async fn beat(tx: &Tx, now: Timestamp) -> Result<()> {
    store::BEAT_SAVE.run(tx, (now, SILENCE_OF_THE_SERVICE.as_secs())).await?;
    Ok(())
}

/// Since when the service listens without a break; nothing where it does not listen now, or never did.
pub async fn listening_since(tx: &Tx, now: Timestamp) -> Result<Option<Timestamp>> {
    let beat = store::BEAT_FIND.opt(tx, ()).await?;
    Ok(beat.filter(|beat| listens(beat, now)).map(|beat| beat.since))
}

/// What is apart from stops: planned work that was not called off, and the service's own stops, the one under way too.
pub(super) struct Excuses {
    works: Vec<(SchoolId, Work)>,
    outages: Vec<Span>,
}

impl Excuses {
    /// Of a school, or of all in scope, as far as they end after a moment.
    pub(super) async fn since(tx: &Tx, school: Option<SchoolId>, from: Timestamp, now: Timestamp) -> Result<Self> {
        let planned = store::PLANNED_LIST.all(tx, (school, from)).await?;
        let slept = store::OUTAGE_LIST.all(tx, (from,)).await?.into_iter().filter_map(|outage| Span::new(outage.began_at, outage.ended_at));
        // Nobody hears anybody now: the outage is written down when somebody does again.
        let asleep = store::BEAT_FIND.opt(tx, ()).await?.filter(|beat| !listens(beat, now)).and_then(|beat| Span::new(beat.at, now));
        Ok(Self { works: planned.into_iter().filter_map(work).collect(), outages: slept.chain(asleep).collect() })
    }

    /// What does not count of a stop of a device.
    pub(super) fn of(&self, school: SchoolId, device: DeviceId, began: Timestamp) -> Apart {
        rules::apart(device, began, self.works.iter().filter(|(of, _)| *of == school).map(|(_, work)| work), &self.outages)
    }
}

fn listens(beat: &store::Beat, now: Timestamp) -> bool {
    now.duration_since(beat.at) <= SILENCE_OF_THE_SERVICE
}

/// Work as it counts: what was called off while it went on ended then.
fn work(planned: Planned) -> Option<(SchoolId, Work)> {
    let to = planned.called_off_at.map_or(planned.to_at, |at| at.min(planned.to_at));
    let span = Span::new(planned.from_at, to)?;
    Some((planned.school_id, Work { device: planned.device_id, span, planned_at: planned.planned_at, reason: planned.reason }))
}

/// An open stop and how it stands.
#[derive(Debug, Clone)]
pub struct Still {
    /// The stop.
    pub stop: Open,
    /// How it stands.
    pub standing: Standing,
}

/// The open stops that count, of a school or of all in scope, the least left first.
async fn standing_still(tx: &Tx, school: Option<SchoolId>, now: Timestamp) -> Result<Vec<Still>> {
    let open = store::OPEN_LIST.all(tx, (school,)).await?;
    let from = open.iter().map(|stop| stop.began_at).min().unwrap_or(now).max(now - FAR_BACK);
    let excuses = Excuses::since(tx, school, from, now).await?;
    let mut still: Vec<Still> = open
        .into_iter()
        .filter_map(|stop| {
            let apart = excuses.of(stop.school_id, stop.device_id, stop.began_at);
            let span = Span::new(stop.began_at, now)?;
            rules::is_stop(span, &apart).then(|| Still { standing: Standing::of(stop.began_at, now, &apart), stop })
        })
        .collect();
    still.sort_by_key(|one| (one.standing.left, one.stop.school_code.clone(), one.stop.code.clone()));
    Ok(still)
}

/// Every device that stands still, the least left first.
pub(super) async fn open(db: &Db, ctx: &Ctx) -> Result<Vec<Still>> {
    ctx.require::<SeeDowntime>()?;
    db.run(&ctx.scope, async |tx| standing_still(tx, None, ctx.now()).await).await
}

/// What stands still at a school, and what is planned there.
pub(super) async fn open_of(db: &Db, ctx: &Ctx, school: SchoolId) -> Result<Own> {
    ctx.require::<SeeOwnDowntime>()?;
    db.run(&ctx.scope, async |tx| {
        let now = ctx.now();
        Ok(Own {
            all: store::SERVICE_LIST.all(tx, (school, now, now)).await?.len(),
            still: standing_still(tx, Some(school), now).await?,
            works: store::PLANNED_LIST.all(tx, (Some(school), now)).await?.into_iter().filter(|work| work.called_off_at.is_none()).collect(),
        })
    })
    .await
}

/// What a school sees of itself.
pub(super) struct Own {
    /// What stands still, the least left first.
    pub(super) still: Vec<Still>,
    /// How many devices are in service.
    pub(super) all: usize,
    /// Planned work that is not over.
    pub(super) works: Vec<Planned>,
}

/// How many devices of the schools in scope stand still, and of how many of these the 48 hours end within twelve.
///
/// # Errors
/// The database's.
pub async fn figures(tx: &Tx, now: Timestamp) -> Result<(usize, usize)> {
    let still = standing_still(tx, None, now).await?;
    let ending = still.iter().filter(|one| !one.standing.is_broken() && one.standing.left <= rules::LITTLE).count();
    Ok((still.len(), ending))
}

/// Takes the open stop of a device in hand: others are told again after twelve hours only.
pub(super) async fn take(db: &Db, ctx: &Ctx, device: DeviceId) -> Result<()> {
    ctx.require::<TakeDowntime>()?;
    db.run(&ctx.scope, async |tx| {
        let taken = store::TAKE.opt(tx, (device, ctx.now())).await?.ok_or(Error::Refused("downtime.over"))?;
        let deed = Deed { school: taken.school_id, action: "fleet.take_downtime", subject_kind: "device", subject: Some(Uuid::from(device)), detail: json!({}) };
        audit::record(tx, ctx, deed).await
    })
    .await
}

/// Planned work of all schools, the latest first; a month back.
pub(super) async fn planned(db: &Db, ctx: &Ctx) -> Result<Vec<Planned>> {
    ctx.require::<SeeDowntime>()?;
    let from = ctx.now() - SignedDuration::from_hours(24 * 31);
    db.run(&ctx.scope, async |tx| store::PLANNED_LIST.all(tx, (None, from)).await).await
}

/// Plans work at a school. Sent twice with one id, it is planned once.
pub(super) async fn plan(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid, plan: Plan) -> Result<()> {
    ctx.require::<TakeDowntime>()?;
    if !ctx.scope.schools.contains(&school) {
        return Err(Error::NotFound);
    }
    db.run(&ctx.scope, async |tx| {
        let row = (school, id, plan.device, plan.span.from, plan.span.to, plan.reason.clone(), ctx.now());
        if store::WORK_ADD.run(tx, row).await? == 0 {
            return Ok(());
        }
        let detail = json!({ "from": plan.span.from, "to": plan.span.to, "device": plan.device });
        audit::record(tx, ctx, Deed { school, action: "fleet.plan_maintenance", subject_kind: "maintenance", subject: Some(id), detail }).await
    })
    .await
}

/// Calls planned work off; what of it has passed stays as it was.
pub(super) async fn call_off(db: &Db, ctx: &Ctx, id: Uuid) -> Result<()> {
    ctx.require::<TakeDowntime>()?;
    db.run(&ctx.scope, async |tx| match store::WORK_CALL_OFF.opt(tx, (id, ctx.now())).await? {
        // Called off before, over, or out of sight: there is nothing to do.
        None => Ok(()),
        Some(off) => {
            let deed = Deed { school: off.school_id, action: "fleet.call_off_maintenance", subject_kind: "maintenance", subject: Some(id), detail: json!({}) };
            audit::record(tx, ctx, deed).await
        }
    })
    .await
}

/// The act of a school for a stretch of time.
pub(super) async fn act(db: &Db, ctx: &Ctx, school: SchoolId, month: Span) -> Result<Act> {
    ctx.require::<SeeDowntime>()?;
    if !ctx.scope.schools.contains(&school) {
        return Err(Error::NotFound);
    }
    db.run(&ctx.scope, async |tx| {
        let stops: Vec<Stop> = store::RAW_LIST.all(tx, (school, month.from, month.to)).await?.into_iter().map(stop).collect();
        let from = stops.iter().map(|stop| stop.began_at).min().unwrap_or(month.from).min(month.from);
        let excuses = Excuses::since(tx, Some(school), from, ctx.now()).await?;
        let listed = store::SERVICE_LIST.all(tx, (school, month.from, month.to)).await?;
        let listed = listed.into_iter().map(|one| Listed { device: one.device_id, code: one.code, name: one.name, from: one.from_at, to: one.retired_at }).collect();
        let works: Vec<Work> = excuses.works.into_iter().map(|(_, work)| work).collect();
        Ok(Act::of(month, listed, &stops, &works, &excuses.outages))
    })
    .await
}

fn stop(raw: store::Raw) -> Stop {
    Stop { school: raw.school_id, device: raw.device_id, began_at: raw.began_at, ended_at: raw.ended_at }
}
