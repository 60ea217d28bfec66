//! Use cases of confidential records.

use futures_util::future::{FutureExt, LocalBoxFuture};
use jiff::Timestamp;
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::{PersonId, SchoolId, Uuid},
    right::Permission,
    vault::{Keys, Realm, Sealed, SealedRows, Slot, Vault},
};
use serde_json::json;

use super::{
    CountConfidential, SeeHealth, SeePsychology, SeeSocial, WriteHealth, WritePsychology, WriteSocial,
    rules::{Content, shown_count},
    store::{self, Pupil, Stored},
};

/// Whose record of which realm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NeedToKnow {
    /// The school.
    pub school: SchoolId,
    /// The pupil.
    pub pupil: PersonId,
    /// The realm.
    pub realm: Realm,
}

/// A record with its history.
#[derive(Debug)]
pub struct Record {
    /// Its id.
    pub id: Uuid,
    /// The newest first; there is at least one.
    pub versions: Vec<Version>,
}

/// What somebody wrote at a time.
#[derive(Debug)]
pub struct Version {
    /// Its number.
    pub number: i32,
    /// What it says.
    pub content: Content,
    /// Who wrote it; nothing once that person is not in sight any more.
    pub writer: Option<String>,
    /// Who wrote it.
    pub written_by: PersonId,
    /// When.
    pub written_at: Timestamp,
}

/// What somebody wants written.
#[derive(Debug)]
pub struct Draft {
    /// The row it becomes; sent twice, it is written once.
    pub row: Uuid,
    /// The record that it corrects, with the number of the version that was read.
    pub corrects: Option<(Uuid, i32)>,
    /// What it says.
    pub content: Content,
}

/// A pupil with the records of one realm.
#[derive(Debug)]
pub(super) struct File {
    pub pupil: Pupil,
    pub consented: bool,
    pub records: Vec<Record>,
}

/// The records of a pupil. The caller awaits the audit row before it shows them.
pub async fn records(db: &Db, ctx: &Ctx, vault: &Vault, what: NeedToKnow) -> Result<Vec<Record>> {
    Ok(file(db, ctx, Some(vault), what).await?.records)
}

/// The pupil with whatever may be shown: without a key or a needed consent, no record.
pub(super) async fn file(db: &Db, ctx: &Ctx, vault: Option<&Vault>, what: NeedToKnow) -> Result<File> {
    require_see(ctx, what.realm)?;
    db.run(&ctx.scope, async |tx| {
        let pupil = store::PUPIL_FIND.one(tx, (what.school, what.pupil)).await?;
        let consented = is_consented(tx, what).await?;
        let records = match vault.filter(|_| consented) {
            Some(vault) => opened(tx, vault, what).await?,
            None => Vec::new(),
        };
        Ok(File { pupil, consented, records })
    })
    .await
}

/// Writes a version: the first of a new record, or a correction.
pub async fn write(db: &Db, ctx: &Ctx, vault: &Vault, what: NeedToKnow, draft: Draft) -> Result<()> {
    require_write(ctx, what.realm)?;
    let (by, now) = (ctx.person()?, ctx.now());
    db.run(&ctx.scope, async |tx| {
        store::PUPIL_FIND.one(tx, (what.school, what.pupil)).await?;
        if !is_consented(tx, what).await? {
            return Err(Error::Refused("people.no_consent"));
        }
        let keys = vault.keys_to_seal(tx, what.school, what.realm, now).await?;
        let plain = serde_json::to_vec(&draft.content).map_err(|_| Error::broken("a record cannot be written as JSON"))?;
        let sealed = keys.seal(Slot { person: what.pupil, row: draft.row }, &plain)?;
        let (record, version) = draft.corrects.map_or((draft.row, 1), |(record, read)| (record, read.saturating_add(1)));
        let row = (what.school, draft.row, record, version, what.pupil, what.realm.as_str(), sealed.generation, sealed.bytes, by, now);
        if store::VERSION_ADD.run(tx, row).await? == 0 {
            let sent_twice = store::VERSION_WRITTEN.one(tx, (what.school, draft.row, what.pupil)).await?.written;
            return if sent_twice { Ok(()) } else { Err(Error::Refused("people.changed_meanwhile")) };
        }
        let action = match what.realm {
            Realm::Health => "people.write_health_record",
            Realm::Social => "people.write_social_record",
            Realm::Psychology => "people.write_psychology_record",
        };
        let deed = Deed { school: what.school, action, subject_kind: "person", subject: Some(what.pupil.0), detail: json!({ "record": record, "version": version }) };
        audit::record(tx, ctx, deed).await
    })
    .await
}

/// How many pupils have records of each realm; nothing where they are too few to be said.
pub async fn counts(db: &Db, ctx: &Ctx, school: SchoolId) -> Result<Vec<(Realm, Option<i64>)>> {
    ctx.require::<CountConfidential>()?;
    let counted = db.run(&ctx.scope, async |tx| store::COUNT_LIST.all(tx, (school,)).await).await?;
    let of = |realm: Realm| counted.iter().find(|count| count.realm == realm.as_str()).map_or(0, |count| count.pupils);
    Ok(Realm::ALL.map(|realm| (realm, shown_count(of(realm)))).into())
}

/// What the newest version of every record of a realm says, of those who learn here now: for counts and lists of who may have them. The
/// caller has asked for the right, and awaits the audit row before it shows what follows from it.
pub(crate) async fn newest(tx: &Tx, vault: &Vault, school: SchoolId, realm: Realm) -> Result<Vec<(PersonId, Uuid, Content)>> {
    let rows = store::NEWEST_LIST.all(tx, (school, realm.as_str())).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let keys = vault.keys(tx, school, realm).await?;
    let open = |row: store::Newest| {
        let plain = keys.open(Slot { person: row.person_id, row: row.id }, &Sealed { generation: row.generation, bytes: row.sealed })?;
        let content = serde_json::from_slice(&plain).map_err(|_| Error::broken("an opened record cannot be read"))?;
        Ok((row.person_id, row.id, content))
    };
    rows.into_iter().map(open).collect()
}

async fn opened(tx: &Tx, vault: &Vault, what: NeedToKnow) -> Result<Vec<Record>> {
    let stored = store::VERSION_LIST.all(tx, (what.school, what.pupil, what.realm.as_str())).await?;
    if stored.is_empty() {
        return Ok(Vec::new());
    }
    let keys = vault.keys(tx, what.school, what.realm).await?;
    let mut records: Vec<Record> = Vec::new();
    for row in stored {
        let id = row.record_id;
        let version = open(&keys, what.pupil, row)?;
        match records.last_mut().filter(|record| record.id == id) {
            Some(record) => record.versions.push(version),
            None => records.push(Record { id, versions: vec![version] }),
        }
    }
    Ok(records)
}

fn open(keys: &Keys, person: PersonId, row: Stored) -> Result<Version> {
    let Stored { id, record_id: _, version, generation, sealed, written_by, writer, written_at } = row;
    let plain = keys.open(Slot { person, row: id }, &Sealed { generation, bytes: sealed })?;
    // The parser's words could quote what it read: they are not repeated.
    let content = serde_json::from_slice(&plain).map_err(|_| Error::broken("an opened record cannot be read"))?;
    Ok(Version { number: version, content, writer, written_by, written_at })
}

async fn is_consented(tx: &Tx, what: NeedToKnow) -> Result<bool> {
    match what.realm {
        Realm::Psychology => Ok(store::CONSENT_FIND.one(tx, (what.school, what.pupil)).await?.given),
        Realm::Health | Realm::Social => Ok(true),
    }
}

fn require_see(ctx: &Ctx, realm: Realm) -> Result<()> {
    match realm {
        Realm::Psychology => ctx.require::<SeePsychology>(),
        Realm::Health => ctx.require::<SeeHealth>(),
        Realm::Social => ctx.require::<SeeSocial>(),
    }
}

fn require_write(ctx: &Ctx, realm: Realm) -> Result<()> {
    match realm {
        Realm::Psychology => ctx.require::<WritePsychology>(),
        Realm::Health => ctx.require::<WriteHealth>(),
        Realm::Social => ctx.require::<WriteSocial>(),
    }
}

/// Whether somebody holds a right at a school, by a delivered role or by one that the school made.
pub(super) fn holds<P: Permission>(identity: &identity::Identity, school: SchoolId) -> bool {
    let granted = identity.granted_at(school);
    let delivered = identity.grants.iter().any(|(at, role)| *at == school && P::ROLES.contains(role));
    (delivered && granted.leaves(P::RIGHT)) || granted.has::<P>()
}

/// The room's sealed rows, for a rotation of keys.
struct Resealed;

/// The room's sealed rows, for a rotation of keys.
pub const RESEALED: &dyn SealedRows = &Resealed;

impl SealedRows for Resealed {
    fn waiting<'a>(&'a self, tx: &'a Tx, keys: &'a Keys) -> LocalBoxFuture<'a, Result<i64>> {
        async move {
            let Some(newest) = keys.newest() else { return Ok(0) };
            Ok(store::RESEAL_COUNT.one(tx, (keys.school(), keys.realm().as_str(), newest)).await?.waiting)
        }
        .boxed_local()
    }

    fn reseal<'a>(&'a self, tx: &'a Tx, keys: &'a Keys, most: i64) -> LocalBoxFuture<'a, Result<u64>> {
        async move {
            let Some(newest) = keys.newest() else { return Ok(0) };
            let older = store::RESEAL_LIST.all(tx, (keys.school(), keys.realm().as_str(), newest, most)).await?;
            let (mut rows, mut sealed) = (Vec::new(), Vec::new());
            for row in older {
                let slot = Slot { person: row.person_id, row: row.id };
                let plain = keys.open(slot, &Sealed { generation: row.generation, bytes: row.sealed })?;
                rows.push(row.id);
                sealed.push(keys.seal(slot, &plain)?.bytes);
            }
            if rows.is_empty() { Ok(0) } else { store::RESEAL_SET.run(tx, (keys.school(), rows, sealed, newest)).await }
        }
        .boxed_local()
    }
}
