//! Use cases of links: a person's code, and what follows when it is shown to the bot.

use kernel::{
    Ctx, Locale, Result,
    audit::{self, Deed, Whose},
    db::{Db, Tx},
    id::{PersonId, TokenId},
};
use serde_json::json;

use super::{
    rules::{Code, VALID_FOR},
    store::{self, Ended},
};

/// How many chats a person may have.
const MOST: i64 = 5;

/// What an installation with a bot offers.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The bot's user name, without `@`.
    pub bot: String,
    /// Where bots are opened: `https://t.me`.
    pub opened_at: String,
}

impl Offer {
    /// The address that opens the bot and shows it a code.
    pub fn address(&self, code: &str) -> String {
        format!("{}/{}?start={code}", self.opened_at, self.bot)
    }
}

/// A code for a chat of the signed-in person; those before it are void. It is told here and nowhere else.
///
/// # Errors
/// The database's.
pub async fn make_code(db: &Db, ctx: &Ctx) -> Result<Code> {
    let person = ctx.person()?;
    let code = Code::fresh()?;
    db.run(&ctx.scope, async |tx| {
        store::CODE_VOID.run(tx, (person,)).await?;
        store::CODE_ADD.run(tx, (code.hash(), person, ctx.locale.as_str(), ctx.now() + VALID_FOR)).await?;
        for school in &ctx.scope.schools {
            let deed = Deed { school: *school, action: "delivery.link_code", subject_kind: "person", subject: Some(person.0), detail: json!({ "channel": "telegram" }) };
            audit::record(tx, ctx, deed).await?;
        }
        Ok(())
    })
    .await?;
    Ok(code)
}

/// Links a chat by a code, in the caller's transaction. The language of whoever made it; nothing where the code does not work.
pub(super) async fn link(tx: &Tx, ctx: &Ctx, chat: i64, code: &Code) -> Result<Option<Locale>> {
    let Some(owner) = store::CODE_TAKE.opt(tx, (code.hash(), ctx.now())).await? else { return Ok(None) };
    let (person, chat) = (owner.person_id, chat.to_string());
    store::CHAT_CLAIM.run(tx, (chat.clone(), person, ctx.now())).await?;
    let linked = store::CHAT_ADD.one(tx, (ctx.id(), person, chat, owner.locale.clone(), ctx.now())).await?;
    if linked.fresh == Some(true) {
        store::CHAT_TRIM.run(tx, (person, MOST, ctx.now())).await?;
        note(tx, ctx, "delivery.subscribe", linked.id, person).await?;
    }
    Ok(Some(Locale::stored(&owner.locale)))
}

/// Ends the link of a chat, in the caller's transaction. The language of whoever had linked it; nothing where nobody had.
pub(super) async fn end(tx: &Tx, ctx: &Ctx, chat: i64, why: &'static str) -> Result<Option<Locale>> {
    let Some(Ended { id, person_id, locale }) = store::CHAT_END.opt(tx, (chat.to_string(), ctx.now(), why)).await? else { return Ok(None) };
    note(tx, ctx, "delivery.unsubscribe", id, person_id).await?;
    Ok(Some(Locale::stored(&locale)))
}

/// A chat belongs to no school: each school of the person's children hears of it, and each where they work or learn.
async fn note(tx: &Tx, ctx: &Ctx, action: &'static str, chat: TokenId, person: PersonId) -> Result<()> {
    let hear = store::HEARS_LIST.all(tx, (person, ctx.now())).await?;
    let deed = |school| Deed { school, action, subject_kind: "phone", subject: Some(chat.0), detail: json!({ "channel": "telegram" }) };
    let entries: Vec<_> = hear.into_iter().map(|one| audit::Entry::of(ctx, deed(one.school_id), Whose::person(person))).collect();
    audit::write(tx, &entries).await
}
