//! Whose card it was: the holder of a number at a school at a time.
//! Owns `card`; publishes `safety_v_card`. Reads `identity_v_consent_stop`: whose consent to the gate or to meals is withdrawn is nobody
//! here, from the moment it was withdrawn until it is given again, whenever the event arrives. Under which block a card was used
//! ([`crate::blocks`]) is asked in the same statement.
//! A number may pass from one person to another; the card that was valid when the event happened counts, else the one open now
//! (a device's clock may be wrong by years, and a pass must not be lost to that).

use kernel::{
    Result,
    db::Tx,
    id::{PersonId, SchoolId, Uuid},
    row,
    sql::{Query, Statement},
};
use protocol::up::Body;

use crate::Taken;

/// The purposes of consents, as `identity::consents` names them; a test holds them against it.
const GATE: &str = "card_gate";
const MEALS: &str = "meals";

row! {
    /// Who holds a card.
    pub(crate) struct Holder {
        pub(crate) place: i32,
        pub(crate) person_id: PersonId,
        pub(crate) surname: String,
        pub(crate) given_name: String,
        pub(crate) class: Option<String>,
        /// Whether nothing may be made of this event: the consent was withdrawn.
        pub(crate) stopped: bool,
        /// The block that the card was under when the event happened.
        pub(crate) block_id: Option<Uuid>,
    }
}

/// Places, schools, card numbers, times, and the purpose that a consent would have to be withdrawn for.
type Asked = (Vec<i32>, Vec<SchoolId>, Vec<String>, Vec<jiff::Timestamp>, Vec<&'static str>);

// The limit takes all and lets the planner expect a single row, so that each card is looked up by its number.
// Of a block counts when the event happened, not when it arrived: what a terminal kept from before the block is the holder's. Where the
// device's clock is older than the card itself it says nothing, and the block that is open now counts.
const HOLDERS: Query<Asked, Holder> = Query::new(
    "cards.holders",
    "select distinct on (w.place) w.place, c.person_id, p.surname, p.given_name, k.grade || k.letter as class,
       exists (select from identity_v_consent_stop s where s.school_id = c.school_id and s.person_id = c.person_id and s.purpose = w.purpose
         and (s.until is null or (w.occurred_at >= s.since and w.occurred_at < s.until))) as stopped,
       (select b.id from card_block b where b.school_id = c.school_id and b.card_id = c.id
          and case when w.occurred_at < c.valid_from then b.lifted_at is null
                   else w.occurred_at >= b.blocked_at and (b.lifted_at is null or w.occurred_at < b.lifted_at) end
        order by b.blocked_at desc limit 1) as block_id
     from (select * from unnest($1::int[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[]) as w (place, school_id, code, occurred_at, purpose)
           limit cardinality($1)) w
     join card c on c.school_id = w.school_id and c.code = w.code and (c.valid_to is null or w.occurred_at < c.valid_to)
     join person p on p.id = c.person_id
     left join enrolment e on e.school_id = c.school_id and e.pupil_id = c.person_id and e.valid_to is null
     left join school_class k on k.school_id = e.school_id and k.id = e.class_id
     order by w.place, c.valid_from <= w.occurred_at desc, c.valid_from desc",
);

pub(crate) const STATEMENTS: &[&dyn Statement] = &[&HOLDERS];

/// The holder for each event of the batch that names a card; `None` where nobody holds it.
pub(crate) async fn holders(tx: &Tx, batch: &[Taken<'_>]) -> Result<Vec<Option<Holder>>> {
    let mut found: Vec<Option<Holder>> = batch.iter().map(|_| None).collect();
    let mut asked = Asked::default();
    for (place, event) in (0_i32..).zip(batch) {
        let (code, purpose) = match event.body {
            Body::Pass(pass) => (&pass.card, GATE),
            Body::Meal(meal) => (&meal.card, MEALS),
            _ => continue,
        };
        asked.0.push(place);
        asked.1.push(event.school);
        asked.2.push(code.clone());
        asked.3.push(event.occurred_at);
        asked.4.push(purpose);
    }
    if asked.0.is_empty() {
        return Ok(found);
    }
    for holder in HOLDERS.all(tx, asked).await? {
        let slot = usize::try_from(holder.place).ok().and_then(|place| found.get_mut(place));
        if let Some(slot) = slot {
            *slot = Some(holder);
        }
    }
    Ok(found)
}
