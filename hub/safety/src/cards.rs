//! Whose card it was: the holder of a number at a school at a time.
//! Owns `card`; publishes `safety_v_card`.
//! A number may pass from one person to another; the card that was valid when the event happened counts, else the one open now
//! (a device's clock may be wrong by years, and a pass must not be lost to that).

use kernel::{
    Result,
    db::Tx,
    id::{PersonId, SchoolId},
    row,
    sql::{Query, Statement},
};
use protocol::up::Body;

use crate::Taken;

row! {
    /// Who holds a card.
    pub(crate) struct Holder {
        pub(crate) place: i32,
        pub(crate) person_id: PersonId,
        pub(crate) surname: String,
        pub(crate) given_name: String,
        pub(crate) class: Option<String>,
    }
}

// The limit takes all and lets the planner expect a single row, so that each card is looked up by its number.
const HOLDERS: Query<(Vec<i32>, Vec<SchoolId>, Vec<String>, Vec<jiff::Timestamp>), Holder> = Query::new(
    "cards.holders",
    "select distinct on (w.place) w.place, c.person_id, p.surname, p.given_name, k.grade || k.letter as class
     from (select * from unnest($1::int[], $2::uuid[], $3::text[], $4::timestamptz[]) as w (place, school_id, code, occurred_at) limit cardinality($1)) w
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
    let (mut places, mut schools, mut codes, mut times) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (place, event) in (0_i32..).zip(batch) {
        let code = match event.body {
            Body::Pass(pass) => &pass.card,
            Body::Meal(meal) => &meal.card,
            _ => continue,
        };
        places.push(place);
        schools.push(event.school);
        codes.push(code.clone());
        times.push(event.occurred_at);
    }
    if places.is_empty() {
        return Ok(found);
    }
    for holder in HOLDERS.all(tx, (places, schools, codes, times)).await? {
        let slot = usize::try_from(holder.place).ok().and_then(|place| found.get_mut(place));
        if let Some(slot) = slot {
            *slot = Some(holder);
        }
    }
    Ok(found)
}
