//! Every statement of the files for the national database.

use jiff::civil::Date;
use kernel::{
    id::{ClassId, PersonId, SchoolId},
    row,
    sql::{Query, Statement},
};

row! {
    /// The school.
    pub struct SchoolRow { pub code: String, pub name_kk: String, pub name_ru: String }
}

row! {
    /// A pupil on a day.
    pub struct PupilRow {
        pub id: PersonId,
        pub surname: String,
        pub given_name: String,
        pub patronymic: Option<String>,
        pub birth_date: Option<Date>,
        pub sex: Option<String>,
        pub has_iin: bool,
        pub citizenship: Option<String>,
        pub home_language: Option<String>,
        pub address: Option<String>,
        pub phone: Option<String>,
        pub grade: i16,
        pub letter: String,
        pub language: String,
        pub shift: i16,
        pub class_kind: String,
        pub profile: String,
        pub enrolled_on: Option<Date>,
        pub order_number: Option<i32>,
        pub order_date: Option<Date>,
        pub guardian_name: Option<String>,
        pub guardian_phone: Option<String>,
    }
}

row! {
    /// An employee on a day.
    pub struct WorkerRow {
        pub id: PersonId,
        pub surname: String,
        pub given_name: String,
        pub patronymic: Option<String>,
        pub birth_date: Option<Date>,
        pub sex: Option<String>,
        pub has_iin: bool,
        pub citizenship: Option<String>,
        pub phone: Option<String>,
        pub email: Option<String>,
        pub post: Option<String>,
        pub subject: Option<String>,
        pub rate: Option<i64>,
        pub hired_on: Option<Date>,
        pub category: Option<String>,
        pub category_to: Option<Date>,
        pub degree: Option<String>,
    }
}

row! {
    /// A class on a day.
    pub struct ClassRow {
        pub id: ClassId,
        pub grade: i16,
        pub letter: String,
        pub language: String,
        pub shift: i16,
        pub class_kind: String,
        pub profile: String,
        pub year: i16,
        pub opened_on: Date,
        pub pupils: i64,
        pub boys: i64,
        pub girls: i64,
        pub teacher: Option<String>,
    }
}

pub const SCHOOL_FIND: Query<(SchoolId,), SchoolRow> = Query::new("national.school_find", "select code, name_kk, name_ru from organisation where id = $1");

/// School, day: on its evening, as the contingent counts.
pub const PUPIL_LIST: Query<(SchoolId, Date), PupilRow> = Query::new(
    "national.pupil_list",
    "select p.id, p.surname, p.given_name, p.patronymic, p.birth_date, p.sex, exists (select from person_iin i where i.person_id = p.id) as has_iin,
       c.citizenship, c.home_language, c.address, c.phone, k.grade, k.letter, k.language, k.shift, k.kind as class_kind, k.profile,
       coalesce(a.on_date, (select min(f.valid_from) from enrolment f where f.school_id = $1 and f.pupil_id = p.id)) as enrolled_on,
       a.number as order_number, a.dated as order_date, g.name as guardian_name, g.phone as guardian_phone
     from enrolment e join person p on p.id = e.pupil_id join school_class k on k.school_id = e.school_id and k.id = e.class_id
     left join lateral (
       select max(v.value) filter (where v.field = 'citizenship') as citizenship, max(v.value) filter (where v.field = 'home_language') as home_language,
         max(v.value) filter (where v.field = 'address') as address, max(v.value) filter (where v.field = 'phone') as phone
       from person_value v where v.school_id = $1 and v.person_id = p.id and v.ended_at is null) c on true
     left join lateral (
       select m.on_date, o.number, o.dated from movement m left join school_order o on o.school_id = m.school_id and o.id = m.order_id
       where m.school_id = $1 and m.pupil_id = p.id and m.kind in ('arrival', 'return') and m.undone_at is null and m.on_date <= $2
       order by m.on_date desc, m.made_at desc limit 1) a on true
     left join lateral (
       select n.surname || ' ' || n.given_name || coalesce(' ' || n.patronymic, '') as name,
         (select w.value from person_value w where w.school_id = $1 and w.person_id = n.id and w.field = 'phone' and w.ended_at is null) as phone
       from people_v_kinship y join kinship q on q.school_id = y.school_id and q.pupil_id = y.pupil_id and q.guardian_id = y.guardian_id and q.valid_from = y.valid_from
       join person n on n.id = y.guardian_id
       where y.school_id = $1 and y.pupil_id = p.id and y.valid_from <= $2 and (y.valid_to is null or y.valid_to >= $2)
       order by q.kind = 'mother' desc, q.kind = 'father' desc, n.id limit 1) g on true
     where e.school_id = $1 and e.valid_from <= $2 and (e.valid_to is null or e.valid_to > $2 or (e.valid_to = $2
       and exists (select from enrolment n where n.school_id = e.school_id and n.pupil_id = e.pupil_id and n.valid_from = $2::date + 1)))
     order by k.grade, k.letter collate \"kk-x-icu\", p.surname collate \"kk-x-icu\", p.given_name collate \"kk-x-icu\", p.id",
);

/// School, day: whoever had a post on it, or held an office at its noon.
pub const WORKER_LIST: Query<(SchoolId, Date), WorkerRow> = Query::new(
    "national.worker_list",
    "with line as (
       select * from staff_line l where l.school_id = $1 and l.struck_at is null and l.valid_from <= $2 and (l.valid_to is null or l.valid_to >= $2)
     ), works as (
       select h.person_id from identity_v_held h where h.school_id = $1 and h.role not in ('guardian', 'pupil')
         and h.valid_from <= $2::date + interval '12 hours' and (h.valid_to is null or h.valid_to > $2::date + interval '12 hours')
       union select person_id from line where kind = 'post'
     )
     select p.id, p.surname, p.given_name, p.patronymic, p.birth_date, p.sex, exists (select from person_iin i where i.person_id = p.id) as has_iin,
       c.citizenship, c.phone, c.email, post.title as post, post.detail as subject,
       (select sum(l.rate)::bigint from line l where l.person_id = p.id and l.kind = 'post') as rate,
       (select min(l.valid_from) from line l where l.person_id = p.id and l.kind = 'post') as hired_on,
       cat.title as category, cat.valid_to as category_to,
       (select l.sort from staff_line l where l.school_id = $1 and l.person_id = p.id and l.kind = 'education' and l.struck_at is null
        order by array_position(array['secondary', 'vocational', 'bachelor', 'specialist', 'master', 'candidate', 'doctor'], l.sort) desc nulls last limit 1) as degree
     from works w join person p on p.id = w.person_id
     left join lateral (
       select max(v.value) filter (where v.field = 'citizenship') as citizenship, max(v.value) filter (where v.field = 'phone') as phone, max(v.value) filter (where v.field = 'email') as email
       from person_value v where v.school_id = $1 and v.person_id = p.id and v.ended_at is null) c on true
     left join lateral (select l.title, l.detail from line l where l.person_id = p.id and l.kind = 'post' order by l.sort = 'main' desc, l.valid_from, l.id limit 1) post on true
     left join lateral (select l.title, l.valid_to from line l where l.person_id = p.id and l.kind = 'category' order by l.valid_from desc, l.id desc limit 1) cat on true
     order by p.surname collate \"kk-x-icu\", p.given_name collate \"kk-x-icu\", p.id",
);

/// School, day.
pub const CLASS_LIST: Query<(SchoolId, Date), ClassRow> = Query::new(
    "national.class_list",
    "select k.id, k.grade, k.letter, k.language, k.shift, k.kind as class_kind, k.profile, k.year, k.valid_from as opened_on,
       count(p.id) as pupils, count(p.id) filter (where p.sex = 'm') as boys, count(p.id) filter (where p.sex = 'f') as girls,
       (select string_agg(distinct n.surname || ' ' || n.given_name, ', ') from identity_v_class_teacher t join person n on n.id = t.person_id
        where t.school_id = $1 and t.class_id = k.id and t.valid_from <= $2::date + interval '12 hours' and (t.valid_to is null or t.valid_to > $2::date + interval '12 hours')) as teacher
     from school_class k
     left join enrolment e on e.school_id = k.school_id and e.class_id = k.id and e.valid_from <= $2 and (e.valid_to is null or e.valid_to > $2 or (e.valid_to = $2
       and exists (select from enrolment n where n.school_id = e.school_id and n.pupil_id = e.pupil_id and n.valid_from = $2::date + 1)))
     left join person p on p.id = e.pupil_id
     where k.school_id = $1 and k.valid_from <= $2 and (k.valid_to is null or k.valid_to > $2)
     group by k.school_id, k.id order by k.grade, k.letter collate \"kk-x-icu\"",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&SCHOOL_FIND, &PUPIL_LIST, &WORKER_LIST, &CLASS_LIST];
