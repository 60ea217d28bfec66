//! Use cases of one's own account: seeing it, proving to be its owner, changing the password.

use std::net::IpAddr;

use kernel::{Error, Result, db::Scope};
use serde_json::json;
use web::Site;

use super::{
    Policy, Visit,
    password::Counter,
    rules::{self, Unfit},
    service::{ctx_at, note},
    store::{ACCOUNT_OWN, ACCOUNT_SET_PASSWORD, Own},
    throttle::{Guess, Throttle},
};
use crate::{
    recovery,
    sessions::{self, Identity},
};

/// The login of somebody's own account.
pub async fn login_of(site: &Site, identity: &Identity) -> Result<String> {
    Ok(find(site, identity).await?.login)
}

/// Asks for the password again before something that a browser left open must not do. Guesses are counted with those at the sign-in.
pub(crate) async fn prove(site: &Site, identity: &Identity, password: String, visit: &Visit) -> Result<()> {
    proved(site, identity, password, visit.address).await.map(|_| ())
}

/// Changes the password. Every session ends, in this browser too, which gets a new one: its token is returned.
pub async fn change_password(site: &Site, policy: &Policy, identity: &Identity, old: String, new: String, visit: &Visit) -> Result<String> {
    let own = proved(site, identity, old.clone(), visit.address).await?;
    if old == new {
        return Err(Error::Refused("account.password_same"));
    }
    judge_new(policy, identity, &own.login, &new)?;
    let hash = site.memory.of::<Counter>().hash(new).await?;
    let ctx = ctx_at(site, identity, visit);
    let token = site
        .db
        .run(&ctx.scope, async |tx| {
            if ACCOUNT_SET_PASSWORD.run(tx, (identity.account, own.password_hash.clone(), hash)).await? == 0 {
                return Err(Error::Refused("account.wrong_password"));
            }
            let ended = sessions::end_others(tx, identity.account, visit.old_token.as_deref()).await?;
            recovery::forget(tx, identity.account).await?;
            if let Some(token) = &visit.old_token {
                sessions::close(tx, site, token).await?;
            }
            note(tx, &ctx, identity, "identity.password_changed", json!({ "sessions_ended": ended })).await?;
            sessions::open(tx, identity, visit.user_agent.clone(), ctx.now()).await
        })
        .await?;
    sessions::forget_account(site, identity.account);
    Ok(token)
}

async fn proved(site: &Site, identity: &Identity, password: String, address: IpAddr) -> Result<Own> {
    let own = find(site, identity).await?;
    let (throttle, guess) = (site.memory.of::<Throttle>(), Guess::password(&own.login, address));
    if throttle.wait(&guess, site.clock.now()).is_some() {
        return Err(Error::Refused("account.too_many_tries"));
    }
    throttle.failed(&guess, site.clock.now());
    if !site.memory.of::<Counter>().verify(password, Some(own.password_hash.clone())).await? {
        return Err(Error::Refused("account.wrong_password"));
    }
    throttle.succeeded(&guess);
    Ok(own)
}

async fn find(site: &Site, identity: &Identity) -> Result<Own> {
    site.db.run(&Scope::nothing(), async |tx| ACCOUNT_OWN.one(tx, (identity.account,)).await).await
}

/// Judges a new password of somebody with this login.
///
/// # Errors
/// Why it will not do.
pub(crate) fn judge_new(policy: &Policy, identity: &Identity, login: &str, new: &str) -> Result<()> {
    let personal: Vec<&str> = identity.name.split_whitespace().chain([login]).collect();
    rules::judge(new, policy.password_least, |small| policy.knows(small), &personal).map_err(refusal)
}

fn refusal(unfit: Unfit) -> Error {
    match unfit {
        Unfit::TooShort => Error::Refused("account.password_too_short"),
        Unfit::TooLong => Error::Refused("account.password_too_long"),
        Unfit::Known => Error::Refused("account.password_known"),
        Unfit::Personal => Error::Refused("account.password_personal"),
    }
}
