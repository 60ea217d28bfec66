//! Who is pushed to: pure.

use notice::{Kind, Push};

/// What becomes of one notice beyond the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// One push to each phone.
    Phones,
    /// No push, and why: an outcome of `delivery`.
    InboxOnly(&'static str),
}

/// Whether services abroad may carry what is told of a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Abroad {
    /// Nobody took the consent back.
    Allowed,
    /// Somebody did.
    Stopped,
}

/// Decides the route of a notice. `switch` is what the guardian chose, if they chose.
pub fn route(kind: &Kind, abroad: Abroad, switch: Option<Push>, late: bool, phones: usize) -> Route {
    if abroad == Abroad::Stopped {
        return Route::InboxOnly("no_consent");
    }
    if late {
        return Route::InboxOnly("late");
    }
    match switch.unwrap_or(kind.default_push) {
        Push::Off => Route::InboxOnly("switched_off"),
        Push::On if phones == 0 => Route::InboxOnly("no_phone"),
        Push::On => Route::Phones,
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use notice::{ENTERED, KINDS};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_guardian_who_has_not_chosen_gets_the_kinds_default() {
        let quiet = Kind { name: "quiet", default_push: Push::Off, expires_after: SignedDuration::from_mins(1) };
        assert_eq!(route(&ENTERED, Abroad::Allowed, None, false, 1), Route::Phones);
        assert_eq!(route(&quiet, Abroad::Allowed, None, false, 1), Route::InboxOnly("switched_off"));
        assert_eq!(route(&quiet, Abroad::Allowed, Some(Push::On), false, 1), Route::Phones);
    }

    fn switches() -> impl Strategy<Value = Option<Push>> {
        prop_oneof![Just(None), Just(Some(Push::On)), Just(Some(Push::Off))]
    }

    proptest! {
        #[test]
        fn nobody_is_woken_by_old_news_or_against_their_wish(kind in 0..KINDS.len(), switch in switches(), late: bool, phones in 0_usize..4) {
            let route = route(KINDS[kind], Abroad::Allowed, switch, late, phones);
            prop_assert!(route != Route::Phones || (!late && switch != Some(Push::Off) && phones > 0));
        }

        #[test]
        fn a_wanted_fresh_notice_reaches_every_guardian_with_a_phone(kind in 0..KINDS.len(), phones in 1_usize..4) {
            prop_assert_eq!(route(KINDS[kind], Abroad::Allowed, Some(Push::On), false, phones), Route::Phones);
        }

        #[test]
        fn inv_4_nothing_goes_abroad_once_the_consent_is_withdrawn(kind in 0..KINDS.len(), switch in switches(), late: bool, phones in 0_usize..4) {
            prop_assert_eq!(route(KINDS[kind], Abroad::Stopped, switch, late, phones), Route::InboxOnly("no_consent"));
        }
    }
}
