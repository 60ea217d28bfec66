//! Every statement of the organisations.

use jiff::Timestamp;
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

row! {
    /// An organisation as the list shows it.
    pub struct Listed {
        /// Its id.
        pub id: SchoolId,
        /// `school`, `district`, `region`, `ministry`.
        pub kind: String,
        /// Its code.
        pub code: String,
        /// Its name in Kazakh.
        pub name_kk: String,
        /// Its name in Russian.
        pub name_ru: String,
        /// Its name in English.
        pub name_en: String,
        /// The name of what it lies below, in Kazakh, Russian, English.
        pub parent: Option<Vec<String>>,
    }
}

impl Listed {
    /// Its name in a language.
    pub fn name(&self, locale: Locale) -> &str {
        match locale {
            Locale::Kk => &self.name_kk,
            Locale::Ru => &self.name_ru,
            Locale::En => &self.name_en,
        }
    }

    /// What it lies below, in a language.
    pub fn parent(&self, locale: Locale) -> Option<&str> {
        let place = match locale {
            Locale::Kk => 0,
            Locale::Ru => 1,
            Locale::En => 2,
        };
        self.parent.as_ref().and_then(|names| names.get(place)).map(String::as_str)
    }
}

/// Searched words, kind (empty for all), the code after which to go on, how many. By code, since the supplier's people speak in codes.
pub const ORGANISATION_LIST: Query<(String, String, String, i64), Listed> = Query::new(
    "people.organisation_list",
    r#"select o.id, o.kind, o.code, o.name_kk, o.name_ru, o.name_en,
            case when p.id is not null then array[p.name_kk, p.name_ru, p.name_en] end as parent
     from organisation o left join organisation p on p.id = o.parent_id
     where o.kind <> 'supplier' and ($2 = '' or o.kind = $2) and o.code > $3
       and fold(o.code || ' ' || o.name_kk || ' ' || o.name_ru || ' ' || o.name_en) like all
         (select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($1), '\s+') as word)
     order by o.code limit $4"#,
);

/// All above which something of the kinds below may be placed.
pub const ABOVE_LIST: Query<(), Organisation> = Query::new(
    "people.organisations_above",
    "select id, parent_id, kind, code, name_kk, name_ru, name_en, zone, shard from organisation where kind in ('ministry', 'region', 'district') order by code",
);

pub const ORGANISATION_FIND: Query<(SchoolId,), Organisation> = Query::new(
    "people.organisation_find",
    "select id, parent_id, kind, code, name_kk, name_ru, name_en, zone, shard from organisation where id = $1 and kind <> 'supplier'",
);

/// Id, parent, kind, code, its name in Kazakh, Russian, English, shard, now.
pub type NewRow = (SchoolId, Option<SchoolId>, String, String, String, String, String, i16, Timestamp);

/// Adds nothing when the code is taken.
pub const ORGANISATION_ADD: Command<NewRow> = Command::new(
    "people.organisation_add",
    "insert into organisation (id, parent_id, kind, code, name_kk, name_ru, name_en, shard, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (code) do nothing",
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
pub const STATEMENTS: &[&dyn Statement] = &[&SCHOOL_LIST, &ORGANISATION_LIST, &ABOVE_LIST, &ORGANISATION_FIND, &ORGANISATION_ADD, &ORGANISATION_RENAME, &ORGANISATION_PLACE];
