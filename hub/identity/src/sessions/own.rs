//! Use cases of one's own sessions: seeing them, and ending those that should be no more.

use kernel::{Result, db::Scope};
use serde_json::json;
use web::Site;

use super::{
    Identity, SessionId, rules, service,
    store::{Listed, SESSION_END, SESSION_LIST},
    token,
};
use crate::accounts::{self, Visit};

/// One's sessions that are still good, the last used first. `token` is of the browser that asks.
pub async fn list(site: &Site, identity: &Identity, token: Option<&str>) -> Result<Vec<Listed>> {
    let now = site.clock.now();
    let unused_since = now - rules::lifetime(identity.roles()).idle;
    let here = token.and_then(token::hash).map(|hash| hash.0.to_vec()).unwrap_or_default();
    site.db.run(&Scope::nothing(), async |tx| SESSION_LIST.all(tx, (identity.account, here, now, unused_since)).await).await
}

/// Ends one of one's own sessions. Sent twice, or about somebody else's, it changes nothing.
pub async fn end(site: &Site, identity: &Identity, id: SessionId, visit: &Visit) -> Result<()> {
    let ctx = accounts::ctx_at(site, identity, visit);
    let ended = site
        .db
        .run(&ctx.scope, async |tx| {
            let ended = SESSION_END.opt(tx, (identity.account, id)).await?;
            if ended.is_some() {
                accounts::note(tx, &ctx, identity, "identity.session_ended", json!({ "session": id })).await?;
            }
            Ok(ended)
        })
        .await?;
    if ended.is_some() {
        service::forget_account(site, identity.account);
    }
    Ok(())
}

/// Ends all of one's sessions but the one of the browser that asks.
pub async fn end_all_others(site: &Site, identity: &Identity, visit: &Visit) -> Result<()> {
    let ctx = accounts::ctx_at(site, identity, visit);
    site.db
        .run(&ctx.scope, async |tx| {
            let ended = service::end_others(tx, identity.account, visit.old_token.as_deref()).await?;
            accounts::note(tx, &ctx, identity, "identity.sessions_ended", json!({ "sessions_ended": ended })).await
        })
        .await?;
    service::forget_account(site, identity.account);
    Ok(())
}
