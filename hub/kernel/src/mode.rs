//! What an installation is for: a hard switch, said on every page.
//!
//! A stand that is copied from the live one holds real phones and addresses, so in mode `test` nothing may leave it: no push, no letter,
//! not even to this machine, since a mail server on this machine hands letters on. Whatever speaks to somebody outside therefore asks for
//! a [`WayOut`], which cannot be had in that mode; the program does not compile without it. The database and the broker are the
//! installation's own and are no way out.

use serde::{Deserialize, Serialize};

/// What this installation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Real schools and people.
    #[default]
    Live,
    /// Synthetic people only.
    Demo,
    /// No traffic outward.
    Test,
}

/// Leave to speak to somebody outside.
#[derive(Debug, Clone, Copy)]
pub struct WayOut(());

impl Mode {
    /// The way out; there is none in mode `test`.
    pub fn way_out(self) -> Option<WayOut> {
        match self {
            Self::Live | Self::Demo => Some(WayOut(())),
            Self::Test => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_no_way_out_of_a_test() {
        assert!(Mode::Test.way_out().is_none());
        assert!(Mode::Live.way_out().is_some() && Mode::Demo.way_out().is_some());
    }
}
