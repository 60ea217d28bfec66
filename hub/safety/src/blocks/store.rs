//! The SQL of blocks.

use jiff::{Timestamp, civil::Date};
use kernel::{
    Result,
    db::Tx,
    id::{DeviceId, PersonId, SchoolId, Uuid},
    keep::{Fate, Holding, Sweep},
    row,
    sql::{Command, Query, Statement},
    waiting::AtMoment,
};

use super::uses::Rows;

row! {
    /// Whether it is so.
    pub struct Is { pub so: bool }
}

/// School, child, guardian, day: whether they are a guardian then whom nothing bars.
pub const KIN_IS: Query<(SchoolId, PersonId, PersonId, Date), Is> = Query::new(
    "blocks.kin_is",
    "select exists (select from people_v_kinship where school_id = $1 and pupil_id = $2 and guardian_id = $3
       and valid_from <= $4 and (valid_to is null or valid_to >= $4)) as so",
);

row! {
    /// A card that was given out, with the block that holds.
    pub struct HeldCard {
        /// Which.
        pub card_id: Uuid,
        /// Whose.
        pub person_id: PersonId,
        /// Its number.
        pub code: String,
        /// The block.
        pub block_id: Option<Uuid>,
        /// Why.
        pub reason: Option<String>,
        /// In words.
        pub words: Option<String>,
        /// Who blocked it.
        pub blocked_by: Option<PersonId>,
        /// Their name.
        pub blocker: Option<String>,
        /// When.
        pub blocked_at: Option<Timestamp>,
    }
}

/// Schools and holders, one element a holder: their cards that were not taken back, those that open first.
pub const CARD_LIST: Query<(Vec<SchoolId>, Vec<PersonId>), HeldCard> = Query::new(
    "blocks.card_list",
    "select c.id as card_id, c.person_id, c.code, b.id as block_id, b.reason, b.words, b.blocked_by, n.surname || ' ' || n.given_name as blocker, b.blocked_at
     from unnest($1::uuid[], $2::uuid[]) w (school_id, person_id)
     join card c on c.school_id = w.school_id and c.person_id = w.person_id and c.valid_to is null
     left join card_block b on b.school_id = c.school_id and b.card_id = c.id and b.lifted_at is null
     left join people_v_name n on n.person_id = b.blocked_by
     order by c.person_id, (b.id is not null), c.valid_from desc, c.id",
);

row! {
    /// Something that was done with a blocked card.
    pub struct Use {
        /// `in`, `out`, `meal`.
        pub kind: String,
        /// When.
        pub occurred_at: Timestamp,
        /// Where the device stands.
        pub place: Option<String>,
    }
}

/// School, holder: the last that was done with blocked cards of theirs.
pub const USE_LIST: Query<(SchoolId, PersonId), Use> = Query::new(
    "blocks.use_list",
    "select u.kind, u.occurred_at, d.place from blocked_card_use u left join fleet_v_device d on d.school_id = u.school_id and d.device_id = u.device_id
     where u.school_id = $1 and u.person_id = $2 order by u.occurred_at desc, u.seq desc limit 20",
);

row! {
    /// Whose card it is, and whether it was taken back.
    pub struct Owner { pub person_id: PersonId, pub is_open: bool }
}

/// School, card: two who block it at once wait for each other.
pub const CARD_FOR_UPDATE: Query<(SchoolId, Uuid), Owner> =
    Query::new("blocks.card_for_update", "select person_id, valid_to is null as is_open from card where school_id = $1 and id = $2 for update");

row! {
    /// Whether a card is blocked now, and whether a form's id was used before.
    pub struct Known { pub is_blocked: bool, pub is_used: bool }
}

/// School, card, the form's id.
pub const BLOCK_KNOWN: Query<(SchoolId, Uuid, Uuid), Known> = Query::new(
    "blocks.block_known",
    "select exists (select from card_block where school_id = $1 and card_id = $2 and lifted_at is null) as is_blocked,
       exists (select from card_block where school_id = $1 and id = $3) as is_used",
);

/// School, id, card, holder, reason, words, way, who, when.
pub type BlockRow = (SchoolId, Uuid, Uuid, PersonId, &'static str, Option<String>, &'static str, PersonId, Timestamp);

/// Writes a block down.
pub const BLOCK_ADD: Command<BlockRow> = Command::new(
    "blocks.block_add",
    "insert into card_block (school_id, id, card_id, person_id, reason, words, way, blocked_by, blocked_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
);

row! {
    /// What has to be known to lift a block.
    pub struct Standing {
        pub person_id: PersonId,
        pub card_id: Uuid,
        pub blocked_by: Option<PersonId>,
        pub blocked_at: Timestamp,
        pub lifted_at: Option<Timestamp>,
    }
}

/// School, id.
pub const BLOCK_FIND: Query<(SchoolId, Uuid), Standing> =
    Query::new("blocks.block_find", "select person_id, card_id, blocked_by, blocked_at, lifted_at from card_block where school_id = $1 and id = $2 for update");

/// School, id, who, when; never before it began, whatever the clocks of two instances say.
pub const BLOCK_LIFT: Command<(SchoolId, Uuid, PersonId, Timestamp)> = Command::new(
    "blocks.block_lift",
    "update card_block set lifted_by = $3, lifted_at = greatest($4::timestamptz, blocked_at) where school_id = $1 and id = $2 and lifted_at is null",
);

row! {
    /// A block as the school sees it.
    pub struct Block {
        /// Which.
        pub id: Uuid,
        /// Whose card it is.
        pub person_id: PersonId,
        /// Their name.
        pub holder: String,
        /// `7А`, for pupils.
        pub class_label: Option<String>,
        /// The card's number.
        pub code: String,
        /// Why.
        pub reason: String,
        /// In words.
        pub words: Option<String>,
        /// `page` or `office`.
        pub way: String,
        /// Who blocked it.
        pub blocker: Option<String>,
        /// When.
        pub blocked_at: Timestamp,
        /// Who lifted it.
        pub lifter: Option<String>,
        /// When.
        pub lifted_at: Option<Timestamp>,
        /// How often the card was used meanwhile.
        pub uses: i64,
        /// When last.
        pub used_at: Option<Timestamp>,
        /// Whether the holder has a card that opens.
        pub has_other: bool,
    }
}

/// School, `lifted` or `all` (empty for those that hold), reason, whether only who has no card that opens, words of name, class or number, go on
/// after this block, how many.
pub type ListKey = (SchoolId, &'static str, &'static str, bool, String, Option<Uuid>, i64);

/// The newest first.
pub const LIST: Query<ListKey, Block> = Query::new(
    "blocks.list",
    r#"select b.id, b.person_id, n.surname || ' ' || n.given_name as holder, v.class_label, c.code, b.reason, b.words, b.way,
       s.surname || ' ' || s.given_name as blocker, b.blocked_at, l.surname || ' ' || l.given_name as lifter, b.lifted_at,
       (select count(*) from blocked_card_use u where u.school_id = b.school_id and u.block_id = b.id) as uses,
       (select max(u.occurred_at) from blocked_card_use u where u.school_id = b.school_id and u.block_id = b.id) as used_at,
       exists (select from safety_v_card o where o.school_id = b.school_id and o.person_id = b.person_id) as has_other
     from card_block b
     join card c on c.school_id = b.school_id and c.id = b.card_id
     join people_v_name n on n.person_id = b.person_id
     left join people_v_name s on s.person_id = b.blocked_by left join people_v_name l on l.person_id = b.lifted_by
     left join people_v_pupil v on v.school_id = b.school_id and v.pupil_id = b.person_id
     where b.school_id = $1 and case $2 when 'lifted' then b.lifted_at is not null when 'all' then true else b.lifted_at is null and c.valid_to is null end
       and ($3 = '' or b.reason = $3)
       and (not $4 or not exists (select from safety_v_card o where o.school_id = b.school_id and o.person_id = b.person_id))
       and fold(n.surname || ' ' || n.given_name || ' ' || coalesce(v.class_label, '') || ' ' || c.code) like all
           (select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($5), '\s+') as word)
       and ($6::uuid is null or (b.blocked_at, b.id) < (select o.blocked_at, o.id from card_block o where o.school_id = $1 and o.id = $6))
     order by b.blocked_at desc, b.id desc limit $7"#,
);

row! {
    /// Somebody with a card.
    pub struct Holder {
        /// Who.
        pub person_id: PersonId,
        /// Their name.
        pub name: String,
        /// `7А`, for pupils.
        pub class_label: Option<String>,
    }
}

/// School, words of the name or class.
pub const HOLDER_SEEK: Query<(SchoolId, String), Holder> = Query::new(
    "blocks.holder_seek",
    r#"select m.person_id, m.surname || ' ' || m.given_name as name, m.class_label from people_v_member m
     where m.school_id = $1 and exists (select from card c where c.school_id = m.school_id and c.person_id = m.person_id and c.valid_to is null)
       and fold(m.surname || ' ' || m.given_name || ' ' || coalesce(m.class_label, '')) like all
           (select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($2), '\s+') as word)
     order by m.surname collate "kk-x-icu", m.given_name collate "kk-x-icu", m.person_id limit 20"#,
);

/// School, person.
pub const HOLDER_FIND: Query<(SchoolId, PersonId), Holder> = Query::new(
    "blocks.holder_find",
    "select m.person_id, m.surname || ' ' || m.given_name as name, m.class_label from people_v_member m where m.school_id = $1 and m.person_id = $2 limit 1",
);

/// Who has a blocked card and none that opens; late is who waits for more than a day: a reserve card is given the same day.
pub const TASK_CARDLESS: AtMoment = AtMoment::new(
    "blocks.task_cardless",
    "select count(*) as count, count(*) filter (where since < $2::timestamptz - interval '1 day') as late, null::date as due
     from (select b.person_id, min(b.blocked_at) as since from card_block b join card c on c.school_id = b.school_id and c.id = b.card_id and c.valid_to is null
           where b.school_id = $1 and b.lifted_at is null
             and not exists (select from safety_v_card o where o.school_id = b.school_id and o.person_id = b.person_id)
           group by b.person_id) w",
);

type UseColumns = (Vec<SchoolId>, Vec<DeviceId>, Vec<String>, Vec<i64>, Vec<Timestamp>, Vec<Timestamp>, Vec<Uuid>, Vec<PersonId>, Vec<&'static str>, Vec<bool>);

const USE_ADD: Command<UseColumns> = Command::new(
    "blocks.use_add",
    "insert into blocked_card_use (school_id, device_id, store, seq, received_at, occurred_at, block_id, person_id, kind, late)
     select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::timestamptz[], $6::timestamptz[], $7::uuid[], $8::uuid[], $9::text[], $10::bool[])",
);

pub(super) async fn use_add(tx: &Tx, rows: Rows) -> Result<()> {
    let Rows { school, device, store, seq, received_at, occurred_at, block, person, kind, late } = rows;
    USE_ADD.run(tx, (school, device, store, seq, received_at, occurred_at, block, person, kind, late)).await?;
    Ok(())
}

/// What becomes of a leaver's blocks: they go with the cards. Blocks of others stay, without who made or lifted them.
pub static HOLDINGS: &[Holding] = &[
    Holding {
        table: "blocked_card_use",
        count: Query::new("blocks.held_use", "select count(*) as count from blocked_card_use where school_id = $1 and person_id = $2"),
        fate: Fate::Delete(Command::new(
            "blocks.erase_use",
            "delete from blocked_card_use where ctid = any(array(select ctid from blocked_card_use where school_id = $1 and person_id = $2 limit $3))",
        )),
    },
    Holding {
        table: "card_block",
        count: Query::new("blocks.held_block", "select count(*) as count from card_block where school_id = $1 and person_id = $2"),
        fate: Fate::Delete(Command::new(
            "blocks.erase_block",
            "delete from card_block where ctid = any(array(select ctid from card_block where school_id = $1 and person_id = $2 limit $3))",
        )),
    },
    Holding {
        table: "card_block_maker",
        count: Query::new("blocks.held_maker", "select count(*) as count from card_block where school_id = $1 and (blocked_by = $2 or lifted_by = $2)"),
        fate: Fate::Delete(Command::new(
            "blocks.erase_maker",
            "update card_block set blocked_by = nullif(blocked_by, $2), lifted_by = nullif(lifted_by, $2)
             where ctid = any(array(select ctid from card_block where school_id = $1 and (blocked_by = $2 or lifted_by = $2) limit $3))",
        )),
    },
];

/// Blocks that were lifted long ago, or whose card was taken back long ago, and what was done with blocked cards then.
pub static SWEEPS: &[Sweep] = &[
    Sweep {
        what: "card_block",
        count: Query::new(
            "blocks.sweep_count",
            "select count(*) as count from card_block b where b.lifted_at < $1
               or exists (select from card c where c.school_id = b.school_id and c.id = b.card_id and c.valid_to < $1)",
        ),
        delete: Command::new(
            "blocks.sweep",
            "delete from card_block b using (select k.school_id, k.id from card_block k where k.lifted_at < $1
               or exists (select from card c where c.school_id = k.school_id and c.id = k.card_id and c.valid_to < $1) limit $2) old
             where b.school_id = old.school_id and b.id = old.id",
        ),
    },
    Sweep {
        what: "blocked_card_use",
        count: Query::new("blocks.sweep_use_count", "select count(*) as count from blocked_card_use where received_at < $1"),
        delete: Command::new(
            "blocks.sweep_use",
            "delete from blocked_card_use u using (select school_id, device_id, store, seq, received_at from blocked_card_use where received_at < $1 limit $2) old
             where u.school_id = old.school_id and u.device_id = old.device_id and u.store = old.store and u.seq = old.seq and u.received_at = old.received_at",
        ),
    },
];

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] =
    &[&KIN_IS, &CARD_LIST, &USE_LIST, &CARD_FOR_UPDATE, &BLOCK_KNOWN, &BLOCK_ADD, &BLOCK_FIND, &BLOCK_LIFT, &LIST, &HOLDER_SEEK, &HOLDER_FIND, &TASK_CARDLESS, &USE_ADD];
