//! Use cases of the orders.

use jiff::{Timestamp, civil::Date};
use kernel::{
    Ctx, Result,
    db::{Db, Tx},
    id::{SchoolId, Uuid},
};

use super::store::{self, Order, RegisterLine, Signer};
use crate::{
    buildings::{self, Place},
    movement::{self, BookLine, SeeMovement},
    pupils::full_name,
};

/// How many orders a page shows.
pub const PAGE: usize = 50;

/// What an order is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Pupils are taken in.
    Admission,
    /// Pupils leave.
    Departure,
    /// Pupils go into another class.
    ClassChange,
    /// The school goes into the next year.
    Rollover,
}

impl Signer {
    /// As papers sign: `А. Серікбаева`.
    pub fn initials(&self) -> String {
        self.given_name.chars().next().map_or_else(|| self.surname.clone(), |first| format!("{first}. {}", self.surname))
    }
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Admission, Self::Departure, Self::ClassChange, Self::Rollover];

    /// As in SQL and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admission => "admission",
            Self::Departure => "departure",
            Self::ClassChange => "class_change",
            Self::Rollover => "rollover",
        }
    }
}

/// Which orders to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this kind.
    pub kind: String,
    /// Of this year.
    pub year: Option<i16>,
    /// With this number.
    pub number: Option<i32>,
    /// Go on after this one.
    pub after: Option<Uuid>,
    /// How many, where it is not a page's worth.
    pub limit: Option<i64>,
}

/// Issues an order within the transaction of its act, and gives its id.
pub async fn issue(tx: &Tx, ctx: &Ctx, school: SchoolId, kind: Kind, dated: Date) -> Result<Uuid> {
    let id: Uuid = ctx.id();
    let number = store::NUMBER_NEXT.one(tx, (school, kind.as_str(), dated.year())).await?.last;
    store::ORDER_ADD.run(tx, (school, id, kind.as_str(), dated.year(), number, dated, ctx.now(), ctx.person().ok())).await?;
    Ok(id)
}

/// Cancels an order when nothing of it holds any more.
pub(crate) async fn cancel_if_idle(tx: &Tx, ctx: &Ctx, school: SchoolId, order: Option<Uuid>) -> Result<()> {
    if let Some(order) = order {
        store::ORDER_CANCEL.run(tx, (school, order, ctx.now(), ctx.person().ok())).await?;
    }
    Ok(())
}

/// The book of orders, and the last one shown when more follow.
pub async fn list(db: &Db, ctx: &Ctx, school: SchoolId, filter: Filter) -> Result<(Vec<Order>, Option<Uuid>)> {
    ctx.require::<SeeMovement>()?;
    let most = filter.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(PAGE);
    let limit = i64::try_from(most + 1).unwrap_or(i64::MAX);
    let key = (school, filter.kind, filter.year, filter.number, filter.after, limit);
    let mut orders = db.run(&ctx.scope, async |tx| store::ORDER_LIST.all(tx, key).await).await?;
    let more = orders.len() > most;
    orders.truncate(most);
    let next = orders.last().map(|order| order.id).filter(|_| more);
    Ok((orders, next))
}

/// An order as it is printed: with who signs it, and where.
pub struct Printed {
    /// The order.
    pub order: Order,
    /// Its lines: by class, then by name.
    pub lines: Vec<BookLine>,
    /// Who was director when it was made.
    pub director: Option<Signer>,
    /// Where the school is.
    pub place: Option<Place>,
}

/// An order as it is printed.
pub async fn printed(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid) -> Result<Printed> {
    let (order, mut lines) = self::order(db, ctx, school, id).await?;
    lines.sort_by_cached_key(|line| (line.from_label.clone(), line.to_label.clone(), full_name(&line.surname, &line.given_name, line.patronymic.as_deref())));
    let at = order.made_at;
    let (director, place) = db.run(&ctx.scope, async |tx| Ok((store::SIGNER_FIND.opt(tx, (school, at)).await?, buildings::place(tx, school).await?))).await?;
    Ok(Printed { order, lines, director, place })
}

/// Who was director at a moment, as papers sign: `А. Серікбаева`.
pub(crate) async fn director(tx: &Tx, school: SchoolId, at: Timestamp) -> Result<Option<String>> {
    Ok(store::SIGNER_FIND.opt(tx, (school, at)).await?.map(|director| director.initials()))
}

/// The orders of a period, by date.
pub async fn register(db: &Db, ctx: &Ctx, school: SchoolId, kind: &str, from: Date, to: Date) -> Result<Vec<RegisterLine>> {
    ctx.require::<SeeMovement>()?;
    db.run(&ctx.scope, async |tx| store::ORDER_REGISTER.all(tx, (school, kind.to_owned(), from, to)).await).await
}

/// An order, with the lines it is about.
pub async fn order(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid) -> Result<(Order, Vec<BookLine>)> {
    ctx.require::<SeeMovement>()?;
    db.run(&ctx.scope, async |tx| {
        let order = store::ORDER_FIND.one(tx, (school, id)).await?;
        Ok((order, movement::lines_of(tx, school, id).await?))
    })
    .await
}
