//! The watch: every minute it opens the stops of devices that fell silent, ends those of retired ones, and tells people at each rung of the ladder.
//! While the service itself does not listen it opens nothing: nobody can be heard then, and that is not the devices' fault.

use std::collections::BTreeMap;

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
    rules::{self, Standing},
    service::{self, Excuses},
    store::{self, Rung},
};
use crate::health::SILENT_AFTER;

/// The job's kind.
pub const WATCH: &str = "fleet.downtime";

/// The job that watches all devices.
pub struct Watch;

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

impl Work for Watch {
    fn kind(&self) -> &'static str {
        WATCH
    }

    fn portion<'a>(&'a self, db: &'a Db, ctx: &'a Ctx, job: &'a Taken) -> LocalBoxFuture<'a, Result<Step>> {
        async move {
            let listening = db.run(&ctx.scope, async |tx| service::listening_since(tx, ctx.now()).await).await?;
            let looked = look(db, ctx, identity::schools::all(db).await?, listening).await?;
            metrics::gauge!("downtime_devices").set(f64::from(u32::try_from(looked.still).unwrap_or(u32::MAX)));
            metrics::gauge!("downtime_longest_seconds").set(looked.longest.as_secs_f64());
            let result = json!({ "opened": looked.opened, "still": looked.still, "told": looked.told });
            db.run(&ctx.scope, async |tx| job::finish(tx, ctx, job, result).await).await?;
            Ok(Step::Over)
        }
        .boxed_local()
    }
}

/// Looks at every device of these schools. `listening`: since when the service listens; nothing where it does not.
pub async fn look(db: &Db, ctx: &Ctx, schools: Vec<SchoolId>, listening: Option<Timestamp>) -> Result<Looked> {
    let mut scope = Scope::schools(schools);
    if !scope.schools.contains(&identity::SUPPLIER) {
        scope.schools.push(identity::SUPPLIER);
    }
    db.run(&scope, async |tx| {
        let now = ctx.now();
        store::STOP_END_RETIRED.run(tx, ()).await?;
        let opened = match listening {
            Some(since) => store::STOP_OPEN.run(tx, (now, since, SILENT_AFTER.as_secs())).await?,
            None => 0,
        };
        let (still, longest, due) = due(tx, now).await?;
        let told = tell(tx, ctx, due).await?;
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
    let excuses = Excuses::since(tx, None, from).await?;
    let (mut still, mut longest, mut due) = (0, SignedDuration::ZERO, Vec::new());
    for stop in open {
        let apart = excuses.of(stop.school_id, stop.device_id);
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

/// One notice a school and rung for each who is to know, and the rungs are told.
async fn tell(tx: &Tx, ctx: &Ctx, due: Vec<Due>) -> Result<usize> {
    let mut groups: BTreeMap<(SchoolId, i16), Vec<Due>> = BTreeMap::new();
    for one in due {
        groups.entry((one.stop.school_id, one.hours)).or_default().push(one);
    }
    if groups.is_empty() {
        return Ok(0);
    }
    let names = organisation::schools(tx).await?;
    let mut told = 0;
    for (place, group) in &groups {
        told += tell_group(tx, ctx, &names, *place, group).await?;
    }
    let stops = || groups.values().flatten();
    let columns = (
        stops().map(|one| one.stop.school_id).collect(),
        stops().map(|one| one.stop.device_id).collect(),
        stops().map(|one| one.stop.began_at).collect(),
        stops().map(|one| one.hours).collect(),
    );
    store::TOLD_SAVE.run(tx, columns).await?;
    Ok(told)
}

async fn tell_group(tx: &Tx, ctx: &Ctx, names: &[Organisation], (school, hours): (SchoolId, i16), group: &[Due]) -> Result<usize> {
    let Some(named) = names.iter().find(|one| one.id == school) else { return Ok(0) };
    let left = group.iter().map(|one| one.standing.left).min().unwrap_or_default();
    let (ours, theirs) = rules::told_at(hours);
    let people_of = async |school, roles| -> Result<Vec<PersonId>> {
        Ok(store::HOLDER_LIST.all(tx, (school, roles, ctx.now())).await?.into_iter().map(|holder| holder.person_id).collect())
    };
    let told = [(identity::SUPPLIER, "support".to_owned(), people_of(identity::SUPPLIER, ours).await?), (school, named.code.clone(), people_of(school, theirs).await?)];
    let mut count = 0;
    for (home, place, persons) in told {
        for person in persons {
            let args = json!({
                "school_kk": named.name_kk, "school_ru": named.name_ru, "devices": group.len(), "hours": hours,
                "left": left.as_hours().max(0), "place": place,
            });
            let draft = Draft { school: home, child: person, to: To::Oneself, kind: &notice::DEVICES_STILL, occurred_at: ctx.now(), late: false, args };
            notice::tell(tx, ctx, &draft).await?;
            count += 1;
        }
    }
    Ok(count)
}
