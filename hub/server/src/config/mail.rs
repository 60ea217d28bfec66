//! Letters: the server that takes them.

use super::{ConfigError, section::section};
use std::path::PathBuf;

section! {
    /// Letters: the server that takes them.
    pub struct Mail {
        /// The SMTP server. Unset: no letters are sent, and who forgot the password is sent to the school.
        host: Option<String> = None,
        /// Its port: 587 with `starttls`, 465 with `tls`.
        port: u16 = 587,
        /// `starttls`, `tls`, or `none` for a server on this machine.
        encryption: String = "starttls".into(),
        /// Whom letters come from, such as `Shanyraq <no-reply@shanyraq.example.kz>`.
        from: Option<String> = None,
        /// The user at that server; unset where it asks for none.
        user: Option<String> = None,
        /// The file of the user's password.
        password_file: Option<PathBuf> = None,
        /// Notices by e-mail in a second, for who wants them; ask the provider what it takes.
        notices_per_second: u32 = 5,
    }
}

/// How the way to the server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// From the first byte.
    Tls,
    /// From the greeting on; without it nothing is sent.
    StartTls,
    /// Not at all: the server is this machine.
    None,
}

impl Mail {
    /// How the way to the server is protected.
    pub fn encryption(&self) -> Result<Encryption, ConfigError> {
        match self.encryption.as_str() {
            "starttls" => Ok(Encryption::StartTls),
            "tls" => Ok(Encryption::Tls),
            "none" if self.is_here() => Ok(Encryption::None),
            "none" => Err(wrong("mail.encryption", "\"none\" is for a server on this machine only".to_owned())),
            other => Err(wrong("mail.encryption", format!("{other:?} is none of starttls, tls, none"))),
        }
    }

    /// Whether the server is this machine: then a letter does not leave it.
    pub fn is_here(&self) -> bool {
        let host = self.host.as_deref().unwrap_or_default();
        host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        self.encryption()?;
        if self.notices_per_second == 0 {
            return Err(wrong("mail.notices_per_second", "must be at least 1".to_owned()));
        }
        if self.host.is_some() && self.from.is_none() {
            return Err(wrong("mail.from", "is needed when mail.host is set".to_owned()));
        }
        if self.from.as_ref().is_some_and(|from| !from.contains('@')) {
            return Err(wrong("mail.from", "is no address such as `Shanyraq <no-reply@shanyraq.example.kz>`".to_owned()));
        }
        if self.user.is_some() != self.password_file.is_some() {
            return Err(wrong("mail.password_file", "and mail.user are set together or not at all".to_owned()));
        }
        Ok(())
    }
}

fn wrong(key: &'static str, problem: String) -> ConfigError {
    ConfigError::Invalid { key, problem }
}

#[cfg(test)]
mod tests {
    use super::super::Config;

    #[test]
    fn mistakes_are_refused_by_name() {
        for (text, key) in [
            ("[mail]\nhost = \"mail.example.kz\"\n", "mail.from"),
            ("[mail]\nhost = \"mail.example.kz\"\nfrom = \"nobody\"\n", "mail.from"),
            ("[mail]\nhost = \"mail.example.kz\"\nfrom = \"a@b.kz\"\nencryption = \"none\"\n", "mail.encryption"),
            ("[mail]\nencryption = \"ssl\"\n", "mail.encryption"),
            ("[mail]\nuser = \"hub\"\n", "mail.password_file"),
        ] {
            let refused = Config::parse(text, "test.toml", std::iter::empty()).unwrap_err().to_string();
            assert!(refused.contains(key), "{text}: {refused}");
        }
        let here = "[mail]\nhost = \"127.0.0.1\"\nport = 2525\nencryption = \"none\"\nfrom = \"Shanyraq <no-reply@b.kz>\"\n";
        Config::parse(here, "test.toml", std::iter::empty()).unwrap();
    }
}
