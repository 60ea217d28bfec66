//! Use cases of seeing as somebody else.

use actix_web::HttpRequest;
use jiff::Timestamp;
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed, Whose},
    db::{Scope, Tx},
    id::{Uuid, show},
};
use serde_json::json;
use web::Site;

use super::{
    SeeAs,
    rules::{self, LONGEST, Seer},
    store::{self, Look},
};
use crate::{
    logins::{self, Act},
    sessions::{self, Identity, token},
    standing::Standing,
    trail::{self, Sight},
};

/// Begins to look with somebody's eyes, in the session of this token. Sent twice with one id, it begins once.
pub async fn begin(act: &Act<'_>, id: Uuid, reason: String, session_token: &str) -> Result<()> {
    act.ctx.require::<SeeAs>()?;
    if act.identity.person == act.person || act.identity.seer.is_some() {
        return Err(Error::Refused("identity.not_yourself"));
    }
    logins::reaches(act).await?;
    let ctx = act.ctx.clone().because(&reason);
    let hash = token::hash(session_token).ok_or(Error::NotFound)?;
    let (me, now) = (ctx.person()?, ctx.now());
    act.site
        .db
        .run(&ctx.scope, async |tx| {
            let session = store::SESSION_ID.one(tx, (hash.0.to_vec(),)).await?.id;
            if store::SEE_AS_ADD.run(tx, (act.school, id, me, act.person, session, reason, now, now + LONGEST)).await? == 0 {
                return Ok(());
            }
            store::SEE_AS_END_OTHERS.run(tx, (act.school, me, session, id, now)).await?;
            note(tx, &ctx, act, "identity.begin_see_as", id).await
        })
        .await?;
    sessions::forget_account(act.site, act.identity.account);
    Ok(())
}

/// Ends it: the session is its owner's again.
pub async fn end(site: &Site, ctx: &Ctx, identity: &Identity) -> Result<()> {
    let Some(seer) = &identity.seer else { return Ok(()) };
    let scope = Scope::school(seer.school).with_person(seer.person);
    site.db
        .run(&scope, async |tx| {
            if store::SEE_AS_END.run(tx, (seer.school, seer.id, ctx.now())).await? == 0 {
                return Ok(());
            }
            let detail = json!({ "see_as": show(seer.id) });
            audit::record(tx, ctx, Deed { school: seer.school, action: "identity.end_see_as", subject_kind: "person", subject: Some(identity.person.0), detail }).await
        })
        .await?;
    sessions::forget_account(site, seer.account);
    Ok(())
}

/// Who a session is, looking with whose eyes; in the transaction that recognises it, with the owner's own rows in sight.
pub async fn with_their_eyes(tx: &Tx, session: Uuid, owner: Identity, now: Timestamp) -> Result<Identity> {
    let Some(open) = store::OPEN_FIND.opt(tx, (session, owner.person, now)).await? else { return Ok(owner) };
    // Rights by name come from no table here: who sees as another holds it by a delivered role.
    if Standing::at::<SeeAs>(&owner, open.school_id, &[]).is_err() {
        return Ok(owner);
    }
    let seen = sessions::identity_of(tx, open.account_id, open.seen_id, None, now).await?;
    let seer = Seer { id: open.id, school: open.school_id, person: owner.person, account: owner.account, until: open.expires_at };
    Ok(Identity { locale: owner.locale, second_factor: owner.second_factor, seer: Some(seer), ..rules::dimmed(seen) })
}

/// Writes down that a page was opened with somebody's eyes, before it is answered.
pub async fn note_page(req: &HttpRequest, ctx: &Ctx, identity: &Identity) -> Result<()> {
    let Some(seer) = &identity.seer else { return Ok(()) };
    let page = req.match_pattern().unwrap_or_default();
    let sight = Sight::of(seer.school, "identity.saw_as", Whose::person(identity.person)).filtered(json!({ "page": page }));
    trail::read(req, ctx, [sight]).await
}

/// Who looked with one's own eyes, newest first.
pub async fn looks(site: &Site, ctx: &Ctx, identity: &Identity) -> Result<Vec<Look>> {
    let places = identity.grants.iter().map(|(school, _)| *school).chain(identity.limited.iter().map(|held| held.school));
    let scope = Scope::schools(places).with_person(identity.person);
    site.db.run(&scope, async |tx| store::LOOK_LIST.all(tx, (identity.person, ctx.now())).await).await
}

async fn note(tx: &Tx, ctx: &Ctx, act: &Act<'_>, action: &'static str, id: Uuid) -> Result<()> {
    audit::record(tx, ctx, Deed { school: act.school, action, subject_kind: "person", subject: Some(act.person.0), detail: json!({ "see_as": show(id) }) }).await
}
