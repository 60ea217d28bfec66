//! Every statement of the contingent.

use jiff::civil::Date;
use kernel::{
    id::SchoolId,
    row,
    sql::{Query, Statement},
};

row! {
    /// Pupils of a grade, language and shift.
    pub struct Group {
        pub grade: i16,
        pub language: String,
        pub shift: i16,
        pub classes: i64,
        pub pupils: i64,
        pub boys: i64,
        pub girls: i64,
    }
}

row! {
    /// What a period changed.
    pub struct FlowRow {
        pub start: i64,
        pub arrived: i64,
        pub left_school: i64,
        pub end: i64,
    }
}

/// School, day: on its evening.
pub const GROUP_LIST: Query<(SchoolId, Date), Group> = Query::new(
    "people.contingent_group_list",
    "select k.grade, k.language, k.shift, count(distinct k.id) as classes, count(*) as pupils,
       count(*) filter (where p.sex = 'm') as boys, count(*) filter (where p.sex = 'f') as girls
     from enrolment e join school_class k on k.school_id = e.school_id and k.id = e.class_id join person p on p.id = e.pupil_id
     where e.school_id = $1 and e.valid_from <= $2 and (e.valid_to is null or e.valid_to > $2 or (e.valid_to = $2
       and exists (select from enrolment n where n.school_id = e.school_id and n.pupil_id = e.pupil_id and n.valid_from = $2::date + 1)))
     group by k.grade, k.language, k.shift order by k.grade, k.language, k.shift",
);

/// School, from, to.
pub const FLOW_FIND: Query<(SchoolId, Date, Date), FlowRow> = Query::new(
    "people.contingent_flow_find",
    "select
       count(*) filter (where t.valid_from < $2 and (t.valid_to is null or t.valid_to >= $2 or (t.valid_to = $2::date - 1 and t.goes_on))) as start,
       count(*) filter (where t.valid_from between $2 and $3 and not t.went_before) as arrived,
       count(*) filter (where t.valid_to between $2 and $3 and not t.goes_on) as left_school,
       count(*) filter (where t.valid_from <= $3 and (t.valid_to is null or t.valid_to > $3 or (t.valid_to = $3 and t.goes_on))) as \"end\"
     from (select e.valid_from, e.valid_to,
         exists (select from enrolment n where n.school_id = e.school_id and n.pupil_id = e.pupil_id and n.valid_from = e.valid_to + 1) as goes_on,
         exists (select from enrolment b where b.school_id = e.school_id and b.pupil_id = e.pupil_id and b.valid_to = e.valid_from - 1) as went_before
       from enrolment e where e.school_id = $1) t",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&GROUP_LIST, &FLOW_FIND];
