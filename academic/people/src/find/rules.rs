//! How what was typed is compared with the names of pages, as the database's `fold` compares the names of people.

/// What the database's `fold` changes, letter by letter.
const FOLDED: [(char, char); 24] = [
    ('ә', 'а'), ('ғ', 'г'), ('қ', 'к'), ('ң', 'н'), ('ө', 'о'), ('ұ', 'у'), ('ү', 'у'), ('һ', 'х'), ('і', 'и'), ('ё', 'е'), ('й', 'и'),
    ('a', 'а'), ('e', 'е'), ('o', 'о'), ('p', 'р'), ('c', 'с'), ('x', 'х'), ('y', 'у'), ('k', 'к'), ('m', 'м'), ('t', 'т'), ('h', 'х'),
    ('b', 'в'), ('i', 'и'),
];

/// Small letters, Kazakh letters as people without them on the keyboard type them, Latin look-alikes as Cyrillic.
pub fn fold(text: &str) -> String {
    let letter = |one: char| FOLDED.into_iter().find(|(from, _)| *from == one).map_or(one, |(_, to)| to);
    text.chars().flat_map(char::to_lowercase).map(letter).collect()
}

/// Whether every typed word begins a word of the text. Nothing typed fits everything.
pub fn fits(text: &str, typed: &str) -> bool {
    let text = fold(text);
    let begins = |word: &str| text.split(|one: char| !one.is_alphanumeric()).any(|part| part.starts_with(word));
    fold(typed).split_whitespace().all(begins)
}

/// The keys of a Latin keyboard and the letters that the same keys write on a Russian one; on a Kazakh one most are the same.
const KEYS: [(char, char); 33] = [
    ('q', 'й'), ('w', 'ц'), ('e', 'у'), ('r', 'к'), ('t', 'е'), ('y', 'н'), ('u', 'г'), ('i', 'ш'), ('o', 'щ'), ('p', 'з'), ('[', 'х'),
    (']', 'ъ'), ('a', 'ф'), ('s', 'ы'), ('d', 'в'), ('f', 'а'), ('g', 'п'), ('h', 'р'), ('j', 'о'), ('k', 'л'), ('l', 'д'), (';', 'ж'),
    ('\'', 'э'), ('z', 'я'), ('x', 'ч'), ('c', 'с'), ('v', 'м'), ('b', 'и'), ('n', 'т'), ('m', 'ь'), (',', 'б'), ('.', 'ю'), ('`', 'ё'),
];

/// What was meant by who forgot to change the keyboard: `jcgfy` is `оспан`. Nothing where other letters were typed.
pub fn by_keys(typed: &str) -> Option<String> {
    let letter = |one: char| match one {
        ' ' | '0'..='9' => Some(one),
        key => KEYS.into_iter().find(|(from, _)| *from == key).map(|(_, to)| to),
    };
    let meant: Option<String> = typed.chars().flat_map(char::to_lowercase).map(letter).collect();
    meant.filter(|meant| meant.chars().any(char::is_alphabetic))
}

/// The last digits of a phone, where nothing else was typed; of fewer than four nobody means one.
pub fn digits(typed: &str) -> Option<String> {
    let is_phone = typed.chars().all(|one| one.is_ascii_digit() || " +()-".contains(one));
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    (is_phone && digits.len() >= 4).then(|| digits.chars().skip(digits.len().saturating_sub(10)).collect())
}

/// What is looked for, cut to what anybody types.
pub fn tidy(typed: &str) -> String {
    typed.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_compared_as_people_type_them() {
        for (text, folded) in [("Қабдолова Әсем", "кабдолова асем"), ("ҰЛДАНА", "улдана"), ("Ёлкин", "елкин"), ("7A", "7а")] {
            assert_eq!(fold(text), folded);
        }
    }

    #[test]
    fn every_typed_word_begins_a_word() {
        for (text, typed, fit) in [
            ("Деректерді қорғау", "кор", true),
            ("Деректерді қорғау", "кор дер", true),
            ("Деректерді қорғау", "рек", false),
            ("Кто внутри", "", true),
            ("Кто внутри", "вну снаружи", false),
            ("School (today)", "today", true),
        ] {
            assert_eq!(fits(text, typed), fit, "{text} {typed}");
        }
    }

    #[test]
    fn a_keyboard_that_was_not_changed_is_understood() {
        for (typed, meant) in [("jcgfy", Some("оспан")), ("7F", Some("7а")), ("'vbh", Some("эмир")), ("оспан", None), ("", None), ("7", None)] {
            assert_eq!(by_keys(typed).as_deref(), meant, "{typed}");
        }
    }

    #[test]
    fn a_phone_is_found_by_its_last_digits_and_a_name_is_no_phone() {
        for (typed, found) in [("8 (701) 234-56-78", Some("7012345678")), ("5678", Some("5678")), ("701", None), ("7А", None), ("Асем 5678", None), ("", None)] {
            assert_eq!(digits(typed).as_deref(), found, "{typed}");
        }
    }

    #[test]
    fn what_nobody_types_is_cut() {
        assert_eq!(tidy("  а \n б "), "а б");
        assert_eq!(tidy(&"а".repeat(500)).chars().count(), 100);
    }
}
