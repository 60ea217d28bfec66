//! The SQL of staff.

use jiff::{Timestamp, civil::Date};
use kernel::{
    id::{PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
    waiting::OnDay,
};

row! {
    /// Somebody who works at the school.
    pub struct Employee {
        /// Who.
        pub id: PersonId,
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// Patronymic.
        pub patronymic: Option<String>,
        /// Date of birth.
        pub birth_date: Option<Date>,
        /// `m` or `f`.
        pub sex: Option<String>,
        /// Offices of now, as stored.
        pub roles: Vec<String>,
        /// Positions of now.
        pub posts: Vec<String>,
        /// Subjects of now.
        pub subjects: Vec<String>,
        /// Load of now, in hundredths.
        pub rate: i64,
        /// The category of now.
        pub category: Option<String>,
        /// Until when.
        pub category_to: Option<Date>,
        /// How many match, this one and those after it.
        pub total: i64,
    }
}

/// School, today, words, position, category, `main`/`internal`/`external`, after whom, only this one, what ends soon (`category`, `post`), how
/// many. Empty texts leave out nobody.
pub type ListKey = (SchoolId, Date, String, String, String, String, Option<PersonId>, Option<PersonId>, String, i64);

/// Whoever holds an office now or has a post that goes on.
macro_rules! employee_list {
    ($name:literal, $than:literal, $order:literal) => {
        Query::new(
            $name,
            concat!(
                r#"with line as (
       select * from staff_line l where l.school_id = $1 and l.struck_at is null and l.valid_from <= $2 and (l.valid_to is null or l.valid_to >= $2) and ($8::uuid is null or l.person_id = $8)
     ), held as (
       select h.person_id, h.role from identity_v_held h
       where h.school_id = $1 and h.valid_from <= now() and (h.valid_to is null or h.valid_to > now()) and h.role not in ('guardian', 'pupil') and ($8::uuid is null or h.person_id = $8)
     ), works as (
       select person_id from held union select person_id from line where kind = 'post' and (valid_to is null or valid_to > $2)
     )
     select p.id, p.surname, p.given_name, p.patronymic, p.birth_date, p.sex,
       array(select distinct h.role from held h where h.person_id = p.id order by h.role) as roles,
       array(select distinct l.title from line l where l.person_id = p.id and l.kind = 'post' order by l.title) as posts,
       array(select distinct l.detail from line l where l.person_id = p.id and l.kind = 'post' and l.detail is not null order by l.detail) as subjects,
       (select coalesce(sum(l.rate), 0) from line l where l.person_id = p.id and l.kind = 'post') as rate,
       c.title as category, c.valid_to as category_to, count(*) over () as total
     from works w join person p on p.id = w.person_id
     left join lateral (select l.title, l.valid_to from line l where l.person_id = p.id and l.kind = 'category' order by l.valid_from desc, l.id desc limit 1) c on true
     where ($3 = '' or fold(p.surname || ' ' || p.given_name || ' ' || coalesce(p.patronymic, '')) like all
           (array(select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($3), '\s+') as word)))
       and ($4 = '' or exists (select from line l where l.person_id = p.id and l.kind = 'post' and l.title = $4))
       and ($5 = '' or c.title = $5 or ($5 = 'none' and c.title is null))
       and ($6 = '' or exists (select from line l where l.person_id = p.id and l.kind = 'post' and l.sort = $6))
       and case $9 when 'category' then c.valid_to <= $2 + interval '6 months'
                   when 'post' then exists (select from line l where l.person_id = p.id and l.kind = 'post' and l.valid_to <= $2 + 30) else true end
       and ($7::uuid is null or (p.surname collate "kk-x-icu", p.given_name collate "kk-x-icu", p.id) "#,
                $than,
                r#" (select a.surname, a.given_name, a.id from person a where a.id = $7))
     order by "#,
                $order,
                " limit $10"
            ),
        )
    };
}

/// In the order of the Kazakh alphabet.
pub const EMPLOYEE_LIST: Query<ListKey, Employee> = employee_list!("staff.employee_list", ">", r#"p.surname collate "kk-x-icu", p.given_name collate "kk-x-icu", p.id"#);

/// From its end.
pub const EMPLOYEE_LIST_BACK: Query<ListKey, Employee> =
    employee_list!("staff.employee_list_back", "<", r#"p.surname collate "kk-x-icu" desc, p.given_name collate "kk-x-icu" desc, p.id desc"#);

row! {
    /// A line of a card.
    pub struct Line {
        /// Its id.
        pub id: Uuid,
        /// What it is about.
        pub kind: String,
        /// Position, institution, category, award, employer.
        pub title: String,
        /// Subject, speciality, position there.
        pub detail: Option<String>,
        /// How a post is held; degree.
        pub sort: Option<String>,
        /// Hundredths of a full load.
        pub rate: Option<i16>,
        /// Whether a period was work as a pedagogue.
        pub is_pedagogical: Option<bool>,
        /// The first day.
        pub valid_from: Date,
        /// The last day.
        pub valid_to: Option<Date>,
        /// The document.
        pub document: Option<String>,
        /// Its day.
        pub document_date: Option<Date>,
        /// When it was struck out.
        pub struck_at: Option<Timestamp>,
        /// Why.
        pub struck_reason: Option<String>,
    }
}

pub const LINE_LIST: Query<(SchoolId, PersonId), Line> = Query::new(
    "staff.line_list",
    "select id, kind, title, detail, sort, rate, is_pedagogical, valid_from, valid_to, document, document_date, struck_at, struck_reason
     from staff_line where school_id = $1 and person_id = $2 order by valid_to is not null, valid_from desc, id desc limit 500",
);

/// School, id, person, kind, title, detail, sort, rate, pedagogical, from, to, document, its day; by whom and when.
pub type LineRow = (SchoolId, Uuid, PersonId, &'static str, String, Option<String>, Option<String>, Option<i16>, Option<bool>, Date, Option<Date>, Option<String>, Option<Date>, PersonId, Timestamp);

/// A form sent twice adds once.
pub const LINE_ADD: Command<LineRow> = Command::new(
    "staff.line_add",
    "insert into staff_line (school_id, id, person_id, kind, title, detail, sort, rate, is_pedagogical, valid_from, valid_to, document, document_date, set_by, set_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) on conflict (school_id, id) do nothing",
);

/// School, person, line, last day.
pub const LINE_END: Command<(SchoolId, PersonId, Uuid, Date)> = Command::new(
    "staff.line_end",
    "update staff_line set valid_to = greatest($4, valid_from) where school_id = $1 and person_id = $2 and id = $3 and valid_to is null and struck_at is null",
);

/// School, person, last day.
pub const POST_END_ALL: Command<(SchoolId, PersonId, Date)> = Command::new(
    "staff.post_end_all",
    "update staff_line set valid_to = greatest($3, valid_from) where school_id = $1 and person_id = $2 and kind = 'post' and struck_at is null and (valid_to is null or valid_to > $3)",
);

/// School, person, line, reason, by whom, when.
pub const LINE_STRIKE: Command<(SchoolId, PersonId, Uuid, String, PersonId, Timestamp)> = Command::new(
    "staff.line_strike",
    "update staff_line set struck_reason = $4, struck_by = $5, struck_at = $6 where school_id = $1 and person_id = $2 and id = $3 and struck_at is null",
);

row! {
    /// A pension age.
    pub struct PensionAge {
        /// `m` or `f`.
        pub sex: String,
        /// Since when.
        pub valid_from: Date,
        /// In months.
        pub months: i16,
        /// The act.
        pub basis: String,
        /// Whether somebody compared it with the act.
        pub is_verified: bool,
    }
}

pub const PENSION_LIST: Query<(), PensionAge> =
    Query::new("staff.pension_list", "select sex, valid_from, months, basis, is_verified from pension_age order by sex, valid_from");

row! {
    /// Somebody of the school.
    pub struct Member {
        /// Who.
        pub person_id: PersonId,
    }
}

/// Whoever worked here at any time: their card stays.
pub const KNOWN_FIND: Query<(SchoolId, PersonId), Member> = Query::new(
    "staff.known_find",
    "select m.person_id from (select distinct person_id from school_person where school_id = $1 and person_id = $2) m
     where exists (select from identity_v_held h where h.school_id = $1 and h.person_id = $2 and h.role not in ('guardian', 'pupil'))
        or exists (select from staff_line l where l.school_id = $1 and l.person_id = $2)",
);

/// Whose category ends within half a year, among those who work here.
pub const TASK_CATEGORY_ENDS: OnDay = OnDay::new(
    "staff.task_category_ends",
    "select count(*) as count, 0::bigint as late, min(c.valid_to) as due from (
       select distinct on (l.person_id) l.person_id, l.valid_to from staff_line l
       where l.school_id = $1 and l.kind = 'category' and l.struck_at is null and l.valid_from <= $2 and (l.valid_to is null or l.valid_to >= $2)
       order by l.person_id, l.valid_from desc, l.id desc) c
     where c.valid_to <= $2 + interval '6 months'
       and (exists (select from staff_line w where w.school_id = $1 and w.person_id = c.person_id and w.kind = 'post' and w.struck_at is null and w.valid_from <= $2 and (w.valid_to is null or w.valid_to > $2))
         or exists (select from identity_v_held h where h.school_id = $1 and h.person_id = c.person_id and h.role not in ('guardian', 'pupil') and h.valid_from <= now() and (h.valid_to is null or h.valid_to > now())))",
);

/// Whose post ends within a month.
pub const TASK_POST_ENDS: OnDay = OnDay::new(
    "staff.task_post_ends",
    "select count(distinct l.person_id) as count, 0::bigint as late, min(l.valid_to) as due from staff_line l
     where l.school_id = $1 and l.kind = 'post' and l.struck_at is null and l.valid_from <= $2 and l.valid_to > $2 and l.valid_to <= $2 + 30",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&TASK_CATEGORY_ENDS, &TASK_POST_ENDS, &EMPLOYEE_LIST, &EMPLOYEE_LIST_BACK, &LINE_LIST, &LINE_ADD, &LINE_END, &POST_END_ALL, &LINE_STRIKE, &PENSION_LIST, &KNOWN_FIND];
