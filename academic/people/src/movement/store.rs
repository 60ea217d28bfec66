//! Every statement of the movement of pupils: enrolment as the truth, the book beside it.

use jiff::{Timestamp, civil::Date};
use kernel::{
    id::{ClassId, PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// How many.
    pub struct Count { pub count: i64 }
}

row! {
    /// Where a pupil is now.
    pub struct Current {
        pub pupil_id: PersonId,
        pub class_id: ClassId,
        pub valid_from: Date,
    }
}

row! {
    /// A line of the book, as acts need it.
    pub struct Line {
        pub id: Uuid,
        pub pupil_id: PersonId,
        pub kind: String,
        pub made_at: Timestamp,
        pub order_id: Option<Uuid>,
        pub rollover_id: Option<Uuid>,
    }
}

/// School, classes: how many of them are open there.
pub const OPEN_CLASS_COUNT: Query<(SchoolId, Vec<ClassId>), Count> =
    Query::new("people.open_class_count", "select count(*) as count from school_class where school_id = $1 and id = any($2) and valid_to is null");

/// School, pupils, classes, days. Adds nothing for who is in a class, or was on that day.
pub const ENROLMENT_BEGIN: Command<(SchoolId, Vec<PersonId>, Vec<ClassId>, Vec<Date>)> = Command::new(
    "people.enrolment_begin",
    "insert into enrolment (school_id, pupil_id, class_id, valid_from)
     select $1, w.pupil_id, w.class_id, w.on_date from unnest($2::uuid[], $3::uuid[], $4::date[]) as w (pupil_id, class_id, on_date)
     where not exists (select from enrolment e where e.school_id = $1 and e.pupil_id = w.pupil_id and (e.valid_to is null or e.valid_to >= w.on_date))",
);

/// School, pupils, days: whoever is in a class belongs to the school.
pub const MEMBER_BEGIN: Command<(SchoolId, Vec<PersonId>, Vec<Date>)> = Command::new(
    "people.member_begin",
    "insert into school_person (school_id, person_id, valid_from)
     select $1, w.pupil_id, w.on_date from unnest($2::uuid[], $3::date[]) as w (pupil_id, on_date)
     where not exists (select from school_person m where m.school_id = $1 and m.person_id = w.pupil_id and m.valid_to is null)
     on conflict (school_id, person_id, valid_from) do update set valid_to = null, movement_id = null",
);

/// School, pupils: where they are, locked.
pub const CURRENT_FOR_UPDATE: Query<(SchoolId, Vec<PersonId>), Current> = Query::new(
    "people.enrolment_current_for_update",
    "select pupil_id, class_id, valid_from from enrolment where school_id = $1 and pupil_id = any($2) and valid_to is null order by pupil_id for update",
);

/// School, pupils, classes, day: who came on that very day is put into the other class at once.
pub const ENROLMENT_SWAP: Command<(SchoolId, Vec<PersonId>, Vec<ClassId>, Date)> = Command::new(
    "people.enrolment_swap",
    "update enrolment e set class_id = w.class_id from unnest($2::uuid[], $3::uuid[]) as w (pupil_id, class_id)
     where e.school_id = $1 and e.pupil_id = w.pupil_id and e.valid_to is null and e.valid_from = $4",
);

/// School, pupils, the first day elsewhere.
pub const ENROLMENT_STOP_BEFORE: Command<(SchoolId, Vec<PersonId>, Date)> = Command::new(
    "people.enrolment_stop_before",
    "update enrolment set valid_to = $3::date - 1 where school_id = $1 and pupil_id = any($2) and valid_to is null and valid_from < $3",
);

/// School, pupils, classes, day: those who are in no class now.
pub const ENROLMENT_FOLLOW: Command<(SchoolId, Vec<PersonId>, Vec<ClassId>, Date)> = Command::new(
    "people.enrolment_follow",
    "insert into enrolment (school_id, pupil_id, class_id, valid_from)
     select $1, w.pupil_id, w.class_id, $4 from unnest($2::uuid[], $3::uuid[]) as w (pupil_id, class_id)
     where not exists (select from enrolment e where e.school_id = $1 and e.pupil_id = w.pupil_id and e.valid_to is null)",
);

/// School, pupils, the last day.
pub const ENROLMENT_END: Command<(SchoolId, Vec<PersonId>, Date)> =
    Command::new("people.enrolment_end", "update enrolment set valid_to = $3 where school_id = $1 and pupil_id = any($2) and valid_to is null and valid_from <= $3");

/// School, pupils, their lines, the last day.
pub const KINSHIP_END: Command<(SchoolId, Vec<PersonId>, Vec<Uuid>, Date)> = Command::new(
    "people.kinship_end_with_departure",
    "update kinship k set valid_to = greatest($4, k.valid_from), movement_id = w.movement_id from unnest($2::uuid[], $3::uuid[]) as w (pupil_id, movement_id)
     where k.school_id = $1 and k.pupil_id = w.pupil_id and k.valid_to is null",
);

/// The same.
pub const MEMBER_END: Command<(SchoolId, Vec<PersonId>, Vec<Uuid>, Date)> = Command::new(
    "people.member_end",
    "update school_person m set valid_to = greatest($4, m.valid_from), movement_id = w.movement_id from unnest($2::uuid[], $3::uuid[]) as w (pupil_id, movement_id)
     where m.school_id = $1 and m.person_id = w.pupil_id and m.valid_to is null",
);

/// School, lines, the last day, now: guardians whose last kinship ended with these lines, and who have nothing else to do with the school.
pub const GUARDIAN_END: Command<(SchoolId, Vec<Uuid>, Date, Timestamp)> = Command::new(
    "people.guardian_end",
    "update school_person m set valid_to = greatest($3, m.valid_from), movement_id = w.movement_id
     from (select guardian_id, min(movement_id::text)::uuid as movement_id from kinship where school_id = $1 and movement_id = any($2) group by guardian_id) w
     where m.school_id = $1 and m.person_id = w.guardian_id and m.valid_to is null
       and not exists (select from kinship k where k.school_id = $1 and k.guardian_id = m.person_id and k.valid_to is null)
       and not exists (select from enrolment e where e.school_id = $1 and e.pupil_id = m.person_id and e.valid_to is null)
       and not exists (select from staff_line s where s.school_id = $1 and s.person_id = m.person_id and s.kind = 'post' and s.struck_at is null and (s.valid_to is null or s.valid_to >= $3))
       and not exists (select from identity_v_office o where o.school_id = $1 and o.person_id = m.person_id and (o.valid_to is null or o.valid_to > $4))",
);

/// School; a line each: id, pupil, kind, day, from which class, into which, reason; for all: place, other school, order, rollover, when, by whom.
pub type Lines = (
    SchoolId,
    Vec<Uuid>,
    Vec<PersonId>,
    Vec<&'static str>,
    Vec<Date>,
    Vec<Option<ClassId>>,
    Vec<Option<ClassId>>,
    Vec<Option<&'static str>>,
    Option<String>,
    Option<SchoolId>,
    Option<Uuid>,
    Option<Uuid>,
    Timestamp,
    Option<PersonId>,
);

pub const MOVEMENT_ADD: Command<Lines> = Command::new(
    "people.movement_add",
    "insert into movement (school_id, id, pupil_id, kind, on_date, from_class, to_class, reason, place, other_school, order_id, rollover_id, made_at, made_by)
     select $1, w.id, w.pupil_id, w.kind, w.on_date, w.from_class, w.to_class, w.reason, $9, $10, $11, $12, $13, $14
     from unnest($2::uuid[], $3::uuid[], $4::text[], $5::date[], $6::uuid[], $7::uuid[], $8::text[]) as w (id, pupil_id, kind, on_date, from_class, to_class, reason)",
);

/// School, pupils: the last line of each that was not taken back.
pub const LAST_LINE_LIST: Query<(SchoolId, Vec<PersonId>), Line> = Query::new(
    "people.movement_last_list",
    "select distinct on (pupil_id) id, pupil_id, kind, made_at, order_id, rollover_id from movement
     where school_id = $1 and pupil_id = any($2) and undone_at is null order by pupil_id, made_at desc, id desc",
);

row! {
    /// A line of an order, and whose it is.
    pub struct OrderLine { pub id: Uuid, pub pupil_id: PersonId }
}

/// School, order: its changes of class that hold.
pub const ORDER_LINE_LIST: Query<(SchoolId, Uuid), OrderLine> = Query::new(
    "people.movement_order_lines",
    "select id, pupil_id from movement where school_id = $1 and order_id = $2 and kind = 'class_change' and undone_at is null order by pupil_id",
);

/// School, lines: what began with an arrival is gone.
pub const ARRIVAL_UNMAKE: Command<(SchoolId, Vec<Uuid>)> = Command::new(
    "people.arrival_unmake",
    "delete from enrolment e using movement m where m.school_id = $1 and m.id = any($2) and m.kind in ('arrival', 'return')
       and e.school_id = $1 and e.pupil_id = m.pupil_id and e.valid_to is null and e.valid_from = m.on_date and e.class_id = m.to_class",
);

/// School, lines, when, by whom.
pub const MOVEMENT_UNDO: Command<(SchoolId, Vec<Uuid>, Timestamp, Option<PersonId>)> = Command::new(
    "people.movement_undo",
    "update movement set undone_at = $3, undone_by = $4 where school_id = $1 and id = any($2) and undone_at is null",
);

row! {
    /// A line of the book, as people read it.
    pub struct BookLine {
        /// Its id.
        pub id: Uuid,
        /// The pupil.
        pub pupil_id: PersonId,
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// Patronymic.
        pub patronymic: Option<String>,
        /// As stored.
        pub kind: String,
        /// Why, as stored.
        pub reason: Option<String>,
        /// The day.
        pub on_date: Date,
        /// Out of which class.
        pub from_label: Option<String>,
        /// Into which class.
        pub to_label: Option<String>,
        /// From where, or to where.
        pub place: Option<String>,
        /// The other school of this hub, in Kazakh.
        pub other_kk: Option<String>,
        /// In Russian.
        pub other_ru: Option<String>,
        /// In English.
        pub other_en: Option<String>,
        /// Its order.
        pub order_id: Option<Uuid>,
        /// The number of its order.
        pub order_number: Option<i32>,
        /// The date of its order.
        pub order_dated: Option<Date>,
        /// When it was written.
        pub made_at: Timestamp,
        /// The rollover it belongs to.
        pub rollover_id: Option<Uuid>,
        /// When it was taken back.
        pub undone_at: Option<Timestamp>,
    }
}

/// School, one pupil, from, to, kind, words of the name, the line after which to go on, how many; one order only.
pub type BookKey = (SchoolId, Option<PersonId>, Option<Date>, Option<Date>, String, String, Option<Uuid>, i64, Option<Uuid>);

/// The latest first.
pub const BOOK_LIST: Query<BookKey, BookLine> = Query::new(
    "people.movement_book_list",
    r#"select m.id, m.pupil_id, p.surname, p.given_name, p.patronymic, m.kind, m.reason, m.on_date,
       (select k.grade || k.letter from school_class k where k.school_id = m.school_id and k.id = m.from_class) as from_label,
       (select k.grade || k.letter from school_class k where k.school_id = m.school_id and k.id = m.to_class) as to_label,
       m.place, o.name_kk as other_kk, o.name_ru as other_ru, o.name_en as other_en, m.order_id, r.number as order_number, r.dated as order_dated,
       m.made_at, m.rollover_id, m.undone_at
     from movement m join person p on p.id = m.pupil_id
     left join organisation o on o.id = m.other_school
     left join school_order r on r.school_id = m.school_id and r.id = m.order_id
     where m.school_id = $1 and ($2::uuid is null or m.pupil_id = $2) and ($3::date is null or m.on_date >= $3) and ($4::date is null or m.on_date <= $4)
       and ($5 = '' or m.kind = $5) and ($9::uuid is null or m.order_id = $9)
       and fold(p.surname || ' ' || p.given_name) like all
           (select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($6), '\s+') as word)
       and ($7::uuid is null or (m.on_date, m.id) < (select a.on_date, a.id from movement a where a.school_id = $1 and a.id = $7))
     order by m.on_date desc, m.id desc limit $8"#,
);

row! {
    /// A pupil of the alphabetical book.
    pub struct AlphabetLine {
        pub pupil_id: PersonId,
        pub surname: String,
        pub given_name: String,
        pub patronymic: Option<String>,
        pub birth_date: Option<Date>,
        pub came_on: Date,
        pub left_on: Option<Date>,
        pub class_label: String,
    }
}

/// School, words of the name, `here`, `left` or nothing, the pupil after whom to go on, how many.
pub type AlphabetKey = (SchoolId, String, String, Option<PersonId>, i64);

/// Everybody who is or was in a class, in the order of the Kazakh alphabet.
pub const ALPHABET_LIST: Query<AlphabetKey, AlphabetLine> = Query::new(
    "people.alphabet_list",
    r#"select p.id as pupil_id, p.surname, p.given_name, p.patronymic, p.birth_date, s.came_on, s.left_on, s.class_label
     from (select e.pupil_id, min(e.valid_from) as came_on, case when bool_or(e.valid_to is null) then null else max(e.valid_to) end as left_on,
             (array_agg(k.grade || k.letter order by e.valid_from desc))[1] as class_label
           from enrolment e join school_class k on k.school_id = e.school_id and k.id = e.class_id where e.school_id = $1 group by e.pupil_id) s
     join person p on p.id = s.pupil_id
     where fold(p.surname || ' ' || p.given_name) like all
           (select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($2), '\s+') as word)
       and ($3 = '' or ($3 = 'here') = (s.left_on is null))
       and ($4::uuid is null or (p.surname collate "kk-x-icu", p.given_name collate "kk-x-icu", p.id) > (select a.surname, a.given_name, a.id from person a where a.id = $4))
     order by p.surname collate "kk-x-icu", p.given_name collate "kk-x-icu", p.id limit $5"#,
);

row! {
    /// A pupil, here or gone.
    pub struct Known {
        pub surname: String,
        pub given_name: String,
        pub patronymic: Option<String>,
        pub class_id: Option<ClassId>,
        pub class_label: Option<String>,
        pub last_day: Option<Date>,
    }
}

/// School, pupil: somebody who is or was in a class of it.
pub const KNOWN_FIND: Query<(SchoolId, PersonId), Known> = Query::new(
    "people.movement_known_find",
    "select p.surname, p.given_name, p.patronymic, case when e.valid_to is null then e.class_id end as class_id,
       case when e.valid_to is null then k.grade || k.letter end as class_label, e.valid_to as last_day
     from enrolment e join person p on p.id = e.pupil_id join school_class k on k.school_id = e.school_id and k.id = e.class_id
     where e.school_id = $1 and e.pupil_id = $2 order by e.valid_from desc limit 1",
);

/// Id, surname, given name, patronymic, date of birth.
pub const PERSON_ADD: Command<(PersonId, String, String, Option<String>, Option<Date>)> = Command::new(
    "people.movement_person_add",
    "insert into person (id, surname, given_name, patronymic, birth_date) values ($1, $2, $3, $4, $5)",
);

/// School, pupil, day: kinship that ended with the last departure begins again.
pub const KINSHIP_RETURN: Command<(SchoolId, PersonId, Date)> = Command::new(
    "people.kinship_return",
    "insert into kinship (school_id, pupil_id, guardian_id, kind, valid_from)
     select k.school_id, k.pupil_id, k.guardian_id, k.kind, $3 from kinship k
     where k.school_id = $1 and k.pupil_id = $2 and k.movement_id = (select m.id from movement m
       where m.school_id = $1 and m.pupil_id = $2 and m.kind = 'departure' and m.undone_at is null order by m.made_at desc, m.id desc limit 1)
     on conflict (school_id, pupil_id, guardian_id, valid_from) do update set valid_to = null, movement_id = null",
);

/// School, pupil, day: their guardians belong to the school again.
pub const GUARDIAN_BEGIN: Command<(SchoolId, PersonId, Date)> = Command::new(
    "people.guardian_begin",
    "insert into school_person (school_id, person_id, valid_from)
     select distinct $1::uuid, k.guardian_id, $3::date from kinship k where k.school_id = $1 and k.pupil_id = $2 and k.valid_to is null
       and not exists (select from school_person m where m.school_id = $1 and m.person_id = k.guardian_id and m.valid_to is null)
     on conflict (school_id, person_id, valid_from) do update set valid_to = null, movement_id = null",
);

/// School, lines: who left is in the class again, where it is still open.
pub const DEPARTURE_UNDO: Command<(SchoolId, Vec<Uuid>)> = Command::new(
    "people.departure_undo",
    "update enrolment e set valid_to = null from movement m where m.school_id = $1 and m.id = any($2) and m.kind = 'departure'
       and e.school_id = $1 and e.pupil_id = m.pupil_id and e.valid_to = m.on_date and e.class_id = m.from_class
       and exists (select from school_class k where k.school_id = $1 and k.id = e.class_id and k.valid_to is null)",
);

/// School, lines: the time in the new class is gone, where there was one in the old class before.
pub const MOVE_UNDO: Command<(SchoolId, Vec<Uuid>)> = Command::new(
    "people.move_undo",
    "delete from enrolment e using movement m where m.school_id = $1 and m.id = any($2) and m.kind in ('class_change', 'promotion', 'repeat')
       and e.school_id = $1 and e.pupil_id = m.pupil_id and e.valid_to is null and e.valid_from = m.on_date and e.class_id = m.to_class
       and exists (select from enrolment b where b.school_id = $1 and b.pupil_id = m.pupil_id and b.valid_to = m.on_date - 1 and b.class_id = m.from_class)",
);

/// School, lines: who was swapped on the day of coming is swapped back.
pub const SWAP_UNDO: Command<(SchoolId, Vec<Uuid>)> = Command::new(
    "people.swap_undo",
    "update enrolment e set class_id = m.from_class from movement m where m.school_id = $1 and m.id = any($2) and m.kind in ('class_change', 'promotion', 'repeat')
       and e.school_id = $1 and e.pupil_id = m.pupil_id and e.valid_to is null and e.valid_from = m.on_date and e.class_id = m.to_class",
);

/// School, lines: the old time goes on.
pub const MOVE_REOPEN: Command<(SchoolId, Vec<Uuid>)> = Command::new(
    "people.move_reopen",
    "update enrolment e set valid_to = null from movement m where m.school_id = $1 and m.id = any($2) and m.kind in ('class_change', 'promotion', 'repeat')
       and e.school_id = $1 and e.pupil_id = m.pupil_id and e.valid_to = m.on_date - 1 and e.class_id = m.from_class
       and not exists (select from enrolment n where n.school_id = $1 and n.pupil_id = m.pupil_id and n.valid_to is null)",
);

pub const KINSHIP_REOPEN: Command<(SchoolId, Vec<Uuid>)> =
    Command::new("people.kinship_reopen", "update kinship set valid_to = null, movement_id = null where school_id = $1 and movement_id = any($2)");

pub const MEMBER_REOPEN: Command<(SchoolId, Vec<Uuid>)> =
    Command::new("people.member_reopen", "update school_person set valid_to = null, movement_id = null where school_id = $1 and movement_id = any($2)");

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[
    &OPEN_CLASS_COUNT,
    &ENROLMENT_BEGIN,
    &MEMBER_BEGIN,
    &CURRENT_FOR_UPDATE,
    &ENROLMENT_SWAP,
    &ENROLMENT_STOP_BEFORE,
    &ENROLMENT_FOLLOW,
    &ENROLMENT_END,
    &KINSHIP_END,
    &MEMBER_END,
    &GUARDIAN_END,
    &MOVEMENT_ADD,
    &LAST_LINE_LIST,
    &ORDER_LINE_LIST,
    &ARRIVAL_UNMAKE,
    &MOVEMENT_UNDO,
    &BOOK_LIST,
    &ALPHABET_LIST,
    &KNOWN_FIND,
    &PERSON_ADD,
    &KINSHIP_RETURN,
    &GUARDIAN_BEGIN,
    &DEPARTURE_UNDO,
    &MOVE_UNDO,
    &SWAP_UNDO,
    &MOVE_REOPEN,
    &KINSHIP_REOPEN,
    &MEMBER_REOPEN,
];
