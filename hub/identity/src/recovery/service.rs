//! Use cases of recovery.

use actix_web::web::Data;
use jiff::SignedDuration;
use kernel::{
    Error, Locale, Result,
    db::{Scope, Tx},
    id::AccountId,
};
use serde_json::json;
use web::Site;

use super::store::{self, Sent};
use crate::{
    accounts::{
        self, Account, Policy, Visit,
        identifiers::{Identifier, Keeper},
        password::Counter,
    },
    keys,
    letters::{Letter, Mailer, send_later},
    sessions::{self, Identity, token},
};

/// How long a link works.
const WORKS_FOR: SignedDuration = SignedDuration::from_secs(30 * 60);
/// So many links of a mailbox work at a time.
const MOST_LINKS: i64 = 2;

/// Sends a link to an address, if it is somebody's and has not two that work. Whether it did is told to nobody.
pub async fn send_link(site: &Site, policy: &Policy, mailer: &Data<dyn Mailer>, email: &Identifier, visit: &Visit, read: Locale) -> Result<()> {
    let lookup = Keeper::of(policy)?.lookup(email)?;
    let Some(owner) = site.db.run(&Scope::nothing(), async |tx| store::OWNER_FIND.opt(tx, (lookup.clone(),)).await).await? else { return Ok(()) };
    let account = Account { id: owner.account_id, person_id: owner.person_id, password_hash: String::new(), locale: owner.locale };
    let (identity, ctx) = accounts::whose(site, &account, visit).await?;
    let ctx = kernel::Ctx { origin: crate::trail::origin_from(visit.address, visit.user_agent.as_deref()), ..ctx };
    let token = token::fresh()?;
    let hash = token::hash(&token).ok_or(Error::NotFound)?.0.to_vec();
    let added = site
        .db
        .run(&ctx.scope, async |tx| {
            store::ACCOUNT_LOCK.one(tx, (account.id,)).await?;
            store::LINK_DELETE_OVER.run(tx, (account.id, ctx.now())).await?;
            let added = store::LINK_ADD.run(tx, (hash, account.id, lookup, ctx.now(), ctx.now() + WORKS_FOR, MOST_LINKS)).await?;
            if added > 0 {
                accounts::note(tx, &ctx, &identity, "identity.recovery_asked", json!({})).await?;
            }
            Ok(added)
        })
        .await?;
    if added > 0 {
        let t = site.texts(identity.locale.unwrap_or(read));
        let address = format!("{}/recover/password?token={token}", site.url);
        let body = t.with("letter-recovery-body", [("address", address.as_str())]);
        send_later(mailer, Letter { to: email.reveal().to_owned(), subject: t.text("letter-recovery-subject"), body });
    }
    Ok(())
}

/// Whether a link still works.
pub async fn works(site: &Site, token: &str) -> Result<bool> {
    Ok(find(site, token).await?.is_some())
}

/// Sets a new password by a link. Whether the link worked.
pub async fn renew_password(site: &Site, policy: &Policy, token: &str, new: String, visit: &Visit) -> Result<bool> {
    let Some((hash, sent)) = find(site, token).await? else { return Ok(false) };
    let account = Account { id: sent.account_id, person_id: sent.person_id, password_hash: String::new(), locale: sent.locale };
    let (identity, ctx) = accounts::whose(site, &account, visit).await?;
    accounts::judge_new(policy, &identity, &sent.login, &new)?;
    let password = site.memory.of::<Counter>().hash(new).await?;
    let renewed = site
        .db
        .run(&ctx.scope, async |tx| {
            // Used by another request at the same moment, or made void: then this one changes nothing.
            if store::LINK_USE.run(tx, (hash, ctx.now())).await? == 0 || store::PASSWORD_SET.run(tx, (account.id, password)).await? == 0 {
                return Err(Error::NotFound);
            }
            after(tx, &identity, &ctx).await
        })
        .await;
    match renewed {
        Ok(()) => {
            sessions::forget_account(site, account.id);
            Ok(true)
        }
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

/// What was open is closed: whoever made it necessary to recover is out.
async fn after(tx: &Tx, identity: &Identity, ctx: &kernel::Ctx) -> Result<()> {
    forget(tx, identity.account).await?;
    let ended = sessions::end_others(tx, identity.account, None).await?;
    let revoked = keys::revoke_all(tx, identity.account, ctx.now()).await?;
    accounts::note(tx, ctx, identity, "identity.password_recovered", json!({ "sessions_ended": ended, "keys_revoked": revoked })).await
}

/// Makes the links of an account void, in the caller's transaction: its password was changed in another way.
pub(crate) async fn forget(tx: &Tx, account: AccountId) -> Result<()> {
    store::LINK_DELETE_ALL.run(tx, (account,)).await.map(drop)
}

async fn find(site: &Site, token: &str) -> Result<Option<(Vec<u8>, Sent)>> {
    let Some(hash) = token::hash(token) else { return Ok(None) };
    let (hash, now) = (hash.0.to_vec(), site.clock.now());
    let sent = site.db.run(&Scope::nothing(), async |tx| store::LINK_FIND.opt(tx, (hash.clone(), now)).await).await?;
    Ok(sent.map(|sent| (hash, sent)))
}
