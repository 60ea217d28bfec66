//! Who is pushed to: pure.

use jiff::{Timestamp, tz::TimeZone};
use notice::{Choice, Kind, Push};

use crate::{channels::Via, hours::Hours};

/// What becomes of one notice beyond the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// One push to each phone.
    Phones,
    /// The same, but not before this moment.
    Held(Timestamp),
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

/// What a guardian chose for a kind, where they chose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wish {
    /// For phones.
    pub push: Option<Push>,
    /// For chats, where that was chosen apart from phones.
    pub telegram: Option<Push>,
    /// For the mailbox.
    pub mail: Option<Push>,
}

impl Wish {
    /// Whether a notice of a kind is to come by a way.
    pub fn comes(self, kind: &Kind, via: Via) -> bool {
        let wanted = match via {
            Via::Mail => wanted(kind.choice, kind.default_mail, self.mail),
            Via::Telegram => wanted(kind.choice, kind.default_push, self.telegram.or(self.push)),
            Via::Fcm | Via::WebPush => wanted(kind.choice, kind.default_push, self.push),
        };
        wanted == Push::On
    }
}

/// Decides the route of a notice to whoever is reached by these ways.
pub fn route(kind: &Kind, abroad: Abroad, wish: Wish, late: bool, ways: &[Via]) -> Route {
    if abroad == Abroad::Stopped {
        return Route::InboxOnly("no_consent");
    }
    if late {
        return Route::InboxOnly("late");
    }
    if ways.iter().any(|via| wish.comes(kind, *via)) {
        return Route::Phones;
    }
    match wanted(kind.choice, kind.default_push, wish.push) {
        Push::Off => Route::InboxOnly("switched_off"),
        Push::On => Route::InboxOnly("no_phone"),
    }
}

/// What holds: what the guardian chose where they may choose, else the kind's default.
fn wanted(choice: Choice, default: Push, chosen: Option<Push>) -> Push {
    match choice {
        Choice::Free => chosen.unwrap_or(default),
        Choice::Always => default,
    }
}

/// Puts a push off where its reader wants quiet or a digest. What would be too old by then is told by the inbox alone, and that is known now.
pub fn put_off(route: Route, kind: &Kind, occurred_at: Timestamp, now: Timestamp, hours: &Hours, zone: &TimeZone) -> Route {
    if route != Route::Phones {
        return route;
    }
    match hours.wait(kind.urgency, now, zone) {
        None => Route::Phones,
        Some(until) if occurred_at.saturating_add(kind.expires_after).is_ok_and(|end| end > until) => Route::Held(until),
        Some(_) => Route::InboxOnly("quiet"),
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use notice::{ENTERED, HeldBack, KINDS, REQUEST_ANSWERED, Urgency};
    use proptest::prelude::*;

    use super::*;
    use crate::hours::{Quiet, WallTime};

    fn kind(name: &'static str, urgency: Urgency, default_push: Push, choice: Choice) -> Kind {
        Kind { name, who: notice::Who::Guardians, urgency, default_push, default_mail: Push::Off, choice, held_back: HeldBack::Together, expires_after: SignedDuration::from_mins(1), opens: "/my/{child}" }
    }

    fn chose(push: Option<Push>) -> Wish {
        Wish { push, ..Wish::default() }
    }

    fn phones(count: usize) -> Vec<Via> {
        vec![Via::Fcm; count]
    }

    fn night() -> Hours {
        Hours { quiet: WallTime::parse("22:00").zip(WallTime::parse("07:00")).map(|(from, to)| Quiet { from, to }), ..Hours::default() }
    }

    #[test]
    fn a_guardian_who_has_not_chosen_gets_the_kinds_default() {
        let quiet = kind("quiet", Urgency::Normal, Push::Off, Choice::Free);
        assert_eq!(route(&ENTERED, Abroad::Allowed, chose(None), false, &phones(1)), Route::Phones);
        assert_eq!(route(&quiet, Abroad::Allowed, chose(None), false, &phones(1)), Route::InboxOnly("switched_off"));
        assert_eq!(route(&quiet, Abroad::Allowed, chose(Some(Push::On)), false, &phones(1)), Route::Phones);
    }

    #[test]
    fn mail_comes_of_what_is_read_later_and_of_the_rest_where_it_is_wanted() {
        let by_mail = |kind: &Kind, mail| Wish { push: Some(Push::Off), mail, ..Wish::default() }.comes(kind, Via::Mail);
        assert!(!by_mail(&ENTERED, None) && by_mail(&ENTERED, Some(Push::On)));
        assert!(by_mail(&notice::ANNOUNCEMENT, None) && !by_mail(&notice::ANNOUNCEMENT, Some(Push::Off)));
        assert!(by_mail(&notice::ALERT, Some(Push::Off)), "what always comes");
        let only_mail = |kind: &Kind, wish| route(kind, Abroad::Allowed, wish, false, &[Via::Mail]);
        assert_eq!(only_mail(&notice::ANNOUNCEMENT, chose(Some(Push::Off))), Route::Phones);
        assert_eq!(only_mail(&ENTERED, Wish::default()), Route::InboxOnly("no_phone"));
        assert_eq!(only_mail(&ENTERED, chose(Some(Push::Off))), Route::InboxOnly("switched_off"));
    }

    #[test]
    fn a_chat_is_told_as_phones_are_until_it_is_chosen_apart() {
        let in_chat = |push, telegram| Wish { push, telegram, mail: None }.comes(&ENTERED, Via::Telegram);
        assert!(in_chat(None, None) && !in_chat(Some(Push::Off), None));
        assert!(in_chat(Some(Push::Off), Some(Push::On)) && !in_chat(Some(Push::On), Some(Push::Off)));
        let only_there = Wish { push: Some(Push::Off), telegram: Some(Push::On), mail: None };
        assert!(!only_there.comes(&ENTERED, Via::WebPush));
        assert_eq!(route(&ENTERED, Abroad::Allowed, only_there, false, &[Via::Fcm, Via::Telegram]), Route::Phones);
        assert_eq!(route(&ENTERED, Abroad::Allowed, only_there, false, &[Via::Fcm]), Route::InboxOnly("switched_off"));
    }

    #[test]
    fn what_nobody_may_switch_off_comes() {
        let alarm = kind("alarm", Urgency::Alarm, Push::On, Choice::Always);
        assert_eq!(route(&alarm, Abroad::Allowed, chose(Some(Push::Off)), false, &phones(1)), Route::Phones);
    }

    #[test]
    fn inv_5_what_waits_is_news_still_when_it_goes_out() {
        let zone = TimeZone::get("Asia/Almaty").unwrap();
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let (late, morning) = (at("2026-11-21T18:30:00Z"), at("2026-11-22T02:00:00Z"));
        let put = |kind: &Kind, now| put_off(Route::Phones, kind, now, now, &night(), &zone);
        assert_eq!(put(&REQUEST_ANSWERED, late), Route::Held(morning));
        assert_eq!(put(&ENTERED, late), Route::InboxOnly("quiet"), "an hour old at most");
        assert_eq!(put(&ENTERED, at("2026-11-22T01:30:00Z")), Route::Held(morning));
        assert_eq!(put(&ENTERED, at("2026-11-21T10:00:00Z")), Route::Phones);
        assert_eq!(put(&kind("alarm", Urgency::Alarm, Push::On, Choice::Always), late), Route::Phones);
        assert_eq!(put_off(Route::InboxOnly("no_phone"), &ENTERED, late, late, &night(), &zone), Route::InboxOnly("no_phone"));
    }

    fn switches() -> impl Strategy<Value = Option<Push>> {
        prop_oneof![Just(None), Just(Some(Push::On)), Just(Some(Push::Off))]
    }

    proptest! {
        #[test]
        fn nobody_is_woken_by_old_news_or_against_their_wish(kind in 0..KINDS.len(), switch in switches(), late: bool, phones in 0_usize..4) {
            let route = route(KINDS[kind], Abroad::Allowed, chose(switch), late, &vec![Via::Fcm; phones]);
            let unwanted = switch == Some(Push::Off) && KINDS[kind].choice == Choice::Free;
            prop_assert!(route != Route::Phones || (!late && !unwanted && phones > 0));
        }

        #[test]
        fn a_wanted_fresh_notice_reaches_every_guardian_with_a_phone(kind in 0..KINDS.len(), phones in 1_usize..4) {
            prop_assert_eq!(route(KINDS[kind], Abroad::Allowed, chose(Some(Push::On)), false, &vec![Via::Fcm; phones]), Route::Phones);
        }

        #[test]
        fn inv_4_nothing_goes_abroad_once_the_consent_is_withdrawn(kind in 0..KINDS.len(), switch in switches(), late: bool, phones in 0_usize..4) {
            prop_assert_eq!(route(KINDS[kind], Abroad::Stopped, chose(switch), late, &vec![Via::Mail; phones]), Route::InboxOnly("no_consent"));
        }
    }
}
