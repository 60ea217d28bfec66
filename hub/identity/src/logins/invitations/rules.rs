//! The code of an invitation. Pure.

use jiff::{SignedDuration, Timestamp};
use ring::digest;

/// How long a code works.
const VALID_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How many letters it has: 30¹² codes, which nobody searches through.
pub const LETTERS: usize = 12;
const GROUP: usize = 4;

/// A code as typed or printed, in its one spelling.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// Reads what a person typed: with or without dashes, in any case, on a Cyrillic keyboard too. Nothing for what cannot be a code.
    pub fn read(text: &str) -> Option<Self> {
        let letters: String = text.chars().take(100).filter(|one| one.is_alphanumeric()).flat_map(char::to_lowercase).map(latin).collect();
        let plausible = letters.len() == LETTERS && letters.bytes().all(|one| one.is_ascii_alphanumeric());
        plausible.then_some(Self(letters))
    }

    /// `ABCD-EFGH-JKMN`, for paper.
    pub fn printed(&self) -> String {
        let letters: Vec<char> = self.0.to_uppercase().chars().collect();
        letters.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }

    /// The key of its row.
    pub fn hash(&self) -> Vec<u8> {
        digest::digest(&digest::SHA256, format!("shanyraq invitation: {}", self.0).as_bytes()).as_ref().to_vec()
    }
}

/// Cyrillic letters that look like a Latin one are what they look like.
fn latin(letter: char) -> char {
    match letter {
        'а' => 'a',
        'в' => 'b',
        'с' => 'c',
        'е' | 'ё' => 'e',
        'н' | 'һ' => 'h',
        'к' | 'қ' => 'k',
        'м' => 'm',
        'р' => 'p',
        'т' => 't',
        'х' => 'x',
        'у' | 'ү' | 'ұ' => 'y',
        other => other,
    }
}

/// When a code made now stops working.
pub fn expires(now: Timestamp) -> Timestamp {
    now.saturating_add(VALID_FOR).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn inv_1_a_code_is_kept_by_its_hash_and_read_as_people_type() {
        let code = Code::read("ABCD-EFGH-JKMN").unwrap();
        assert_eq!(code.printed(), "ABCD-EFGH-JKMN");
        for typed in ["abcdefghjkmn", " abcd efgh jkmn ", "АBСD–ЕFGН jкмn"] {
            assert!(Code::read(typed) == Some(code.clone()), "{typed}");
        }
        for other in ["", "abcd-efgh-jkm", "abcd-efgh-jkmnp", "ждая-ждая-ждая"] {
            assert!(Code::read(other).is_none(), "{other}");
        }
        assert_eq!(code.hash().len(), 32);
        assert_ne!(code.hash(), Code::read("abcd-efgh-jkmp").unwrap().hash());
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,60}") {
            if let Some(code) = Code::read(&text) {
                prop_assert!(Code::read(&code.printed()) == Some(code));
            }
        }
    }
}
