//! `/{school}/accounts/{id}/second-factor` and `…/passkeys`: the school takes off what a person has lost, after a reason was typed. The audit row
//! holds the reason; every session of the login ends. Never for oneself, and never for somebody who holds more than the actor may hand on.

use actix_web::{
    HttpRequest,
    web::{Path, ServiceConfig, post},
};
use kernel::{Ctx, Error, Result, id::AccountId};
use serde::Deserialize;
use serde_json::json;
use web::{Answer, Site, form::Posted};

use super::{
    ManageAccounts, pages,
    service::{Act, change_account, note},
};
use crate::{Guard, factors, passkeys, sessions};

/// The routes of this form.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/accounts/{id}/second-factor", post().to(take_second_factor)).route("/{school}/accounts/{id}/passkeys", post().to(take_passkeys));
}

/// A reason has so many characters at least, and at most.
const REASON: std::ops::RangeInclusive<usize> = 5..=300;

#[derive(Debug, Deserialize)]
struct ReasonForm {
    #[serde(default)]
    reason: String,
}

/// What a login is guarded by beside the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Guarded {
    /// Two-step sign-in is on.
    pub by_codes: bool,
    /// So many passkeys.
    pub passkeys: i64,
}

/// What is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lost {
    SecondFactor,
    Passkeys,
}

/// What the login is guarded by; nothing where there is nothing to take off.
pub(super) async fn guarded(site: &Site, ctx: &Ctx, account: Option<AccountId>) -> Result<Option<Guarded>> {
    let Some(account) = account else { return Ok(None) };
    let guarded = site.db.run(&ctx.scope, async |tx| Ok(Guarded { by_codes: factors::is_on(tx, account).await?, passkeys: passkeys::count(tx, account).await? })).await?;
    Ok(Some(guarded).filter(|guarded| guarded.by_codes || guarded.passkeys > 0))
}

async fn take_second_factor(req: HttpRequest, guard: Guard<ManageAccounts>, path: Path<(String, String)>, form: Posted<ReasonForm>) -> Answer {
    take(&req, &guard, &path, &form.0.reason, Lost::SecondFactor).await
}

async fn take_passkeys(req: HttpRequest, guard: Guard<ManageAccounts>, path: Path<(String, String)>, form: Posted<ReasonForm>) -> Answer {
    take(&req, &guard, &path, &form.0.reason, Lost::Passkeys).await
}

async fn take(req: &HttpRequest, guard: &Guard<ManageAccounts>, path: &(String, String), reason: &str, lost: Lost) -> Answer {
    let act = pages::act(req, guard, path)?;
    match take_off(&act, reason, lost).await {
        Ok(()) => pages::back(guard, act.person, "rescued"),
        Err(Error::Invalid(wrong)) => pages::with_wrong(req, guard, act.person, &wrong).await,
        Err(error) => Err(error.into()),
    }
}

async fn take_off(act: &Act<'_>, reason: &str, lost: Lost) -> Result<()> {
    act.ctx.require::<ManageAccounts>()?;
    // First, whether the person is there at all.
    super::service::member(act.site, act.ctx, act.school, act.person).await?;
    if act.identity.person == act.person {
        return Err(Error::Refused("identity.not_your_own_factor"));
    }
    let reason = reason.trim();
    if !REASON.contains(&reason.chars().count()) {
        return Err(Error::invalid("reason", "rescue-field-reason"));
    }
    let ctx = act.ctx.clone().because(reason);
    let act = Act { site: act.site, ctx: &ctx, identity: act.identity, school: act.school, person: act.person };
    let taken = change_account(&act, async |tx, account, _| {
        let (taken, action) = match lost {
            Lost::SecondFactor => (factors::take_off(tx, account).await?, "identity.take_second_factor"),
            Lost::Passkeys => (passkeys::take_off(tx, account).await?, "identity.take_passkeys"),
        };
        if taken > 0 {
            let ended = sessions::end_others(tx, account, None).await?;
            note(tx, &act, action, json!({ "taken": taken, "sessions_ended": ended })).await?;
        }
        Ok(())
    });
    taken.await.map(drop)
}
