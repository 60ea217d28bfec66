//! The audit row: who did what to whose data, in which role, from where and why. It holds ids, never names.
//!
//! What changes something writes its row in the same transaction ([`record`]). What only shows something hands its row to
//! `identity::trail`, which writes those of many requests at once ([`write`]) before any of them is answered, chains all rows and
//! shows them to the school and to guardians.
//! Owns `audit`.

use std::{net::IpAddr, sync::Arc};

use crate::{
    Actor, Ctx, Result,
    ctx::{Behalf, Origin, SignedIn},
    db::Tx,
    id::{ClassId, PersonId, SchoolId, Uuid},
    sql::{Command, Statement},
};

/// What was done to what.
#[derive(Debug, Clone)]
pub struct Deed {
    /// The school whose data it was.
    pub school: SchoolId,
    /// `room.verb`, never renamed.
    pub action: &'static str,
    /// What kind of thing.
    pub subject_kind: &'static str,
    /// Which one.
    pub subject: Option<Uuid>,
    /// Ids and values worth keeping; no names.
    pub detail: serde_json::Value,
}

/// Whose data it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Nobody's: a device, a setting.
    Nobody,
    /// These persons'.
    Persons(Vec<PersonId>),
    /// Everybody's in a class.
    Class(ClassId),
    /// Everybody's at the school.
    School,
}

impl Whose {
    /// So many persons are named one by one; a longer list counts as the whole school's.
    pub const MOST: usize = 200;

    /// The persons of a list, each once.
    pub fn persons(ids: impl IntoIterator<Item = PersonId>) -> Self {
        let mut ids: Vec<PersonId> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        match ids.len() {
            0 => Self::Nobody,
            many if many > Self::MOST => Self::School,
            _ => Self::Persons(ids),
        }
    }

    /// One person.
    pub fn person(id: PersonId) -> Self {
        Self::Persons(vec![id])
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Persons(_) => "persons",
            Self::Class(_) => "class",
            Self::School => "school",
        }
    }

    /// As an array of the database is written: nothing in it needs quoting.
    fn array(&self) -> String {
        let ids: Vec<String> = match self {
            Self::Nobody | Self::School => Vec::new(),
            Self::Persons(persons) => persons.iter().map(|person| person.0.to_string()).collect(),
            Self::Class(class) => vec![class.0.to_string()],
        };
        format!("{{{}}}", ids.join(","))
    }
}

/// A row ready to be written.
#[derive(Debug, Clone)]
pub struct Entry {
    id: Uuid,
    at: jiff::Timestamp,
    person: Option<PersonId>,
    role: String,
    deed: Deed,
    whose: Whose,
    origin: Origin,
    reason: Option<Arc<str>>,
}

impl Entry {
    /// The row of a deed, done now by whoever acts.
    pub fn of(ctx: &Ctx, deed: Deed, whose: Whose) -> Self {
        let (person, deed) = match &ctx.actor {
            Actor::Person(signed_in) => in_whose_place(signed_in, deed),
            Actor::System(_) => (None, deed),
        };
        let role = match (&ctx.actor, ctx.role) {
            (Actor::System(reason), _) => *reason,
            (Actor::Person(_), Some(role)) => role.as_str(),
            (Actor::Person(_), None) => "signed_in",
        };
        Self { id: ctx.id(), at: ctx.now(), person, role: role.to_owned(), deed, whose, origin: ctx.origin.clone(), reason: ctx.reason.clone() }
    }

    /// The school whose trail it belongs to.
    pub fn school(&self) -> SchoolId {
        self.deed.school
    }

    /// What was done.
    pub fn action(&self) -> &'static str {
        self.deed.action
    }

    /// When it was done.
    pub fn at(&self) -> jiff::Timestamp {
        self.at
    }

    /// Whether both say the same but for their id and time.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let Self { id: _, at: _, person, role, deed, whose, origin, reason } = self;
        let Deed { school, action, subject_kind, subject, detail } = deed;
        *person == other.person
            && *role == other.role
            && *whose == other.whose
            && *origin == other.origin
            && *reason == other.reason
            && *school == other.deed.school
            && *action == other.deed.action
            && *subject_kind == other.deed.subject_kind
            && *subject == other.deed.subject
            && *detail == other.deed.detail
    }
}

/// Who acted, and the deed with the other person that belongs to it: whose place they took, or with whose eyes they looked.
fn in_whose_place(signed_in: &SignedIn, mut deed: Deed) -> (Option<PersonId>, Deed) {
    let (person, told) = match signed_in.behalf {
        Behalf::Nobody => (signed_in.person, None),
        Behalf::Of(giver) => (signed_in.person, Some(("on_behalf_of", giver))),
        Behalf::SeenBy(seer) => (seer, Some(("seen_as", signed_in.person))),
    };
    if let (Some(detail), Some((key, other))) = (deed.detail.as_object_mut(), told) {
        detail.insert(key.to_owned(), other.to_string().into());
    }
    (Some(person), deed)
}

/// One array a column, one element a row.
type Columns = (
    Vec<SchoolId>,
    Vec<jiff::Timestamp>,
    Vec<Uuid>,
    Vec<Option<PersonId>>,
    Vec<String>,
    Vec<&'static str>,
    Vec<&'static str>,
    Vec<Option<Uuid>>,
    Vec<serde_json::Value>,
    Vec<&'static str>,
    Vec<String>,
    Vec<Option<IpAddr>>,
    Vec<Option<String>>,
    Vec<Option<String>>,
);

const AUDIT_ADD: Command<Columns> = Command::new(
    "audit.add",
    "insert into audit (school_id, at, id, person_id, role, action, subject_kind, subject_id, detail, whose_kind, whose, address, device, reason)
     select e.school_id, e.at, e.id, e.person_id, e.role, e.action, e.subject_kind, e.subject_id, e.detail, e.whose_kind, e.whose::uuid[], e.address, e.device, e.reason
     from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::jsonb[], $10::text[], $11::text[],
       $12::inet[], $13::text[], $14::text[])
       as e (school_id, at, id, person_id, role, action, subject_kind, subject_id, detail, whose_kind, whose, address, device, reason)",
);

/// Every statement of this module, for the test that prepares them all.
pub const STATEMENTS: &[&dyn Statement] = &[&AUDIT_ADD];

/// Writes the row of a deed in its transaction. Whose data it was follows from the subject where that is a person, or the account of
/// whoever acts; else say it by [`record_about`].
pub async fn record(tx: &Tx, ctx: &Ctx, deed: Deed) -> Result<()> {
    let whose = match (&ctx.actor, deed.subject_kind, deed.subject) {
        (_, "person", Some(id)) => Whose::person(PersonId(id)),
        (Actor::Person(own), "account", Some(id)) if own.account.0 == id => Whose::person(own.person),
        _ => Whose::Nobody,
    };
    record_about(tx, ctx, deed, whose).await
}

/// Writes the row of a deed in its transaction, and says whose data it was.
pub async fn record_about(tx: &Tx, ctx: &Ctx, deed: Deed, whose: Whose) -> Result<()> {
    write(tx, &[Entry::of(ctx, deed, whose)]).await
}

/// Writes rows, all at once. The transaction must have their schools in its scope.
pub async fn write(tx: &Tx, entries: &[Entry]) -> Result<()> {
    let text = |text: &Option<Arc<str>>| text.as_ref().map(|text| text.to_string());
    let columns = (
        entries.iter().map(|entry| entry.deed.school).collect(),
        entries.iter().map(|entry| entry.at).collect(),
        entries.iter().map(|entry| entry.id).collect(),
        entries.iter().map(|entry| entry.person).collect(),
        entries.iter().map(|entry| entry.role.clone()).collect(),
        entries.iter().map(|entry| entry.deed.action).collect(),
        entries.iter().map(|entry| entry.deed.subject_kind).collect(),
        entries.iter().map(|entry| entry.deed.subject).collect(),
        entries.iter().map(|entry| entry.deed.detail.clone()).collect(),
        entries.iter().map(|entry| entry.whose.kind()).collect(),
        entries.iter().map(|entry| entry.whose.array()).collect(),
        entries.iter().map(|entry| entry.origin.address).collect(),
        entries.iter().map(|entry| text(&entry.origin.device)).collect(),
        entries.iter().map(|entry| text(&entry.reason)).collect(),
    );
    AUDIT_ADD.run(tx, columns).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_each_person_once_and_a_long_one_is_the_schools() {
        let person = |number: u128| PersonId(Uuid::from_u128(number));
        assert_eq!(Whose::persons([]), Whose::Nobody);
        assert_eq!(Whose::persons([person(2), person(1), person(2)]), Whose::Persons(vec![person(1), person(2)]));
        assert_eq!(Whose::persons((0..=200).map(person)), Whose::School);
        assert_eq!(Whose::persons((0..200).map(person)).array().len(), 200 * 37 + 1);
        assert_eq!((Whose::Nobody.array(), Whose::School.array()), ("{}".to_owned(), "{}".to_owned()));
    }
}
