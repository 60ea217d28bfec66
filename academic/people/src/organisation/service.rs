//! Use cases of an organisation's own page.

use identity::{
    SUPPLIER,
    logins::first::{self, Arrival, FirstLogin},
};
use jiff::tz::TimeZone;
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::{Db, Scope},
    id::SchoolId,
    right::Role,
};
use protocol::topic::{Code, shard_of};
use serde_json::json;
use web::Site;

use super::{
    FoundOrganisation, PlaceOrganisation, RenameOrganisation,
    rules::{self, Names},
    store::{self, Listed, Organisation},
};
use crate::pupils::{self, NewPerson};

/// Gives an organisation other names. Its code stays: addresses and topics carry it.
pub async fn rename(site: &Site, ctx: &Ctx, school: SchoolId, names: Names) -> Result<()> {
    ctx.require::<RenameOrganisation>()?;
    site.db
        .run(&ctx.scope, async |tx| {
            if store::ORGANISATION_RENAME.run(tx, (school, names.kk, names.ru, names.en)).await? == 0 {
                return Ok(());
            }
            audit::record(tx, ctx, Deed { school, action: "people.rename_organisation", subject_kind: "organisation", subject: Some(school.0), detail: json!({}) }).await
        })
        .await?;
    identity::schools::forget(site, school);
    Ok(())
}

/// How many the list shows.
pub const PAGE: usize = 50;

/// Organisations of the service, with how far each has come; and whether more follow.
pub async fn list(site: &Site, ctx: &Ctx, words: &str, kind: &str, after: &str) -> Result<(Vec<(Listed, Arrival)>, bool)> {
    ctx.require::<PlaceOrganisation>()?;
    let words: String = words.trim().chars().take(100).collect();
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    site.db
        .run(&ctx.scope, async |tx| {
            let mut found = store::ORGANISATION_LIST.all(tx, (words, kind.to_owned(), after.to_owned(), most)).await?;
            let more = found.len() > PAGE;
            found.truncate(PAGE);
            let come = first::arrivals(tx, found.iter().map(|one| one.id).collect()).await?;
            let arrival = |one: &Listed| come.get(&one.id).copied().unwrap_or(Arrival::Nobody);
            Ok((found.into_iter().map(|one| (arrival(&one), one)).map(|(arrival, one)| (one, arrival)).collect(), more))
        })
        .await
}

/// One of them, what it may lie below, and how far it has come.
pub async fn one(site: &Site, ctx: &Ctx, id: SchoolId) -> Result<(Organisation, Vec<Organisation>, Arrival)> {
    ctx.require::<PlaceOrganisation>()?;
    let (own, above) = site.db.run(&ctx.scope, async |tx| Ok((store::ORGANISATION_FIND.one(tx, (id,)).await?, store::ABOVE_LIST.all(tx, ()).await?))).await?;
    let arrival = site.db.run(&Scope::school(id), async |tx| first::arrival(tx, id).await).await?;
    let above = above.into_iter().filter(|one| rules::may_lie_below(&own.kind, &one.kind)).collect();
    Ok((own, above, arrival))
}

/// What something new may lie below.
pub async fn above(site: &Site, ctx: &Ctx) -> Result<Vec<Organisation>> {
    ctx.require::<FoundOrganisation>()?;
    site.db.run(&ctx.scope, async |tx| store::ABOVE_LIST.all(tx, ()).await).await
}

/// Places an organisation below another, or below none. What may not lie there is refused, and sent twice it is done once.
pub async fn place(site: &Site, ctx: &Ctx, id: SchoolId, parent: Option<SchoolId>) -> Result<()> {
    let (own, above, _) = one(site, ctx, id).await?;
    if parent.is_some() && !above.iter().any(|one| Some(one.id) == parent) {
        return Err(Error::Refused("people.not_placed_there"));
    }
    site.db
        .run(&ctx.scope, async |tx| {
            if store::ORGANISATION_PLACE.run(tx, (own.id, parent)).await? == 0 {
                return Ok(());
            }
            let detail = json!({ "parent": parent });
            audit::record(tx, ctx, Deed { school: own.id, action: "people.place_organisation", subject_kind: "organisation", subject: Some(own.id.0), detail }).await
        })
        .await
}

/// An organisation to found.
#[derive(Debug, Clone)]
pub struct NewOrganisation {
    /// Its kind, as stored.
    pub kind: &'static str,
    /// Who opens it.
    pub opener: Role,
    /// Its code.
    pub code: String,
    /// Its names.
    pub names: Names,
    /// What it lies below.
    pub parent: Option<SchoolId>,
}

/// Founds an organisation with the person who opens it, and says their login. Nothing of it stays when any of it fails.
///
/// # Errors
/// At the field `code` when it is taken; `people.not_placed_there`.
pub async fn found(site: &Site, ctx: &Ctx, new: NewOrganisation, person: NewPerson) -> Result<FirstLogin> {
    let above = above(site, ctx).await?;
    if let Some(parent) = new.parent
        && !above.iter().any(|one| one.id == parent && rules::may_lie_below(new.kind, &one.kind))
    {
        return Err(Error::Refused("people.not_placed_there"));
    }
    let id: SchoolId = ctx.id();
    let shard = Code::parse(&new.code).map_or(0, |code| i16::from(shard_of(&code)));
    let first = FirstLogin::fresh(site, &new.code).await?;
    let row = (id, new.parent, new.kind.to_owned(), new.code, new.names.kk, new.names.ru, new.names.en, shard, ctx.now());
    let today = site.texts(ctx.locale).day_of(ctx.now());
    site.db
        .run(&Scope::school(id), async |tx| {
            if store::ORGANISATION_ADD.run(tx, row).await? == 0 {
                return Err(Error::invalid("code", "people-field-code-taken"));
            }
            let detail = json!({ "kind": new.kind, "parent": new.parent });
            audit::record(tx, ctx, Deed { school: id, action: "people.found_organisation", subject_kind: "organisation", subject: Some(id.0), detail }).await?;
            let person = pupils::add_person(tx, ctx, id, person, today).await?;
            first::appoint(tx, ctx, id, person, new.opener, &first).await
        })
        .await?;
    Ok(first)
}

/// Writes down the first person of the supplier, who opens everything else: what a new installation begins with. For the command line.
///
/// # Errors
/// `identity.not_the_first` when somebody is of the supplier already.
pub async fn open_supplier(db: &Db, ctx: &Ctx, person: NewPerson) -> Result<FirstLogin> {
    let first = FirstLogin::at_once("supplier")?;
    let today = ctx.now().to_zoned(TimeZone::UTC).date();
    db.run(&Scope::school(SUPPLIER), async |tx| {
        let person = pupils::add_person(tx, ctx, SUPPLIER, person, today).await?;
        first::appoint(tx, ctx, SUPPLIER, person, Role::SupplierAdministrator, &first).await
    })
    .await?;
    Ok(first)
}

/// The first login anew, while nobody has signed in: the sheet was lost. Says the organisation and who it is for.
pub async fn renew_first(site: &Site, ctx: &Ctx, id: SchoolId) -> Result<(Organisation, String, FirstLogin)> {
    ctx.require::<FoundOrganisation>()?;
    let (own, _, _) = one(site, ctx, id).await?;
    let first = FirstLogin::fresh(site, &own.code).await?;
    let name = site.db.run(&Scope::school(id), async |tx| first::renew(tx, ctx, site, id, &first).await).await?;
    Ok((own, name, first))
}
