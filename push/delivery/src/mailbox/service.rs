//! Use cases of the mailbox.

use identity::Policy;
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::Db,
    id::AccountId,
};
use serde_json::json;

use super::store;

/// There is a mail server: an installation without one offers nothing.
#[derive(Debug, Clone, Copy)]
pub struct Offer;

/// How the mailbox of a person stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Letters come.
    On,
    /// They do not.
    Off,
    /// The mail server said that there is no such mailbox.
    Unreachable,
}

/// How the mailbox of the signed-in person stands.
///
/// # Errors
/// The database's.
pub async fn state(db: &Db, ctx: &Ctx) -> Result<State> {
    let person = ctx.person()?;
    let last = db.run(&ctx.scope, async |tx| store::MAILBOX_LAST.opt(tx, (person,)).await).await?;
    Ok(match last.map(|last| last.removed_reason) {
        Some(None) => State::On,
        Some(Some(reason)) if reason == "unregistered" => State::Unreachable,
        Some(Some(_)) | None => State::Off,
    })
}

/// Switches notices by e-mail on for the signed-in person.
///
/// # Errors
/// `mailbox.no_address` where their account has no confirmed e-mail.
pub(super) async fn switch_on(db: &Db, policy: &Policy, ctx: &Ctx, account: AccountId) -> Result<()> {
    let person = ctx.person()?;
    identity::confirmed_email(db, policy, account).await?.ok_or(Error::Refused("mailbox.no_address"))?;
    db.run(&ctx.scope, async |tx| {
        let added = store::MAILBOX_ADD.one(tx, (ctx.id(), person, account.to_string(), ctx.locale.as_str(), ctx.now())).await?;
        if added.fresh == Some(true) {
            for school in &ctx.scope.schools {
                let deed = Deed { school: *school, action: "delivery.subscribe", subject_kind: "phone", subject: Some(added.id.0), detail: json!({ "channel": "mail" }) };
                audit::record(tx, ctx, deed).await?;
            }
        }
        Ok(())
    })
    .await
}
