//! The code of a certificate, and why one is revoked. Pure.

use jiff::SignedDuration;
use kernel::{Error, Result, id::Uuid};

/// How many letters a code has: 30¹² codes, which nobody searches through at the pace that the page allows.
const LETTERS: u32 = 12;
/// Letters of a part, for paper.
const PART: usize = 4;
const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKLMNPQRSTUVWX";
/// The longest reason.
const LONGEST: usize = 300;

/// How long what the school revoked is not issued again word for word: long enough to put the card right.
pub const REVOKED_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A code as typed or printed, in its one spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// A code out of random bits: the half of an id that is far from its time.
    pub fn of(random: Uuid) -> Self {
        let bits = random.as_u128() & u128::from(u64::MAX);
        let letter = |place: u32| {
            let digit = bits / 30_u128.pow(place) % 30;
            usize::try_from(digit).ok().and_then(|digit| ALPHABET.get(digit)).copied().map_or('2', char::from)
        };
        Self((0..LETTERS).map(letter).collect())
    }

    /// Reads what a person typed: with or without dashes, in any case. Nothing for what cannot be a code.
    pub fn read(text: &str) -> Option<Self> {
        let letters: String = text.chars().take(60).filter(|one| one.is_alphanumeric()).flat_map(char::to_uppercase).collect();
        let plausible = letters.chars().count() == usize::try_from(LETTERS).ok()? && letters.bytes().all(|one| ALPHABET.contains(&one));
        plausible.then_some(Self(letters))
    }

    /// As it is kept and stands in addresses.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `ABCD-EFGH-JKLM`, for paper.
    pub fn printed(&self) -> String {
        self.0.as_bytes().chunks(PART).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-")
    }
}

/// Why a certificate is revoked.
///
/// # Errors
/// Where nothing is said, or too much.
pub fn reason(text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST {
        return Err(Error::invalid("why", "certificates-wrong-why"));
    }
    Ok(text.to_owned())
}

/// `О. А.`: how the open page names a pupil.
pub fn initials(surname: &str, given_name: &str) -> String {
    [surname, given_name].into_iter().filter(|letter| !letter.is_empty()).map(|letter| format!("{letter}.")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_code_reads_back_as_it_is_printed(bits in any::<u128>()) {
            let code = Code::of(Uuid::from_u128(bits));
            prop_assert_eq!(Code::read(&code.printed()), Some(code.clone()));
            prop_assert_eq!(Code::read(&format!(" {} ", code.printed().to_lowercase().replace('-', " "))), Some(code.clone()));
            prop_assert_eq!(code.as_str().len(), 12);
        }

        #[test]
        fn no_text_panics(text in ".{0,80}") { Code::read(&text); }
    }

    #[test]
    fn what_cannot_be_a_code_is_none() {
        for text in ["", "ABCD-EFGH", "ABCD-EFGH-JKL0", "ABCD-EFGH-JKLO", "ЖЖЖЖ-ЖЖЖЖ-ЖЖЖЖ", "ABCD-EFGH-JKLM-N"] {
            assert_eq!(Code::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_revocation_says_why() {
        assert_eq!(reason("  аты қате  ").unwrap(), "аты қате");
        assert!(reason("   ").is_err() && reason(&"ә".repeat(LONGEST + 1)).is_err());
    }

    #[test]
    fn inv_3_a_name_is_shown_by_its_initials() {
        assert_eq!(initials("О", "А"), "О. А.");
        assert_eq!(initials("Ә", ""), "Ә.");
    }
}
