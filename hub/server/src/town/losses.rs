//! Cards that families of the town lost before they got the one they have: blocked by a guardian, so that the office's list shows something.
//! The swarm knows no number of theirs, and whose login is printed for the demo has lost none.

use std::collections::BTreeSet;

use kernel::id::{CardId, Uuid};

use super::{
    Chance, Rows, School,
    rows::{Card, Loss},
};

/// How many hours ago each was blocked, and why.
const LOST: [(i32, &str, Option<&str>); 3] = [(50, "lost", None), (26, "broken", None), (5, "stolen", Some("Автобуста ұрланды"))];
/// Among every so manieth pupil those are looked for whose guardian may do it.
const EVERY: usize = 11;

/// Grows them into the rows, after everybody's own cards.
pub fn grow(rows: &mut Rows, chance: &mut Chance, schools: &[School]) {
    let with_login: BTreeSet<_> = rows.accounts.iter().map(|account| account.person).collect();
    for (number, school) in (0_u32..).zip(schools) {
        let mut losers = school.pupils.iter().skip(EVERY).step_by(EVERY).filter_map(|pupil| Some((pupil.id, pupil.guardians.first().copied()?)));
        for (order, (hours_ago, reason, words)) in (0_u32..).zip(LOST) {
            let Some((person, guardian)) = losers.find(|(_, guardian)| with_login.contains(guardian)) else { continue };
            let card: CardId = chance.id();
            rows.cards.push(Card { school: school.id, id: card, code: format!("F{number:01X}{:06X}", order + 1), person });
            rows.losses.push(Loss { school: school.id, id: chance.id::<Uuid>(), card, person, guardian, reason, words, hours_ago });
        }
    }
}
