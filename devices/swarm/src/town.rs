//! The town file: where the broker is, and which schools, terminals, cards and dishes there are.
//! Written by `shanyraq up` and by the testkit, read once at the start.

use std::path::Path;

use protocol::topic::Code;
use serde::Deserialize;

/// Everything the swarm needs to know of the world.
#[derive(Debug, Clone, Deserialize)]
pub struct Town {
    /// The broker that the terminals connect to.
    pub broker: Broker,
    /// Schools with at least one device.
    pub schools: Vec<School>,
}

/// The broker's address.
#[derive(Debug, Clone, Deserialize)]
pub struct Broker {
    /// Name or IP address.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

/// One school.
#[derive(Debug, Clone, Deserialize)]
pub struct School {
    /// Its code in topics.
    pub code: String,
    /// Its terminals.
    pub devices: Vec<Device>,
    /// Cards of its people, as the hub stores them.
    pub cards: Vec<String>,
    /// What the canteen sells.
    #[serde(default)]
    pub dishes: Vec<Dish>,
}

/// One terminal.
#[derive(Debug, Clone, Deserialize)]
pub struct Device {
    /// Its code: client id, user name and topic level.
    pub code: String,
    /// Its password at the broker.
    pub password: String,
    /// What it is.
    pub kind: Kind,
    /// The one way it lets people through; none means both.
    #[serde(default)]
    pub direction: Option<Direction>,
}

/// What a terminal does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Lets people in and out.
    Turnstile,
    /// Sells meals.
    Till,
}

/// Which way a turnstile stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Into the school.
    In,
    /// Out of the school.
    Out,
}

impl Direction {
    /// As in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }
}

/// What is eaten, and its price.
#[derive(Debug, Clone, Deserialize)]
pub struct Dish {
    /// As the till names it.
    pub item: String,
    /// Price in tiyn.
    pub price_tiyn: i64,
}

/// Why a town file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// The file cannot be read.
    #[error("cannot read the town file: {0}")]
    Io(#[from] std::io::Error),
    /// It is not of the form.
    #[error("not a town file: {0}")]
    Form(#[from] serde_json::Error),
    /// A code that no topic can carry.
    #[error("`{0}` is no code: 1 to 20 of a-z and 0-9")]
    Code(String),
    /// Nobody to play with.
    #[error("no school of the town has both a terminal and a card")]
    Empty,
}

impl Town {
    /// Reads and checks a town file.
    pub fn load(path: &Path) -> Result<Self, Unusable> {
        Self::parse(&std::fs::read(path)?)
    }

    /// Reads and checks a town.
    pub fn parse(text: &[u8]) -> Result<Self, Unusable> {
        let mut town: Self = serde_json::from_slice(text)?;
        town.schools.retain(|school| !school.devices.is_empty() && !school.cards.is_empty());
        if town.schools.is_empty() {
            return Err(Unusable::Empty);
        }
        let devices = town.schools.iter().flat_map(|school| &school.devices).map(|device| &device.code);
        for code in town.schools.iter().map(|school| &school.code).chain(devices) {
            Code::parse(code).map_err(|_| Unusable::Code(code.clone()))?;
        }
        Ok(town)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_town_is_read_and_empty_schools_are_left_out() {
        let text = r#"{"broker":{"host":"127.0.0.1","port":1883},"schools":[
            {"code":"s001","devices":[{"code":"t001","password":"p","kind":"turnstile","direction":null},
             {"code":"t002","password":"p","kind":"till"}],"cards":["04A1B2C3"],"dishes":[{"item":"Plov","price_tiyn":45000}]},
            {"code":"s002","devices":[],"cards":["04A1B2C4"]}]}"#;
        let town = Town::parse(text.as_bytes()).unwrap();
        assert_eq!((town.schools.len(), town.schools[0].devices[1].kind), (1, Kind::Till));
        let bad = text.replace("t001", "T 1");
        assert!(matches!(Town::parse(bad.as_bytes()), Err(Unusable::Code(_))));
    }
}
