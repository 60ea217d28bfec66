//! `/{school}/accounts/{id}/identifiers`: phone, e-mail and IIN of a person, as the school writes them down from their papers. They count at
//! once, beside the login; the IIN is shown by its last digits only and is typed anew to be changed.

use actix_web::{
    HttpRequest,
    web::{Path, ServiceConfig, post},
};
use kernel::{Ctx, Error, Result, db::Tx, id::AccountId};
use serde::Deserialize;
use serde_json::json;
use web::{Answer, Site, form::Posted};

use super::{
    ManageAccounts, pages,
    service::{Act, change_account, note},
};
use crate::{
    Guard,
    accounts::{
        Policy,
        identifiers::{self, Author, Identifier, Keeper, Kind, Known, fits_the_mode, read_all, take_off, write},
    },
};

/// The route of this form.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/accounts/{id}/identifiers", post().to(set));
}

/// What was typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct IdentifierForm {
    #[serde(default)]
    pub phone: String,
    #[serde(default)]
    pub email: String,
    #[serde(default)]
    pub iin: String,
    /// Present when the IIN is to be taken away.
    pub no_iin: Option<String>,
}

/// What the form shows.
pub(super) struct Shown {
    pub phone: String,
    pub email: String,
    /// The IIN of now, by its last digits.
    pub iin: Option<String>,
    /// What is wrong with phone, e-mail, IIN.
    pub wrong: [Option<String>; 3],
}

impl Shown {
    /// What was typed, else what is known.
    pub fn of(known: Known, typed: Option<IdentifierForm>, wrong: [Option<String>; 3]) -> Self {
        let (phone, email) = match typed {
            Some(typed) => (typed.phone, typed.email),
            None => (known.phone.unwrap_or_default(), known.email.unwrap_or_default()),
        };
        Self { phone, email, iin: known.iin, wrong }
    }
}

/// What the login has beside it; nothing where there is no login, or no key to keep it with.
pub(super) async fn known(req: &HttpRequest, ctx: &Ctx, account: Option<AccountId>) -> Result<Option<Known>> {
    let (site, policy) = (Site::of(req)?, Policy::of(req));
    match account.filter(|_| policy.sealer.is_some()) {
        Some(account) => site.db.run(&ctx.scope, async |tx| identifiers::known(tx, policy, account).await).await.map(Some),
        None => Ok(None),
    }
}

async fn set(req: HttpRequest, guard: Guard<ManageAccounts>, path: Path<(String, String)>, form: Posted<IdentifierForm>) -> Answer {
    let act = pages::act(&req, &guard, &path)?;
    match change(&act, Policy::of(&req), &form.0).await {
        Ok(()) => pages::back(&guard, act.person, "identifiers"),
        Err(Error::Invalid(wrong)) => pages::with_identifiers(&req, &guard, act.person, form.0, &wrong).await,
        Err(error) => Err(error.into()),
    }
}

async fn change(act: &Act<'_>, policy: &Policy, form: &IdentifierForm) -> Result<()> {
    act.ctx.require::<ManageAccounts>()?;
    // First, whether the person is there at all.
    super::service::member(act.site, act.ctx, act.school, act.person).await?;
    let keeper = Keeper::of(policy)?;
    let (phone, email, iin) = read_all(&form.phone, &form.email, &form.iin)?;
    if let Some(iin) = &iin {
        fits_the_mode(act.site, iin)?;
    }
    let iin = iin.as_ref().map(Identifier::iin);
    let changed = change_account(act, async |tx, account, _| {
        let mut changed = Vec::new();
        for (kind, wanted) in [(Kind::Phone, &phone), (Kind::Email, &email), (Kind::Iin, &iin)] {
            let keeps = kind == Kind::Iin && wanted.is_none() && form.no_iin.is_none();
            if !keeps && put(tx, act, &keeper, account, kind, wanted.as_ref()).await? {
                changed.push(kind.as_str());
            }
        }
        if changed.is_empty() { Ok(()) } else { note(tx, act, "identity.set_identifiers", json!({ "changed": changed })).await }
    });
    changed.await.map(drop)
}

/// Sets or takes away one of them, and says whether that changed anything.
async fn put(tx: &Tx, act: &Act<'_>, keeper: &Keeper<'_>, account: AccountId, kind: Kind, wanted: Option<&Identifier>) -> Result<bool> {
    let Some(wanted) = wanted else { return take_off(tx, account, kind).await };
    match write(tx, keeper, account, wanted, Author::Vouching(act.identity.person), act.ctx.now()).await {
        Err(Error::Refused("account.identifier_taken")) => Err(Error::invalid(kind.as_str(), "identifiers-field-taken")),
        outcome => outcome,
    }
}
