//! What the bot says: the words of the inbox, and where they lead. Plain text: nothing that a school wrote is read as markup.

use web::Catalog;

use crate::{Push, text::push_text};

/// The service takes 4,096 characters; the link has its place behind the words.
const LONGEST: usize = 3_500;

/// Title, text and the address of the page.
pub fn text(push: &Push, catalog: &Catalog, home: &str) -> String {
    let (title, body) = push_text(catalog, push);
    let page = if push.stands_for > 1 { "/my/inbox".to_owned() } else { push.kind.address(push.child, &push.args) };
    let words: String = format!("{title}\n{body}").trim().chars().take(LONGEST).collect();
    format!("{words}\n{home}{page}")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::test_data::push;

    #[test]
    fn the_words_are_those_of_the_inbox_and_lead_to_their_page() {
        let catalog = Catalog::build(crate::LOCALES).unwrap();
        let one = text(&push(), &catalog, "https://shanyraq.example");
        assert_eq!(one, format!("Айша мектепке келді\n21.11.2026 07:52, Бас есік\nhttps://shanyraq.example/my/{}", push().child));
        let several = text(&Push { stands_for: 3, ..push() }, &catalog, "https://shanyraq.example");
        assert!(several.ends_with("https://shanyraq.example/my/inbox") && !several.contains("Айша"), "{several}");
        let long = Push { args: Arc::new(serde_json::json!({ "child": "ә".repeat(9_000) })), ..push() };
        assert!(text(&long, &catalog, "https://shanyraq.example").chars().count() < 4_096);
    }
}
