//! Signing in and out, and choosing a language.

use std::net::IpAddr;

use kernel::{
    Actor, Ctx, Locale, Result,
    audit::{self, Deed},
    db::{Scope, Tx},
};
use serde_json::json;
use web::Site;

use super::{
    password::Counter,
    store::{ACCOUNT_FIND, ACCOUNT_SET_LOCALE, Account},
    throttle::Throttle,
};
use crate::sessions::{self, Identity};

/// What a person typed, and from where.
pub struct Attempt {
    /// Login, as typed.
    pub login: String,
    /// Password.
    pub password: String,
    /// Where the request came from.
    pub address: IpAddr,
    /// The browser's own name.
    pub user_agent: Option<String>,
    /// The token of the session that the browser still has.
    pub old_token: Option<String>,
}

/// How signing in ended.
pub enum Outcome {
    /// In, with the new session's token.
    SignedIn(Identity, String),
    /// Wrong login or password; which of them is not told.
    Wrong,
    /// Too many failures; how many seconds to wait.
    Wait(u32),
}

/// Signs in.
pub async fn sign_in(site: &Site, attempt: Attempt) -> Result<Outcome> {
    let login = attempt.login.trim().to_lowercase();
    let throttle = site.memory.of::<Throttle>();
    if let Some(seconds) = throttle.wait(&login, attempt.address, site.clock.now()) {
        metrics::counter!("identity_sign_ins_total", "outcome" => "wait").increment(1);
        return Ok(Outcome::Wait(seconds));
    }
    // Counted before it is known, so that tries sent at once cannot all pass the check.
    throttle.failed(&login, attempt.address, site.clock.now());
    let account = site.db.run(&Scope::nothing(), async |tx| ACCOUNT_FIND.opt(tx, (login.clone(),)).await).await?;
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let matches = site.memory.of::<Counter>().verify(attempt.password.clone(), hash).await?;
    let Some(account) = account.filter(|_| matches) else {
        metrics::counter!("identity_sign_ins_total", "outcome" => "wrong").increment(1);
        return Ok(Outcome::Wrong);
    };
    throttle.succeeded(&login, attempt.address);
    let (identity, token) = open_session(site, &account, &attempt).await?;
    metrics::counter!("identity_sign_ins_total", "outcome" => "in").increment(1);
    Ok(Outcome::SignedIn(identity, token))
}

async fn open_session(site: &Site, account: &Account, attempt: &Attempt) -> Result<(Identity, String)> {
    let now = site.clock.now();
    let identity = site.db.run(&Scope::nothing(), async |tx| sessions::identity_of(tx, account.id, account.person_id, account.locale.as_deref(), now).await).await?;
    let ctx = ctx_of(site, &identity);
    let token = site
        .db
        .run(&ctx.scope, async |tx| {
            if let Some(old) = &attempt.old_token {
                sessions::close(tx, site, old).await?;
            }
            note(tx, &ctx, &identity, "identity.sign_in").await?;
            sessions::open(tx, &identity, attempt.user_agent.clone(), now).await
        })
        .await?;
    Ok((identity, token))
}

/// Signs out: the session of this browser is over.
pub async fn sign_out(site: &Site, identity: &Identity, token: &str) -> Result<()> {
    let ctx = ctx_of(site, identity);
    site.db
        .run(&ctx.scope, async |tx| {
            note(tx, &ctx, identity, "identity.sign_out").await?;
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

async fn note(tx: &Tx, ctx: &Ctx, identity: &Identity, action: &'static str) -> Result<()> {
    let deed = Deed { school: identity.home(), action, subject_kind: "account", subject: Some(identity.account.0), detail: json!({}) };
    audit::record(tx, ctx, deed).await
}

fn ctx_of(site: &Site, identity: &Identity) -> Ctx {
    Ctx {
        actor: Actor::Person(identity.signed_in()),
        role: None,
        scope: Scope::school(identity.home()).with_person(identity.person),
        locale: identity.locale.unwrap_or_default(),
        clock: site.clock.clone(),
    }
}
