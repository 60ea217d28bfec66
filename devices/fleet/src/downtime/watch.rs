//! The watch: every minute it opens the stops of devices that fell silent, ends those of retired ones, and tells people at each rung of the ladder.
//! While the service itself does not listen it opens nothing: nobody can be heard then, and that is not the devices' fault.

use std::collections::BTreeSet;

use futures_util::future::{FutureExt, LocalBoxFuture};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Ctx, Result,
    db::{Db, Scope, Tx},
    id::{PersonId, SchoolId},
    job::{self, Order, Step, Taken, Work},
};
use notice::{Draft, To};
use people::organisation::{self, Organisation};
use serde_json::json;

use super::{
    rules::{self, BACK_WITHIN, Standing},
    service::{self, Excuses},
    store::{self, Holder, Rung},
};
use crate::health::SILENT_AFTER;

/// The job's kind.
pub const WATCH: &str = "fleet.downtime";

/// Has people told, in the transaction of the rungs: the watch stands beside those who own notices.
pub trait Voice {
    /// Tells them.
    fn tell<'a>(&'a self, tx: &'a Tx, now: Timestamp, drafts: &'a [Draft]) -> LocalBoxFuture<'a, Result<()>>;
}

/// The job that watches all devices.
pub struct Watch<V> {
    /// Who says what it finds.
    pub voice: V,
}

/// The order of a minute's look, for whoever comes first.
pub fn order() -> Order {
    Order { school: identity::SUPPLIER, kind: WATCH, key: "all".to_owned(), body: json!({}) }
}

/// What a look found.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Looked {
    /// Stops that were opened.
    pub opened: u64,
    /// Devices that stand still, as far as it counts.
    pub still: usize,
    /// The longest of these stops, as far as it counts.
    pub longest: SignedDuration,
    /// People who were told.
    pub told: usize,
}

impl<V: Voice> Work for Watch<V> {
    fn kind(&self) -> &'static str {
        WATCH
    }

    fn portion<'a>(&'a self, db: &'a Db, ctx: &'a Ctx, job: &'a Taken) -> LocalBoxFuture<'a, Result<Step>> {
        async move {
            let listening = db.run(&ctx.scope, async |tx| service::listening_since(tx, ctx.now()).await).await?;
            let looked = look(db, ctx, &self.voice, identity::schools::all(db).await?, listening).await?;
            let result = json!({ "opened": looked.opened, "still": looked.still, "told": looked.told });
            db.run(&ctx.scope, async |tx| job::finish(tx, ctx, job, result).await).await?;
            Ok(Step::Over)
        }
        .boxed_local()
    }
}

/// Looks at every device of these schools. `listening`: since when the service listens; nothing where it does not.
pub async fn look<V: Voice>(db: &Db, ctx: &Ctx, voice: &V, schools: Vec<SchoolId>, listening: Option<Timestamp>) -> Result<Looked> {
    let mut scope = Scope::schools(schools);
    if !scope.schools.contains(&identity::SUPPLIER) {
        scope.schools.push(identity::SUPPLIER);
    }
    db.run(&scope, async |tx| {
        let now = ctx.now();
        store::STOP_END_RETIRED.run(tx, ()).await?;
        let opened = match listening {
            Some(since) => store::STOP_OPEN.run(tx, (now, since + BACK_WITHIN, SILENT_AFTER.as_secs())).await?,
            None => 0,
        };
        let (still, longest, due) = due(tx, now).await?;
        let told = tell(tx, voice, now, &due).await?;
        Ok(Looked { opened, still, longest, told })
    })
    .await
}

/// A rung of a stop that is due.
struct Due {
    stop: Rung,
    hours: i16,
    standing: Standing,
}

/// How many devices stand still, the longest time, and which rungs are due, all as far as it counts.
async fn due(tx: &Tx, now: Timestamp) -> Result<(usize, SignedDuration, Vec<Due>)> {
    let open = store::OPEN_FOR_UPDATE.all(tx, ()).await?;
    let from = open.iter().map(|stop| stop.began_at).min().unwrap_or(now);
    let excuses = Excuses::since(tx, None, from, now).await?;
    let (mut still, mut longest, mut due) = (0, SignedDuration::ZERO, Vec::new());
    for stop in open {
        let apart = excuses.of(stop.school_id, stop.device_id, stop.began_at);
        let standing = Standing::of(stop.began_at, now, &apart);
        if standing.counted <= SILENT_AFTER {
            continue;
        }
        still += 1;
        longest = longest.max(standing.counted);
        if let Some(hours) = rules::rung(standing.counted, stop.told_hours, stop.taken_at, now) {
            due.push(Due { stop, hours, standing });
        }
    }
    Ok((still, longest, due))
}

/// One notice for each who is to know: of their school, or of all schools for the supplier's people. Then the rungs are told.
async fn tell<V: Voice>(tx: &Tx, voice: &V, now: Timestamp, due: &[Due]) -> Result<usize> {
    if due.is_empty() {
        return Ok(0);
    }
    let schools: BTreeSet<SchoolId> = due.iter().map(|one| one.stop.school_id).collect();
    let homes: Vec<SchoolId> = schools.iter().copied().chain([identity::SUPPLIER]).collect();
    let holders = store::HOLDER_LIST.all(tx, (homes, rules::everybody(), now)).await?;
    let names = organisation::schools(tx).await?;
    let mut drafts = drafts(identity::SUPPLIER, due.iter().collect(), &holders, &names, now);
    for school in &schools {
        drafts.extend(self::drafts(*school, due.iter().filter(|one| one.stop.school_id == *school).collect(), &holders, &names, now));
    }
    voice.tell(tx, now, &drafts).await?;
    let columns = (
        due.iter().map(|one| one.stop.school_id).collect(),
        due.iter().map(|one| one.stop.device_id).collect(),
        due.iter().map(|one| one.stop.began_at).collect(),
        due.iter().map(|one| one.hours).collect(),
    );
    store::TOLD_SAVE.run(tx, columns).await?;
    Ok(drafts.len())
}

/// What the people of one organisation are told of these stops, the worst of which says who they are.
fn drafts(home: SchoolId, stops: Vec<&Due>, holders: &[Holder], names: &[Organisation], now: Timestamp) -> Vec<Draft> {
    let Some(worst) = stops.iter().max_by_key(|one| one.standing.counted) else { return Vec::new() };
    let Some(school) = names.iter().find(|one| one.id == worst.stop.school_id) else { return Vec::new() };
    let schools: BTreeSet<SchoolId> = stops.iter().map(|one| one.stop.school_id).collect();
    let rung = stops.iter().map(|one| one.hours).max().unwrap_or_default();
    let place = if home == identity::SUPPLIER { "support" } else { school.code.as_str() };
    let args = json!({
        "school_kk": school.name_kk, "school_ru": school.name_ru, "schools": schools.len(), "devices": stops.len(),
        "hours": worst.standing.counted.as_hours(), "left": worst.standing.left.as_hours().max(0), "place": place,
    });
    let told = |person: PersonId| Draft { school: home, child: person, to: To::Oneself, kind: &notice::DEVICES_STILL, occurred_at: now, late: false, args: args.clone() };
    rules::told(rung, holders.iter().filter(|holder| holder.school_id == home).map(|holder| (holder.role.as_str(), holder.person_id))).into_iter().map(told).collect()
}
