//! Every statement of the buildings.

use jiff::{Timestamp, civil::Date};
use kernel::{
    id::{PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// A version of a building.
    pub struct Building {
        pub id: Uuid,
        pub version: i32,
        pub name_kk: String,
        pub name_ru: String,
        pub kind: String,
        pub place_kk: Option<String>,
        pub place_ru: Option<String>,
        pub address: Option<String>,
        pub year_built: Option<i16>,
        pub floors: Option<i16>,
        pub capacity: Option<i32>,
        pub shifts: Option<i16>,
        pub sort: i16,
        pub valid_from: Date,
        pub valid_to: Option<Date>,
        pub set_at: Timestamp,
    }
}

row! {
    /// Where the school is.
    pub struct Place {
        /// In Kazakh.
        pub place_kk: Option<String>,
        /// In Russian.
        pub place_ru: Option<String>,
    }
}

/// School, a part of the name as typed, today, whether former ones are asked for: the last version of each, in the order of showing.
pub const BUILDING_LIST: Query<(SchoolId, String, Date, bool), Building> = Query::new(
    "people.building_list",
    r#"select b.id, b.version, b.name_kk, b.name_ru, b.kind, b.place_kk, b.place_ru, b.address, b.year_built, b.floors, b.capacity, b.shifts, b.sort, b.valid_from, b.valid_to, b.set_at
     from building b where b.school_id = $1 and not exists (select from building n where n.school_id = b.school_id and n.id = b.id and n.version > b.version)
       and fold(b.name_kk || ' ' || b.name_ru || ' ' || coalesce(b.address, '')) like '%' || regexp_replace(fold($2), '([\\%_])', '\\\1', 'g') || '%'
       and (b.valid_to is null or b.valid_to >= $3) <> $4
     order by b.sort, b.name_kk collate "kk-x-icu", b.id limit 500"#,
);

/// School, building: all its versions, the last one first.
pub const BUILDING_VERSIONS: Query<(SchoolId, Uuid), Building> = Query::new(
    "people.building_versions",
    "select id, version, name_kk, name_ru, kind, place_kk, place_ru, address, year_built, floors, capacity, shifts, sort, valid_from, valid_to, set_at
     from building where school_id = $1 and id = $2 order by version desc limit 200",
);

/// School: the place of the main building, else of the first that has one.
pub const PLACE_FIND: Query<(SchoolId,), Place> = Query::new(
    "people.building_place",
    "select b.place_kk, b.place_ru from building b
     where b.school_id = $1 and not exists (select from building n where n.school_id = b.school_id and n.id = b.id and n.version > b.version)
       and (b.place_kk is not null or b.place_ru is not null)
     order by b.valid_to is not null, b.kind <> 'main', b.sort, b.id limit 1",
);

row! {
    /// Held until the transaction ends.
    pub struct Held { pub held: i32 }
}

/// The school in a text.
pub const HOMES_HOLD: Query<(String,), Held> = Query::new("people.building_homes_hold", "select 1 as held from (select pg_advisory_xact_lock(hashtextextended($1, 26))) locked");

row! {
    /// A building that stands.
    pub struct Stands {
        /// Its id.
        pub id: Uuid,
        /// Its name in Kazakh.
        pub name_kk: String,
        /// In Russian.
        pub name_ru: String,
    }
}

/// School, a day.
pub const STANDING_LIST: Query<(SchoolId, Date), Stands> = Query::new(
    "people.building_standing",
    "select building_id as id, name_kk, name_ru from people_v_building
     where school_id = $1 and valid_from <= $2 and (valid_to is null or valid_to >= $2) order by sort, name_kk collate \"kk-x-icu\", building_id limit 500",
);

/// School, id, version; names, kind; places, address; year, floors, capacity and shifts; order of showing; from, to; when, by whom.
pub type BuildingRow = (SchoolId, Uuid, i32, String, String, &'static str, Option<String>, Option<String>, Option<String>, Vec<Option<i32>>, i16, Date, Option<Date>, Timestamp, Option<PersonId>);

/// A version that is there already stays as it is.
pub const BUILDING_ADD: Command<BuildingRow> = Command::new(
    "people.building_add",
    "insert into building (school_id, id, version, name_kk, name_ru, kind, place_kk, place_ru, address, year_built, floors, capacity, shifts, sort, valid_from, valid_to, set_at, set_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, ($10::int[])[1], ($10::int[])[2], ($10::int[])[3], ($10::int[])[4], $11, $12, $13, $14, $15) on conflict do nothing",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&BUILDING_LIST, &BUILDING_VERSIONS, &PLACE_FIND, &HOMES_HOLD, &STANDING_LIST, &BUILDING_ADD];
