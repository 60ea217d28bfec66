//! Judging a list in a transaction: what the school knows is read whole, the rules decide, and what changed of the rows is written.

use std::collections::{BTreeMap, HashMap};

use identity::{Identity, Policy, logins, roles};
use jiff::civil::Date;
use kernel::{
    Ctx, Error, Result,
    db::Tx,
    id::{PersonId, SchoolId, Uuid},
    iin::Iin,
    right::Role,
};
use serde_json::{Value, json};
use web::{Mode, Site};

use super::{
    chest::{Chest, Kept},
    rules::{self, Field, Known, KnownPerson, Outcome, RowIn, Verdict, World, key_of},
    store::{self, Import},
};
use crate::{iin::Keeper, oneroster};

/// Who brings a list in, and where.
pub struct Desk<'a> {
    /// The site.
    pub site: &'a Site,
    /// The context of who acts.
    pub ctx: &'a Ctx,
    /// Who acts.
    pub identity: &'a Identity,
    /// What the installation asks, with its key.
    pub policy: &'a Policy,
    /// The school.
    pub school: SchoolId,
    /// Today at the school.
    pub today: Date,
}

impl Desk<'_> {
    pub(super) fn keeper(&self) -> Result<Keeper> {
        Keeper::of(self.policy, self.site.mode)
    }

    pub(super) fn chest(&self, import: Uuid) -> Result<Chest> {
        Chest::by(self.policy, import)
    }

    /// The roles that may be given by whoever acts.
    fn giveable(&self) -> Vec<Role> {
        let power = roles::power(self.site, self.identity, self.school);
        let gives = self.ctx.require::<logins::ManageAccounts>().is_ok();
        Role::ALL.into_iter().filter(|role| gives && power.may_appoint(*role, &self.site.rights)).collect()
    }
}

/// Whether a list is of employees.
pub fn is_of_staff(import: &Import) -> bool {
    import.kind == "staff"
}

/// Judges new rows and puts them in the place of all that were there.
pub(super) async fn put_rows(tx: &Tx, desk: &Desk<'_>, import: &Import, rows: Vec<RowIn>) -> Result<()> {
    store::ROW_CLEAR.run(tx, (desk.school, import.id)).await?;
    let rows = rows.into_iter().map(|row| Kept { row, ..Kept::default() }).collect();
    judge(tx, desk, import, rows, HashMap::new()).await
}

/// Judges all rows anew: the school knows more than before, or one of them was mended.
pub(super) async fn judge_again(tx: &Tx, desk: &Desk<'_>, import: &Import, mended: Option<RowIn>) -> Result<()> {
    let chest = desk.chest(import.id)?;
    let (mut rows, mut before) = (Vec::new(), HashMap::new());
    for row in store::ROW_ALL.all(tx, (desk.school, import.id)).await? {
        let kept: Kept = chest.open(&row.sealed)?;
        let kept = match &mended {
            Some(mended) if mended.n == row.n => Kept { row: mended.clone(), ..Kept::default() },
            _ => {
                before.insert(row.n, (row.verdict, kept.clone()));
                kept
            }
        };
        rows.push(kept);
    }
    judge(tx, desk, import, rows, before).await
}

async fn judge(tx: &Tx, desk: &Desk<'_>, import: &Import, kept: Vec<Kept>, before: HashMap<i32, (String, Kept)>) -> Result<()> {
    let chest = desk.chest(import.id)?;
    let rows: Vec<RowIn> = kept.into_iter().map(|kept| kept.row).collect();
    let world = world(tx, desk, import, &rows).await?;
    let outcomes = rules::judge(&rows, &world);
    // Who is recognised and needs nothing is never brought in: what another system calls them is remembered here.
    let recognised = rows.iter().zip(&outcomes).filter(|(_, outcome)| outcome.verdict == Verdict::Same).filter_map(|(row, outcome)| Some((row.source.as_ref()?, outcome.person?)));
    oneroster::remember(tx, desk.school, recognised.filter(|(source, person)| source.known != Some(*person))).await?;
    store::IMPORT_COUNT.run(tx, (desk.school, import.id, counts(&rows, &outcomes))).await?;
    let (mut ns, mut verdicts, mut warned, mut persons, mut sealed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (row, outcome) in rows.into_iter().zip(outcomes) {
        let Outcome { n, verdict, problems, person, plan } = outcome;
        let has_warning = problems.iter().any(|problem| problem.level == rules::Level::Warning);
        let kept = Kept { row, problems, plan };
        if before.get(&n).is_some_and(|(old, was)| old == verdict.as_str() && *was == kept) {
            continue;
        }
        sealed.push(chest.seal(&kept)?);
        ns.push(n);
        verdicts.push(verdict.as_str());
        warned.push(has_warning);
        persons.push(person);
    }
    store::ROW_PUT.run(tx, (desk.school, import.id, ns, verdicts, warned, persons, sealed)).await.map(drop)
}

/// The classes that rows ask for and the school has not, with how many rows each, and in which language most of them say.
fn counts(rows: &[RowIn], outcomes: &[Outcome]) -> Value {
    let mut missing: BTreeMap<String, (usize, BTreeMap<&'static str, usize>)> = BTreeMap::new();
    for (row, outcome) in rows.iter().zip(outcomes).filter(|(_, outcome)| outcome.verdict == Verdict::Wrong) {
        let unknown = outcome.problems.iter().find(|problem| problem.code == "class-unknown").and_then(|problem| problem.args.get("class"));
        let Some(label) = unknown else { continue };
        let entry = missing.entry(label.clone()).or_default();
        entry.0 += 1;
        if let Some(language) = rules::read_language(row.text(Field::Language), &mut Vec::new()) {
            *entry.1.entry(language).or_default() += 1;
        }
    }
    let classes: Vec<Value> = missing
        .into_iter()
        .map(|(label, (rows, languages))| json!({ "class": label, "rows": rows, "language": languages.into_iter().max_by_key(|(_, times)| *times).map_or("kk", |(language, _)| language) }))
        .collect();
    json!({ "classes": classes })
}

async fn world(tx: &Tx, desk: &Desk<'_>, import: &Import, rows: &[RowIn]) -> Result<World> {
    let of_staff = is_of_staff(import);
    let persons: HashMap<PersonId, KnownPerson> = store::PERSON_ALL.all(tx, (desk.school,)).await?.into_iter().map(|row| (row.id, known(row))).collect();
    let mut by_name: HashMap<String, Vec<PersonId>> = HashMap::new();
    let mut sorted: Vec<&KnownPerson> = persons.values().collect();
    sorted.sort_unstable_by_key(|person| person.id);
    for person in sorted {
        by_name.entry(key_of(&person.name.surname, &person.name.given_name)).or_default().push(person.id);
    }
    let mut kin: HashMap<PersonId, Vec<PersonId>> = HashMap::new();
    for one in store::KIN_ALL.all(tx, (desk.school,)).await? {
        kin.entry(one.pupil_id).or_default().push(one.guardian_id);
    }
    let numbers: Vec<Iin> = rows.iter().filter_map(|row| rules::read_iin(row.text(Field::Iin), &mut Vec::new())).collect();
    let iins = desk.keeper()?.find_many(tx, desk.school, &numbers).await?;
    Ok(World {
        today: desk.today,
        of_staff,
        classes: store::CLASS_ALL.all(tx, (desk.school,)).await?.into_iter().map(|class| (class.label, class.id)).collect(),
        roles: if of_staff { logins::held_by_all(tx, desk.school, desk.ctx.now()).await? } else { HashMap::new() },
        giveable: if of_staff { desk.giveable() } else { Vec::new() },
        iins: iins.into_iter().map(|(iin, person)| (iin.reveal().to_owned(), person)).collect(),
        iin_rule: match desk.site.mode {
            Mode::Live => Known::Real,
            Mode::Demo => Known::Synthetic,
            Mode::Test => Known::Any,
        },
        persons,
        by_name,
        kin,
    })
}

fn known(row: store::PersonRow) -> KnownPerson {
    KnownPerson {
        id: row.id,
        name: rules::Name { surname: row.surname, given_name: row.given_name, patronymic: row.patronymic },
        birth_date: row.birth_date,
        has_sex: row.has_sex,
        class: row.class_id.zip(row.class_label),
        has_iin: row.has_iin,
        phone: row.phone,
        has_address: row.has_address,
        was_pupil: row.was_pupil,
        is_here: row.is_here,
    }
}

/// Gives everybody new an id, one for each guardian whom several children name; brothers and sisters share the guardian whom the school knows.
pub(super) async fn name_the_new(tx: &Tx, desk: &Desk<'_>, import: &Import) -> Result<usize> {
    let chest = desk.chest(import.id)?;
    let mut guardians: HashMap<String, (PersonId, bool)> = known_guardians(tx, desk.school).await?;
    let (mut ns, mut verdicts, mut warned, mut persons, mut sealed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for row in store::ROW_ALL.all(tx, (desk.school, import.id)).await? {
        let mut kept: Kept = chest.open(&row.sealed)?;
        let Some(plan) = &mut kept.plan else { continue };
        let Some(verdict) = [Verdict::New, Verdict::Changed].into_iter().find(|verdict| verdict.as_str() == row.verdict) else { continue };
        let person = plan.person.unwrap_or_else(|| desk.ctx.id());
        plan.person = Some(person);
        for guardian in &mut plan.guardians {
            // Without a phone nothing says that two of one name are one.
            let key = if guardian.phone.is_some() { guardian.key.clone() } else { format!("{}|{}", guardian.key, row.n) };
            let (id, is_new) = *guardians.entry(key).or_insert_with(|| (desk.ctx.id(), true));
            (guardian.person, guardian.is_new) = (Some(id), is_new);
        }
        sealed.push(chest.seal(&kept)?);
        ns.push(row.n);
        verdicts.push(verdict.as_str());
        warned.push(row.has_warning);
        persons.push(Some(person));
    }
    let rows = ns.len();
    store::ROW_PUT.run(tx, (desk.school, import.id, ns, verdicts, warned, persons, sealed)).await?;
    Ok(rows)
}

/// Name and phone of everybody who has a phone here.
async fn known_guardians(tx: &Tx, school: SchoolId) -> Result<HashMap<String, (PersonId, bool)>> {
    let all = store::PERSON_ALL.all(tx, (school,)).await?;
    let with_phone = all.into_iter().filter(|person| person.is_here && person.class_id.is_none()).filter_map(|person| Some((format!("{}|{}", key_of(&person.surname, &person.given_name), person.phone?), (person.id, false))));
    Ok(with_phone.collect())
}

/// A list that may still be changed.
pub(super) fn open(import: &Import) -> Result<()> {
    if matches!(import.state.as_str(), "read" | "mapped") { Ok(()) } else { Err(Error::Refused("people.import_begun")) }
}
