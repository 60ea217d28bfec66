//! Which of several passes says where a person is.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::id::{DeviceId, PersonId, SchoolId};
use protocol::up::Direction;

/// The order of passes. The greatest says where the person is; equal keys are the same event.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) since: Timestamp,
    pub(crate) device: DeviceId,
    pub(crate) seq: i64,
    pub(crate) store: String,
}

/// The greatest pass of each person, sorted by school and person: the order in which presence rows are locked.
#[derive(Debug, Default)]
pub(crate) struct Last {
    pub(crate) of: BTreeMap<(SchoolId, PersonId), (Key, Direction)>,
}

impl Last {
    /// Takes a pass into account.
    pub(crate) fn see(&mut self, school: SchoolId, person: PersonId, key: Key, direction: Direction) {
        match self.of.get_mut(&(school, person)) {
            Some(known) if known.0 >= key => {}
            Some(known) => *known = (key, direction),
            None => {
                self.of.insert((school, person), (key, direction));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::id::Uuid;
    use proptest::prelude::*;

    proptest! {
        /// Whatever order passes come in, the same one is last.
        #[test]
        fn inv_1_order_of_arrival_does_not_matter(times in prop::collection::vec((0_i64..20, 1_i64..5), 1..30), seed in any::<u64>()) {
            let school = SchoolId(Uuid::from_u128(1));
            let person = PersonId(Uuid::from_u128(2));
            let pass = |(second, seq): (i64, i64)| {
                let key = Key { since: Timestamp::from_second(second).unwrap(), device: DeviceId(Uuid::from_u128(3)), seq, store: "s".into() };
                (key, if seq % 2 == 0 { Direction::In } else { Direction::Out })
            };
            let mut shuffled = times.clone();
            let turn = usize::try_from(seed % 29).unwrap() % shuffled.len();
            shuffled.rotate_left(turn);
            shuffled.reverse();
            let (mut a, mut b) = (Last::default(), Last::default());
            for (key, direction) in times.into_iter().map(pass) { a.see(school, person, key, direction); }
            for (key, direction) in shuffled.into_iter().map(pass) { b.see(school, person, key, direction); }
            prop_assert_eq!(a.of, b.of);
        }
    }
}
