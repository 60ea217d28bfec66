//! What a notice says: the same words on the phone, in the inbox and on a live page.

use kernel::Locale;
use notice::Kind;
use serde_json::Value;
use web::Catalog;

/// Title and text of a notice in a language, from its stored arguments.
pub fn notice_text(catalog: &Catalog, locale: Locale, kind: &Kind, args: &Value) -> (String, String) {
    let texts = catalog.texts(locale);
    let message = |part| texts.with_json(&format!("notice-{}-{part}", kind.name), args);
    (message("title"), message("body"))
}

#[cfg(test)]
mod tests {
    use notice::KINDS;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_kind_has_its_words_in_every_language() {
        let catalog = Catalog::build(crate::LOCALES).unwrap();
        assert_eq!(catalog.missing(), Vec::<String>::new());
        for kind in KINDS {
            for part in ["name", "title", "body"] {
                assert!(catalog.has(&format!("notice-{}-{part}", kind.name)), "{} {part}", kind.name);
            }
        }
    }

    #[test]
    fn a_notice_is_told_in_the_phones_language() {
        let catalog = Catalog::build(crate::LOCALES).unwrap();
        let args = json!({ "child": "Айша", "item": "Сорпа", "price": "650 ₸", "date": "21.11.2026", "time": "12:10", "place": "Бас есік" });
        let said = |locale, kind| notice_text(&catalog, locale, kind, &args);
        assert_eq!(said(Locale::Kk, &notice::ENTERED), ("Айша мектепке келді".into(), "21.11.2026 12:10, Бас есік".into()));
        assert_eq!(said(Locale::Ru, &notice::MEAL), ("Айша: питание в столовой".into(), "Сорпа, 650 ₸. 21.11.2026 12:10".into()));
        assert_eq!(said(Locale::En, &notice::LEFT).0, "Айша left school");
    }
}
