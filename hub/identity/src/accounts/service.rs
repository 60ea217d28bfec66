//! Signing in and out, and choosing a language.

use std::net::IpAddr;

use kernel::{
    Actor, Ctx, Locale, Result,
    audit::{self, Deed},
    ctx::Origin,
    db::{Scope, Tx},
    right::Granted,
};
use serde_json::json;
use web::Site;

use super::{
    Policy,
    identifiers::{Identifier, Keeper},
    password::Counter,
    store::{ACCOUNT_FIND, ACCOUNT_SET_LOCALE, Account},
    throttle::{Guess, Throttle},
};
use crate::{
    factors, passkeys,
    sessions::{self, Identity},
    trail,
};

/// What a person typed.
pub struct Attempt {
    /// Login, as typed.
    pub login: String,
    /// Password.
    pub password: String,
    /// Where they want to go then.
    pub next: String,
    /// Where they come from.
    pub visit: Visit,
}

/// Where a request comes from.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The address that tries are counted by.
    pub address: IpAddr,
    /// The browser's own name.
    pub user_agent: Option<String>,
    /// The token of the session that the browser still has.
    pub old_token: Option<String>,
}

/// By what a person came in. Audit rows say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// The password alone.
    Password,
    /// Password and a code of the authenticator.
    Code,
    /// Password and a recovery code.
    RecoveryCode,
    /// A passkey alone, which is two factors at once.
    Passkey,
}

impl Means {
    /// As audit rows say it; never renamed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => "code",
            Self::RecoveryCode => "recovery_code",
            Self::Passkey => "passkey",
        }
    }
}

/// Somebody who came in.
pub struct Entered {
    /// Who.
    pub identity: Identity,
    /// The new session's token.
    pub token: String,
}

/// How signing in ended.
pub enum Outcome {
    /// In.
    SignedIn(Entered),
    /// The password was right and a code is still asked for: the token of the half-open session.
    CodeNeeded(String),
    /// The password was right, and the role needs the passkey that this person has.
    PasskeyNeeded,
    /// Wrong login or password; which of them is not told.
    Wrong,
    /// Too many failures; how many seconds to wait.
    Wait(u32),
}

/// Signs in, or gets half-way.
pub async fn sign_in(site: &Site, policy: &Policy, attempt: Attempt) -> Result<Outcome> {
    let identifier = Identifier::recognise(&attempt.login);
    // One guesser's brake for all ways to write one phone.
    let login = identifier.as_ref().map_or_else(|| attempt.login.trim().to_lowercase(), |identifier| identifier.reveal().to_owned());
    let (throttle, guess) = (site.memory.of::<Throttle>(), Guess::password(&login, attempt.visit.address));
    if let Some(seconds) = throttle.wait(&guess, site.clock.now()) {
        metrics::counter!("identity_sign_ins_total", "outcome" => "wait").increment(1);
        return Ok(Outcome::Wait(seconds));
    }
    // Counted before it is known, so that tries sent at once cannot all pass the check.
    throttle.failed(&guess, site.clock.now());
    let (kind, lookup) = match (&identifier, Keeper::of(policy)) {
        (Some(identifier), Ok(keeper)) => (identifier.kind().as_str(), keeper.lookup(identifier)?),
        _ => ("", Vec::new()),
    };
    let account = site.db.run(&Scope::nothing(), async |tx| ACCOUNT_FIND.opt(tx, (login.clone(), kind, lookup)).await).await?;
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let matches = site.memory.of::<Counter>().verify(attempt.password.clone(), hash).await?;
    let Some(account) = account.filter(|_| matches) else {
        metrics::counter!("identity_sign_ins_total", "outcome" => "wrong").increment(1);
        return Ok(Outcome::Wrong);
    };
    throttle.succeeded(&guess);
    if let Some(half_open) = factors::ask_for_code(site, account.id, &attempt.next).await? {
        metrics::counter!("identity_sign_ins_total", "outcome" => "code").increment(1);
        return Ok(Outcome::CodeNeeded(half_open));
    }
    let (identity, ctx) = whose(site, &account, &attempt.visit).await?;
    if passkeys::is_the_only_factor(site, policy, &identity).await? {
        return Ok(Outcome::PasskeyNeeded);
    }
    let token = site.db.run(&ctx.scope, async |tx| open(tx, site, &ctx, &identity, &attempt.visit, Means::Password).await).await?;
    metrics::counter!("identity_sign_ins_total", "outcome" => "in").increment(1);
    Ok(Outcome::SignedIn(Entered { identity, token }))
}

/// Whose account it is, and the context of what they do with it.
pub(crate) async fn whose(site: &Site, account: &Account, visit: &Visit) -> Result<(Identity, Ctx)> {
    let now = site.clock.now();
    let identity = site.db.run(&Scope::nothing(), async |tx| sessions::identity_of(tx, account.id, account.person_id, account.locale.as_deref(), now).await).await?;
    let ctx = ctx_at(site, &identity, visit);
    Ok((identity, ctx))
}

/// Opens the session of who proved to be themselves, in place of the one that the browser had.
pub(crate) async fn open(tx: &Tx, site: &Site, ctx: &Ctx, identity: &Identity, visit: &Visit, means: Means) -> Result<String> {
    if let Some(old) = &visit.old_token {
        sessions::close(tx, site, old).await?;
    }
    let from_there = Ctx { origin: trail::origin_from(visit.address, visit.user_agent.as_deref()), ..ctx.clone() };
    note(tx, &from_there, identity, "identity.sign_in", json!({ "by": means.as_str() })).await?;
    sessions::open(tx, identity, visit.user_agent.clone(), ctx.now()).await
}

/// Signs out: the session of this browser is over.
pub async fn sign_out(site: &Site, identity: &Identity, token: &str, visit: &Visit) -> Result<()> {
    let ctx = ctx_at(site, identity, visit);
    site.db
        .run(&ctx.scope, async |tx| {
            note(tx, &ctx, identity, "identity.sign_out", json!({})).await?;
            sessions::close(tx, site, token).await
        })
        .await
}

/// Keeps the chosen language with the account.
pub async fn choose_locale(site: &Site, identity: &Identity, locale: Locale) -> Result<()> {
    let scope = Scope::nothing().with_person(identity.person);
    site.db.run(&scope, async |tx| ACCOUNT_SET_LOCALE.run(tx, (identity.account, locale.as_str())).await).await?;
    sessions::forget_account(site, identity.account);
    Ok(())
}

/// The audit row of what somebody did with their own account.
pub(crate) async fn note(tx: &Tx, ctx: &Ctx, identity: &Identity, action: &'static str, detail: serde_json::Value) -> Result<()> {
    let deed = Deed { school: identity.home(), action, subject_kind: "account", subject: Some(identity.account.0), detail };
    audit::record(tx, ctx, deed).await
}

/// The same, with where they do it from.
pub(crate) fn ctx_at(site: &Site, identity: &Identity, visit: &Visit) -> Ctx {
    Ctx { origin: trail::origin_from(visit.address, visit.user_agent.as_deref()), ..ctx_of(site, identity) }
}

/// The context of what somebody does with their own account.
pub(crate) fn ctx_of(site: &Site, identity: &Identity) -> Ctx {
    Ctx {
        actor: Actor::Person(identity.signed_in()),
        role: None,
        granted: Granted::default(),
        scope: Scope::school(identity.home()).with_person(identity.person),
        locale: identity.locale.unwrap_or_default(),
        clock: site.clock.clone(),
        origin: Origin::default(),
        reason: None,
    }
}
