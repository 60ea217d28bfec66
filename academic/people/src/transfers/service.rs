//! Use cases of the transfers.

use jiff::civil::Date;
use kernel::{
    Ctx, Error, Locale, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::{ClassId, PersonId, SchoolId, Uuid, show},
};
use serde_json::json;

use super::{
    rules::{Code, Reason, expires},
    store,
};
pub(crate) use super::store::{Before, Slip};
use crate::{
    movement::{self, About, Arrival, ArrivalKind},
    orders,
    pupils::EnrolPupils,
    years,
};

impl Slip {
    /// The other school in a language.
    pub fn school(&self, locale: Locale) -> &str {
        match locale {
            Locale::Kk => &self.name_kk,
            Locale::Ru => &self.name_ru,
            Locale::En => &self.name_en,
        }
    }
}

impl Before {
    /// The school in a language.
    pub fn school(&self, locale: Locale) -> &str {
        match locale {
            Locale::Kk => &self.name_kk,
            Locale::Ru => &self.name_ru,
            Locale::En => &self.name_en,
        }
    }
}

/// Where a pupil learned before, as transfers tell it.
pub(crate) async fn before(tx: &Tx, school: SchoolId, pupil: PersonId) -> Result<Vec<Before>> {
    store::BEFORE_LIST.all(tx, (school, pupil)).await
}

/// The open slip of a pupil.
pub(crate) async fn open_slip(tx: &Tx, school: SchoolId, pupil: PersonId) -> Result<Option<Slip>> {
    store::SLIP_OF.opt(tx, (school, pupil)).await
}

/// Releases a pupil: gives the code, which stands nowhere, and the last day of the slip. A slip that was open before is void.
///
/// # Errors
/// Fields: the school's code, and the reason, which has to be one that the day admits. `movement.not_here` for who is in no class.
pub async fn release(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId, to: &str, reason: Reason, today: Date) -> Result<(Code, Date)> {
    ctx.require::<EnrolPupils>()?;
    db.run(&ctx.scope, async |tx| {
        let to = store::SCHOOL_FIND.opt(tx, (school, to.trim().to_owned())).await?.ok_or_else(|| Error::invalid("to", "transfers-field-to"))?;
        let calendar = years::calendar(tx, school, years::year_of(today), today).await?;
        if !reason.is_admitted(&calendar, today) {
            return Err(Error::invalid("transfer_reason", "transfers-field-season"));
        }
        let (code, last) = (Code::of(ctx.id()), expires(&calendar, today));
        store::SLIP_CANCEL.run(tx, (school, pupil, ctx.now(), ctx.person().ok())).await?;
        let id: Uuid = ctx.id();
        let row = (school, id, pupil, to.id, reason.as_str(), code.hash(), ctx.now(), ctx.person().ok(), last);
        if store::SLIP_ADD.run(tx, row).await? == 0 {
            return Err(Error::Refused("movement.not_here"));
        }
        note(tx, ctx, school, "people.release", pupil, json!({ "transfer": show(id), "to": to.id, "reason": reason.as_str() })).await?;
        Ok((code, last))
    })
    .await
}

/// Takes the slip of a pupil back. Without one it changes nothing.
pub async fn cancel(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId) -> Result<()> {
    ctx.require::<EnrolPupils>()?;
    db.run(&ctx.scope, async |tx| {
        if store::SLIP_CANCEL.run(tx, (school, pupil, ctx.now(), ctx.person().ok())).await? == 0 {
            return Ok(());
        }
        note(tx, ctx, school, "people.cancel_release", pupil, json!({})).await
    })
    .await
}

/// What is addressed to the school.
pub(super) async fn addressed(db: &Db, ctx: &Ctx, school: SchoolId, today: Date) -> Result<Vec<Slip>> {
    ctx.require::<EnrolPupils>()?;
    db.run(&ctx.scope, async |tx| store::SLIP_ADDRESSED.all(tx, (school, today)).await).await
}

/// Accepts the pupil of a slip into a class from today on, and says who it is.
///
/// # Errors
/// The field `code` when no open slip of this school has it.
pub async fn accept(db: &Db, ctx: &Ctx, school: SchoolId, code: &Code, class: ClassId, today: Date) -> Result<PersonId> {
    ctx.require::<EnrolPupils>()?;
    db.run(&ctx.scope, async |tx| {
        let accepted = store::SLIP_ACCEPT.opt(tx, (school, code.hash(), today, ctx.person().ok(), ctx.now())).await?;
        let pupil = accepted.as_ref().and_then(|accepted| accepted.pupil).ok_or_else(|| Error::invalid("code", "transfers-field-code"))?;
        let order = orders::issue(tx, ctx, school, orders::Kind::Admission, today).await?;
        let about = About { other_school: accepted.and_then(|accepted| accepted.sender), order: Some(order), ..About::default() };
        movement::arrive_as(tx, ctx, school, &[Arrival { pupil, class, on: today, kind: ArrivalKind::Transferred }], about).await?;
        note(tx, ctx, school, "people.accept", pupil, json!({ "class": class, "order": show(order) })).await?;
        Ok(pupil)
    })
    .await
}

async fn note(tx: &Tx, ctx: &Ctx, school: SchoolId, action: &'static str, pupil: PersonId, detail: serde_json::Value) -> Result<()> {
    audit::record(tx, ctx, Deed { school, action, subject_kind: "person", subject: Some(pupil.0), detail }).await
}
