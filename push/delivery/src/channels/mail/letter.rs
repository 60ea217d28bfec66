//! What a letter says: the title of the notice, where the rest is read, and how to get no more.

use web::Catalog;

use crate::{Push, text::push_text};

/// A letter, in plain text and the same in HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// What stands over it.
    pub subject: String,
    /// Plain.
    pub text: String,
    /// With a link to press.
    pub html: String,
    /// Where letters are switched off.
    pub unsubscribe: String,
}

/// The letter of a push.
pub(super) fn of(push: &Push, catalog: &Catalog, home: &str) -> Letter {
    let t = catalog.texts(push.locale);
    let (title, _body) = push_text(catalog, push);
    // A line of a header is one line.
    let subject: String = title.chars().map(|one| if one.is_control() { ' ' } else { one }).take(150).collect();
    let page = if push.stands_for > 1 { "/my/inbox".to_owned() } else { push.kind.address(push.child, &push.args) };
    let (page, unsubscribe) = (format!("{home}{page}"), format!("{home}/my/switches"));
    let (read, why, less) = (t.text("mailbox-letter-read"), t.text("mailbox-letter-why"), t.text("mailbox-letter-less"));
    Letter {
        text: format!("{subject}\n\n{read}\n{page}\n\n--\n{why}\n{less} {unsubscribe}\n"),
        html: format!(
            "<!doctype html><html lang=\"{lang}\"><body><p><b>{subject}</b></p><p><a href=\"{page}\">{read}</a></p><p><small>{why}<br><a href=\"{unsubscribe}\">{less}</a></small></p></body></html>",
            lang = push.locale.as_str(),
            subject = escaped(&subject),
            page = escaped(&page),
            read = escaped(&read),
            why = escaped(&why),
            less = escaped(&less),
        ),
        subject,
        unsubscribe,
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::test_data::push;

    #[test]
    fn inv_3_a_letter_holds_a_title_and_a_way_and_no_body() {
        let catalog = Catalog::build(crate::LOCALES).unwrap();
        let args = serde_json::json!({ "child": "Айша <b>\r\nBcc: x@y.kz", "item": "Сорпа", "price": "650 ₸", "date": "21.11.2026", "time": "12:10" });
        let meal = of(&Push { kind: &notice::MEAL, args: Arc::new(args), ..push() }, &catalog, "https://shanyraq.example");
        for part in [&meal.subject, &meal.text, &meal.html] {
            assert!(part.contains("Айша") && !part.contains("Сорпа") && !part.contains("650"), "{part}");
        }
        assert!(!meal.subject.contains('\n') && !meal.subject.contains('\r') && !meal.html.contains("<b>\r"));
        assert!(meal.html.contains("&lt;b&gt;"), "{}", meal.html);
        assert!(meal.text.contains(&format!("https://shanyraq.example/my/{}", push().child)) && meal.unsubscribe == "https://shanyraq.example/my/switches");
        let several = of(&Push { stands_for: 3, ..push() }, &catalog, "https://shanyraq.example");
        assert!(several.text.contains("/my/inbox") && !several.text.contains("Айша"));
    }
}
