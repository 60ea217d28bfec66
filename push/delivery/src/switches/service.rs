//! Use cases of the switches.

use kernel::{
    Error, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::PersonId,
};
use notice::{Kind, Push};
use serde_json::json;

use super::{
    SwitchNotices,
    rules::{self, About, Ways},
    store::{self, Chosen},
};
use crate::{Own, channels::Via};

/// A child, or the reader themselves, and what holds for each kind.
#[derive(Debug)]
pub struct ChildSwitches {
    /// The child, or the reader.
    pub child: PersonId,
    /// Which of the two.
    pub about: About,
    /// Given name: a family knows its own.
    pub given_name: String,
    /// Those that may be switched, in the order of [`notice::KINDS`].
    pub switches: Vec<Switch>,
}

/// What holds for a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switch {
    /// The kind.
    pub kind: &'static Kind,
    /// What holds.
    pub ways: Ways,
}

/// What a guardian wishes for a child.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Kinds of which pushes come; the others do not.
    pub push: Vec<&'static Kind>,
    /// The same for chats; where the page showed nothing of them, all stays as it is.
    pub telegram: Option<Vec<&'static Kind>>,
    /// The same for the mailbox.
    pub mail: Option<Vec<&'static Kind>>,
}

/// The reader's own switches, and those of all their children.
pub async fn switches(db: &Db, own: &Own) -> Result<Vec<ChildSwitches>> {
    own.require::<SwitchNotices>()?;
    let (ctx, reader) = (&own.ctx, own.ctx.person()?);
    let rows = db.run(&ctx.scope, async |tx| chosen(tx, own, reader).await).await?;
    Ok(by_child(&rows, reader))
}

/// By what the reader is reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reached {
    /// An app or a browser.
    pub phone: bool,
    /// A chat.
    pub telegram: bool,
    /// A mailbox.
    pub mail: bool,
}

/// By what the reader is reached now.
///
/// # Errors
/// The database's.
pub async fn reached(db: &Db, own: &Own) -> Result<Reached> {
    own.require::<SwitchNotices>()?;
    let person = own.ctx.person()?;
    let connected = db.run(&own.ctx.scope, async |tx| store::CONNECTED_LIST.all(tx, (person,)).await).await?;
    let by = |wanted: Via| connected.iter().any(|one| Via::stored(&one.channel) == Some(wanted));
    Ok(Reached { phone: by(Via::Fcm) || by(Via::WebPush), telegram: by(Via::Telegram), mail: by(Via::Mail) })
}

/// Makes the switches of one child so, or the reader's own.
pub async fn set(db: &Db, own: &Own, child: PersonId, wish: &Wish) -> Result<()> {
    own.require::<SwitchNotices>()?;
    let ctx = &own.ctx;
    let reader = ctx.person()?;
    let on = |kinds: &[&'static Kind], kind: &Kind| if kinds.contains(&kind) { Push::On } else { Push::Off };
    db.run(&ctx.scope, async |tx| {
        let rows = chosen(tx, own, reader).await?;
        let now = by_child(&rows, reader).into_iter().find(|switches| switches.child == child).ok_or(Error::NotFound)?;
        let shown = |kinds: &Option<Vec<&'static Kind>>, kind: &Kind, is: Push| kinds.as_deref().map_or(is, |kinds| on(kinds, kind));
        let wished = |kind: &Kind| {
            let is = now.ways(kind);
            Ways { push: on(&wish.push, kind), telegram: shown(&wish.telegram, kind, is.telegram), mail: shown(&wish.mail, kind, is.mail) }
        };
        for (kind, ways) in rules::changes(now.about, |kind| now.ways(kind), wished) {
            let telegram = wish.telegram.as_ref().map(|_| ways.telegram.as_str());
            let mail = wish.mail.as_ref().map(|_| ways.mail.as_str());
            let changed = store::SWITCH_SET.all(tx, (reader, child, kind.name, ways.push.as_str(), telegram, mail, ctx.now(), own.schools.clone())).await?;
            for school in changed {
                let detail = json!({ "kind": kind.name, "push": ways.push.as_str(), "telegram": telegram, "mail": mail });
                audit::record(tx, ctx, Deed { school: school.school_id, action: "delivery.switch", subject_kind: "person", subject: Some(child.0), detail }).await?;
            }
        }
        Ok(())
    })
    .await
}

impl ChildSwitches {
    fn ways(&self, kind: &Kind) -> Ways {
        self.switches.iter().find(|switch| switch.kind == kind).map_or(rules::effective(kind, None, None, None), |switch| switch.ways)
    }
}

async fn chosen(tx: &Tx, own: &Own, reader: PersonId) -> Result<Vec<Chosen>> {
    store::CHOSEN_LIST.all(tx, (own.ctx.scope.schools.clone(), reader, own.schools.clone())).await
}

/// A child at two schools has a switch at each, always set alike: the first found stands for both.
fn by_child(rows: &[Chosen], reader: PersonId) -> Vec<ChildSwitches> {
    let one = |rows: &[Chosen]| {
        let first = rows.first()?;
        let row = |kind: &Kind| rows.iter().find(|row| row.kind.as_deref() == Some(kind.name));
        let push = |kind: &Kind| row(kind).and_then(|row| row.push.as_deref()).map(Push::stored);
        let telegram = |kind: &Kind| row(kind).and_then(|row| row.telegram.as_deref()).map(Push::stored);
        let mail = |kind: &Kind| row(kind).and_then(|row| row.mail.as_deref()).map(Push::stored);
        let about = if first.child_id == reader { About::Oneself } else { About::Child };
        let switches = rules::free(about).map(|kind| Switch { kind, ways: rules::effective(kind, push(kind), telegram(kind), mail(kind)) }).collect();
        Some(ChildSwitches { child: first.child_id, about, given_name: first.given_name.clone(), switches })
    };
    rows.chunk_by(|a, b| a.child_id == b.child_id).filter_map(one).collect()
}
