//! Every statement of the consents.

use std::net::IpAddr;

use jiff::{Timestamp, civil::Date};
use kernel::{
    id::{ClassId, FileId, PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
    waiting::OfClasses,
};

row! {
    /// A purpose with its rule as of a day.
    pub struct PurposeRow {
        pub code: String,
        pub rule: String,
    }
}

/// The purposes of a day, each by its newest rule, in the order shown.
pub const PURPOSE_LIST: Query<(Date,), PurposeRow> = Query::new(
    "consents.purpose_list",
    "select p.code, p.rule
     from (select distinct on (code) code, place, rule from consent_purpose where valid_from <= $1 order by code, valid_from desc) p
     order by p.place",
);

row! {
    /// The text of a purpose in a language.
    pub struct TextRow {
        /// The purpose.
        pub purpose: String,
        /// Which text.
        pub version: i32,
        /// What for.
        pub goal: String,
        /// Which data.
        pub data: String,
        /// How long.
        pub term: String,
        /// Who else gets it.
        pub third_parties: String,
        /// Whether it leaves the country.
        pub cross_border: String,
        /// Whether it becomes public.
        pub publication: String,
    }
}

/// The newest text of every purpose on a day, in a language.
pub const TEXT_LIST: Query<(Date, &'static str), TextRow> = Query::new(
    "consents.text_list",
    "select distinct on (purpose) purpose, version, goal, data, term, third_parties, cross_border, publication
     from consent_text where valid_from <= $1 and locale = $2 order by purpose, version desc",
);

row! {
    /// Somebody who may have a say.
    pub struct Guardian {
        pub guardian_id: PersonId,
    }
}

/// Who is a guardian of a child at a school on a day.
pub const GUARDIAN_LIST: Query<(SchoolId, PersonId, Date), Guardian> = Query::new(
    "consents.guardian_list",
    "select guardian_id from people_v_kinship
     where school_id = $1 and pupil_id = $2 and valid_from <= $3 and (valid_to is null or valid_to >= $3) order by guardian_id",
);

row! {
    /// A person by name.
    pub struct Named {
        /// Who.
        pub person_id: PersonId,
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// Date of birth, where it is known.
        pub birth_date: Option<Date>,
    }
}

/// What people are called.
pub const NAME_LIST: Query<(Vec<PersonId>,), Named> = Query::new(
    "consents.name_list",
    "select person_id, surname, given_name, birth_date from people_v_name where person_id = any($1) order by birth_date nulls last, given_name, person_id",
);

row! {
    /// A pupil now at a school.
    pub struct Pupil {
        /// Who.
        pub id: PersonId,
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// `7А`
        pub class_label: String,
    }
}

/// The classes that may be seen; nothing for all.
pub type Seen = Option<Vec<ClassId>>;

/// A pupil who is at the school now, in one of these classes.
pub const PUPIL_FIND: Query<(SchoolId, PersonId, Seen), Pupil> = Query::new(
    "consents.pupil_find",
    "select pupil_id as id, surname, given_name, class_label from people_v_pupil
     where school_id = $1 and pupil_id = $2 and ($3::uuid[] is null or class_id = any($3))",
);

/// The pupils of a class, in the order of the Kazakh alphabet.
pub const CLASS_PUPILS: Query<(SchoolId, ClassId), Pupil> = Query::new(
    "consents.class_pupils",
    "select pupil_id as id, surname, given_name, class_label from people_v_pupil where school_id = $1 and class_id = $2
     order by surname collate \"kk-x-icu\", given_name collate \"kk-x-icu\", pupil_id",
);

row! {
    /// A class by its label.
    pub struct ClassName {
        /// Which.
        pub class_id: ClassId,
        /// `7А`
        pub class_label: String,
    }
}

/// The classes that have pupils, of those that may be seen.
pub const CLASS_LIST: Query<(SchoolId, Seen), ClassName> = Query::new(
    "consents.class_list",
    "select class_id, class_label from people_v_pupil where school_id = $1 and ($2::uuid[] is null or class_id = any($2)) group by class_id, class_label, grade, letter order by grade, letter collate \"kk-x-icu\"",
);

row! {
    /// Held until the transaction ends.
    pub struct Locked {
        pub locked: i32,
    }
}

/// One word about a child at a time: who reads the last word under this lock reads the last.
pub const CHILD_LOCK: Query<(SchoolId, String), Locked> = Query::new(
    "consents.child_lock",
    "select 1 as locked from (select pg_advisory_xact_lock(hashtextextended($1::uuid::text || $2, 22))) held",
);

row! {
    /// Somebody's own last word.
    pub struct LastWord {
        pub school_id: SchoolId,
        pub person_id: PersonId,
        pub purpose: String,
        pub act: String,
    }
}

/// The last words of one person about these children, by purpose.
pub const OWN_LAST: Query<(Vec<SchoolId>, Vec<PersonId>, PersonId), LastWord> = Query::new(
    "consents.own_last",
    "select distinct on (school_id, person_id, purpose) school_id, person_id, purpose, act
     from consent where school_id = any($1) and person_id = any($2) and by_person = $3 order by school_id, person_id, purpose, at desc, id desc",
);

row! {
    /// What holds.
    pub struct State {
        /// The school.
        pub school_id: SchoolId,
        /// Whose data.
        pub person_id: PersonId,
        /// What for.
        pub purpose: String,
        /// `given`, `refused`, `withdrawn`.
        pub state: String,
        /// Since when.
        pub since: Timestamp,
    }
}

/// What holds for these children at these schools.
pub const STATE_LIST: Query<(Vec<SchoolId>, Vec<PersonId>), State> = Query::new(
    "consents.state_list",
    "select school_id, person_id, purpose, state, since from identity_v_consent where school_id = any($1) and person_id = any($2)",
);

row! {
    /// Whether it may be done.
    pub struct Allowed {
        pub allowed: bool,
    }
}

/// School, child, purpose, day: the last word, else the rule of the day; what no rule knows is not allowed.
pub const ALLOWED: Query<(SchoolId, PersonId, &'static str, Date), Allowed> = Query::new(
    "consents.allowed",
    "select coalesce(
       (select state = 'given' from identity_v_consent where school_id = $1 and person_id = $2 and purpose = $3),
       (select rule = 'until_refused' from consent_purpose where code = $3 and valid_from <= $4 order by valid_from desc limit 1),
       false) as allowed",
);

/// School, child, who speaks, who has a say, when; language of the text, how; signed on, written down by, scan; address, device; then one
/// element a word: id, purpose, act, version of the text.
pub type Words = (
    SchoolId,
    PersonId,
    PersonId,
    Vec<PersonId>,
    Timestamp,
    &'static str,
    &'static str,
    Option<Date>,
    Option<PersonId>,
    Option<FileId>,
    Option<IpAddr>,
    Option<String>,
    Vec<Uuid>,
    Vec<&'static str>,
    Vec<&'static str>,
    Vec<i32>,
);

/// Adds words to the ledger.
pub const WORD_ADD: Command<Words> = Command::new(
    "consents.word_add",
    "insert into consent (school_id, id, person_id, purpose, act, by_person, voters, at, text_version, text_locale, how, signed_on, recorded_by, file_id, address, device)
     select $1::uuid, w.id, $2::uuid, w.purpose, w.act, $3::uuid, $4::uuid[], $5::timestamptz, w.version, $6::text, $7::text, $8::date, $9::uuid, $10::uuid, $11::inet, $12::text
     from unnest($13::uuid[], $14::text[], $15::text[], $16::int[]) as w (id, purpose, act, version)",
);

/// Ends the stops of a child that the last word no longer asks for: school, child, when.
pub const STOP_END: Command<(SchoolId, PersonId, Timestamp)> = Command::new(
    "consents.stop_end",
    "update consent_stop s set until = greatest(s.since, $3), changed_at = $3
     where s.school_id = $1 and s.person_id = $2 and s.until is null
       and not exists (select from identity_v_consent v where v.school_id = $1 and v.person_id = $2 and v.purpose = s.purpose and v.state <> 'given')",
);

/// Begins the stops of a child that the last word asks for: school, child, when.
pub const STOP_BEGIN: Command<(SchoolId, PersonId, Timestamp)> = Command::new(
    "consents.stop_begin",
    "insert into consent_stop (school_id, person_id, purpose, since, changed_at)
     select v.school_id, v.person_id, v.purpose, $3, $3 from identity_v_consent v where v.school_id = $1 and v.person_id = $2 and v.state <> 'given'
     on conflict (school_id, person_id, purpose) where until is null do nothing",
);

row! {
    /// A word of the ledger, as pages show it.
    pub struct Word {
        /// Which.
        pub id: Uuid,
        /// Whose data.
        pub person_id: PersonId,
        /// When.
        pub at: Timestamp,
        /// What for.
        pub purpose: String,
        /// What was said.
        pub act: String,
        /// By whom.
        pub by_person: PersonId,
        /// Their surname.
        pub surname: Option<String>,
        /// Their given name.
        pub given_name: Option<String>,
        /// How.
        pub how: String,
        /// To which text.
        pub text_version: i32,
        /// In which language.
        pub text_locale: String,
        /// Signed on, on paper.
        pub signed_on: Option<Date>,
        /// Surname of who wrote it down.
        pub recorder: Option<String>,
        /// The scan.
        pub file_id: Option<FileId>,
    }
}

/// Schools, children, go on after this word (its time and id), how many.
pub type LedgerKey = (Vec<SchoolId>, Vec<PersonId>, Option<Timestamp>, Option<Uuid>, i64);

/// Words about these children, newest first.
pub const LEDGER: Query<LedgerKey, Word> = Query::new(
    "consents.ledger",
    "select c.id, c.person_id, c.at, c.purpose, c.act, c.by_person, n.surname, n.given_name, c.how, c.text_version, c.text_locale, c.signed_on,
       r.surname as recorder, c.file_id
     from consent c
     left join people_v_name n on n.person_id = c.by_person
     left join people_v_name r on r.person_id = c.recorded_by
     where c.school_id = any($1) and c.person_id = any($2) and ($3::timestamptz is null or (c.at, c.id) < ($3, $4))
     order by c.at desc, c.id desc limit $5",
);

row! {
    /// How a class stands to a purpose.
    pub struct Count {
        /// The class.
        pub class_id: ClassId,
        /// `7А`
        pub class_label: String,
        /// What for.
        pub purpose: String,
        /// Pupils of the class.
        pub pupils: i64,
        /// Those with a yes.
        pub given: i64,
        /// Those with a no.
        pub no: i64,
    }
}

/// School, purposes, classes that may be seen: by class, in order, and purpose.
pub const COUNT_LIST: Query<(SchoolId, Vec<&'static str>, Seen), Count> = Query::new(
    "consents.count_list",
    r#"with pupil as materialized (
       select v.pupil_id, v.class_id, v.class_label, v.grade, v.letter from people_v_pupil_class v where v.school_id = $1 and ($3::uuid[] is null or v.class_id = any($3))
     ), said as (
       select c.class_id, s.purpose, count(*) filter (where s.state = 'given') as given, count(*) filter (where s.state <> 'given') as no
       from pupil c cross join lateral (select purpose, state from identity_v_consent where school_id = $1 and person_id = c.pupil_id offset 0) s
       group by c.class_id, s.purpose
     )
     select c.class_id, c.class_label, p.code as purpose, c.pupils, coalesce(s.given, 0) as given, coalesce(s.no, 0) as no
     from (select class_id, class_label, grade, letter, count(*) as pupils from pupil group by class_id, class_label, grade, letter) c
     cross join unnest($2::text[]) p (code)
     left join said s on s.class_id = c.class_id and s.purpose = p.code
     order by c.grade, c.letter collate "kk-x-icu""#,
);

row! {
    /// A pupil of the list, with every purpose that has a word: `photos given`.
    pub struct Listed {
        /// Who.
        pub id: PersonId,
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// `7А`
        pub class_label: String,
        /// A purpose, a space, what holds.
        pub states: Vec<String>,
    }
}

/// School, class, words, purposes looked at, state (`lacking`, `silent`, `given`, `no`, or empty), go on after, how many,
/// classes that may be seen.
pub type ListKey = (SchoolId, Option<ClassId>, String, Vec<&'static str>, String, Option<PersonId>, i64, Seen);

/// Pupils in the order of the Kazakh alphabet. Of the purposes looked at: `lacking` where one has no yes, `silent` where one has no
/// word, `given` where all have a yes, `no` where one has a no.
pub const PUPIL_LIST: Query<ListKey, Listed> = Query::new(
    "consents.pupil_list",
    r#"select f.pupil_id as id, f.surname, f.given_name, f.class_label,
       array(select c.purpose || ' ' || c.state from identity_v_consent c where c.school_id = $1 and c.person_id = f.pupil_id) as states
     from (
       select v.pupil_id, v.surname, v.given_name, v.class_label from people_v_pupil v
       where v.school_id = $1
         and ($2::uuid is null or v.class_id = $2)
         and ($8::uuid[] is null or v.class_id = any($8))
         and ($3 = '' or fold(v.surname || ' ' || v.given_name || ' ' || v.class_label) like all
             (array(select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($3), '\s+') as word)))
         and ($6::uuid is null or (v.surname collate "kk-x-icu", v.given_name collate "kk-x-icu", v.pupil_id) >
             (select n.surname, n.given_name, n.person_id from people_v_name n where n.person_id = $6))
         and case when $5 not in ('lacking', 'given', 'no', 'silent') then true
           else (select case $5
                   when 'lacking' then count(*) filter (where c.state = 'given') < cardinality($4::text[])
                   when 'given' then count(*) filter (where c.state = 'given') = cardinality($4::text[])
                   when 'no' then count(*) filter (where c.state <> 'given') > 0
                   else count(*) < cardinality($4::text[]) end
                 from identity_v_consent c where c.school_id = $1 and c.person_id = v.pupil_id and c.purpose = any($4::text[])) end
       order by v.surname collate "kk-x-icu", v.given_name collate "kk-x-icu", v.pupil_id
       limit $7
     ) f
     order by f.surname collate "kk-x-icu", f.given_name collate "kk-x-icu", f.pupil_id"#,
);

/// Pupils about whom nobody has said anything yet.
pub const TASK_SILENT: OfClasses = OfClasses::new(
    "consents.task_silent",
    "select count(*) as count, 0::bigint as late, null::date as due from people_v_pupil_class v
     where v.school_id = $1 and ($3::uuid[] is null or v.class_id = any($3))
       and not exists (select from consent c where c.school_id = v.school_id and c.person_id = v.pupil_id and c.at < $2::date + 1)",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[
    &TASK_SILENT,
    &PURPOSE_LIST,
    &TEXT_LIST,
    &GUARDIAN_LIST,
    &NAME_LIST,
    &PUPIL_FIND,
    &CLASS_PUPILS,
    &CLASS_LIST,
    &CHILD_LOCK,
    &OWN_LAST,
    &STATE_LIST,
    &ALLOWED,
    &WORD_ADD,
    &STOP_END,
    &STOP_BEGIN,
    &LEDGER,
    &COUNT_LIST,
    &PUPIL_LIST,
];
