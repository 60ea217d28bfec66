//! Every statement of the organisations.

use kernel::{
    Locale,
    id::SchoolId,
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// An organisation.
    pub struct Organisation {
        /// Its id.
        pub id: SchoolId,
        /// What it belongs to.
        pub parent_id: Option<SchoolId>,
        /// `school`, `district`, `region`, `ministry`, `supplier`.
        pub kind: String,
        /// Its code, as in addresses and topics.
        pub code: String,
        /// Its name in Kazakh.
        pub name_kk: String,
        /// Its name in Russian.
        pub name_ru: String,
        /// Its name in English.
        pub name_en: String,
        /// Its time zone.
        pub zone: String,
        /// Its shard.
        pub shard: i16,
    }
}

impl Organisation {
    /// Its name in a language.
    pub fn name(&self, locale: Locale) -> &str {
        match locale {
            Locale::Kk => &self.name_kk,
            Locale::Ru => &self.name_ru,
            Locale::En => &self.name_en,
        }
    }
}

pub const SCHOOL_LIST: Query<(), Organisation> = Query::new(
    "people.school_list",
    "select id, parent_id, kind, code, name_kk, name_ru, name_en, zone, shard from organisation where kind = 'school' order by code",
);

pub const TREE_LIST: Query<(), Organisation> = Query::new(
    "people.organisation_tree",
    "with recursive tree as (
       select o.*, array[o.code] as path from organisation o where parent_id is null
       union all
       select o.*, t.path || o.code from organisation o join tree t on o.parent_id = t.id
     )
     select id, parent_id, kind, code, name_kk, name_ru, name_en, zone, shard from tree order by path",
);

/// Organisation, its name in Kazakh, Russian, English. Touches nothing when they are these already.
pub const ORGANISATION_RENAME: Command<(SchoolId, String, String, String)> = Command::new(
    "people.organisation_rename",
    "update organisation set name_kk = $2, name_ru = $3, name_en = $4 where id = $1 and (name_kk, name_ru, name_en) is distinct from ($2, $3, $4)",
);

/// Organisation, what it lies below from now on (nothing for nothing). Touches nothing when it is so already.
pub const ORGANISATION_PLACE: Command<(SchoolId, Option<SchoolId>)> =
    Command::new("people.organisation_place", "update organisation set parent_id = $2 where id = $1 and parent_id is distinct from $2");

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&SCHOOL_LIST, &TREE_LIST, &ORGANISATION_RENAME, &ORGANISATION_PLACE];
