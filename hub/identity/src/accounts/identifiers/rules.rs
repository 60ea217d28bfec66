//! What an identifier looks like, and which one somebody typed. Pure.

use std::fmt;

use kernel::{Error, Result, iin::Iin};

/// What may stand in place of a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A phone, as `+7…`.
    Phone,
    /// An e-mail, folded.
    Email,
    /// An individual identification number.
    Iin,
}

impl Kind {
    /// As in SQL and in the name of a form's field.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Iin => "iin",
        }
    }
}

/// An identifier in the one form that it is kept and looked for in.
#[derive(Clone, PartialEq, Eq)]
pub struct Identifier {
    kind: Kind,
    value: String,
}

impl Identifier {
    /// Which one a person typed at the sign-in; nothing for what can only be a login.
    pub fn recognise(typed: &str) -> Option<Self> {
        if typed.contains('@') {
            return Self::email(typed);
        }
        // Twelve digits are an IIN and nothing else, so that a mistyped one is not taken for a phone.
        Iin::parse(typed).ok().map(|iin| Self::iin(&iin)).or_else(|| Self::phone(typed))
    }

    /// A phone of Kazakhstan or Russia: `8 701 123 45 67`, `+7 (701) 123-45-67`, `7011234567`.
    pub fn phone(typed: &str) -> Option<Self> {
        let typed: String = typed.chars().take(60).filter(|one| !one.is_whitespace() && !matches!(one, '(' | ')' | '-' | '–' | '.')).collect();
        let (plus, digits) = typed.strip_prefix('+').map_or((false, typed.as_str()), |digits| (true, digits));
        if !digits.bytes().all(|one| one.is_ascii_digit()) {
            return None;
        }
        let own = match (plus, digits.len(), digits.split_at_checked(1)) {
            (true, 11, Some(("7", own))) | (false, 11, Some(("7" | "8", own))) => own,
            (false, 10, _) => digits,
            _ => return None,
        };
        let plausible = own.starts_with(['6', '7', '9']);
        plausible.then(|| Self { kind: Kind::Phone, value: format!("+7{own}") })
    }

    /// An e-mail.
    pub fn email(typed: &str) -> Option<Self> {
        let value = typed.trim().to_ascii_lowercase();
        let (name, host) = value.split_once('@')?;
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|one| one.is_ascii_graphic() && !matches!(one, b'@' | b',' | b';' | b'<' | b'>' | b'"' | b'(' | b')' | b'[' | b']' | b'\\' | b':'));
        let dotted = |text: &str| !text.starts_with('.') && !text.ends_with('.') && !text.contains("..");
        let of_host = host.contains('.') && host.bytes().all(|one| one.is_ascii_alphanumeric() || matches!(one, b'.' | b'-'));
        let fits = name.len() <= 64 && value.len() <= 254;
        (plain(name) && plain(host) && dotted(name) && dotted(host) && of_host && fits).then_some(Self { kind: Kind::Email, value })
    }

    /// An IIN.
    pub fn iin(iin: &Iin) -> Self {
        Self { kind: Kind::Iin, value: iin.reveal().to_owned() }
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The whole of it, for the one who seals, hashes or writes to it.
    pub fn reveal(&self) -> &str {
        &self.value
    }
}

/// Never whole: an error or a log line must not tell it.
impl fmt::Debug for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identifier({})", self.kind.as_str())
    }
}

/// The fields of the school's form: nothing for an empty one, so that it is taken away; the IIN stays as it is unless it is typed anew.
pub fn read_all(phone: &str, email: &str, iin: &str) -> Result<(Option<Identifier>, Option<Identifier>, Option<Iin>)> {
    let mut wrong = Vec::new();
    let mut field = |field: &'static str, message: &'static str, typed: &str, parse: fn(&str) -> Option<Identifier>| {
        let read = parse(typed);
        if read.is_none() && !typed.trim().is_empty() {
            wrong.push(kernel::error::FieldError { field, message });
        }
        read
    };
    let phone = field("phone", "identifiers-field-phone", phone, Identifier::phone);
    let email = field("email", "identifiers-field-email", email, Identifier::email);
    let iin = match iin.trim() {
        "" => None,
        typed => Iin::parse(typed).map_err(|_| wrong.push(kernel::error::FieldError { field: "iin", message: "identifiers-field-iin" })).ok(),
    };
    if wrong.is_empty() { Ok((phone, email, iin)) } else { Err(Error::Invalid(wrong)) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_was_typed_is_recognised() {
        for (typed, kind, value) in [
            ("8 701 123 45 67", Kind::Phone, "+77011234567"),
            ("+7 (701) 123-45-67", Kind::Phone, "+77011234567"),
            ("7011234567", Kind::Phone, "+77011234567"),
            ("77011234567", Kind::Phone, "+77011234567"),
            (" Aigul.S@Example.KZ ", Kind::Email, "aigul.s@example.kz"),
            ("790308 457443", Kind::Iin, "790308457443"),
        ] {
            let found = Identifier::recognise(typed).unwrap();
            assert_eq!((found.kind(), found.reveal()), (kind, value), "{typed}");
            assert!(!format!("{found:?}").contains(value));
        }
        for typed in ["", "aigul.s", "s001-director", "790308457444", "12345", "+1 212 555 0100", "8 101 123 45 67", "a@b", "a@@b.kz", "@b.kz", "a b@c.kz", "a@b..kz", "a@b.kz\r\nBcc: x@y.kz", "a@-", "<a@b.kz>"] {
            assert_eq!(Identifier::recognise(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_form_tells_all_that_is_wrong_with_it() {
        let Err(Error::Invalid(wrong)) = read_all("12", "nobody", "790308457444") else { panic!("all three are wrong") };
        assert_eq!(wrong.iter().map(|field| field.field).collect::<Vec<_>>(), ["phone", "email", "iin"]);
        assert!(matches!(read_all(" ", "", ""), Ok((None, None, None))));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,80}") {
            drop(Identifier::recognise(&text));
            drop(read_all(&text, &text, &text));
        }

        #[test]
        fn what_is_recognised_is_recognised_again_as_the_same(text in "[0-9+() @a-z.-]{5,30}") {
            if let Some(found) = Identifier::recognise(&text) {
                let again = Identifier::recognise(found.reveal());
                prop_assert_eq!(again.as_ref().map(Identifier::reveal), Some(found.reveal()));
            }
        }
    }
}
