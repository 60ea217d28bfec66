//! Codes of the second factor. Pure: what is random comes from outside.

use jiff::Timestamp;
use totp_rs::{Builder, Totp};

/// Random bytes of a fresh secret, as RFC 4226 recommends.
pub const SECRET_BYTES: usize = 20;
/// Random bytes of a recovery code.
pub const RECOVERY_BYTES: usize = 10;
/// How many recovery codes are given out.
pub const RECOVERY_CODES: usize = 10;

const ISSUER: &str = "Shanyraq";
const ALPHABET: [char; 32] = [
    'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', '2', '3', '4', '5', '6', '7',
];
/// Letters that are told apart when read from paper.
const READABLE: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'j', 'k', 'm', 'n', 'p', 'q', 'r', 's', 't', 'v', 'w', 'x', 'y', 'z',
];

/// What a person typed where a code is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// Six digits of the authenticator.
    Code(String),
    /// A recovery code, without its dashes.
    Recovery(String),
    /// Neither.
    Nothing,
}

impl Typed {
    /// Reads it, forgiving spaces, dashes, case and look-alikes.
    pub fn parse(text: &str) -> Self {
        let kept: Vec<char> = text.chars().take(100).filter(|one| !one.is_whitespace() && !matches!(one, '-' | '–' | '—')).collect();
        if kept.len() == 6 && kept.iter().all(char::is_ascii_digit) {
            return Self::Code(kept.into_iter().collect());
        }
        let read: Option<String> = kept.into_iter().map(readable).collect();
        match read {
            Some(code) if code.len() == RECOVERY_BYTES * 8 / 5 => Self::Recovery(code),
            _ => Self::Nothing,
        }
    }
}

fn readable(one: char) -> Option<char> {
    let one = match one.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    };
    READABLE.contains(&one).then_some(one)
}

/// The step whose code this is, now or one step to either side; nothing for a wrong code. A step that was taken once is not taken again:
/// that is decided where it is remembered.
pub fn step_of(secret: &[u8], code: &str, now: Timestamp) -> Option<i64> {
    let step = authenticator(secret)?.check(code, u64::try_from(now.as_second()).ok()?)?;
    i64::try_from(step).ok()
}

/// The code that an authenticator shows at a moment.
pub fn code_at(secret: &[u8], now: Timestamp) -> Option<String> {
    Some(authenticator(secret)?.generate(u64::try_from(now.as_second()).ok()?).to_string())
}

fn authenticator(secret: &[u8]) -> Option<Totp> {
    Builder::new().with_secret(secret.to_vec()).build().ok()
}

/// The secret as an authenticator reads it from a picture. The login tells several accounts apart in it.
pub fn address_of(secret: &[u8], login: &str) -> String {
    let label = web::failure::encoded(&login.replace(':', " ")).replace('/', "%2F");
    format!("otpauth://totp/{ISSUER}:{label}?secret={}&issuer={ISSUER}", base32(secret))
}

/// The secret as a person types it: groups of four.
pub fn typed_secret(secret: &[u8]) -> String {
    grouped(&base32(secret), ' ')
}

/// A recovery code of ten random bytes, as it is printed: `7k2m-…`.
pub fn recovery_code(noise: [u8; RECOVERY_BYTES]) -> String {
    grouped(&letters(&noise, &READABLE), '-')
}

fn base32(bytes: &[u8]) -> String {
    letters(bytes, &ALPHABET)
}

/// Five bits a letter; the last letter is filled up with zero bits.
fn letters(bytes: &[u8], alphabet: &[char; 32]) -> String {
    let bits: Vec<bool> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |place| byte >> place & 1 == 1)).collect();
    let number = |five: &[bool]| (0..5).fold(0_usize, |sum, place| sum * 2 + usize::from(five.get(place).copied().unwrap_or(false)));
    bits.chunks(5).filter_map(|five| alphabet.get(number(five))).collect()
}

fn grouped(text: &str, joint: char) -> String {
    let mut shown = String::new();
    for (place, one) in text.chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            shown.push(joint);
        }
        shown.push(one);
    }
    shown
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 6238, appendix B: SHA-1, the last six digits of its eight.
    #[test]
    fn codes_are_those_of_the_standard() {
        for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"), (2_000_000_000, "279037")] {
            assert_eq!(code_at(b"12345678901234567890", Timestamp::from_second(second).unwrap()).as_deref(), Some(code));
        }
    }

    #[test]
    fn a_code_is_good_for_its_step_and_one_to_either_side() {
        let (secret, second) = (b"12345678901234567890", 1_111_111_110);
        let at = |seconds: i64| Timestamp::from_second(second + seconds).unwrap();
        let code = code_at(secret, at(0)).unwrap();
        for (later, good) in [(-31, false), (-30, true), (0, true), (29, true), (30, true), (59, true), (60, false)] {
            assert_eq!(step_of(secret, &code, at(later)), good.then_some(second / 30), "{later} s");
        }
        assert_eq!(step_of(secret, "12345", at(0)), None);
        assert_eq!(step_of(b"short", &code, at(0)), None);
    }

    #[test]
    fn a_secret_reads_as_the_standards_write_it() {
        assert_eq!(typed_secret(b"foobar"), "MZXW 6YTB OI");
        assert_eq!(address_of(b"12345678901234567890", "a/b c"), "otpauth://totp/Shanyraq:a%2Fb%20c?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Shanyraq");
    }

    #[test]
    fn what_is_typed_is_a_code_a_recovery_code_or_nothing() {
        for (text, typed) in [
            (" 123 456 ", Typed::Code("123456".into())),
            ("12345", Typed::Nothing),
            ("1234567", Typed::Nothing),
            ("", Typed::Nothing),
            ("7K2M-OIL0 abcd–efgh", Typed::Recovery("7k2m0110abcdefgh".into())),
            ("7k2m-u110-abcd-efgh", Typed::Nothing),
        ] {
            assert_eq!(Typed::parse(text), typed, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_recovery_code_reads_back_as_printed(noise: [u8; RECOVERY_BYTES]) {
            let code = recovery_code(noise);
            prop_assert_eq!(code.len(), 19);
            prop_assert_eq!(Typed::parse(&code.to_uppercase()), Typed::Recovery(code.replace('-', "")));
        }

        #[test]
        fn no_text_panics(text in ".{0,120}") {
            let typed = Typed::parse(&text);
            prop_assert!(typed != Typed::Code(String::new()));
        }
    }
}
