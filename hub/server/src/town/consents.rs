//! What families of the town have said: most agreed to what a school day needs, some to pictures, some refused what is not needed, and a
//! few have not answered yet. Nobody took back what passes, meals and notices rest on: whoever tries the demo does that themselves.

use std::collections::BTreeMap;

use kernel::id::{PersonId, SchoolId, Uuid};

use super::{Chance, Rows, rows::Consent};

/// Of a hundred families so many say yes, and so many of the others say no: to what a school day needs, and to each of the rest.
const NEEDED: [&str; 4] = ["register", "card_gate", "meals", "notices"];
const ANSWERED: usize = 85;
const WISHES: [(&str, usize, usize); 5] = [("photos", 60, 40), ("publication", 40, 50), ("psychology", 50, 20), ("ai", 20, 60), ("biometrics", 0, 70)];

/// Grows what was said about the pupils of all schools.
pub fn grow(rows: &mut Rows, chance: &mut Chance) {
    let mut families: BTreeMap<(SchoolId, PersonId), Vec<PersonId>> = BTreeMap::new();
    for kinship in &rows.kinships {
        families.entry((kinship.school, kinship.pupil)).or_default().push(kinship.guardian);
    }
    for ((school, pupil), voters) in families {
        let Some(by) = voters.first().copied() else { continue };
        if !chance.happens(ANSWERED) {
            continue;
        }
        let say = |id: Uuid, purpose, act| Consent { school, id, pupil, purpose, act, by, voters: voters.clone() };
        for purpose in NEEDED {
            rows.consents.push(say(chance.id(), purpose, "given"));
        }
        for (purpose, yes, no) in WISHES {
            if chance.happens(yes) {
                rows.consents.push(say(chance.id(), purpose, "given"));
            } else if chance.happens(no) {
                rows.consents.push(say(chance.id(), purpose, "refused"));
            }
        }
    }
}
