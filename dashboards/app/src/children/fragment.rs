//! What a guardian's live page is told when something happened: htmx out-of-band fragments.
//!
//! A line is put at the top of `#timeline-{child}`; the place's "nothing yet" (`#timeline-empty-{child}`) goes; and `#child-state-{child}`
//! is replaced by the newest pass, unless it came late: where the child is now is then for a snapshot to say.

use std::fmt::Write;

use kernel::id::PersonId;
use protocol::up::Direction;
use safety::{Recorded, What};
use web::{Texts, component::Whereabouts};

use super::view::{self, Happening};

/// The fragments for what was recorded, oldest first, of the guardian's own children; empty when there is nothing to show today.
pub fn guardian_fragment(t: &Texts<'_>, recorded: &[Recorded]) -> String {
    let mut html = String::new();
    // What came days late belongs to the history, not to today's line.
    let todays = recorded.iter().filter(|event| t.day_of(event.occurred_at) == t.day_of(event.received_at));
    for event in todays {
        let written = write!(
            html,
            r##"<ol hx-swap-oob="afterbegin:#timeline-{child}">{line}</ol><div id="timeline-empty-{child}" hx-swap-oob="true" hidden></div>"##,
            child = event.person,
            line = Happening::of_event(t, event)
        );
        debug_assert!(written.is_ok(), "writing to a String cannot fail");
    }
    for event in newest_passes(recorded) {
        let What::Pass { direction, method: _ } = event.what else { continue };
        let whereabouts = match direction {
            Direction::In => Whereabouts::In,
            Direction::Out => Whereabouts::Out,
        };
        html.push_str(&view::state(t, event.person, whereabouts, Some(event.occurred_at), event.place.clone()).out_of_band().to_string());
    }
    html
}

/// The last timely pass of each child.
fn newest_passes(recorded: &[Recorded]) -> Vec<&Recorded> {
    let mut newest: Vec<(PersonId, &Recorded)> = Vec::new();
    for event in recorded.iter().filter(|event| !event.late && matches!(event.what, What::Pass { .. })) {
        match newest.iter_mut().find(|(person, _)| *person == event.person) {
            Some((_, known)) if known.occurred_at <= event.occurred_at => *known = event,
            Some(_) => {}
            None => newest.push((event.person, event)),
        }
    }
    newest.into_iter().map(|(_, event)| event).collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::{
        Locale,
        id::{DeviceId, SchoolId, Uuid},
        money::Money,
    };
    use protocol::up::Method;

    use super::*;

    fn event(person: u128, at: &str, what: What) -> Recorded {
        let occurred_at: Timestamp = at.parse().unwrap();
        Recorded {
            school: SchoolId(Uuid::from_u128(1)),
            person: PersonId(Uuid::from_u128(person)),
            person_name: "Оспан Алихан".into(),
            class: Some("3Б".into()),
            device: DeviceId(Uuid::from_u128(3)),
            place: "Бас <есік>".into(),
            occurred_at,
            received_at: occurred_at,
            late: false,
            what,
        }
    }

    fn pass(direction: Direction) -> What {
        What::Pass { direction, method: Method::Card }
    }

    fn fragment(recorded: &[Recorded]) -> String {
        let sources: Vec<_> = web::LOCALES.iter().chain(crate::LOCALES).copied().collect();
        let catalog = web::Catalog::build(&sources).unwrap();
        assert_eq!(catalog.missing(), Vec::<String>::new());
        guardian_fragment(&catalog.texts(Locale::Kk), recorded)
    }

    #[test]
    fn a_pass_adds_a_line_and_says_where_the_child_is() {
        let html = fragment(&[event(2, "2026-11-21T02:52:00Z", pass(Direction::In))]);
        let child = PersonId(Uuid::from_u128(2));
        for part in [
            format!(r##"hx-swap-oob="afterbegin:#timeline-{child}""##),
            format!(r#"id="child-state-{child}" hx-swap-oob="outerHTML""#),
            "07:52".to_owned(),
            "Бас &#60;есік&#62;".to_owned(),
        ] {
            assert!(html.contains(&part), "{part} in {html}");
        }
    }

    #[test]
    fn a_meal_says_nothing_of_where_the_child_is() {
        let html = fragment(&[event(2, "2026-11-21T07:10:00Z", What::Meal { item: "Түскі ас".into(), price: Money::from_tiyn(45_000) })]);
        assert!(html.contains("Түскі ас") && html.contains("450\u{a0}₸") && !html.contains("child-state"), "{html}");
    }

    #[test]
    fn inv_3_a_late_pass_is_marked_and_moves_nobody() {
        let mut late = event(2, "2026-11-21T02:52:00Z", pass(Direction::Out));
        late.late = true;
        let html = fragment(&[late.clone()]);
        assert!(html.contains("sh-tag") && !html.contains("child-state"), "{html}");
        late.received_at = "2026-11-23T02:52:00Z".parse().unwrap();
        assert_eq!(fragment(&[late]), "", "what is days late is for the history");
    }

    #[test]
    fn of_two_passes_the_newer_says_where_the_child_is() {
        let html = fragment(&[event(2, "2026-11-21T02:52:00Z", pass(Direction::In)), event(2, "2026-11-21T08:40:00Z", pass(Direction::Out))]);
        assert_eq!(html.matches("child-state").count(), 1);
        assert!(html.contains("13:40") && html.contains("sh-out"));
    }
}
