//! Use cases of passkeys.

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Error, Result, clock,
    db::{Scope, Tx},
    id::AccountId,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use web::Site;
use webauthn_rs::prelude::{DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Webauthn, WebauthnError};

use super::{
    PasskeyId,
    store::{self, Found, Listed},
};
use crate::{
    accounts::{self, Account, Entered, Means, Policy, Visit},
    sessions::{self, Identity, token},
};

/// How long a question may be answered.
pub const ANSWERED_WITHIN: SignedDuration = SignedDuration::from_secs(5 * 60);
/// Nobody has more devices.
const MOST: usize = 20;
const LONGEST_NAME: usize = 60;

/// What a browser is asked, and the token by which its answer is recognised.
pub struct Asked {
    /// As `navigator.credentials` takes it.
    pub options: Value,
    /// For the cookie.
    pub token: String,
}

/// One's passkeys.
pub async fn list(site: &Site, identity: &Identity) -> Result<Vec<Listed>> {
    site.db.run(&Scope::nothing(), async |tx| store::PASSKEY_LIST.all(tx, (identity.account,)).await).await
}

/// Asks the browser to make a passkey. Asks for the password: a browser left open must not let a stranger's finger in.
pub async fn ask_to_add(site: &Site, party: &Webauthn, identity: &Identity, name: &str, password: String, visit: &Visit) -> Result<Asked> {
    name_of(name)?;
    accounts::prove(site, identity, password, visit).await?;
    let login = accounts::login_of(site, identity).await?;
    let known = site.db.run(&Scope::nothing(), async |tx| store::KEY_LIST.all(tx, (identity.account,)).await).await?;
    if known.len() >= MOST {
        return Err(Error::Refused("account.passkeys_enough"));
    }
    let known = known.into_iter().map(|key| Ok(read::<Passkey>(key.credential)?.cred_id().clone())).collect::<Result<Vec<_>>>()?;
    let (options, state) = party.start_passkey_registration(identity.account.0, &login, &identity.name, Some(known)).map_err(broken)?;
    let mut options = written(&options)?;
    // It must be found without a login typed before.
    if let Some(selection) = options.pointer_mut("/publicKey/authenticatorSelection").and_then(Value::as_object_mut) {
        selection.insert("residentKey".into(), json!("required"));
        selection.insert("requireResidentKey".into(), json!(true));
        selection.insert("userVerification".into(), json!("required"));
    }
    remember(site, Some(identity.account), written(&state)?, options).await
}

/// Keeps the passkey that the browser made. Other sessions end; this one goes on under the token that is returned.
pub async fn add(site: &Site, party: &Webauthn, identity: &Identity, question: &str, answer: &str, name: &str, visit: &Visit) -> Result<String> {
    let name = name_of(name)?;
    let answer: RegisterPublicKeyCredential = serde_json::from_str(answer).map_err(|_| refused())?;
    let state = take(site, question, Some(identity.account)).await?;
    let state: PasskeyRegistration = read(state)?;
    let passkey = party.finish_passkey_registration(&answer, &state).map_err(|_| refused())?;
    let ctx = accounts::ctx_at(site, identity, visit);
    let old = visit.old_token.as_deref().ok_or_else(refused)?;
    let fresh = site
        .db
        .run(&ctx.scope, async |tx| {
            let (id, credential_id): (PasskeyId, Vec<u8>) = (ctx.id(), passkey.cred_id().to_vec());
            if store::PASSKEY_ADD.run(tx, (id, identity.account, credential_id, written(&passkey)?, name, ctx.now())).await? == 0 {
                return Err(refused());
            }
            let ended = sessions::end_others(tx, identity.account, Some(old)).await?;
            accounts::note(tx, &ctx, identity, "identity.passkey_added", json!({ "passkey": id, "sessions_ended": ended })).await?;
            let fresh = sessions::exchange(tx, old).await?;
            sessions::note_passkey(tx, &fresh, ctx.now()).await?;
            Ok(fresh)
        })
        .await?;
    sessions::forget_account(site, identity.account);
    Ok(fresh)
}

/// Names a passkey anew.
pub async fn rename(site: &Site, identity: &Identity, id: PasskeyId, name: &str, visit: &Visit) -> Result<()> {
    let name = name_of(name)?;
    let ctx = accounts::ctx_at(site, identity, visit);
    site.db
        .run(&ctx.scope, async |tx| match store::PASSKEY_RENAME.run(tx, (identity.account, id, name)).await? {
            0 => Ok(()),
            _ => accounts::note(tx, &ctx, identity, "identity.passkey_renamed", json!({ "passkey": id })).await,
        })
        .await
}

/// Removes a passkey and gives the session a fresh token. Sent twice, it changes nothing the second time.
pub async fn remove(site: &Site, identity: &Identity, id: PasskeyId, visit: &Visit) -> Result<Option<String>> {
    let ctx = accounts::ctx_at(site, identity, visit);
    let fresh = site
        .db
        .run(&ctx.scope, async |tx| {
            if store::PASSKEY_DELETE.run(tx, (identity.account, id)).await? == 0 {
                return Ok(None);
            }
            if count(tx, identity.account).await? == 0 {
                sessions::forget_passkeys(tx, identity.account).await?;
            }
            accounts::note(tx, &ctx, identity, "identity.passkey_removed", json!({ "passkey": id })).await?;
            match visit.old_token.as_deref() {
                Some(old) => sessions::exchange(tx, old).await.map(Some),
                None => Ok(None),
            }
        })
        .await?;
    sessions::forget_account(site, identity.account);
    Ok(fresh)
}

/// Takes all passkeys of an account off, in the caller's transaction, and says how many there were.
pub(crate) async fn take_off(tx: &Tx, account: AccountId) -> Result<u64> {
    sessions::forget_passkeys(tx, account).await?;
    store::PASSKEY_DELETE_ALL.run(tx, (account,)).await
}

/// Whether somebody whose role needs a second factor has a passkey for it and nothing else: the password alone then opens nothing.
pub(crate) async fn is_the_only_factor(site: &Site, policy: &Policy, identity: &Identity) -> Result<bool> {
    if identity.second_factor || !policy.asks_second_factor_of(&identity.roles()) {
        return Ok(false);
    }
    Ok(site.db.run(&Scope::nothing(), async |tx| count(tx, identity.account).await).await? > 0)
}

/// How many passkeys an account has.
pub(crate) async fn count(tx: &Tx, account: AccountId) -> Result<i64> {
    Ok(store::PASSKEY_COUNT.one(tx, (account,)).await?.number)
}

/// Asks the browser who is there.
pub async fn ask_who(site: &Site, party: &Webauthn) -> Result<Asked> {
    let (options, state) = party.start_discoverable_authentication().map_err(broken)?;
    let mut options = written(&options)?;
    // Asked after a tap, not in the list of a field.
    if let Some(whole) = options.as_object_mut() {
        whole.remove("mediation");
    }
    remember(site, None, written(&state)?, options).await
}

/// Signs in whom the browser showed to be there. Nothing for an answer that proves nothing; why is not told.
pub async fn enter(site: &Site, party: &Webauthn, question: &str, answer: &str, visit: &Visit) -> Result<Option<Entered>> {
    let Ok(answer) = serde_json::from_str::<PublicKeyCredential>(answer) else { return Ok(None) };
    let state = match take(site, question, None).await {
        Ok(state) => read::<DiscoverableAuthentication>(state)?,
        Err(Error::Refused(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let asked = answer.get_credential_id().to_vec();
    let Some(known) = site.db.run(&Scope::nothing(), async |tx| store::PASSKEY_FIND_FOR_UPDATE.opt(tx, (asked.clone(),)).await).await? else { return Ok(None) };
    let account = Account { id: known.account_id, person_id: known.person_id, password_hash: String::new(), locale: known.locale };
    let (identity, ctx) = accounts::whose(site, &account, visit).await?;
    let token = site
        .db
        .run(&ctx.scope, async |tx| {
            let Some(found) = store::PASSKEY_FIND_FOR_UPDATE.opt(tx, (asked.clone(),)).await? else { return Ok(None) };
            let Some(credential) = proved(party, &answer, state.clone(), &found)? else {
                accounts::note(tx, &ctx, &identity, "identity.passkey_refused", json!({ "passkey": found.id })).await?;
                return Ok(None);
            };
            store::PASSKEY_USED.run(tx, (found.id, credential, ctx.now())).await?;
            let token = accounts::open(tx, site, &ctx, &identity, visit, Means::Passkey).await?;
            sessions::note_passkey(tx, &token, ctx.now()).await?;
            Ok(Some(token))
        })
        .await?;
    Ok(token.map(|token| Entered { identity, token }))
}

/// The passkey as it is to be kept from now on, if the answer was made with it, for its own account, by its owner.
fn proved(party: &Webauthn, answer: &PublicKeyCredential, state: DiscoverableAuthentication, found: &Found) -> Result<Option<Value>> {
    let claimed = party.identify_discoverable_authentication(answer).map(|(account, _)| account);
    if claimed.ok() != Some(found.account_id.0) {
        return Ok(None);
    }
    let mut passkey: Passkey = read(found.credential.clone())?;
    // Refuses a counter that did not grow, too: of a copied key one of the two is somebody else's.
    let Ok(result) = party.finish_discoverable_authentication_v2(answer, state, &passkey) else { return Ok(None) };
    if !result.user_verified() {
        return Ok(None);
    }
    passkey.update_credential(&result);
    Ok(Some(written(&passkey)?))
}

async fn remember(site: &Site, account: Option<AccountId>, state: Value, options: Value) -> Result<Asked> {
    let (token, now) = (token::fresh()?, site.clock.now());
    let hash = hash(&token)?;
    site.db
        .run(&Scope::nothing(), async |tx| {
            store::QUESTION_DELETE_EXPIRED.run(tx, (now - clock::SPREAD,)).await?;
            store::QUESTION_ADD.run(tx, (hash, account, state, now + ANSWERED_WITHIN)).await
        })
        .await?;
    Ok(Asked { options, token })
}

/// The state of a question that this account was asked, in time. Whatever becomes of the answer, the question is gone: its own transaction
/// says so before the answer is looked at.
async fn take(site: &Site, token: &str, account: Option<AccountId>) -> Result<Value> {
    let (hash, now): (Vec<u8>, Timestamp) = (hash(token)?, site.clock.now());
    let question = site.db.run(&Scope::nothing(), async |tx| store::QUESTION_TAKE.opt(tx, (hash,)).await).await?;
    let question = question.filter(|question| question.account_id == account && now < question.expires_at);
    question.map(|question| question.state).ok_or_else(refused)
}

fn name_of(typed: &str) -> Result<String> {
    let name: String = typed.trim().chars().take(LONGEST_NAME).collect();
    if name.is_empty() { Err(Error::Refused("account.passkey_unnamed")) } else { Ok(name) }
}

fn refused() -> Error {
    Error::Refused("account.passkey_refused")
}

fn hash(token: &str) -> Result<Vec<u8>> {
    Ok(token::hash(token).ok_or_else(refused)?.0.to_vec())
}

fn written(value: &impl Serialize) -> Result<Value> {
    serde_json::to_value(value).map_err(|error| Error::broken(error.to_string()))
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(|error| Error::broken(error.to_string()))
}

fn broken(error: WebauthnError) -> Error {
    Error::broken(error.to_string())
}
