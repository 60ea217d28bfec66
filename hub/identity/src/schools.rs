//! Which school an address or an id means. Names of organisations are no secret (view `people_v_organisation`); they change rarely,
//! so each instance remembers them for half a minute.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Locale, Result,
    db::{Db, Scope},
    id::SchoolId,
    row,
    sql::{Query, Statement},
};
use web::Site;

row! {
    /// A school, as pages name it.
    pub struct School {
        /// Its id.
        pub id: SchoolId,
        /// Its code, as in addresses.
        pub code: String,
        /// Its name in Kazakh.
        pub name_kk: String,
        /// Its name in Russian.
        pub name_ru: String,
        /// Its name in English.
        pub name_en: String,
        /// Its time zone.
        pub zone: String,
    }
}

impl School {
    /// Its name in a language.
    pub fn name(&self, locale: Locale) -> &str {
        match locale {
            Locale::Kk => &self.name_kk,
            Locale::Ru => &self.name_ru,
            Locale::En => &self.name_en,
        }
    }
}

row! {
    struct Organisation { id: SchoolId }
}

const SCHOOL_BY_CODE: Query<(String,), School> =
    Query::new("identity.school_by_code", "select id, code, name_kk, name_ru, name_en, zone from people_v_organisation where code = $1");
const SCHOOL_BY_ID: Query<(SchoolId,), School> =
    Query::new("identity.school_by_id", "select id, code, name_kk, name_ru, name_en, zone from people_v_organisation where id = $1");
const SCHOOL_LIST: Query<(Vec<SchoolId>,), School> =
    Query::new("identity.school_list", "select id, code, name_kk, name_ru, name_en, zone from people_v_organisation where id = any($1)");
const ORGANISATION_LIST: Query<(), Organisation> = Query::new("identity.organisation_list", "select id from people_v_organisation order by id");

/// Every statement of this module.
pub const STATEMENTS: &[&dyn Statement] = &[&SCHOOL_BY_CODE, &SCHOOL_BY_ID, &SCHOOL_LIST, &ORGANISATION_LIST];

const FRESH_FOR: SignedDuration = SignedDuration::from_secs(30);
const MOST: usize = 5_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Code(String),
    Id(SchoolId),
}

#[derive(Default)]
struct Known {
    schools: Mutex<HashMap<Key, (Timestamp, School)>>,
}

impl Known {
    fn find(&self, key: &Key, now: Timestamp) -> Option<School> {
        let schools = self.schools.lock().unwrap_or_else(PoisonError::into_inner);
        schools.get(key).filter(|(since, _)| now.duration_since(*since) < FRESH_FOR).map(|(_, school)| school.clone())
    }

    fn keep(&self, key: Key, school: School, now: Timestamp) {
        let mut schools = self.schools.lock().unwrap_or_else(PoisonError::into_inner);
        if schools.len() >= MOST {
            schools.clear();
        }
        schools.insert(key, (now, school));
    }

    fn forget(&self, id: SchoolId) {
        self.schools.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, (_, school)| school.id != id);
    }
}

/// The school with this code.
pub async fn by_code(site: &Site, code: &str) -> Result<Option<School>> {
    find(site, Key::Code(code.to_owned())).await
}

/// The school with this id.
pub async fn by_id(site: &Site, id: SchoolId) -> Result<Option<School>> {
    find(site, Key::Id(id)).await
}

/// The organisations with these ids, by code; those that are not there are left out.
pub async fn by_ids(site: &Site, ids: &[SchoolId]) -> Result<Vec<School>> {
    let (known, now) = (site.memory.of::<Known>(), site.clock.now());
    let mut found: Vec<School> = ids.iter().filter_map(|id| known.find(&Key::Id(*id), now)).collect();
    let missing: Vec<SchoolId> = ids.iter().filter(|id| !found.iter().any(|school| school.id == **id)).copied().collect();
    if !missing.is_empty() {
        let asked = site.db.run(&Scope::nothing(), async |tx| SCHOOL_LIST.all(tx, (missing,)).await).await?;
        asked.iter().for_each(|school| known.keep(Key::Id(school.id), school.clone(), now));
        found.extend(asked);
    }
    found.sort_by(|one, other| one.code.cmp(&other.code));
    Ok(found)
}

/// Makes this instance ask the database again about an organisation: its name changed.
pub fn forget(site: &Site, id: SchoolId) {
    site.memory.of::<Known>().forget(id);
}

/// The same about all of them.
pub fn forget_all(site: &Site) {
    site.memory.of::<Known>().schools.lock().unwrap_or_else(PoisonError::into_inner).clear();
}

/// All organisations.
pub async fn all(db: &Db) -> Result<Vec<SchoolId>> {
    let all = db.run(&Scope::nothing(), async |tx| ORGANISATION_LIST.all(tx, ()).await).await?;
    Ok(all.into_iter().map(|organisation| organisation.id).collect())
}

async fn find(site: &Site, key: Key) -> Result<Option<School>> {
    let (known, now) = (site.memory.of::<Known>(), site.clock.now());
    if let Some(school) = known.find(&key, now) {
        return Ok(Some(school));
    }
    let found = site
        .db
        .run(&Scope::nothing(), async |tx| match &key {
            Key::Code(code) => SCHOOL_BY_CODE.opt(tx, (code.clone(),)).await,
            Key::Id(id) => SCHOOL_BY_ID.opt(tx, (*id,)).await,
        })
        .await?;
    if let Some(school) = &found {
        known.keep(key, school.clone(), now);
    }
    Ok(found)
}
