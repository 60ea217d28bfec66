//! Use cases of subscriptions.

use kernel::{
    Ctx, Error, Locale, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::{NoticeId, TokenId},
};
use serde_json::json;

use super::store::{self, Phone, Told};
use crate::{
    Own,
    channels::{
        Via,
        web_push::{AddressError, Reach, Subscription},
    },
    inbox::SeeInbox,
};

/// How many browsers a person may have.
const MOST: i64 = 10;

/// What an installation with web push offers to browsers.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The public half of its key, by which a browser subscribes.
    pub key: String,
    /// Where it may send.
    pub reach: Reach,
}

/// A browser to register, checked.
#[derive(Debug, Clone)]
pub struct NewBrowser {
    subscription: Subscription,
    label: String,
    locale: Locale,
}

impl NewBrowser {
    /// Reads what a browser sent: its address, its key and its secret.
    ///
    /// # Errors
    /// Which of them cannot be taken.
    pub fn parse(offer: &Offer, (endpoint, key, auth): (&str, &str, &str), label: String, locale: Locale) -> Result<Self> {
        let subscription = Subscription::parse(endpoint, key, auth, offer.reach).map_err(|error| match error {
            AddressError::Endpoint => Error::invalid("endpoint", "subscriptions-field-endpoint"),
            AddressError::Key => Error::invalid("key", "subscriptions-field-key"),
        })?;
        Ok(Self { subscription, label, locale })
    }
}

/// Lets a browser of the signed-in person get notices.
///
/// # Errors
/// The database's.
pub async fn subscribe(db: &Db, ctx: &Ctx, browser: NewBrowser) -> Result<TokenId> {
    db.run(&ctx.scope, async |tx| add(tx, ctx, &browser).await).await
}

/// Gives a browser of the signed-in person its new address. Where the old one is not theirs, or is over already, nothing happens: whoever is
/// signed in on it by now has not asked for anything.
///
/// # Errors
/// The database's.
pub async fn renew(db: &Db, ctx: &Ctx, old: String, browser: NewBrowser) -> Result<()> {
    let person = ctx.person()?;
    db.run(&ctx.scope, async |tx| {
        let Some(removed) = store::BROWSER_REPLACE.opt(tx, (person, old, ctx.now())).await? else { return Ok(()) };
        note(tx, ctx, "delivery.unsubscribe", removed.id, &removed.channel).await?;
        add(tx, ctx, &browser).await.map(drop)
    })
    .await
}

async fn add(tx: &Tx, ctx: &Ctx, browser: &NewBrowser) -> Result<TokenId> {
    let NewBrowser { subscription, label, locale } = browser;
    let (person, stored) = (ctx.person()?, subscription.to_stored());
    store::BROWSER_CLAIM.one(tx, (Via::WebPush.as_str(), stored.clone(), ctx.now())).await?;
    let added = store::BROWSER_ADD.one(tx, (ctx.id(), person, stored, locale.as_str(), label.clone(), ctx.now())).await?;
    if added.fresh == Some(true) {
        store::BROWSER_TRIM.run(tx, (person, MOST, ctx.now())).await?;
        note(tx, ctx, "delivery.subscribe", added.id, Via::WebPush.as_str()).await?;
    }
    Ok(added.id)
}

/// Removes a phone of the signed-in person; one that is not theirs or is removed already is not there.
///
/// # Errors
/// The database's.
pub async fn remove(db: &Db, ctx: &Ctx, phone: TokenId) -> Result<()> {
    let person = ctx.person()?;
    db.run(&ctx.scope, async |tx| match store::PHONE_REMOVE.opt(tx, (phone, person, ctx.now())).await? {
        Some(removed) => note(tx, ctx, "delivery.unsubscribe", removed.id, &removed.channel).await,
        None => Ok(()),
    })
    .await
}

/// The phones of the signed-in person.
pub async fn phones(db: &Db, ctx: &Ctx) -> Result<Vec<Phone>> {
    let person = ctx.person()?;
    db.run(&ctx.scope, async |tx| store::PHONE_LIST.all(tx, (person,)).await).await
}

/// What notices of the reader's inbox say.
pub async fn told(db: &Db, own: &Own, notices: Vec<NoticeId>) -> Result<Vec<Told>> {
    own.require::<SeeInbox>()?;
    let ctx = &own.ctx;
    let key = (ctx.scope.schools.clone(), ctx.person()?, notices, own.persons());
    db.run(&ctx.scope, async |tx| store::TOLD_LIST.all(tx, key).await).await
}

/// A phone belongs to no school: each school of the person's children hears of it, and each where they work or learn.
async fn note(tx: &Tx, ctx: &Ctx, action: &'static str, phone: TokenId, channel: &str) -> Result<()> {
    for school in &ctx.scope.schools {
        let deed = Deed { school: *school, action, subject_kind: "phone", subject: Some(phone.0), detail: json!({ "channel": channel }) };
        audit::record(tx, ctx, deed).await?;
    }
    Ok(())
}
