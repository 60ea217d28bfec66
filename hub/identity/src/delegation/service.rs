//! Use cases of the delegations.

use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::Tx,
    id::{PersonId, SchoolId, Uuid, show},
    right::{Place, Role},
};
use serde_json::json;
use web::Site;

use super::{
    HandOver,
    rules::{HandingOver, Holding},
    store::{self, Colleague, Delegation, Held},
};
use crate::{
    logins::Chosen,
    roles::{self, OwnRole},
    sessions,
};

/// Whose delegations somebody looks after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sees {
    /// What they gave and got.
    Own,
    /// Everybody's at the school.
    All,
}

/// All that the page shows.
#[derive(Debug)]
pub struct Overview {
    /// The last to end first.
    pub delegations: Vec<Delegation>,
    /// What the reader may hand over.
    pub held: Vec<Holding>,
    /// To whom.
    pub colleagues: Vec<Colleague>,
    /// The open roles of the school's own.
    pub own_roles: Vec<OwnRole>,
}

/// What was handed over, what can be and to whom.
pub async fn overview(site: &Site, ctx: &Ctx, school: SchoolId, sees: Sees) -> Result<Overview> {
    let (me, _own_only) = (ctx.person()?, ctx.within::<HandOver>()?);
    let of = (sees == Sees::Own).then_some(me);
    site.db
        .run(&ctx.scope, async |tx| {
            Ok(Overview {
                delegations: store::DELEGATION_LIST.all(tx, (school, of)).await?,
                held: store::HELD_LIST.all(tx, (school, me, ctx.now())).await?.into_iter().filter_map(holding).collect(),
                colleagues: store::COLLEAGUE_LIST.all(tx, (school, me, ctx.now())).await?,
                own_roles: roles::own_roles(tx, school, ctx.now()).await?,
            })
        })
        .await
}

/// Hands a role over. Sent twice with one id, it is done once.
pub async fn hand_over(site: &Site, ctx: &Ctx, school: SchoolId, id: Uuid, handing: HandingOver) -> Result<()> {
    let (me, _own_only) = (ctx.person()?, ctx.within::<HandOver>()?);
    let ctx = ctx.clone().because(&handing.reason);
    let HandingOver { role, receiver, from, until, reason } = handing;
    let (delivered, own) = role.columns();
    site.db
        .run(&ctx.scope, async |tx| {
            if store::DELEGATION_ADD.run(tx, (school, id, me, receiver, delivered, own, from, until, reason, ctx.now())).await? == 0 {
                return Ok(());
            }
            sessions::renew(tx, receiver, ctx.now()).await?;
            let role = delivered.map_or_else(|| own.map(show).unwrap_or_default(), str::to_owned);
            note(tx, &ctx, school, "identity.hand_over", receiver, json!({ "delegation": show(id), "role": role, "from": from, "until": until })).await
        })
        .await?;
    sessions::forget_school(site, school);
    Ok(())
}

/// Ends it now. It is the giver's to end, or an administrator's; ended twice, it is ended.
pub async fn end(site: &Site, ctx: &Ctx, school: SchoolId, id: Uuid, sees: Sees) -> Result<()> {
    let (me, _own_only) = (ctx.person()?, ctx.within::<HandOver>()?);
    site.db
        .run(&ctx.scope, async |tx| {
            let delegation = store::DELEGATION_LIST.all(tx, (school, None)).await?.into_iter().find(|delegation| delegation.id == id).ok_or(Error::NotFound)?;
            if sees == Sees::Own && delegation.giver_id != me {
                return Err(Error::Refused("identity.not_your_delegation"));
            }
            if store::DELEGATION_END.run(tx, (school, id, ctx.now(), me)).await? == 0 {
                return Ok(());
            }
            sessions::renew(tx, delegation.receiver_id, ctx.now()).await?;
            note(tx, ctx, school, "identity.end_delegation", delegation.receiver_id, json!({ "delegation": show(id) })).await
        })
        .await?;
    sessions::forget_school(site, school);
    Ok(())
}

/// A role that this version does not know, or that is no school's, is not offered.
fn holding(held: Held) -> Option<Holding> {
    let delivered = held.role.as_deref().and_then(Role::parse).filter(|role| role.place() == Place::School).map(Chosen::Delivered);
    Some(Holding { role: delivered.or(held.role_id.map(Chosen::Own))?, until: held.valid_to })
}

async fn note(tx: &Tx, ctx: &Ctx, school: SchoolId, action: &'static str, receiver: PersonId, detail: serde_json::Value) -> Result<()> {
    audit::record(tx, ctx, Deed { school, action, subject_kind: "person", subject: Some(receiver.0), detail }).await
}
