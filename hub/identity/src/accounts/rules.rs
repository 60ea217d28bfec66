//! Which passwords will do. Pure.

/// The longest password: nobody types more, and hashing takes time by length.
pub const LONGEST: usize = 200;

/// Why a password will not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// Shorter than the policy asks.
    TooShort,
    /// Longer than [`LONGEST`].
    TooLong,
    /// One that everybody knows, or that leaked.
    Known,
    /// Made of the login or the name.
    Personal,
}

/// How much must stay of a password when what is known is taken away from it.
const OWN_LEAST: usize = 6;
/// A password of fewer different characters is a pattern.
const DIFFERENT_LEAST: usize = 4;

/// Judges a new password. `personal` is what a stranger knows of its owner: the login, the words of the name.
///
/// # Errors
/// Why it will not do.
pub fn judge(password: &str, least: usize, known: impl Fn(&str) -> bool, personal: &[&str]) -> Result<(), Unfit> {
    let length = password.chars().count();
    if length < least {
        return Err(Unfit::TooShort);
    }
    if length > LONGEST {
        return Err(Unfit::TooLong);
    }
    let small = password.to_lowercase();
    if is_pattern(&small) || known(&small) || known(core(&small)) {
        return Err(Unfit::Known);
    }
    if is_personal(&small, personal) { Err(Unfit::Personal) } else { Ok(()) }
}

/// The word inside: `almaty2026!` is guessed as fast as `almaty`.
fn core(small: &str) -> &str {
    small.trim_matches(|one: char| !one.is_alphabetic())
}

fn is_pattern(small: &str) -> bool {
    let mut different: Vec<char> = small.chars().collect();
    different.sort_unstable();
    different.dedup();
    different.len() < DIFFERENT_LEAST
}

fn is_personal(small: &str, personal: &[&str]) -> bool {
    let words = personal.iter().map(|word| word.to_lowercase()).filter(|word| word.chars().count() >= 3);
    let left = words.fold(small.to_owned(), |left, word| left.replace(&word, ""));
    left.len() < small.len() && left.chars().count() < OWN_LEAST
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KNOWN: [&str; 3] = ["almaty", "password", "qwertyuiop"];

    fn verdict(password: &str) -> Result<(), Unfit> {
        judge(password, 10, |word| KNOWN.contains(&word), &["a.ospanova", "Оспанова", "Айдана"])
    }

    #[test]
    fn inv_6_a_password_that_is_short_known_or_personal_will_not_do() {
        for (password, expected) in [
            ("kestrel-7-boat", Ok(())),
            ("көк аспан мен жер", Ok(())),
            ("almaty is my town", Ok(())),
            ("a.ospanova likes maps", Ok(())),
            ("kestrel-7", Err(Unfit::TooShort)),
            ("almaty", Err(Unfit::TooShort)),
            ("Almaty2026", Err(Unfit::Known)),
            ("!!PASSWORD!!", Err(Unfit::Known)),
            ("qwertyuiop", Err(Unfit::Known)),
            ("1212121212121", Err(Unfit::Known)),
            ("a.ospanova1", Err(Unfit::Personal)),
            ("ОСПАНОВАайдана", Err(Unfit::Personal)),
        ] {
            assert_eq!(verdict(password), expected, "{password}");
        }
        assert_eq!(verdict(&"kestrel ".repeat(26)), Err(Unfit::TooLong));
    }

    proptest! {
        #[test]
        fn no_text_panics(password in ".{0,250}", login in ".{0,20}") {
            let taken = judge(&password, 10, |_| false, &[&login]).is_ok();
            prop_assert!(!taken || (10..=LONGEST).contains(&password.chars().count()));
        }
    }
}
