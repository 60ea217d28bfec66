//! Use cases of keys.

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Error, Result, clock,
    db::{Scope, Tx},
    id::AccountId,
};
use ring::digest;
use serde_json::json;
use web::Site;

use super::{
    KeyId,
    proof::{FRESH_FOR, Proof},
    rules::Draft,
    store::{self, Listed},
};
use crate::{
    accounts::{self, Account, Visit},
    logins::random_text,
    sessions::{Identity, token},
};

/// Stands before every token, so that whoever finds one knows what it is.
const MARK: &str = "shq_";
/// Nobody needs more.
const MOST: i64 = 20;
/// How long an app's code waits.
const CODE_WAITS: SignedDuration = SignedDuration::from_secs(10 * 60);
const CODE_LETTERS: usize = 12;
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A key that an app has now.
pub struct Connected {
    /// Its id.
    pub id: KeyId,
    /// Its token.
    pub token: String,
    /// What it opens.
    pub scopes: Vec<String>,
    /// Until when.
    pub expires_at: Timestamp,
}

/// One's keys that still open something.
pub async fn list(site: &Site, identity: &Identity) -> Result<Vec<Listed>> {
    let now = site.clock.now();
    site.db.run(&Scope::nothing(), async |tx| store::KEY_LIST.all(tx, (identity.account, now)).await).await
}

/// Makes a key and gives its token, which nobody can learn again. Asks for the password: a browser left open must not make one.
pub async fn make(site: &Site, identity: &Identity, draft: Draft, password: String, visit: &Visit) -> Result<String> {
    accounts::prove(site, identity, password, visit).await?;
    let ctx = accounts::ctx_at(site, identity, visit);
    let (token, id): (String, KeyId) = (fresh()?, ctx.id());
    let (hash, until) = (hash_of(&token)?, ctx.now() + DAY * days(&draft));
    site.db
        .run(&ctx.scope, async |tx| {
            add(tx, (id, identity.account, draft.name, hash, draft.scopes.clone(), None, ctx.now(), until, MOST)).await?;
            accounts::note(tx, &ctx, identity, "identity.key_made", json!({ "key": id, "scopes": draft.scopes, "until": until })).await
        })
        .await?;
    Ok(token)
}

/// Makes a code that an app exchanges for a token bound to its device. Asks for the password.
pub async fn make_code(site: &Site, identity: &Identity, draft: Draft, password: String, visit: &Visit) -> Result<String> {
    accounts::prove(site, identity, password, visit).await?;
    let ctx = accounts::ctx_at(site, identity, visit);
    let code = random_text(CODE_LETTERS)?;
    let until = ctx.now() + DAY * days(&draft);
    site.db
        .run(&ctx.scope, async |tx| {
            store::CODE_DELETE.run(tx, (identity.account,)).await?;
            store::CODE_ADD.run(tx, (sha256(&code), identity.account, draft.name, draft.scopes.clone(), ctx.now() + CODE_WAITS, until)).await?;
            accounts::note(tx, &ctx, identity, "identity.app_code_made", json!({ "scopes": draft.scopes })).await
        })
        .await?;
    Ok(code)
}

/// Exchanges a code for a token bound to the key that the proof was made with.
pub async fn connect(site: &Site, code: &str, proof: &Proof, visit: &Visit) -> Result<Connected> {
    let plain: String = code.chars().take(100).filter(char::is_ascii_alphanumeric).map(|one| one.to_ascii_lowercase()).collect();
    let promised = site.db.run(&Scope::nothing(), async |tx| store::CODE_TAKE.opt(tx, (sha256(&plain),)).await).await?;
    let promised = promised.filter(|promised| site.clock.now() < promised.expires_at).ok_or(Error::Refused("account.app_code_wrong"))?;
    let account = Account { id: promised.account_id, person_id: promised.person_id, password_hash: String::new(), locale: promised.locale };
    let (identity, ctx) = accounts::whose(site, &account, visit).await?;
    let (token, id): (String, KeyId) = (fresh()?, ctx.id());
    let hash = hash_of(&token)?;
    site.db
        .run(&ctx.scope, async |tx| {
            remember(tx, proof, ctx.now()).await?;
            add(tx, (id, account.id, promised.name, hash, promised.scopes.clone(), Some(proof.thumbprint.to_vec()), ctx.now(), promised.key_expires_at, MOST)).await?;
            accounts::note(tx, &ctx, &identity, "identity.app_connected", json!({ "key": id, "scopes": promised.scopes, "until": promised.key_expires_at })).await
        })
        .await?;
    Ok(Connected { id, token, scopes: promised.scopes, expires_at: promised.key_expires_at })
}

/// Revokes one of one's own keys. Sent twice, or about somebody else's, it changes nothing.
pub async fn revoke(site: &Site, identity: &Identity, id: KeyId, visit: &Visit) -> Result<()> {
    let ctx = accounts::ctx_at(site, identity, visit);
    site.db
        .run(&ctx.scope, async |tx| match store::KEY_REVOKE.opt(tx, (identity.account, id, ctx.now())).await? {
            Some(_) => accounts::note(tx, &ctx, identity, "identity.key_revoked", json!({ "key": id })).await,
            None => Ok(()),
        })
        .await
}

/// Revokes all keys of an account and the code that waits, in the caller's transaction: its owner had to get it back.
pub(crate) async fn revoke_all(tx: &Tx, account: AccountId, now: Timestamp) -> Result<u64> {
    store::CODE_DELETE.run(tx, (account,)).await?;
    store::KEY_REVOKE_ALL.run(tx, (account, now)).await
}

/// Remembers a proof, in the caller's transaction.
///
/// # Errors
/// `account.proof_refused` for one that was seen before.
pub(super) async fn remember(tx: &Tx, proof: &Proof, now: Timestamp) -> Result<()> {
    store::PROOF_DELETE_OVER.run(tx, (now - clock::SPREAD,)).await?;
    match store::PROOF_ADD.run(tx, (proof.thumbprint.to_vec(), proof.id.to_vec(), now + FRESH_FOR * 2)).await? {
        0 => Err(Error::Refused("account.proof_refused")),
        _ => Ok(()),
    }
}

/// The hash of a token that was sent; nothing for what cannot be one.
pub(super) fn hash(sent: &str) -> Option<Vec<u8>> {
    token::hash(sent.strip_prefix(MARK)?).map(|hash| hash.0.to_vec())
}

async fn add(tx: &Tx, row: (KeyId, AccountId, String, Vec<u8>, Vec<String>, Option<Vec<u8>>, Timestamp, Timestamp, i64)) -> Result<()> {
    if store::KEY_ADD.run(tx, row).await? == 0 { Err(Error::Refused("account.keys_enough")) } else { Ok(()) }
}

fn fresh() -> Result<String> {
    Ok(format!("{MARK}{}", token::fresh()?))
}

fn hash_of(token: &str) -> Result<Vec<u8>> {
    hash(token).ok_or_else(|| Error::broken("a fresh token is no token"))
}

fn days(draft: &Draft) -> i32 {
    i32::try_from(draft.days).unwrap_or(1)
}

fn sha256(text: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, text.as_bytes()).as_ref().to_vec()
}
