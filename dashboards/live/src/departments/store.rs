//! Every statement of the departments.

use kernel::{
    id::SchoolId,
    row,
    sql::{Query, Statement},
};

row! {
    /// An organisation directly below another, with the sums of its schools. Nothing stands for a number of people from one to four.
    pub struct Figures {
        pub id: SchoolId,
        pub kind: String,
        pub code: String,
        pub name_kk: String,
        pub name_ru: String,
        pub name_en: String,
        pub schools: i64,
        pub pupils: Option<i64>,
        pub staff: Option<i64>,
        pub guardians: Option<i64>,
        pub reached: Option<i64>,
        pub passes: Option<i64>,
        pub devices: i64,
        pub offline: i64,
        pub late: Option<i64>,
    }
}

row! {
    /// An organisation, and what it belongs to.
    pub struct Place {
        pub id: SchoolId,
        pub parent_id: Option<SchoolId>,
        pub kind: String,
        pub code: String,
        pub name_kk: String,
        pub name_ru: String,
        pub name_en: String,
    }
}

pub const FIGURES_LIST: Query<(SchoolId,), Figures> = Query::new(
    "departments.figures_list",
    "select id, kind, code, name_kk, name_ru, name_en, schools, pupils, staff, guardians, reached, passes, devices, offline, late from departments_figures($1)",
);

/// An organisation by its code, then what it lies below, nearest first.
pub const PLACE_LIST: Query<(String,), Place> = Query::new(
    "departments.place_list",
    "with recursive above as (
       select o.id, o.parent_id, o.kind, o.code, o.name_kk, o.name_ru, o.name_en, 0 as height from people_v_organisation o where o.code = $1
       union all
       select o.id, o.parent_id, o.kind, o.code, o.name_kk, o.name_ru, o.name_en, a.height + 1 from people_v_organisation o join above a on o.id = a.parent_id
       where a.height < 9
     ) select id, parent_id, kind, code, name_kk, name_ru, name_en from above order by height",
);

/// Organisations by their ids, by code.
pub const OWN_LIST: Query<(Vec<SchoolId>,), Place> = Query::new(
    "departments.own_list",
    "select id, parent_id, kind, code, name_kk, name_ru, name_en from people_v_organisation where id = any($1) order by code",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&FIGURES_LIST, &PLACE_LIST, &OWN_LIST];
