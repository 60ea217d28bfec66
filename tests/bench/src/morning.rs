//! A winter morning: 500 schools let their pupils in as fast as 250,000 passes in half an hour, first alone, then while every school's
//! announcement goes out to 100,000 parents. An entry must be told within a second whatever else there is to tell.
//!
//! The announcements are rows as the page of announcements writes them when somebody presses "send"; from there on everything is the hub's
//! own: its jobs, its rows, its lanes. What the rush achieves is held against a bare client: the same channel and the same number of sends
//! under way, without rows, queues or anything else to do.

use std::{sync::Arc, time::Duration};

use delivery::{
    Push,
    channels::{
        Channel, Verdict, Via,
        fcm::{Fcm, ServiceAccount, Settings},
    },
    dispatch,
};
use futures_util::{StreamExt, stream};
use jiff::SignedDuration;
use kernel::{
    Locale,
    clock::Clock,
    id::{NoticeId, PersonId, SchoolId, TokenId, Uuid, fresh, show},
    mode::Mode,
};
use serde_json::json;
use shanyraq::rooms;
use tokio::time::Instant;
use web::Catalog;

use crate::{
    failure::{Failure, Outcome},
    latency::{self, Spread, Stages},
    stats::float,
    step::{self, Step, Timing, Window},
    world::World,
};

/// A pass each for 250,000 pupils in half an hour.
pub const PASSES_PER_S: f64 = 250_000.0 / 1_800.0;
/// An entry is to be with the parent within so many microseconds, 99 times of 100.
const GOAL_US: i64 = 1_000_000;
/// Sends that lower lanes may have under way leave half of all to what happens now.
const BULK_SHARE: usize = 2;

/// What was found.
#[derive(Debug)]
pub struct Morning {
    /// Passes a second that were to happen.
    rate: f64,
    /// The entries alone, and beside the rush.
    looks: [(Step, Stages); 2],
    rush: Rush,
    /// Pushes a second of the bare client.
    bare_per_s: f64,
}

/// What became of the announcement.
#[derive(Debug, Clone, Copy)]
struct Rush {
    /// Parents it was for.
    parents: i64,
    /// Pushes of it that the provider accepted while the entries were measured.
    accepted: usize,
    /// How long that was.
    seconds: f64,
}

impl Rush {
    fn per_s(&self) -> f64 {
        float(u64::try_from(self.accepted).unwrap_or(0)) / self.seconds
    }
}

/// Measures both mornings, and the bare client.
pub async fn measure(world: &World, rate: f64, timing: Timing, bare: usize, tell: &dyn Fn(&str)) -> Outcome<Morning> {
    let bare_per_s = bare_client(world, bare).await?;
    tell(&format!("a bare client: {bare_per_s:.0} pushes/s"));
    let (alone, _, _) = look(world, rate, timing).await?;
    tell(&format!("alone: {} ms (p50 / p99) of {} pushes, {} missing", alone.1.whole.shown(), alone.1.pushes, alone.1.missing));
    let parents = announce(world).await?;
    let (beside, mark, window) = look(world, rate, timing).await?;
    let rush = Rush { parents, accepted: announced(world, mark, window).await?, seconds: float(u64::try_from(window.to_us - window.from_us).unwrap_or(0)) / 1e6 };
    tell(&format!("beside the rush: {} ms of {} pushes, {} missing; {:.0} pushes/s of the announcement", beside.1.whole.shown(), beside.1.pushes, beside.1.missing, rush.per_s()));
    Ok(Morning { rate, looks: [alone, beside], rush, bare_per_s })
}

async fn look(world: &World, rate: f64, timing: Timing) -> Outcome<((Step, Stages), u64, Window)> {
    let mark = latency::mark(world);
    let (step, window) = step::measure(world, rate, timing, Duration::from_secs(10)).await?;
    Ok(((step, latency::read(world, mark, window).await?), mark, window))
}

/// Every school announces something to all its parents; gives how many these are. The hub that starts next tells them.
async fn announce(world: &World) -> Outcome<i64> {
    let mut db = world.superuser().await?;
    let now = Clock::System.now();
    let schools: Vec<SchoolId> = world.town.schools.iter().map(|school| school.id).collect();
    let announcements: Vec<Uuid> = schools.iter().map(|_| fresh(now)).collect();
    let jobs: Vec<Uuid> = schools.iter().map(|_| fresh(now)).collect();
    let shown: Vec<String> = announcements.iter().map(|id| show(*id)).collect();
    let tx = db.transaction().await?;
    tx.execute(
        "insert into announcement (school_id, id, title_kk, title_ru, text_kk, text_ru, urgency, audience, written_by, written_at, sent_by, sent_at, job_id)
         select s.school_id, s.id, 'Ата-аналар жиналысы', 'Родительское собрание', 'Ертең сағат 18:00, акт залында.', 'Завтра в 18:00, в актовом зале.',
           'normal', 'school', g.guardian_id, $4, g.guardian_id, $4, s.job_id
         from unnest($1::uuid[], $2::uuid[], $3::uuid[]) s (school_id, id, job_id)
         cross join lateral (select guardian_id from kinship where school_id = s.school_id order by guardian_id limit 1) g",
        &[&schools, &announcements, &jobs, &now],
    )
    .await?;
    let parents = tx
        .execute(
            "insert into announcement_reader (school_id, announcement_id, guardian_id, child_id)
             select distinct on (k.school_id, k.guardian_id) k.school_id, a.id, k.guardian_id, k.pupil_id
             from kinship k join announcement a on a.school_id = k.school_id where k.valid_to is null order by k.school_id, k.guardian_id, k.pupil_id",
            &[],
        )
        .await?;
    tx.execute(
        "insert into job (school_id, id, kind, key, body, created_at, run_at)
         select s.school_id, s.id, 'delivery.announce', s.shown, jsonb_build_object('announcement', s.shown), $4, $4
         from unnest($1::uuid[], $2::uuid[], $3::text[]) s (school_id, id, shown)",
        &[&schools, &jobs, &shown, &now],
    )
    .await?;
    tx.commit().await?;
    db.batch_execute("analyze announcement, announcement_reader, job").await?;
    Ok(i64::try_from(parents).unwrap_or(i64::MAX))
}

/// How many pushes of the announcement were accepted while it was measured.
async fn announced(world: &World, mark: u64, window: Window) -> Outcome<usize> {
    let accepted = latency::accepted(world, mark, window)?;
    let rows = world.superuser().await?.query("select id from notice where kind = 'announcement'", &[]).await?;
    let ids = rows.iter().map(|row| row.try_get::<_, NoticeId>(0)).collect::<Result<Vec<_>, _>>()?;
    Ok(ids.iter().filter(|id| accepted.contains(id)).count())
}

/// How many pushes a second the channel alone brings through, as many at a time as a rush may have under way.
async fn bare_client(world: &World, pushes: usize) -> Outcome<f64> {
    let failed = |error: &dyn std::error::Error| Failure::plain(format!("the bare client: {error}"));
    let way_out = Mode::Demo.way_out().ok_or_else(|| Failure::plain("no way out"))?;
    let under_way = dispatch::Settings::default().in_flight / BULK_SHARE;
    let settings = Settings { url: world.simulator_url().to_owned(), ..Settings::default() };
    let account = ServiceAccount::read(&world.service_account_file()).map_err(|error| failed(&error))?;
    let catalog = Arc::new(Catalog::build(&rooms::locales()).map_err(|error| failed(&error))?);
    let channel = Fcm::new(way_out, &settings, account, catalog, Clock::System).map_err(|error| failed(&error))?;
    let begun = Instant::now();
    let taken = stream::iter((0..pushes).map(|_| news()))
        .map(async |push| matches!(channel.send(&push).await, Verdict::Accepted))
        .buffer_unordered(under_way)
        .filter(|accepted| std::future::ready(*accepted))
        .count()
        .await;
    if taken < pushes {
        return Err(Failure::plain(format!("the provider took {taken} of {pushes} of the bare client's pushes")));
    }
    Ok(float(u64::try_from(pushes).unwrap_or(u64::MAX)) / begun.elapsed().as_secs_f64())
}

/// A push as the announcement makes it.
fn news() -> Push {
    let now = Clock::System.now();
    let person: PersonId = PersonId(fresh(now));
    Push {
        school: SchoolId(Uuid::nil()),
        notice: NoticeId(fresh(now)),
        recipient: person,
        token: TokenId(Uuid::nil()),
        via: Via::Fcm,
        device_token: show(person.0),
        locale: Locale::Kk,
        child: person,
        kind: &notice::ANNOUNCEMENT,
        occurred_at: now,
        created_at: now,
        lease_until: now,
        expires_at: now.saturating_add(SignedDuration::from_hours(1)).unwrap_or(now),
        stands_for: 1,
        attempts: 0,
        args: Arc::new(json!({
            "title_kk": "Ата-аналар жиналысы", "title_ru": "Родительское собрание",
            "text_kk": "Ертең сағат 18:00, акт залында.", "text_ru": "Завтра в 18:00, в актовом зале.",
        })),
    }
}

impl Morning {
    /// The report, as Markdown.
    pub fn markdown(&self, date: &str, machine: &[String], world: &World) -> String {
        let machine: String = machine.iter().map(|line| format!("- {line}\n")).collect();
        let shown = |spread: Spread| spread.shown();
        let row = |(name, (step, stages)): (&str, &(Step, Stages))| {
            let met = if stages.whole.p99 <= GOAL_US { "" } else { " **missed**" };
            format!(
                "| {name} | {:.0} | {} | {} | {} | {} | {}{met} | {} | {} |\n",
                step.durable_per_s, shown(stages.received), shown(stages.gathered), shown(stages.sent), shown(stages.accepted), shown(stages.whole), stages.pushes, stages.missing,
            )
        };
        let rows: String = ["alone", "beside the announcement"].into_iter().zip(&self.looks).map(row).collect();
        let per_s = self.rush.per_s();
        format!(
            "# A winter morning\n\nWritten by `bench` on {date}. Run it: `cargo run --profile quick -p bench -- --morning --write`.\n\n{machine}\n\
             {} schools let pupils in at {:.0} passes a second, as fast as 250,000 pupils in half an hour; each pass is told to two parents. In the second row every school's \
             announcement goes to its parents at the same time, {} in all. Times are p50 / p99 in milliseconds, from the scheduled time of the pass to the provider's acceptance. \
             Goal: an entry within a second at p99.\n\n\
             | entries | durable/s | received | commit begun | sent | accepted | whole | pushes | missing |\n|---|---|---|---|---|---|---|---|---|\n{rows}\n\
             The announcement went out at {per_s:.0} pushes a second meanwhile: {:.2} of the {:.0} of a bare client, which sends by the same channel and as many at a time, with no rows \
             and nothing beside it.\n",
            world.town.schools.len(),
            self.rate,
            self.rush.parents,
            per_s / self.bare_per_s,
            self.bare_per_s,
        )
    }
}
