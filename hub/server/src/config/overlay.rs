//! The `SHANYRAQ_…` variables, laid over the file's table.

use super::{Config, ConfigError};
use toml::{Table, Value};

const PREFIX: &str = "SHANYRAQ_";
/// Variables with our prefix that are not keys: where PostgreSQL's programs are, and which file to read.
const OTHERS: [&str; 2] = ["SHANYRAQ_PG_BIN", "SHANYRAQ_CONFIG"];
/// And those by which a test breaks a build made to be broken.
const SABOTAGE: &[&str] = if cfg!(feature = "sabotage") {
    &["SHANYRAQ_SABOTAGE", "SHANYRAQ_PANIC_ONE_IN", "SHANYRAQ_PANICS", "SHANYRAQ_PANIC_DEVICE", "SHANYRAQ_ACTOR_LIFE_MS"]
} else {
    &[]
};

/// Sets each key that a variable names.
pub(super) fn apply(table: &mut Table, variables: impl Iterator<Item = (String, String)>) -> Result<(), ConfigError> {
    let is_key = |name: &str| name.starts_with(PREFIX) && !OTHERS.contains(&name) && !SABOTAGE.contains(&name);
    for (variable, text) in variables.filter(|(name, _)| is_key(name)) {
        let path: Vec<String> = variable.trim_start_matches(PREFIX).to_lowercase().split("__").map(str::to_owned).collect();
        let kind = kind_of(&path).ok_or_else(|| ConfigError::UnknownVariable { variable: variable.clone() })?;
        set(table, &path, kind.read(text)).ok_or(ConfigError::UnknownVariable { variable })?;
    }
    Ok(())
}

/// How a variable's text becomes a value.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// As it is: a password "12" is not a number.
    Text,
    /// As TOML; what is not TOML stays text and is refused by the field's type.
    Toml,
}

impl Kind {
    fn read(self, text: String) -> Value {
        match self {
            Self::Text => Value::String(text),
            Self::Toml => toml::from_str::<Table>(&format!("value = {text}")).ok().and_then(|mut table| table.remove("value")).unwrap_or(Value::String(text)),
        }
    }
}

/// The kind of the key at this path, or `None` when there is no such key. Keys unset by default are texts.
fn kind_of(path: &[String]) -> Option<Kind> {
    let (key, sections) = path.split_last()?;
    let documented: Table = toml::from_str(&Config::document()).ok()?;
    let section = sections.iter().try_fold(&documented, |table, name| table.get(name)?.as_table())?;
    match section.get(key) {
        Some(Value::Table(_)) => None,
        Some(Value::String(_)) => Some(Kind::Text),
        Some(_) => Some(Kind::Toml),
        None => is_unset_by_default(key, sections).then_some(Kind::Text),
    }
}

fn is_unset_by_default(key: &str, sections: &[String]) -> bool {
    let keys = match sections.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["http"] => super::Http::KEYS,
        ["database"] => super::Database::KEYS,
        ["mqtt"] => super::Mqtt::KEYS,
        ["identity"] => super::Identity::KEYS,
        ["secrets"] => super::Secrets::KEYS,
        ["mail"] => super::Mail::KEYS,
        ["push", "fcm"] => super::Fcm::KEYS,
        ["push", "web"] => super::WebPush::KEYS,
        ["push", "telegram"] => super::Telegram::KEYS,
        _ => &[],
    };
    keys.iter().any(|known| known.name == key)
}

fn set(table: &mut Table, path: &[String], value: Value) -> Option<()> {
    let (key, sections) = path.split_last()?;
    let section = sections.iter().try_fold(table, |table, name| table.entry(name.clone()).or_insert_with(|| Value::Table(Table::new())).as_table_mut())?;
    section.insert(key.clone(), value);
    Some(())
}
