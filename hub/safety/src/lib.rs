//! Safety: what happens at doors and tills, once it is known whose card it was.
//! Rooms: [`access`] (passes and presence), [`canteen`] (meals), [`absences`] (who was said not to come), [`arrivals`] (who has not come),
//! [`blocks`] (cards that were lost); `cards` joins them when cards get a life of their own.
//!
//! Device events reach a room through [`recognise`] and [`save`], set-based and inside the engine's transaction.

pub mod absences;
pub mod access;
pub mod arrivals;
pub mod blocks;
pub mod canteen;
mod cards;
pub mod keep;

use futures_util::future::try_join3;
use jiff::{Timestamp, tz::TimeZone};
use kernel::{
    Locale, Result,
    db::Tx,
    id::{DeviceId, PersonId, SchoolId},
    money::Money,
    right::{Right, Role},
    sql::Statement,
};
use notice::Draft;
use protocol::up::{Body, Direction, Method};
use web::{NavItem, Source, Task};

use cards::Holder;

/// A pass or meal that is now durable: what live pages and school actors are told after the commit.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// The school.
    pub school: SchoolId,
    /// Whose card it was.
    pub person: PersonId,
    /// `Surname Given`, as lists show it.
    pub person_name: String,
    /// `7А`, for pupils.
    pub class: Option<String>,
    /// The device it happened at.
    pub device: DeviceId,
    /// The device's place, as registered.
    pub place: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When the hub got it.
    pub received_at: Timestamp,
    /// Whether it came too late to alarm anyone.
    pub late: bool,
    /// What happened.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// Through a door.
    Pass {
        /// Which way.
        direction: Direction,
        /// How recognised.
        method: Method,
    },
    /// A meal.
    Meal {
        /// What was eaten.
        item: String,
        /// Its price; zero when free.
        price: Money,
    },
}

/// A device event that the engine took as new, under the lock of its device's cursor.
#[derive(Debug, Clone)]
pub struct Taken<'a> {
    /// The school.
    pub school: SchoolId,
    /// The school's time zone, for the words of a notice.
    pub zone: &'a TimeZone,
    /// The device.
    pub device: DeviceId,
    /// The device's place.
    pub place: &'a str,
    /// The journal.
    pub store: &'a str,
    /// Number within the journal.
    pub seq: i64,
    /// When the hub got it.
    pub received_at: Timestamp,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Whether it came too late to alarm anyone.
    pub late: bool,
    /// What the device said.
    pub body: &'a Body,
}

/// What came of a batch.
#[derive(Debug, Default)]
pub struct Absorbed {
    /// Passes and meals as recorded, in the order of the batch.
    pub recorded: Vec<Recorded>,
    /// What guardians are to be told of them.
    pub drafts: Vec<Draft>,
    /// Places in the batch whose card belongs to nobody of that school.
    pub unknown_cards: Vec<usize>,
    /// Places in the batch of which nothing may be made: the holder's consent is withdrawn. Not even whose card it was may stay.
    pub stopped: Vec<usize>,
}

/// The rows of a batch, to be given to [`save`] in the same transaction.
#[derive(Debug, Default)]
pub struct Rows {
    passes: access::Rows,
    meals: canteen::Rows,
    uses: blocks::Rows,
}

/// Finds whose cards they were and what follows from that, with one statement. Bodies that are neither pass nor meal are passed over.
/// Nothing is stored yet, so that the engine can send [`save`] together with statements that do not wait for it.
pub async fn recognise(tx: &Tx, batch: &[Taken<'_>]) -> Result<(Absorbed, Rows)> {
    let holders = cards::holders(tx, batch).await?;
    let mut absorbed = Absorbed::default();
    let mut rows = Rows::default();
    for (place, (event, holder)) in batch.iter().zip(holders).enumerate() {
        let (what, draft) = match (event.body, &holder) {
            (Body::Pass(_) | Body::Meal(_), None) => {
                absorbed.unknown_cards.push(place);
                continue;
            }
            (Body::Pass(_) | Body::Meal(_), Some(holder)) if holder.stopped => {
                absorbed.stopped.push(place);
                continue;
            }
            // Nobody knows who had it in hand: neither a pass nor a meal of the holder's.
            (Body::Pass(_) | Body::Meal(_), Some(Holder { person_id, given_name, block_id: Some(block), .. })) if blocks::tells_of_the_card(event.body) => {
                rows.uses.push(event, *person_id, *block);
                absorbed.drafts.push(blocks::draft(event, *person_id, given_name));
                continue;
            }
            (Body::Pass(pass), Some(holder)) => {
                rows.passes.push(event, holder.person_id, pass);
                (What::Pass { direction: pass.direction, method: pass.method }, access::draft(event, holder, pass))
            }
            (Body::Meal(meal), Some(holder)) => {
                rows.meals.push(event, holder.person_id, meal);
                let price = Money::from_tiyn(meal.price_tiyn);
                (What::Meal { item: meal.item.clone(), price }, canteen::draft(event, holder, meal))
            }
            _ => continue,
        };
        let Some(holder) = holder else { continue };
        absorbed.drafts.push(draft);
        absorbed.recorded.push(recorded(event, holder, what));
    }
    Ok((absorbed, rows))
}

/// Stores the passes and meals of a batch, and what was done with blocked cards, and moves presence, with a constant number of statements.
pub async fn save(tx: &Tx, rows: Rows) -> Result<()> {
    try_join3(access::save(tx, rows.passes), canteen::save(tx, rows.meals), blocks::save(tx, rows.uses)).await?;
    Ok(())
}

fn recorded(event: &Taken<'_>, holder: Holder, what: What) -> Recorded {
    Recorded {
        school: event.school,
        person: holder.person_id,
        person_name: format!("{} {}", holder.surname, holder.given_name),
        class: holder.class,
        device: event.device,
        place: event.place.to_owned(),
        occurred_at: event.occurred_at,
        received_at: event.received_at,
        late: event.late,
        what,
    }
}

/// Date and time in the school's zone, as people write them.
fn local(event: &Taken<'_>) -> (String, String) {
    let at = event.occurred_at.to_zoned(event.zone.clone());
    (at.strftime("%d.%m.%Y").to_string(), at.strftime("%H:%M").to_string())
}

/// Every statement of the wing, for the test that prepares them all.
pub const STATEMENTS: &[&[&dyn Statement]] = &[cards::STATEMENTS, access::STATEMENTS, canteen::STATEMENTS, absences::STATEMENTS, absences::document::STATEMENTS, arrivals::STATEMENTS, blocks::STATEMENTS];

/// Every right of the wing, by room.
pub const RIGHTS: &[&[(Right, &[Role])]] = &[absences::RIGHTS, arrivals::RIGHTS, blocks::RIGHTS];

/// The texts of the pages.
pub const LOCALES: &[Source] = &[
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/absences.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/absences.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/absences.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/arrivals.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/arrivals.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/arrivals.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/blocks.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/blocks.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/blocks.ftl") },
];

/// What the navigation offers.
pub const NAVIGATION: &[NavItem] = {
    let [own_cards, blocked_cards] = blocks::NAVIGATION_ITEMS;
    &[absences::NAVIGATION_ITEM, arrivals::NAVIGATION_ITEM, own_cards, blocked_cards]
};

/// What may wait to be done.
pub const TASKS: &[Task] = &[blocks::TASK];

/// The pages of the wing.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    absences::routes(cfg);
    arrivals::routes(cfg);
    blocks::routes(cfg);
}
