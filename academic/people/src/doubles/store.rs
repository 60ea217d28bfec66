//! The SQL of doubles.

use jiff::{Timestamp, civil::Date};
use kernel::{
    id::{PersonId, SchoolId, Uuid},
    keep::{Fate, Holding},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// Somebody of the school who is called the same.
    pub struct Namesake {
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
        /// `7А`, of a pupil.
        pub class_label: Option<String>,
        /// Guardian of somebody here.
        pub is_guardian: bool,
        /// Works here.
        pub is_staff: bool,
    }
}

/// School, surname, given name, date of birth, but for whom.
pub type NamesakeKey = (SchoolId, String, String, Option<Date>, Option<PersonId>);

/// People of the school, now or before, with these two names in whatever order, who were not born on another day.
pub const NAMESAKE_LIST: Query<NamesakeKey, Namesake> = Query::new(
    "people.namesake_list",
    "select p.id, p.surname, p.given_name, p.patronymic, p.birth_date, v.class_label,
       exists (select from kinship k where k.school_id = $1 and k.guardian_id = p.id and k.valid_to is null) as is_guardian,
       exists (select from staff_line s where s.school_id = $1 and s.person_id = p.id) as is_staff
     from (select distinct person_id from school_person where school_id = $1) m join person p on p.id = m.person_id
     left join people_v_pupil v on v.school_id = $1 and v.pupil_id = p.id
     where (fold(p.surname), fold(p.given_name)) in ((fold($2), fold($3)), (fold($3), fold($2)))
       and (p.birth_date is null or $4::date is null or p.birth_date = $4) and ($5::uuid is null or p.id <> $5)
     order by v.class_label nulls last, p.surname, p.given_name, p.id limit 10",
);

row! {
    /// Somebody of a pair that looks alike.
    pub struct Pair {
        /// The first.
        pub a: PersonId,
        /// Surname.
        pub a_surname: String,
        /// Given name.
        pub a_given_name: String,
        /// Patronymic.
        pub a_patronymic: Option<String>,
        /// Date of birth.
        pub a_birth_date: Option<Date>,
        /// Phone.
        pub a_phone: Option<String>,
        /// `7А`, of a pupil.
        pub a_class: Option<String>,
        /// `pupil`, `guardian`, `staff`, `other`.
        pub a_kind: String,
        /// The second.
        pub b: PersonId,
        /// Surname.
        pub b_surname: String,
        /// Given name.
        pub b_given_name: String,
        /// Patronymic.
        pub b_patronymic: Option<String>,
        /// Date of birth.
        pub b_birth_date: Option<Date>,
        /// Phone.
        pub b_phone: Option<String>,
        /// `7А`, of a pupil.
        pub b_class: Option<String>,
        /// `pupil`, `guardian`, `staff`, `other`.
        pub b_kind: String,
        /// Somebody said that these are two.
        pub is_apart: bool,
    }
}

/// School, how many: people of the school who share the two names, or the day of birth or the phone and one of the names. Whether they
/// look alike is decided afterwards; these are all who could. Each way of being alike is a join by equality of its own: joined by one
/// condition with an `or`, everybody would be held against everybody.
pub const PAIR_LIST: Query<(SchoolId, i64), Pair> = Query::new(
    "people.double_pair_list",
    "with here as (
       select p.id, p.surname, p.given_name, p.patronymic, p.birth_date, fold(p.surname) as s, fold(p.given_name) as g, f.value as phone,
         case when e.class_id is not null then k.grade || k.letter end as class_label,
         case when e.class_id is not null then 'pupil'
              when exists (select from kinship k where k.school_id = $1 and k.guardian_id = p.id and k.valid_to is null) then 'guardian'
              when exists (select from staff_line l where l.school_id = $1 and l.person_id = p.id and l.struck_at is null) then 'staff' else 'other' end as kind
       from (select distinct person_id from school_person where school_id = $1 and valid_to is null) m join person p on p.id = m.person_id
       left join enrolment e on e.school_id = $1 and e.pupil_id = p.id and e.valid_to is null
       left join school_class k on k.school_id = $1 and k.id = e.class_id
       left join person_value f on f.school_id = $1 and f.person_id = p.id and f.field = 'phone' and f.ended_at is null),
     close as (
       select a.id as a, b.id as b from here a join here b on a.s = b.s and a.g = b.g and a.id < b.id
       union select a.id, b.id from here a join here b on a.s = b.g and a.g = b.s and a.id < b.id
       union select a.id, b.id from here a join here b on a.birth_date = b.birth_date and a.id < b.id where a.s = b.s or a.g = b.g or a.s = b.g or a.g = b.s
       union select a.id, b.id from here a join here b on a.phone = b.phone and a.id < b.id where a.s = b.s or a.g = b.g or a.s = b.g or a.g = b.s)
     select a.id as a, a.surname as a_surname, a.given_name as a_given_name, a.patronymic as a_patronymic, a.birth_date as a_birth_date, a.phone as a_phone,
       a.class_label as a_class, a.kind as a_kind,
       b.id as b, b.surname as b_surname, b.given_name as b_given_name, b.patronymic as b_patronymic, b.birth_date as b_birth_date, b.phone as b_phone,
       b.class_label as b_class, b.kind as b_kind,
       exists (select from person_pair t where t.school_id = $1 and t.first_id = a.id and t.second_id = b.id) as is_apart
     from close c join here a on a.id = c.a join here b on b.id = c.b
     where (a.kind = 'pupil') = (b.kind = 'pupil')
     order by a.surname collate \"kk-x-icu\", a.given_name collate \"kk-x-icu\", a.id, b.id limit $2",
);

/// School, the lesser id, the greater, by whom, when: these are two. Sent twice, it is said once.
pub const PAIR_ADD: Command<(SchoolId, PersonId, PersonId, PersonId, Timestamp)> = Command::new(
    "people.double_pair_add",
    "insert into person_pair (school_id, first_id, second_id, said_by, said_at) values ($1, $2, $3, $4, $5) on conflict (school_id, first_id, second_id) do nothing",
);

pub const PAIR_REMOVE: Command<(SchoolId, PersonId, PersonId)> =
    Command::new("people.double_pair_remove", "delete from person_pair where school_id = $1 and first_id = $2 and second_id = $3");

row! {
    /// Whether two were told apart.
    pub struct Told { pub apart: bool }
}

pub const PAIR_IS: Query<(SchoolId, PersonId, PersonId), Told> = Query::new(
    "people.double_pair_is",
    "select exists (select from person_pair where school_id = $1 and first_id = $2 and second_id = $3) as apart",
);

row! {
    /// What could stand in the way of a merge.
    pub struct FactRow {
        pub both_here: bool,
        pub is_elsewhere: bool,
        pub two_iins: bool,
        pub two_classes: bool,
        pub two_logins: bool,
        pub login_of_gone: bool,
        pub confidential_of_kept: bool,
        pub confidential_of_gone: bool,
        pub are_kin: bool,
        pub is_leaving: bool,
        pub pupil_and_adult: bool,
        pub two_transfers: bool,
    }
}

/// School, who stays, who goes.
pub const FACT_FIND: Query<(SchoolId, PersonId, PersonId), FactRow> = Query::new(
    "people.merge_fact_find",
    "select both_here, is_elsewhere, two_iins, two_classes, two_logins, login_of_gone, confidential_of_kept, confidential_of_gone, are_kin, is_leaving, pupil_and_adult, two_transfers
     from people_merge_facts($1, $2, $3)",
);

row! {
    /// How many rows of a table hold somebody.
    pub struct Holds {
        /// The table.
        pub relation: String,
        /// How many.
        pub count: i64,
    }
}

pub const HOLD_COUNT: Query<(SchoolId, PersonId), Holds> = Query::new("people.merge_hold_count", "select relation, count from people_merge_counts($1, $2)");

row! {
    /// Held until the transaction ends.
    pub struct Locked { pub locked: i32 }
}

/// One merge at a time in a school.
pub const MERGE_LOCK: Query<(String,), Locked> =
    Query::new("people.merge_lock", "select 1 as locked from (select pg_advisory_xact_lock(hashtextextended($1, 25))) held");

/// School, id, who stays, who goes, by whom, when.
pub const MERGE_ADD: Command<(SchoolId, Uuid, PersonId, PersonId, PersonId, Timestamp)> = Command::new(
    "people.merge_add",
    "insert into person_merge (school_id, id, kept_id, gone_id, merged_by, merged_at) values ($1, $2, $3, $4, $5, $6)",
);

row! {
    /// How many rows were moved.
    pub struct Moved { pub moved: i32 }
}

pub const MERGE_MOVE: Query<(SchoolId, Uuid), Moved> = Query::new("people.merge_move", "select people_merge_move($1, $2) as moved");

row! {
    /// Sealed.
    pub struct Sealed { pub sealed: bool }
}

pub const MERGE_SEAL: Query<(SchoolId, Uuid), Sealed> = Query::new("people.merge_seal", "select true as sealed from people_merge_seal($1, $2)");

row! {
    /// Whether it was put back.
    pub struct Undone { pub undone: bool }
}

pub const MERGE_UNDO: Query<(SchoolId, Uuid), Undone> = Query::new("people.merge_undo", "select people_merge_undo($1, $2) as undone");

/// School, merge, by whom, when.
pub const MERGE_MARK_UNDONE: Command<(SchoolId, Uuid, PersonId, Timestamp)> = Command::new(
    "people.merge_mark_undone",
    "update person_merge set undone_by = $3, undone_at = $4 where school_id = $1 and id = $2 and undone_at is null",
);

row! {
    /// A merge.
    pub struct Merge {
        /// Which.
        pub id: Uuid,
        /// Who stayed.
        pub kept_id: PersonId,
        /// Their name.
        pub kept: Option<String>,
        /// Who went.
        pub gone_id: PersonId,
        /// When.
        pub merged_at: Timestamp,
        /// By whom.
        pub merged_by: Option<String>,
        /// When it was undone.
        pub undone_at: Option<Timestamp>,
    }
}

/// The newest first.
pub const MERGE_LIST: Query<(SchoolId,), Merge> = Query::new(
    "people.merge_list",
    "select m.id, m.kept_id, k.surname || ' ' || k.given_name as kept, m.gone_id, m.merged_at, b.surname || ' ' || b.given_name as merged_by, m.undone_at
     from person_merge m left join person k on k.id = m.kept_id left join person b on b.id = m.merged_by
     where m.school_id = $1 order by m.merged_at desc, m.id limit 50",
);

/// Locked: who undoes and who undoes again wait for each other.
pub const MERGE_FIND_FOR_UPDATE: Query<(SchoolId, Uuid), MergeRow> = Query::new(
    "people.merge_find_for_update",
    "select kept_id, gone_id, merged_at, undone_at from person_merge where school_id = $1 and id = $2 for update",
);

row! {
    /// A merge without names.
    pub struct MergeRow {
        /// Who stayed.
        pub kept_id: PersonId,
        /// Who went.
        pub gone_id: PersonId,
        /// When.
        pub merged_at: Timestamp,
        /// When it was undone.
        pub undone_at: Option<Timestamp>,
    }
}

row! {
    /// Who stands in somebody's place.
    pub struct Successor { pub kept_id: PersonId }
}

/// Who stayed when this person went, through as many merges as there were.
pub const SUCCESSOR: Query<(SchoolId, PersonId), Successor> = Query::new(
    "people.merge_successor",
    "with recursive way as (
       select kept_id, 1 as n from person_merge where school_id = $1 and gone_id = $2 and undone_at is null
       union all select m.kept_id, w.n + 1 from way w join person_merge m on m.school_id = $1 and m.gone_id = w.kept_id and m.undone_at is null where w.n < 20)
     select kept_id from way order by n desc limit 1",
);

/// What becomes of a leaver's pairs and merges: they go, with what an undo would need.
pub static HOLDINGS: &[Holding] = &[
    Holding {
        table: "person_pair",
        count: Query::new("people.held_person_pair", "select count(*) as count from person_pair where school_id = $1 and (first_id = $2 or second_id = $2)"),
        fate: Fate::Delete(Command::new(
            "people.erase_person_pair",
            "delete from person_pair where ctid = any(array(select ctid from person_pair where school_id = $1 and (first_id = $2 or second_id = $2) limit $3))",
        )),
    },
    Holding {
        table: "person_merge",
        count: Query::new("people.held_person_merge", "select count(*) as count from person_merge where school_id = $1 and (kept_id = $2 or gone_id = $2)"),
        fate: Fate::Delete(Command::new(
            "people.erase_person_merge",
            "delete from person_merge where ctid = any(array(select ctid from person_merge where school_id = $1 and (kept_id = $2 or gone_id = $2) limit $3))",
        )),
    },
];

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[
    &NAMESAKE_LIST,
    &PAIR_LIST,
    &PAIR_ADD,
    &PAIR_IS,
    &PAIR_REMOVE,
    &FACT_FIND,
    &HOLD_COUNT,
    &MERGE_LOCK,
    &MERGE_ADD,
    &MERGE_MOVE,
    &MERGE_SEAL,
    &MERGE_UNDO,
    &MERGE_MARK_UNDONE,
    &MERGE_LIST,
    &MERGE_FIND_FOR_UPDATE,
    &SUCCESSOR,
];
