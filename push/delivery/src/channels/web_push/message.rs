//! What is sealed: the notice's id, and words that may stand on a locked screen before anybody's eyes. The worker of the page asks for the
//! text with its own session; these words are for a phone without net, or where nobody is signed in any more.

use serde::Serialize;
use web::Catalog;

use crate::{Push, text::push_text};

#[derive(Serialize)]
struct Message<'a> {
    notice: &'a str,
    title: &'a str,
    body: &'a str,
    at: i64,
    /// How many notices it stands for: the text of one of them would say too little.
    count: i32,
}

#[derive(Serialize)]
struct Shortest<'a> {
    notice: &'a str,
}

/// The message: what kind of news, and nobody's name.
pub fn message(push: &Push, catalog: &Catalog) -> serde_json::Result<Vec<u8>> {
    let (title, body) = if push.stands_for > 1 {
        push_text(catalog, push)
    } else {
        let t = catalog.texts(push.locale);
        (t.text(format!("notice-{}-name", push.kind.name)), t.text("subscriptions-shown-body"))
    };
    serde_json::to_vec(&Message { notice: &push.notice.to_string(), title: &title, body: &body, at: push.occurred_at.as_millisecond(), count: push.stands_for })
}

/// The shortest that still shows something.
pub fn shortest(push: &Push) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&Shortest { notice: &push.notice.to_string() })
}

#[cfg(test)]
mod tests {
    use kernel::Locale;
    use notice::KINDS;
    use web::Catalog;

    use super::*;
    use crate::test_data::push;

    #[test]
    fn inv_2_a_message_holds_no_name() {
        let catalog = Catalog::build(crate::LOCALES).unwrap();
        for kind in KINDS {
            for locale in Locale::ALL {
                for stands_for in [1, 7] {
                    let push = Push { kind, locale, stands_for, ..push() };
                    let message = String::from_utf8(message(&push, &catalog).unwrap()).unwrap();
                    assert!(message.contains(&push.notice.to_string()) && message.len() < 512, "{message}");
                    for private in ["Айша", "Бас есік", &push.child.to_string(), &push.recipient.to_string(), &push.school.to_string()] {
                        assert!(!message.contains(private), "{private} in {message}");
                    }
                }
            }
        }
        assert_eq!(shortest(&push()).unwrap(), format!(r#"{{"notice":"{}"}}"#, push().notice).into_bytes());
    }
}
