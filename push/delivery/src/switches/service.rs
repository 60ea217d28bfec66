//! Use cases of the switches.

use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::PersonId,
};
use notice::{KINDS, Kind, Push};
use serde_json::json;

use super::{
    SwitchNotices, rules,
    store::{self, Chosen},
};

/// A child and what holds for each kind.
#[derive(Debug)]
pub struct ChildSwitches {
    /// The child.
    pub child: PersonId,
    /// Given name: a family knows its own.
    pub given_name: String,
    /// In the order of [`KINDS`].
    pub switches: Vec<Switch>,
}

/// What holds for a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switch {
    /// The kind.
    pub kind: &'static Kind,
    /// What holds.
    pub push: Push,
}

/// All children of the guardian with their switches.
pub async fn switches(db: &Db, ctx: &Ctx) -> Result<Vec<ChildSwitches>> {
    ctx.require::<SwitchNotices>()?;
    let rows = db.run(&ctx.scope, async |tx| chosen(tx, ctx).await).await?;
    Ok(by_child(&rows))
}

/// Makes one child's switches so: pushes of the kinds in `wanted` come, the others do not.
pub async fn set(db: &Db, ctx: &Ctx, child: PersonId, wanted: &[&'static Kind]) -> Result<()> {
    ctx.require::<SwitchNotices>()?;
    let guardian = ctx.person()?;
    let wish = |kind: &Kind| if wanted.contains(&kind) { Push::On } else { Push::Off };
    db.run(&ctx.scope, async |tx| {
        let rows = chosen(tx, ctx).await?;
        let now = by_child(&rows).into_iter().find(|switches| switches.child == child).ok_or(Error::NotFound)?;
        for (kind, push) in rules::changes(|kind| now.push(kind), wish) {
            let changed = store::SWITCH_SET.all(tx, (guardian, child, kind.name, push.as_str(), ctx.now())).await?;
            for school in changed {
                let detail = json!({ "kind": kind.name, "push": push.as_str() });
                audit::record(tx, ctx, Deed { school: school.school_id, action: "delivery.switch", subject_kind: "person", subject: Some(child.0), detail }).await?;
            }
        }
        Ok(())
    })
    .await
}

impl ChildSwitches {
    fn push(&self, kind: &Kind) -> Push {
        self.switches.iter().find(|switch| switch.kind == kind).map_or(kind.default_push, |switch| switch.push)
    }
}

async fn chosen(tx: &Tx, ctx: &Ctx) -> Result<Vec<Chosen>> {
    store::CHOSEN_LIST.all(tx, (ctx.scope.schools.clone(), ctx.person()?)).await
}

/// A child at two schools has a switch at each, always set alike: the first found stands for both.
fn by_child(rows: &[Chosen]) -> Vec<ChildSwitches> {
    let one = |rows: &[Chosen]| {
        let first = rows.first()?;
        let stored = |kind: &Kind| rows.iter().find(|row| row.kind.as_deref() == Some(kind.name)).and_then(|row| row.push.as_deref()).map(Push::stored);
        let switches = KINDS.into_iter().map(|kind| Switch { kind, push: rules::effective(kind, stored(kind)) }).collect();
        Some(ChildSwitches { child: first.child_id, given_name: first.given_name.clone(), switches })
    };
    rows.chunk_by(|a, b| a.child_id == b.child_id).filter_map(one).collect()
}
