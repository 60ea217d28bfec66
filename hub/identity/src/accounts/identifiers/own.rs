//! Use cases of one's own phone and e-mail.

use actix_web::web::Data;
use jiff::SignedDuration;
use kernel::{Error, Locale, Result, db::Scope};
use serde_json::json;
use web::Site;

use super::{
    rules::{Identifier, Kind},
    store,
    writing::{self, Author, Keeper, Known, known, put, write},
};
use crate::{
    accounts::{self, Policy, Visit, service::whose, store::Account},
    letters::{Letter, Mailer, send_later},
    sessions::{Identity, token},
};

/// How long the link of a letter may wait.
const FOLLOWED_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// What one's own account has.
pub async fn own(site: &Site, policy: &Policy, identity: &Identity) -> Result<Known> {
    site.db.run(&Scope::nothing(), async |tx| known(tx, policy, identity.account).await).await
}

/// Sets or takes off one's own phone. Asks for the password: a browser left open must not change by what its owner comes in.
pub async fn set_phone(site: &Site, policy: &Policy, identity: &Identity, typed: &str, password: String, visit: &Visit) -> Result<()> {
    let keeper = Keeper::of(policy)?;
    let phone = match typed.trim() {
        "" => None,
        typed => Some(Identifier::phone(typed).ok_or(Error::Refused("account.not_a_phone"))?),
    };
    accounts::prove(site, identity, password, visit).await?;
    let ctx = accounts::ctx_at(site, identity, visit);
    site.db
        .run(&ctx.scope, async |tx| {
            let changed = match &phone {
                Some(phone) => write(tx, &keeper, identity.account, phone, Author::Owner(identity.person), ctx.now()).await?,
                None => writing::take_off(tx, identity.account, Kind::Phone).await?,
            };
            if changed {
                accounts::note(tx, &ctx, identity, "identity.phone_changed", json!({ "removed": phone.is_none() })).await?;
            }
            Ok(())
        })
        .await
}

/// Sends a link to a new e-mail; until it is followed nothing changes. An address that is another account's already gets no letter, and the
/// answer does not tell.
pub async fn ask_email(site: &Site, policy: &Policy, mailer: Option<&Data<dyn Mailer>>, identity: &Identity, typed: &str, password: String, visit: &Visit, locale: Locale) -> Result<()> {
    let keeper = Keeper::of(policy)?;
    let mailer = mailer.ok_or(Error::Refused("account.mail_unavailable"))?;
    let email = Identifier::email(typed).ok_or(Error::Refused("account.not_an_email"))?;
    accounts::prove(site, identity, password, visit).await?;
    let ctx = accounts::ctx_at(site, identity, visit);
    let (lookup, sealed) = (keeper.lookup(&email)?, keeper.seal(identity.account, &email)?);
    let token = token::fresh()?;
    let hash = token::hash(&token).ok_or(Error::NotFound)?.0.to_vec();
    let free = site
        .db
        .run(&ctx.scope, async |tx| {
            let other = store::OWNER_FIND.opt(tx, (Kind::Email.as_str(), lookup.clone())).await?.filter(|owner| owner.account_id != identity.account && owner.vouched_at.is_some());
            store::QUESTION_DELETE.run(tx, (identity.account,)).await?;
            if other.is_none() {
                store::QUESTION_ADD.run(tx, (hash, identity.account, lookup, sealed, ctx.now() + FOLLOWED_WITHIN)).await?;
            }
            accounts::note(tx, &ctx, identity, "identity.email_asked", json!({})).await?;
            Ok(other.is_none())
        })
        .await?;
    if free {
        let t = site.texts(locale);
        let address = format!("{}/confirm-email?token={token}", site.url);
        let body = t.with("letter-email-body", [("address", address.as_str())]);
        send_later(mailer, Letter { to: email.reveal().to_owned(), subject: t.text("letter-email-subject"), body });
    }
    Ok(())
}

/// Takes one's own e-mail off. Asks for the password.
pub async fn remove_email(site: &Site, identity: &Identity, password: String, visit: &Visit) -> Result<()> {
    accounts::prove(site, identity, password, visit).await?;
    let ctx = accounts::ctx_at(site, identity, visit);
    site.db
        .run(&ctx.scope, async |tx| {
            store::QUESTION_DELETE.run(tx, (identity.account,)).await?;
            if writing::take_off(tx, identity.account, Kind::Email).await? {
                accounts::note(tx, &ctx, identity, "identity.email_changed", json!({ "removed": true })).await?;
            }
            Ok(())
        })
        .await
}

/// The link of a letter was followed: the e-mail counts from now on. Whether it was; a link works once.
pub async fn confirm_email(site: &Site, typed: &str, visit: &Visit) -> Result<bool> {
    let Some(hash) = token::hash(typed) else { return Ok(false) };
    let waiting = site.db.run(&Scope::nothing(), async |tx| store::QUESTION_TAKE.opt(tx, (hash.0.to_vec(),)).await).await?;
    let Some(waiting) = waiting.filter(|waiting| site.clock.now() < waiting.expires_at) else { return Ok(false) };
    let account = waiting.account_id;
    let Some(person) = site.db.run(&Scope::nothing(), async |tx| store::PERSON_OF.opt(tx, (account,)).await).await? else { return Ok(false) };
    let account = Account { id: account, person_id: person.person_id, password_hash: String::new(), locale: person.locale };
    let (identity, ctx) = whose(site, &account, visit).await?;
    let put = site
        .db
        .run(&ctx.scope, async |tx| {
            put(tx, identity.account, Kind::Email, waiting.lookup, waiting.sealed, Author::Vouching(identity.person), ctx.now()).await?;
            accounts::note(tx, &ctx, &identity, "identity.email_changed", json!({ "removed": false })).await
        })
        .await;
    match put {
        Ok(()) => Ok(true),
        Err(Error::Refused(_)) => Ok(false),
        Err(error) => Err(error),
    }
}
