//! Use cases of the second factor: switched on, proved at sign-in, switched off.

use jiff::Timestamp;
use kernel::{
    Error, Result,
    db::{Scope, Tx},
    id::AccountId,
};
use ring::{
    digest,
    rand::{SecureRandom, SystemRandom},
};
use serde_json::json;
use web::Site;

use super::{
    Purpose, Sealer, half_open, rules,
    rules::Typed,
    store::{self, HalfOpenRow},
};
use crate::{
    accounts::{self, Account, Entered, Guess, Means, Policy, Throttle, Visit},
    sessions::{self, Identity, token},
};

/// So many wrong codes end a half-open session.
const MOST_FAILURES: i16 = 5;

/// Where a person stands with their second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Not switched on.
    Off,
    /// Switched on.
    On {
        /// Since when.
        since: Timestamp,
        /// Recovery codes that are not used yet.
        codes_left: i64,
    },
}

/// A secret that waits for its first code.
pub struct Pending {
    /// As a picture holds it.
    pub address: String,
    /// As a person types it.
    pub typed: String,
}

/// It is on from now on.
pub struct Confirmed {
    /// The recovery codes.
    pub codes: Vec<String>,
    /// The token that this browser's session goes on under.
    pub token: Option<String>,
}

/// How a code at the sign-in ended.
pub enum Outcome {
    /// In; and where to go.
    Entered(Entered, String),
    /// Wrong; another try may work.
    Wrong,
    /// Too many wrong ones; how many seconds to wait.
    Wait(u32),
    /// The half-open session is over: the password is asked again.
    Over,
}

/// Where somebody stands.
pub async fn standing(site: &Site, identity: &Identity) -> Result<Standing> {
    site.db
        .run(&Scope::nothing(), async |tx| {
            let since = store::TOTP_FIND.opt(tx, (identity.account,)).await?.and_then(|found| found.confirmed_at);
            let left = store::RECOVERY_LEFT.one(tx, (identity.account,)).await?;
            Ok(since.map_or(Standing::Off, |since| Standing::On { since, codes_left: left.count }))
        })
        .await
}

/// Makes a secret that waits for its first code.
pub async fn begin(site: &Site, policy: &Policy, identity: &Identity, visit: &Visit) -> Result<()> {
    let sealed = sealer(policy)?.seal(Purpose::SecondFactor, identity.account, &noise::<{ rules::SECRET_BYTES }>()?)?;
    let ctx = accounts::ctx_at(site, identity, visit);
    site.db
        .run(&ctx.scope, async |tx| match store::TOTP_BEGIN.run(tx, (identity.account, sealed, ctx.now())).await? {
            0 => Err(Error::Refused("account.second_factor_on")),
            _ => accounts::note(tx, &ctx, identity, "identity.second_factor_begun", json!({})).await,
        })
        .await
}

/// The secret that waits, if one does.
pub async fn pending(site: &Site, policy: &Policy, identity: &Identity) -> Result<Option<Pending>> {
    site.db
        .run(&Scope::nothing(), async |tx| {
            let Some(found) = store::TOTP_FIND.opt(tx, (identity.account,)).await?.filter(|found| found.confirmed_at.is_none()) else { return Ok(None) };
            let secret = sealer(policy)?.open(Purpose::SecondFactor, identity.account, &found.sealed)?;
            let login = store::LOGIN_OF.one(tx, (identity.account,)).await?.login;
            Ok(Some(Pending { address: rules::address_of(&secret, &login), typed: rules::typed_secret(&secret) }))
        })
        .await
}

/// Switches it on with the first code; gives the recovery codes and the session's fresh token. Sessions of other browsers, opened by the password alone, end.
pub async fn confirm(site: &Site, policy: &Policy, identity: &Identity, typed: &str, visit: &Visit) -> Result<Confirmed> {
    let guess = Guess::code(identity.account, visit.address);
    let throttle = site.memory.of::<Throttle>();
    if throttle.wait(&guess, site.clock.now()).is_some() {
        return Err(Error::Refused("account.too_many_tries"));
    }
    throttle.failed(&guess, site.clock.now());
    let ctx = accounts::ctx_at(site, identity, visit);
    let confirmed = site
        .db
        .run(&ctx.scope, async |tx| {
            let found = store::TOTP_FIND.opt(tx, (identity.account,)).await?.filter(|found| found.confirmed_at.is_none());
            let found = found.ok_or(Error::Refused("account.second_factor_on"))?;
            let secret = sealer(policy)?.open(Purpose::SecondFactor, identity.account, &found.sealed)?;
            let step = step_typed(&secret, typed, ctx.now()).ok_or(Error::Refused("account.wrong_code"))?;
            if store::TOTP_CONFIRM.run(tx, (identity.account, step, ctx.now())).await? == 0 {
                return Err(Error::Refused("account.second_factor_on"));
            }
            let ended = sessions::end_others(tx, identity.account, visit.old_token.as_deref()).await?;
            accounts::note(tx, &ctx, identity, "identity.second_factor_on", json!({ "sessions_ended": ended })).await?;
            Ok(Confirmed { codes: fresh_codes(tx, identity.account, ctx.now()).await?, token: exchange(tx, visit).await? })
        })
        .await?;
    throttle.succeeded(&guess);
    sessions::forget_account(site, identity.account);
    Ok(confirmed)
}

/// New recovery codes in place of all old ones. Asks for the password: a browser left open must not give them away.
pub async fn renew_codes(site: &Site, identity: &Identity, password: String, visit: &Visit) -> Result<Vec<String>> {
    accounts::prove(site, identity, password, visit).await?;
    let ctx = accounts::ctx_at(site, identity, visit);
    site.db
        .run(&ctx.scope, async |tx| {
            store::TOTP_FIND.opt(tx, (identity.account,)).await?.and_then(|found| found.confirmed_at).ok_or(Error::Refused("account.second_factor_off"))?;
            accounts::note(tx, &ctx, identity, "identity.recovery_codes_made", json!({})).await?;
            fresh_codes(tx, identity.account, ctx.now()).await
        })
        .await
}

/// Switches it off and gives the session's fresh token. Asks for the password.
pub async fn turn_off(site: &Site, identity: &Identity, password: String, visit: &Visit) -> Result<Option<String>> {
    accounts::prove(site, identity, password, visit).await?;
    let ctx = accounts::ctx_at(site, identity, visit);
    let token = site
        .db
        .run(&ctx.scope, async |tx| {
            if store::TOTP_DELETE.run(tx, (identity.account,)).await? == 0 {
                return Ok(None);
            }
            store::RECOVERY_DELETE.run(tx, (identity.account,)).await?;
            accounts::note(tx, &ctx, identity, "identity.second_factor_off", json!({})).await?;
            exchange(tx, visit).await
        })
        .await?;
    sessions::forget_account(site, identity.account);
    Ok(token)
}

/// The token that the session goes on under; nothing for who came without one.
async fn exchange(tx: &Tx, visit: &Visit) -> Result<Option<String>> {
    match visit.old_token.as_deref() {
        Some(old) => sessions::exchange(tx, old).await.map(Some),
        None => Ok(None),
    }
}

/// Whether an account has it on, in the caller's transaction.
pub(crate) async fn is_on(tx: &Tx, account: AccountId) -> Result<bool> {
    Ok(store::TOTP_FIND.opt(tx, (account,)).await?.is_some_and(|found| found.confirmed_at.is_some()))
}

/// Takes it off an account with its recovery codes, in the caller's transaction, and says how many there were: one or none.
pub(crate) async fn take_off(tx: &Tx, account: AccountId) -> Result<u64> {
    store::RECOVERY_DELETE.run(tx, (account,)).await?;
    store::TOTP_DELETE.run(tx, (account,)).await
}

/// After a right password: the token of a half-open session where the second factor is on, nothing where it is not.
pub async fn ask_for_code(site: &Site, account: AccountId, next: &str) -> Result<Option<String>> {
    let now = site.clock.now();
    site.db
        .run(&Scope::nothing(), async |tx| {
            if store::TOTP_FIND.opt(tx, (account,)).await?.and_then(|found| found.confirmed_at).is_none() {
                return Ok(None);
            }
            let token = token::fresh()?;
            store::HALF_OPEN_DELETE_EXPIRED.run(tx, (account, now)).await?;
            store::HALF_OPEN_ADD.run(tx, (hash(&token)?, account, next.to_owned(), now, now + half_open::LIVES_FOR)).await?;
            Ok(Some(token))
        })
        .await
}

/// Whether a half-open session waits for its code.
pub async fn is_waiting(site: &Site, token: &str) -> Result<bool> {
    Ok(find(site, token).await?.is_some())
}

/// Takes the code: a session for a half-open one.
pub async fn enter(site: &Site, policy: &Policy, token: &str, typed: &str, visit: &Visit) -> Result<Outcome> {
    let Some(waiting) = find(site, token).await? else { return Ok(Outcome::Over) };
    let (throttle, guess) = (site.memory.of::<Throttle>(), Guess::code(waiting.account_id, visit.address));
    if let Some(seconds) = throttle.wait(&guess, site.clock.now()) {
        return Ok(Outcome::Wait(seconds));
    }
    // Counted before it is known, so that tries sent at once cannot all pass the check.
    throttle.failed(&guess, site.clock.now());
    let account = Account { id: waiting.account_id, person_id: waiting.person_id, password_hash: String::new(), locale: waiting.locale.clone() };
    let (identity, ctx) = accounts::whose(site, &account, visit).await?;
    let session = site
        .db
        .run(&ctx.scope, async |tx| {
            let Some(means) = prove(tx, policy, account.id, typed, ctx.now()).await? else {
                accounts::note(tx, &ctx, &identity, "identity.code_refused", json!({})).await?;
                return failed(tx, token).await.map(Err);
            };
            // Taken by another request at the same moment: then this one opens nothing.
            if store::HALF_OPEN_DELETE.run(tx, (hash(token)?,)).await? == 0 {
                return Err(Error::NotFound);
            }
            accounts::open(tx, site, &ctx, &identity, visit, means).await.map(Ok)
        })
        .await;
    match session {
        Ok(Ok(session)) => {
            throttle.succeeded(&guess);
            metrics::counter!("identity_sign_ins_total", "outcome" => "in").increment(1);
            Ok(Outcome::Entered(Entered { identity, token: session }, waiting.next))
        }
        Ok(Err(failures)) if failures < MOST_FAILURES => Ok(Outcome::Wrong),
        Ok(Err(_)) | Err(Error::NotFound) => Ok(Outcome::Over),
        Err(error) => Err(error),
    }
}

/// By what somebody proved to be themselves, if they did. What proved it is used up.
async fn prove(tx: &Tx, policy: &Policy, account: AccountId, typed: &str, now: Timestamp) -> Result<Option<Means>> {
    match Typed::parse(typed) {
        Typed::Code(code) => {
            let found = store::TOTP_FIND.one(tx, (account,)).await?;
            let secret = sealer(policy)?.open(Purpose::SecondFactor, account, &found.sealed)?;
            let Some(step) = rules::step_of(&secret, &code, now) else { return Ok(None) };
            Ok((store::TOTP_TAKE_STEP.run(tx, (account, step)).await? == 1).then_some(Means::Code))
        }
        Typed::Recovery(code) => Ok((store::RECOVERY_USE.run(tx, (account, sha256(&code), now)).await? == 1).then_some(Means::RecoveryCode)),
        Typed::Nothing => Ok(None),
    }
}

/// Counts a wrong code; the last one ends the half-open session.
async fn failed(tx: &Tx, token: &str) -> Result<i16> {
    let failures = store::HALF_OPEN_FAILED.opt(tx, (hash(token)?,)).await?.map_or(MOST_FAILURES, |row| row.failures);
    if failures >= MOST_FAILURES {
        store::HALF_OPEN_DELETE.run(tx, (hash(token)?,)).await?;
    }
    Ok(failures)
}

async fn find(site: &Site, token: &str) -> Result<Option<HalfOpenRow>> {
    let Some(hash) = token::hash(token) else { return Ok(None) };
    let now = site.clock.now();
    site.db.run(&Scope::nothing(), async |tx| store::HALF_OPEN_FIND.opt(tx, (hash.0.to_vec(), now)).await).await
}

async fn fresh_codes(tx: &Tx, account: AccountId, now: Timestamp) -> Result<Vec<String>> {
    let codes: Vec<String> = (0..rules::RECOVERY_CODES).map(|_| noise().map(rules::recovery_code)).collect::<Result<_>>()?;
    let hashes = codes.iter().map(|code| sha256(&code.replace('-', ""))).collect();
    store::RECOVERY_DELETE.run(tx, (account,)).await?;
    store::RECOVERY_ADD.run(tx, (account, hashes, now)).await?;
    Ok(codes)
}

fn step_typed(secret: &[u8], typed: &str, now: Timestamp) -> Option<i64> {
    match Typed::parse(typed) {
        Typed::Code(code) => rules::step_of(secret, &code, now),
        Typed::Recovery(_) | Typed::Nothing => None,
    }
}

fn sealer(policy: &Policy) -> Result<&Sealer> {
    policy.sealer.as_ref().ok_or(Error::Refused("account.second_factor_unavailable"))
}

fn hash(token: &str) -> Result<Vec<u8>> {
    Ok(token::hash(token).ok_or(Error::NotFound)?.0.to_vec())
}

fn sha256(text: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, text.as_bytes()).as_ref().to_vec()
}

fn noise<const N: usize>() -> Result<[u8; N]> {
    let mut noise = [0_u8; N];
    SystemRandom::new().fill(&mut noise).map_err(|_| Error::broken("no randomness"))?;
    Ok(noise)
}
