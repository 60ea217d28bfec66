//! Use cases of phones.

use kernel::{
    Ctx, Error, Locale, Result,
    db::Db,
    id::TokenId,
};

use super::store;

/// The longest token that a provider gives, by far.
const LONGEST_TOKEN: usize = 4096;

/// A phone to register, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPhone {
    channel: &'static str,
    token: String,
    locale: Locale,
}

impl NewPhone {
    /// Reads what an app sent.
    ///
    /// # Errors
    /// Which field cannot be taken.
    pub fn parse(channel: &str, token: &str, locale: Locale) -> Result<Self> {
        let channel = if channel == "fcm" { "fcm" } else { return Err(Error::invalid("channel", "phones-field-channel")) };
        let fits = (1..=LONGEST_TOKEN).contains(&token.len()) && token.chars().all(|c| c.is_ascii_graphic());
        if !fits {
            return Err(Error::invalid("token", "phones-field-token"));
        }
        Ok(Self { channel, token: token.to_owned(), locale })
    }
}

/// Registers a phone of the signed-in person.
pub async fn register(db: &Db, ctx: &Ctx, phone: NewPhone) -> Result<TokenId> {
    let person = ctx.person()?;
    let NewPhone { channel, token, locale } = phone;
    db.run(&ctx.scope, async |tx| {
        store::TOKEN_CLAIM.one(tx, (channel, token.clone(), ctx.now())).await?;
        let row = (ctx.id(), person, channel, token, locale.as_str(), ctx.now());
        Ok(store::TOKEN_ADD.one(tx, row).await?.id)
    })
    .await
}

/// Removes a phone of the signed-in person; one that is not theirs or is removed already is not there.
pub async fn remove(db: &Db, ctx: &Ctx, phone: TokenId) -> Result<()> {
    let person = ctx.person()?;
    db.run(&ctx.scope, async |tx| store::TOKEN_REMOVE.run(tx, (phone, person, ctx.now())).await).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_provider_gives_is_taken() {
        assert!(NewPhone::parse("fcm", "dK3:APA91b_x-y", Locale::Kk).is_ok());
        let long = "x".repeat(LONGEST_TOKEN + 1);
        for (channel, token, field) in [("sms", "abc", "channel"), ("fcm", "", "token"), ("fcm", "a b", "token"), ("fcm", "ө", "token"), ("fcm", &long, "token")] {
            let Err(Error::Invalid(wrong)) = NewPhone::parse(channel, token, Locale::Kk) else { panic!("{channel} {token}") };
            assert_eq!(wrong[0].field, field);
        }
    }
}
