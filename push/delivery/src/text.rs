//! What a notice says: the same words on the phone, in the inbox and on a live page.

use std::borrow::Cow;

use kernel::Locale;
use notice::Kind;
use serde_json::Value;
use web::Catalog;

use crate::Push;

/// Title and text of a notice in a language, from its stored arguments.
pub fn notice_text(catalog: &Catalog, locale: Locale, kind: &Kind, args: &Value) -> (String, String) {
    let texts = catalog.texts(locale);
    let args = in_language(args, locale);
    let message = |part| texts.with_json(&format!("notice-{}-{part}", kind.name), &args);
    (message("title"), message("body"))
}

/// What people wrote in two languages, `title_kk` and `title_ru`, is the argument `title` in the reader's; Russian for who reads in a third.
fn in_language(args: &Value, locale: Locale) -> Cow<'_, Value> {
    let ending = match locale {
        Locale::Kk => "_kk",
        Locale::Ru | Locale::En => "_ru",
    };
    let written = args.as_object().into_iter().flatten().filter_map(|(name, value)| Some((name.strip_suffix(ending)?.to_owned(), value.clone())));
    let written: Vec<(String, Value)> = written.collect();
    if written.is_empty() {
        return Cow::Borrowed(args);
    }
    let mut all = args.as_object().cloned().unwrap_or_default();
    all.extend(written);
    Cow::Owned(Value::Object(all))
}

/// Title and text of a push. One that stands for several names none of them: they are read where all of them are.
pub fn push_text(catalog: &Catalog, push: &Push) -> (String, String) {
    if push.stands_for > 1 {
        let texts = catalog.texts(push.locale);
        return (texts.with("notice-gathered-title", (("count", push.stands_for),)), texts.text("notice-gathered-body"));
    }
    notice_text(catalog, push.locale, push.kind, &push.args)
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
    fn what_a_school_wrote_in_two_languages_is_read_in_ones_own() {
        let catalog = Catalog::build(crate::LOCALES).unwrap();
        let args = json!({ "announcement": "06EZ", "title_kk": "Жиналыс", "title_ru": "Собрание", "text_kk": "Ертең", "text_ru": "Завтра" });
        let said = |locale| notice_text(&catalog, locale, &notice::ANNOUNCEMENT, &args);
        assert_eq!(said(Locale::Kk), ("Жиналыс".into(), "Ертең".into()));
        assert_eq!((said(Locale::Ru), said(Locale::En)), (("Собрание".into(), "Завтра".into()), ("Собрание".into(), "Завтра".into())));
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
