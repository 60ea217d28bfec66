//! Every statement about a school now.

use jiff::Timestamp;
use kernel::{
    id::{ClassId, DeviceId, PersonId, SchoolId},
    row,
    sql::{Query, Statement},
};

row! {
    /// A pass or meal of the stream.
    pub struct StreamRow {
        /// Whose it was.
        pub person: PersonId,
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// `7А`, for pupils.
        pub class_label: Option<String>,
        /// `in`, `out`, `meal`.
        pub kind: String,
        /// When it happened.
        pub occurred_at: Timestamp,
        /// When the hub got it.
        pub received_at: Timestamp,
        /// The device.
        pub device_id: DeviceId,
        /// The device's journal.
        pub store: String,
        /// Its number there.
        pub seq: i64,
        /// Whether it came too late to alarm anyone.
        pub late: bool,
        /// What was eaten.
        pub item: Option<String>,
        /// For how much.
        pub price_tiyn: Option<i64>,
        /// Where.
        pub place: String,
        /// Whether there is a picture of them that may be shown.
        pub has_photo: bool,
    }
}

row! {
    /// A class with how many of its pupils are inside.
    pub struct ClassRow {
        /// The class.
        pub class_id: ClassId,
        /// `7А`
        pub class_label: String,
        /// Its pupils.
        pub pupils: i64,
        /// Those inside.
        pub inside: i64,
        /// Those who passed a door today.
        pub came: i64,
    }
}

row! {
    /// A person and where they were last seen to go.
    pub struct WhoRow {
        /// The person.
        pub person: PersonId,
        /// Surname.
        pub surname: String,
        /// Given name.
        pub given_name: String,
        /// `in` or `out`; nothing for one never seen.
        pub direction: Option<String>,
        /// Since when.
        pub since: Option<Timestamp>,
    }
}

row! {
    /// How many.
    pub struct Count {
        /// So many.
        pub count: i64,
    }
}

row! {
    /// How many of a kind.
    pub struct KindCount {
        /// `in`, `out`, `meal`.
        pub kind: String,
        /// So many.
        pub count: i64,
    }
}

/// School, from, before, kind (empty for all), class, words, then the place to go on after (or nothing), how many,
/// and the classes that may be seen (nothing for all, and for staff).
pub type StreamKey =
    (SchoolId, Timestamp, Timestamp, String, Option<ClassId>, String, Option<Timestamp>, Option<DeviceId>, Option<String>, Option<i64>, i64, Option<Vec<ClassId>>);

pub const STREAM: Query<StreamKey, StreamRow> = Query::new(
    "live.stream",
    r#"select r.person_id as person, m.surname, m.given_name, m.class_label, r.kind, r.occurred_at, r.received_at, r.device_id, r.store, r.seq,
       r.late, r.item, r.price_tiyn, d.place,
       exists (select from people_v_photo f where f.school_id = r.school_id and f.pupil_id = r.person_id) as has_photo
     from safety_v_record r
     join people_v_member m on m.school_id = r.school_id and m.person_id = r.person_id
     join fleet_v_device d on d.school_id = r.school_id and d.device_id = r.device_id
     where r.school_id = $1 and r.received_at >= $2 and r.received_at < $3
       and ($4 = '' or r.kind = $4)
       and ($5::uuid is null or m.class_id = $5)
       and ($12::uuid[] is null or m.class_id = any($12))
       and ($6 = '' or fold(m.surname || ' ' || m.given_name || ' ' || coalesce(m.class_label, '')) like all
           (select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($6), '\s+') as word))
       and ($7::timestamptz is null or (r.received_at, r.device_id, r.store collate "C", r.seq) < ($7, $8, $9, $10))
     order by r.received_at desc, r.device_id desc, r.store collate "C" desc, r.seq desc
     limit $11"#,
);

/// School, beginning of the day, since when an entry counts as being inside ([`safety::access::INSIDE_AT_MOST`]), and the classes that may be
/// seen (nothing for all).
pub const CLASS_LIST: Query<(SchoolId, Timestamp, Timestamp, Option<Vec<ClassId>>), ClassRow> = Query::new(
    "live.class_list",
    "select v.class_id, v.class_label, count(*) as pupils, count(*) filter (where p.direction = 'in' and p.since >= $3) as inside, count(*) filter (where p.since >= $2) as came
     from people_v_pupil v
     left join safety_v_presence p on p.school_id = v.school_id and p.person_id = v.pupil_id
     where v.school_id = $1 and ($4::uuid[] is null or v.class_id = any($4))
     group by v.class_id, v.grade, v.letter, v.class_label
     order by v.grade, v.letter collate \"kk-x-icu\"",
);

pub const PUPIL_LIST: Query<(SchoolId, ClassId), WhoRow> = Query::new(
    "live.pupil_list",
    "select v.pupil_id as person, v.surname, v.given_name, p.direction, p.since
     from people_v_pupil v
     left join safety_v_presence p on p.school_id = v.school_id and p.person_id = v.pupil_id
     where v.school_id = $1 and v.class_id = $2
     order by v.surname collate \"kk-x-icu\", v.given_name collate \"kk-x-icu\", v.pupil_id",
);

pub const STAFF_LIST: Query<(SchoolId, Timestamp), WhoRow> = Query::new(
    "live.staff_list",
    "select m.person_id as person, m.surname, m.given_name, p.direction, p.since
     from people_v_member m
     join safety_v_presence p on p.school_id = m.school_id and p.person_id = m.person_id
     where m.school_id = $1 and m.class_id is null and p.direction = 'in' and p.since >= $2
     order by m.surname collate \"kk-x-icu\", m.given_name collate \"kk-x-icu\", m.person_id",
);

pub const INSIDE_COUNT: Query<(SchoolId, Timestamp), Count> =
    Query::new("live.inside_count", "select count(*) as count from safety_v_presence where school_id = $1 and direction = 'in' and since >= $2");

/// The same for some classes.
pub const KIND_COUNT_OF_CLASSES: Query<(SchoolId, Timestamp, Timestamp, Vec<ClassId>), KindCount> = Query::new(
    "live.kind_count_of_classes",
    "select r.kind, count(*) as count from safety_v_record r join people_v_pupil v on v.school_id = r.school_id and v.pupil_id = r.person_id
     where r.school_id = $1 and r.received_at >= $2 and r.received_at < $3 and v.class_id = any($4) group by r.kind",
);

pub const KIND_COUNT: Query<(SchoolId, Timestamp, Timestamp), KindCount> = Query::new(
    "live.kind_count",
    "select kind, count(*) as count from safety_v_record where school_id = $1 and received_at >= $2 and received_at < $3 group by kind",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&STREAM, &CLASS_LIST, &PUPIL_LIST, &STAFF_LIST, &INSIDE_COUNT, &KIND_COUNT, &KIND_COUNT_OF_CLASSES];
