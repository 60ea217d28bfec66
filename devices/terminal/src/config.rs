//! The configuration file, read into values that are ready for use. `terminal.example.toml` explains every key.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use protocol::{topic::Code, up::Direction};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use serde::Deserialize;

use crate::{
    forward::{Account, Pace, Patience, Tls},
    gate::screen::Language,
    journal::Limits,
    list::Fallback,
};

const MIB: u64 = 1024 * 1024;
const MOST_OPEN_SECONDS: i64 = 60;

/// Why a configuration cannot be used. The text is for whoever installs the terminal.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file cannot be read.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Not such a file.
    #[error("{path}: {error}")]
    Form {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        error: Box<toml::de::Error>,
    },
    /// A key holds what it may not hold.
    #[error("{key}: {reason}")]
    Key {
        /// Which.
        key: &'static str,
        /// What is wrong.
        reason: String,
    },
}

/// Everything a terminal needs to know.
#[derive(Debug)]
pub struct Config {
    /// Where journal and list lie.
    pub folder: PathBuf,
    /// Who it is, at which broker.
    pub account: Account,
    /// How fast things go.
    pub pace: Pace,
    /// Keys of who signs lists.
    pub list_keys: Vec<Vec<u8>>,
    /// What the gate does without a list in force.
    pub fallback: Fallback,
    /// How much of the disk is whose.
    pub limits: Limits,
    /// What the gate is driven by.
    pub output: Output,
    /// Language of its screen.
    pub language: Language,
    /// How long it stays open.
    pub open_ms: i64,
    /// Where cards come from.
    pub readers: Vec<Reader>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    school: String,
    device: String,
    folder: PathBuf,
    #[serde(default = "half_a_minute")]
    health_seconds: u16,
    broker: Broker,
    list: List,
    gate: Gate,
    #[serde(default)]
    journal: Journal,
    reader: Vec<Reader>,
}

/// How one device reaches its broker.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Broker {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Where the device's password stands.
    pub password_file: PathBuf,
    /// Who vouches for the broker.
    pub authority: Option<PathBuf>,
    /// The device's own certificate.
    pub certificate: Option<PathBuf>,
    /// Its key.
    pub key: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    keys: Vec<String>,
    without: Without,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Without {
    Open,
    Refuse,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Gate {
    output: Output,
    open_seconds: i64,
    #[serde(default)]
    language: Language,
}

/// What a gate is driven by.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Output {
    /// Lines of text on standard output.
    Text,
    /// `value` files of GPIO lines.
    Lines {
        /// Opens inwards.
        inwards: PathBuf,
        /// Opens outwards.
        outwards: PathBuf,
    },
}

/// How much of the disk is whose.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Journal {
    /// The journal is never longer.
    pub most_mib: u64,
    /// What it leaves of the file system to others.
    pub spare_mib: u64,
}

impl Default for Journal {
    fn default() -> Self {
        let limits = Limits::default();
        Self { most_mib: limits.most_bytes / MIB, spare_mib: limits.spare_bytes / MIB }
    }
}

/// Where cards come from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reader {
    /// What it is.
    pub kind: ReaderKind,
    /// Where it is; `-` is standard input.
    pub path: PathBuf,
    /// Which way it leads.
    pub direction: Direction,
}

/// What a reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReaderKind {
    /// It gives lines of text.
    Lines,
    /// It types like a keyboard.
    Keyboard,
}

impl Config {
    /// Reads a configuration and the files that it names.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(path).map_err(|error| ConfigError::File { path: path.to_owned(), error })?;
        let file: File = toml::from_str(&text).map_err(|error| ConfigError::Form { path: path.to_owned(), error: Box::new(error) })?;
        file.settle()
    }
}

impl File {
    fn settle(self) -> Result<Config, ConfigError> {
        let limits = self.journal.limits()?;
        if self.reader.is_empty() {
            return Err(wrong("reader", "at least one"));
        }
        if !(1..=MOST_OPEN_SECONDS).contains(&self.gate.open_seconds) {
            return Err(wrong("gate.open_seconds", "1 to 60"));
        }
        Ok(Config {
            account: self.broker.account(code("school", &self.school)?, code("device", &self.device)?)?,
            pace: Pace { patience: Patience::default(), health_ms: i64::from(self.health_seconds.max(1)) * 1_000 },
            list_keys: list_keys(&self.list.keys)?,
            fallback: match self.list.without {
                Without::Open => Fallback::Open,
                Without::Refuse => Fallback::Refuse,
            },
            folder: self.folder,
            limits,
            output: self.gate.output,
            language: self.gate.language,
            open_ms: self.gate.open_seconds.saturating_mul(1_000),
            readers: self.reader,
        })
    }
}

impl Broker {
    /// Reads what it names.
    pub fn account(self, school: Code, device: Code) -> Result<Account, ConfigError> {
        let password = String::from_utf8(read(&self.password_file)?).map_err(|_| wrong("broker.password_file", "not a text"))?;
        let own = match (self.certificate, self.key) {
            (Some(certificate), Some(key)) => Some((certificates("broker.certificate", &certificate)?, private_key(&key)?)),
            (None, None) => None,
            _ => return Err(wrong("broker.certificate", "a certificate and its key come together")),
        };
        let tls = match (self.authority, own) {
            (Some(authority), own) => Some(Tls { authority: certificates("broker.authority", &authority)?, own }),
            (None, None) => None,
            (None, Some(_)) => return Err(wrong("broker.authority", "a device's certificate needs the one that vouches for the broker")),
        };
        Ok(Account { host: self.host, port: self.port, school, device, password: password.trim_end().to_owned(), tls })
    }
}

impl Journal {
    /// As the journal takes it.
    pub fn limits(&self) -> Result<Limits, ConfigError> {
        if !(1..=4_096).contains(&self.most_mib) {
            return Err(wrong("journal.most_mib", "1 to 4096"));
        }
        Ok(Limits { most_bytes: self.most_mib.saturating_mul(MIB), spare_bytes: self.spare_mib.saturating_mul(MIB), ..Limits::default() })
    }
}

fn half_a_minute() -> u16 {
    30
}

/// A key holds what it may not hold.
pub fn wrong(key: &'static str, reason: impl Into<String>) -> ConfigError {
    ConfigError::Key { key, reason: reason.into() }
}

/// A code of a school or device.
pub fn code(key: &'static str, text: &str) -> Result<Code, ConfigError> {
    Code::parse(text).map_err(|malformed| wrong(key, malformed.to_string()))
}

fn read(path: &Path) -> Result<Vec<u8>, ConfigError> {
    fs::read(path).map_err(|error| ConfigError::File { path: path.to_owned(), error })
}

/// A file of certificates in PEM, as it is.
fn certificates(key: &'static str, path: &Path) -> Result<Vec<u8>, ConfigError> {
    let pem = read(path)?;
    let sound = CertificateDer::pem_slice_iter(&pem).collect::<Result<Vec<_>, _>>().is_ok_and(|all| !all.is_empty());
    if sound { Ok(pem) } else { Err(wrong(key, "no certificates in PEM")) }
}

fn private_key(path: &Path) -> Result<Vec<u8>, ConfigError> {
    let pem = read(path)?;
    if PrivateKeyDer::from_pem_slice(&pem).is_ok() { Ok(pem) } else { Err(wrong("broker.key", "no key in PEM")) }
}

fn list_keys(texts: &[String]) -> Result<Vec<Vec<u8>>, ConfigError> {
    let keys = texts.iter().map(|text| list_key(text)).collect::<Result<Vec<_>, _>>()?;
    if keys.is_empty() { Err(wrong("list.keys", "at least one")) } else { Ok(keys) }
}

/// A public key as 64 hexadecimal digits.
fn list_key(text: &str) -> Result<Vec<u8>, ConfigError> {
    let byte = |place: usize| text.get(place..place + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
    let bytes: Option<Vec<u8>> = (0..text.len()).step_by(2).map(byte).collect();
    let key = bytes.filter(|bytes| bytes.len() == 32).ok_or_else(|| wrong("list.keys", "64 hexadecimal digits, as `shanyraq-terminal list-key` prints them"))?;
    if is_of_low_order(&key) { Err(wrong("list.keys", "nobody's key: anybody could forge lists by it")) } else { Ok(key) }
}

/// The points of Ed25519 of order 1, 2, 4 and 8, in all their encodings but for the sign in the last bit. Signatures by them hold for
/// whatever is signed, at least in one case of eight, and who verifies does not mind.
const LOW_ORDER: [[u8; 32]; 7] = [
    point(0x00, 0x00, 0x00),
    point(0x01, 0x00, 0x00),
    point(0xec, 0xff, 0x7f),
    point(0xed, 0xff, 0x7f),
    point(0xee, 0xff, 0x7f),
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38,
        0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7,
        0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
];

const fn point(first: u8, between: u8, last: u8) -> [u8; 32] {
    let m = between;
    [first, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, last]
}

fn is_of_low_order(key: &[u8]) -> bool {
    let signless = |key: &[u8]| key.split_last().map(|(last, first)| (first.to_vec(), last & 0x7f));
    LOW_ORDER.iter().any(|point| signless(point) == signless(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOBODY: &str = "0000000000000000000000000000000000000000000000000000000000000000";
    const SOMEBODY: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    /// The example, with a password that is there and somebody's key.
    fn example(folder: &Path) -> String {
        fs::write(folder.join("password"), "secret\n").unwrap();
        include_str!("../terminal.example.toml").replace("/etc/shanyraq-terminal", folder.to_str().unwrap()).replace(NOBODY, SOMEBODY)
    }

    fn read(text: &str, folder: &Path) -> Result<Config, String> {
        let path = folder.join("terminal.toml");
        fs::write(&path, text).unwrap();
        Config::read(&path).map_err(|error| error.to_string())
    }

    #[test]
    fn the_example_is_a_configuration() {
        let folder = tempfile::tempdir().unwrap();
        let config = read(&example(folder.path()), folder.path()).unwrap();
        assert_eq!((config.account.password.as_str(), config.readers.len(), config.limits), ("secret", 2, Limits::default()));
        assert_eq!((config.fallback, config.open_ms, config.account.tls.is_none()), (Fallback::Open, 4_000, true));
        assert!(matches!(config.output, Output::Lines { .. }));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let example = example(folder.path());
        for (from, to, expected) in [
            ("device = \"gate7k2m9q\"", "device = \"Gate 7\"", "device: "),
            ("open_seconds = 4", "open_seconds = 0", "gate.open_seconds: "),
            ("without = \"open\"", "without = \"perhaps\"", "unknown variant `perhaps`"),
            ("[journal]", "[jurnal]", "unknown field `jurnal`"),
            ("most_mib = 32", "most_mib = 0", "journal.most_mib: "),
            ("keys = [\"d7", "keys = [\"zz", "list.keys: "),
            (SOMEBODY, NOBODY, "list.keys: nobody's key"),
            ("keys = [\"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a\"]", "keys = []", "list.keys: at least one"),
            ("# authority = \"", "authority = \"", "authority.pem"),
            ("password_file = \"", "password_file = \"/nowhere", "/nowhere"),
        ] {
            assert!(example.contains(from), "{from}");
            let error = read(&example.replacen(from, to, 1), folder.path()).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
        assert!(read("", folder.path()).unwrap_err().contains("missing field"));
        fs::write(folder.path().join("authority.pem"), "-----BEGIN CERTIFICATE-----\nno\n").unwrap();
        let error = read(&example.replacen("# authority", "authority", 1), folder.path()).unwrap_err();
        assert!(error.contains("broker.authority: "), "{error}");
    }

    #[test]
    fn no_key_by_which_anybody_can_sign_is_taken() {
        for point in LOW_ORDER {
            for sign in [0, 0x80] {
                let mut key = point;
                key[31] |= sign;
                let digits: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
                assert!(list_key(&digits).is_err(), "{digits}");
            }
        }
        assert!(list_key(SOMEBODY).is_ok());
    }
}
