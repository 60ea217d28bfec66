//! The SQL of families.

use jiff::civil::Date;
use kernel::{
    id::{ClassId, PersonId, SchoolId},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// How somebody stands to a child, or stood.
    pub struct Kin {
        /// The guardian.
        pub guardian_id: PersonId,
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// Patronymic.
        pub patronymic: Option<String>,
        /// How they stand to the child, as stored.
        pub kind: String,
        /// Since when.
        pub valid_from: Date,
        /// The last day; nothing while it lasts.
        pub valid_to: Option<Date>,
    }
}

/// Those of now first.
pub const KIN_LIST: Query<(SchoolId, PersonId), Kin> = Query::new(
    "people.family_kin_list",
    "select k.guardian_id, p.surname, p.given_name, p.patronymic, k.kind, k.valid_from, k.valid_to
     from kinship k join person p on p.id = k.guardian_id
     where k.school_id = $1 and k.pupil_id = $2
     order by k.valid_to is not null, k.valid_to desc, p.surname collate \"kk-x-icu\", p.given_name collate \"kk-x-icu\", k.guardian_id limit 100",
);

row! {
    /// Somebody who could be a guardian of a pupil.
    pub struct Candidate {
        /// Who.
        pub id: PersonId,
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// Patronymic.
        pub patronymic: Option<String>,
        /// Their children here: name and class.
        pub children: Vec<String>,
    }
}

/// School, words, pupil, digits of a phone (nothing for none), the classes that may be seen (nothing for all).
pub type CandidateKey = (SchoolId, String, PersonId, Option<String>, Option<Vec<ClassId>>);

/// People whom the school knows, or knew, who are no pupils and no guardians of this one, by every word of the name, or by their phone.
/// Whoever was ended by mistake is found again.
pub const CANDIDATE_LIST: Query<CandidateKey, Candidate> = Query::new(
    "people.family_candidate_list",
    r#"select p.id, p.surname, p.given_name, p.patronymic,
       array(select v.given_name || ' ' || v.class_label from kinship c join people_v_pupil v on v.school_id = c.school_id and v.pupil_id = c.pupil_id
             where c.school_id = $1 and c.guardian_id = p.id and c.valid_to is null and ($5::uuid[] is null or v.class_id = any($5)) order by v.given_name) as children
     from (select distinct person_id from school_person where school_id = $1) m join person p on p.id = m.person_id
     where not exists (select from enrolment e where e.school_id = $1 and e.pupil_id = p.id and e.valid_to is null)
       and (fold(p.surname || ' ' || p.given_name || ' ' || coalesce(p.patronymic, '')) like all
             (select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($2), '\s+') as word)
         or exists (select from person_value f where f.school_id = $1 and f.person_id = p.id and f.field = 'phone' and f.ended_at is null and f.value like '%' || $4))
       and not exists (select from kinship k where k.school_id = $1 and k.pupil_id = $3 and k.guardian_id = p.id and k.valid_to is null)
       and ($5::uuid[] is null or exists (select from kinship c join people_v_pupil v on v.school_id = c.school_id and v.pupil_id = c.pupil_id
             where c.school_id = $1 and c.guardian_id = p.id and v.class_id = any($5)))
     order by p.surname collate "kk-x-icu", p.given_name collate "kk-x-icu", p.id limit 10"#,
);

/// School, pupil, guardian, kind, from, the classes that may be seen: links somebody of this school. Nothing for a stranger, and for who is
/// the guardian already.
pub const KINSHIP_LINK: Command<(SchoolId, PersonId, PersonId, &'static str, Date, Option<Vec<ClassId>>)> = Command::new(
    "people.family_link",
    "insert into kinship (school_id, pupil_id, guardian_id, kind, valid_from)
     select distinct $1::uuid, $2::uuid, m.person_id, $4::text, $5::date from school_person m
     where m.school_id = $1 and m.person_id = $3 and m.person_id <> $2
       and not exists (select from enrolment e where e.school_id = $1 and e.pupil_id = $3 and e.valid_to is null)
       and ($6::uuid[] is null or exists (select from kinship c join people_v_pupil v on v.school_id = c.school_id and v.pupil_id = c.pupil_id
             where c.school_id = $1 and c.guardian_id = $3 and v.class_id = any($6)))
       and not exists (select from kinship k where k.school_id = $1 and k.pupil_id = $2 and k.guardian_id = $3 and k.valid_to is null)
     on conflict (school_id, pupil_id, guardian_id, valid_from) do update set kind = excluded.kind, valid_to = null",
);

/// School, person, from: who had left the school belongs to it again.
pub const MEMBER_RETURN: Command<(SchoolId, PersonId, Date)> = Command::new(
    "people.family_member_return",
    "insert into school_person (school_id, person_id, valid_from)
     select $1, $2, $3 where not exists (select from school_person where school_id = $1 and person_id = $2 and valid_to is null)
     on conflict (school_id, person_id, valid_from) do update set valid_to = null",
);

row! {
    /// A kinship that was touched.
    pub struct Touched {
        /// How it was, as stored.
        pub kind: String,
    }
}

/// School, pupil, guardian, the first day without. A guardianship of that very day never held: it stands before all others then.
pub const KINSHIP_END: Query<(SchoolId, PersonId, PersonId, Date), Touched> = Query::new(
    "people.family_end",
    "update kinship k set
       valid_from = case when k.valid_from < $4 then k.valid_from else least((select min(o.valid_from) from kinship o
         where o.school_id = $1 and o.pupil_id = $2 and o.guardian_id = $3), $4) - 1 end,
       valid_to = case when k.valid_from < $4 then $4 - 1 else least((select min(o.valid_from) from kinship o
         where o.school_id = $1 and o.pupil_id = $2 and o.guardian_id = $3), $4) - 1 end
     where k.school_id = $1 and k.pupil_id = $2 and k.guardian_id = $3 and k.valid_to is null returning k.kind",
);

/// School, pupil, guardian, today: one that began today is written anew.
pub const KINSHIP_REWRITE: Command<(SchoolId, PersonId, PersonId, &'static str, Date)> = Command::new(
    "people.family_rewrite",
    "update kinship set kind = $4 where school_id = $1 and pupil_id = $2 and guardian_id = $3 and valid_to is null and valid_from >= $5",
);

/// School, pupil, guardian, kind, today: the next one begins.
pub const KINSHIP_ADD: Command<(SchoolId, PersonId, PersonId, &'static str, Date)> = Command::new(
    "people.family_add",
    "insert into kinship (school_id, pupil_id, guardian_id, kind, valid_from) values ($1, $2, $3, $4, $5)",
);

/// School, person, last day: who has no child here any more, learns nothing here and holds no role belongs to the school no longer.
pub const MEMBER_END: Command<(SchoolId, PersonId, Date)> = Command::new(
    "people.family_member_end",
    "update school_person m set valid_to = greatest(m.valid_from, $3)
     where m.school_id = $1 and m.person_id = $2 and m.valid_to is null
       and not exists (select from kinship k where k.school_id = $1 and k.guardian_id = $2 and k.valid_to is null)
       and not exists (select from enrolment e where e.school_id = $1 and e.pupil_id = $2 and e.valid_to is null)
       and not exists (select from identity_v_office h where h.school_id = $1 and h.person_id = $2 and (h.valid_to is null or h.valid_to > now()))",
);

row! {
    /// A child of a guardian.
    pub struct Child {
        /// Who.
        pub id: PersonId,
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// `7А`
        pub class_label: String,
        /// How the guardian stands to the child.
        pub kind: String,
    }
}

/// School, guardian, the classes that may be seen (nothing for all).
pub const CHILD_LIST: Query<(SchoolId, PersonId, Option<Vec<ClassId>>), Child> = Query::new(
    "people.family_child_list",
    "select v.pupil_id as id, v.surname, v.given_name, v.class_label, k.kind
     from kinship k join people_v_pupil v on v.school_id = k.school_id and v.pupil_id = k.pupil_id
     where k.school_id = $1 and k.guardian_id = $2 and k.valid_to is null and ($3::uuid[] is null or v.class_id = any($3))
     order by v.given_name, v.pupil_id",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] =
    &[&KIN_LIST, &CANDIDATE_LIST, &KINSHIP_LINK, &MEMBER_RETURN, &KINSHIP_END, &KINSHIP_REWRITE, &KINSHIP_ADD, &MEMBER_END, &CHILD_LIST];
