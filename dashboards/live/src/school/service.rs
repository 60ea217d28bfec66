//! Use cases of a school now.

use jiff::{Timestamp, ToSpan, tz::TimeZone};
use kernel::{
    Ctx, Result,
    db::{Db, Tx},
    id::{ClassId, SchoolId},
    right::Bounds,
};
use safety::access::INSIDE_AT_MOST;

use super::{
    Place, SeeSchoolNow,
    store::{self, ClassRow, StreamRow, WhoRow},
};

/// How many lines a page of the stream shows.
pub const PAGE: usize = 50;
/// How many lines an export holds at most.
pub const EXPORT: usize = 50_000;

/// The figures of a day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// People inside.
    pub inside: i64,
    /// Pupils who have not passed a door today.
    pub not_come: i64,
    /// Passes in.
    pub entered: i64,
    /// Passes out.
    pub left: i64,
    /// Meals.
    pub meals: i64,
}

/// A class with how many of its pupils are inside.
pub type ClassNow = ClassRow;
/// A person and where they were last seen to go.
pub type WhoNow = WhoRow;

/// Who is inside, by class.
#[derive(Debug)]
pub struct Presence {
    /// Everybody inside.
    pub inside: i64,
    /// Classes in order.
    pub classes: Vec<ClassNow>,
    /// Staff and others inside.
    pub staff: Vec<WhoNow>,
}

/// Which lines of the stream.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StreamFilter {
    /// `in`, `out`, `meal`, or empty for all.
    pub kind: String,
    /// One class only.
    pub class: Option<ClassId>,
    /// Words of the name or class, as typed.
    pub words: String,
    /// Go on after this line.
    pub after: Option<Place>,
}

impl StreamFilter {
    /// Whether it is the plain newest page, which live lines may join.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// A page of the stream.
#[derive(Debug)]
pub struct Stream {
    /// The lines, newest received first.
    pub rows: Vec<StreamRow>,
    /// The last one, when more follow.
    pub next: Option<Place>,
}

/// The figures of today.
pub async fn figures(db: &Db, ctx: &Ctx, school: SchoolId, zone: &TimeZone) -> Result<Figures> {
    let bounds = ctx.within::<SeeSchoolNow>()?;
    let (from, before) = day(ctx.now(), zone)?;
    let inside_since = ctx.now() - INSIDE_AT_MOST;
    db.run(&ctx.scope, async |tx| {
        let classes = store::CLASS_LIST.all(tx, (school, from, inside_since, bounds.classes())).await?;
        let inside = inside(tx, school, inside_since, &bounds, &classes).await?;
        let not_come = classes.iter().map(|class| class.pupils - class.came).sum();
        let mut figures = Figures { inside, not_come, ..Figures::default() };
        let kinds = match bounds.classes() {
            None => store::KIND_COUNT.all(tx, (school, from, before)).await?,
            Some(classes) => store::KIND_COUNT_OF_CLASSES.all(tx, (school, from, before, classes)).await?,
        };
        for kind in kinds {
            match kind.kind.as_str() {
                "in" => figures.entered = kind.count,
                "out" => figures.left = kind.count,
                _ => figures.meals = kind.count,
            }
        }
        Ok(figures)
    })
    .await
}

/// Who is inside, by class.
pub async fn presence(db: &Db, ctx: &Ctx, school: SchoolId, zone: &TimeZone) -> Result<Presence> {
    let bounds = ctx.within::<SeeSchoolNow>()?;
    let (from, _) = day(ctx.now(), zone)?;
    let inside_since = ctx.now() - INSIDE_AT_MOST;
    db.run(&ctx.scope, async |tx| {
        let classes = store::CLASS_LIST.all(tx, (school, from, inside_since, bounds.classes())).await?;
        let inside = inside(tx, school, inside_since, &bounds, &classes).await?;
        let staff = if bounds.is_whole() { store::STAFF_LIST.all(tx, (school, inside_since)).await? } else { Vec::new() };
        Ok(Presence { inside, classes, staff })
    })
    .await
}

/// The pupils of a class, and where each was last seen to go.
pub async fn who(db: &Db, ctx: &Ctx, school: SchoolId, class: ClassId) -> Result<Vec<WhoNow>> {
    if !ctx.within::<SeeSchoolNow>()?.admits(class) {
        return Err(kernel::Error::NotFound);
    }
    db.run(&ctx.scope, async |tx| store::PUPIL_LIST.all(tx, (school, class)).await).await
}

/// Today's stream, at most so many lines.
pub async fn stream(db: &Db, ctx: &Ctx, school: SchoolId, zone: &TimeZone, filter: StreamFilter, most: usize) -> Result<Stream> {
    let bounds = ctx.within::<SeeSchoolNow>()?;
    let (from, before) = day(ctx.now(), zone)?;
    let StreamFilter { kind, class, words, after } = filter;
    let words: String = words.trim().chars().take(100).collect();
    let (received_at, device, journal, seq) = match after {
        Some(Place { received_at, device, store, seq }) => (Some(received_at), Some(device), Some(store), Some(seq)),
        None => (None, None, None, None),
    };
    let limit = i64::try_from(most + 1).unwrap_or(i64::MAX);
    let key = (school, from, before, kind, class, words, received_at, device, journal, seq, limit, bounds.classes());
    let mut rows = db.run(&ctx.scope, async |tx| store::STREAM.all(tx, key).await).await?;
    let more = rows.len() > most;
    rows.truncate(most);
    let next = rows.last().filter(|_| more).map(|row| Place { received_at: row.received_at, device: row.device_id, store: row.store.clone(), seq: row.seq });
    Ok(Stream { rows, next })
}

/// How many are inside: of the school everybody, of some classes their pupils.
async fn inside(tx: &Tx, school: SchoolId, since: Timestamp, bounds: &Bounds, classes: &[ClassRow]) -> Result<i64> {
    match bounds {
        Bounds::Whole => Ok(store::INSIDE_COUNT.one(tx, (school, since)).await?.count),
        Bounds::Classes(_) => Ok(classes.iter().map(|class| class.inside).sum()),
    }
}

/// The day that a moment falls on at the school: its first moment and the next day's.
fn day(now: Timestamp, zone: &TimeZone) -> Result<(Timestamp, Timestamp)> {
    let begin = |date: jiff::civil::Date| date.to_zoned(zone.clone()).map(|zoned| zoned.timestamp());
    let today = now.to_zoned(zone.clone()).date();
    let bounds = today.checked_add(1.day()).and_then(|tomorrow| Ok((begin(today)?, begin(tomorrow)?)));
    bounds.map_err(|error| kernel::Error::broken(error.to_string()))
}
