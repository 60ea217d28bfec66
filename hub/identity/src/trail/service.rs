//! Use cases of the trail: what the school's responsible people search, and what guardians may know.

use std::collections::{BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use kernel::{
    Ctx, Result,
    db::{Db, Tx},
    id::{PersonId, SchoolId, Uuid, read, show},
};

use super::{
    SeeOwnTrail, SeeTrail,
    rules::Fault,
    store::{self, Line, Look, Organisation},
    verify::verify_last,
};
use crate::sessions::Child;

/// How many rows a page shows.
pub const PAGE: usize = 50;
/// How many rows an export holds at most.
pub const EXPORT: usize = 20_000;
/// How many days are shown where none are asked for.
const DAYS: i64 = 30;
/// Of how many people with a searched name rows are shown at most.
const NAMESAKES: i64 = 200;
/// How many people of a row are called by their names; the rest is counted.
pub const NAMED: usize = 5;
/// How many of the newest links a page checks.
const CHECKED: i64 = 300;
/// How far back a guardian looks: a school year and its holidays.
const GUARDIAN_SEES: SignedDuration = SignedDuration::from_hours(400 * 24);

/// A place in the list, as addresses write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// When.
    pub at: Timestamp,
    /// Which row.
    pub id: Uuid,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.at.as_microsecond(), show(self.id))
    }
}

impl Place {
    /// Reads what was shown.
    pub fn parse(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('-')?;
        Some(Self { at: Timestamp::from_microsecond(at.parse().ok()?).ok()?, id: read(id)? })
    }
}

/// Which rows to show.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words of the name of whoever did it.
    pub who: String,
    /// Words of the name of the person whose data it was.
    pub whose: String,
    /// One action only.
    pub action: String,
    /// From this day; without it the last thirty.
    pub from: Option<Date>,
    /// To this day; without it today.
    pub to: Option<Date>,
    /// Go on after this row.
    pub after: Option<Place>,
}

/// The days that a filter means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first.
    pub from: Date,
    /// The last.
    pub to: Date,
}

impl Filter {
    /// The days it means on a day. What is asked for the wrong way round is turned.
    pub fn days(&self, today: Date) -> Days {
        let to = self.to.unwrap_or(today);
        let from = self.from.unwrap_or_else(|| to.saturating_sub(SignedDuration::from_hours(24 * (DAYS - 1))));
        Days { from: from.min(to), to: to.max(from) }
    }
}

/// A page of the trail.
#[derive(Debug)]
pub struct TrailPage {
    /// Newest first.
    pub lines: Vec<Line>,
    /// The last one shown, when more follow.
    pub next: Option<Place>,
    /// Names of those in sight.
    pub names: HashMap<PersonId, String>,
    /// Labels of classes.
    pub classes: HashMap<Uuid, String>,
}

/// How the school's chain stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// The number of the last link that was checked just now.
    pub checked: Option<i64>,
    /// When it was chained.
    pub chained_at: Option<Timestamp>,
    /// How many rows wait.
    pub waiting: i64,
    /// What is wrong.
    pub fault: Option<Fault>,
    /// How many months rows are kept.
    pub keep_months: Option<i32>,
}

/// Rows of a school, newest first.
pub async fn lines(db: &Db, ctx: &Ctx, school: SchoolId, zone: &TimeZone, filter: &Filter, most: usize) -> Result<TrailPage> {
    ctx.require::<SeeTrail>()?;
    let days = filter.days(ctx.now().to_zoned(zone.clone()).date());
    let (from, until) = bounds(days, zone)?;
    db.run(&ctx.scope, async |tx| {
        let who = people(tx, school, &filter.who).await?.map(|(persons, _)| persons);
        let (whose, classes) = people(tx, school, &filter.whose).await?.unzip();
        let action = Some(filter.action.clone()).filter(|action| !action.is_empty());
        let (at, id) = filter.after.map(|place| (place.at, place.id)).unzip();
        let limit = i64::try_from(most + 1).unwrap_or(i64::MAX);
        let key = (school, from, until, who, whose, classes.unwrap_or_default(), action, at, id, limit);
        let mut lines = store::LINE_LIST.all(tx, key).await?;
        let more = lines.len() > most;
        lines.truncate(most);
        let next = lines.last().filter(|_| more).map(|line| Place { at: line.at, id: line.id });
        let (persons, labels) = named(&lines);
        Ok(TrailPage { names: names(tx, persons).await?, classes: class_labels(tx, school, labels).await?, lines, next })
    })
    .await
}

/// What was done at a school in the filter's days, for the choice on the page.
pub async fn actions(db: &Db, ctx: &Ctx, school: SchoolId, zone: &TimeZone, filter: &Filter) -> Result<Vec<String>> {
    ctx.require::<SeeTrail>()?;
    let (from, until) = bounds(filter.days(ctx.now().to_zoned(zone.clone()).date()), zone)?;
    let found = db.run(&ctx.scope, async |tx| store::ACTION_LIST.all(tx, (school, from, until)).await).await?;
    Ok(found.into_iter().map(|found| found.action).collect())
}

/// How the chain stands; its newest links are checked on the spot.
pub async fn chain_now(db: &Db, ctx: &Ctx, school: SchoolId, zone: &TimeZone) -> Result<Chain> {
    ctx.require::<SeeTrail>()?;
    let today = ctx.now().to_zoned(zone.clone()).date();
    db.run(&ctx.scope, async |tx| {
        let (fault, checked) = verify_last(tx, school, CHECKED).await?;
        let head = store::HEAD_LIST.all(tx, (vec![school],)).await?.into_iter().next();
        let waiting = store::TAIL_COUNT.one(tx, (school,)).await?.waiting;
        let keep_months = store::KEPT_FIND.opt(tx, (today,)).await?.map(|kept| kept.keep_months);
        Ok(Chain { checked, chained_at: head.map(|head| head.chained_at), waiting, fault, keep_months })
    })
    .await
}

/// How much counts as a look at a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breadth {
    /// What names the child or the child's class.
    Child,
    /// The lists of the whole school too: the guard's page of who is in school is opened every minute.
    School,
}

impl Breadth {
    /// The kind of row that counts beside those that name the child.
    fn too(self) -> Option<&'static str> {
        match self {
            Self::Child => None,
            Self::School => Some("school"),
        }
    }
}

/// A page of who looked at one's children's data.
#[derive(Debug, Default)]
pub struct Looks {
    /// Newest first.
    pub looks: Vec<Look>,
    /// The last one shown, when more follow.
    pub next: Option<Place>,
    /// Names of the children.
    pub names: HashMap<PersonId, String>,
    /// The schools.
    pub organisations: Vec<Organisation>,
}

/// Who looked at the data of these children, or changed them. The guardian's own children, as the guard knows them.
pub async fn looks(db: &Db, ctx: &Ctx, children: &[Child], breadth: Breadth, after: Option<Place>) -> Result<Looks> {
    ctx.require::<SeeOwnTrail>()?;
    let person = ctx.person()?;
    let (schools, persons): (Vec<SchoolId>, Vec<PersonId>) = children.iter().map(|child| (child.school, child.person)).unzip();
    let (at, id) = after.map(|place| (place.at, place.id)).unzip();
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    db.run(&ctx.scope, async |tx| {
        let key = (schools.clone(), persons.clone(), person, ctx.now() - GUARDIAN_SEES, at, id, limit, breadth.too());
        let mut looks = store::LOOK_LIST.all(tx, key).await?;
        let more = looks.len() > PAGE;
        looks.truncate(PAGE);
        let next = looks.last().filter(|_| more).map(|look| Place { at: look.at, id: look.id });
        let organisations = store::ORGANISATION_LIST.all(tx, (schools,)).await?;
        Ok(Looks { names: names(tx, persons).await?, organisations, looks, next })
    })
    .await
}

/// The people with a searched name, and the classes they are in; nothing when none was searched.
async fn people(tx: &Tx, school: SchoolId, words: &str) -> Result<Option<(Vec<PersonId>, Vec<Uuid>)>> {
    let words: String = words.trim().chars().take(100).collect();
    if words.is_empty() {
        return Ok(None);
    }
    let found = store::MEMBER_FIND.all(tx, (school, words, NAMESAKES)).await?;
    let classes: BTreeSet<Uuid> = found.iter().filter_map(|member| member.class_id).collect();
    Ok(Some((found.into_iter().map(|member| member.person_id).collect(), classes.into_iter().collect())))
}

/// Whom and which classes the lines name.
fn named(lines: &[Line]) -> (Vec<PersonId>, Vec<Uuid>) {
    let (mut persons, mut classes) = (BTreeSet::new(), BTreeSet::new());
    for line in lines {
        persons.extend(line.person_id);
        match line.whose_kind.as_str() {
            "persons" => persons.extend(line.whose.iter().take(NAMED).copied().map(PersonId)),
            "class" => classes.extend(line.whose.iter().copied()),
            _ => {}
        }
    }
    (persons.into_iter().collect(), classes.into_iter().collect())
}

async fn names(tx: &Tx, persons: Vec<PersonId>) -> Result<HashMap<PersonId, String>> {
    Ok(store::NAME_LIST.all(tx, (persons,)).await?.into_iter().map(|name| (name.person_id, name.name)).collect())
}

async fn class_labels(tx: &Tx, school: SchoolId, classes: Vec<Uuid>) -> Result<HashMap<Uuid, String>> {
    let found = store::CLASS_LIST.all(tx, (school, classes)).await?;
    Ok(found.into_iter().filter_map(|class| Some((class.class_id?, class.class_label?))).collect())
}

fn bounds(days: Days, zone: &TimeZone) -> Result<(Timestamp, Timestamp)> {
    let start = |day: Date| day.to_zoned(zone.clone()).map(|zoned| zoned.timestamp());
    let both = start(days.from).and_then(|from| Ok((from, start(days.to.tomorrow()?)?)));
    // A day at the end of all time has no bounds: nothing is there.
    both.map_err(|_| kernel::Error::NotFound)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_place_reads_back_as_shown() {
        let place = Place { at: "2026-11-22T03:00:00.123456Z".parse().unwrap(), id: Uuid::from_u128(99) };
        assert_eq!(Place::parse(&place.to_string()), Some(place));
        for wrong in ["", "-", "1-", "x-y", "99999999999999999999-00000000000000000000000000"] {
            assert_eq!(Place::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn days_are_the_last_thirty_unless_asked_and_never_the_wrong_way_round() {
        let today = date(2026, 11, 22);
        let days = |from, to| Filter { from, to, ..Filter::default() }.days(today);
        assert_eq!(days(None, None), Days { from: date(2026, 10, 24), to: today });
        assert_eq!(days(Some(date(2026, 11, 1)), None), Days { from: date(2026, 11, 1), to: today });
        assert_eq!(days(Some(date(2026, 12, 1)), Some(date(2026, 11, 1))), Days { from: date(2026, 11, 1), to: date(2026, 12, 1) });
    }
}
