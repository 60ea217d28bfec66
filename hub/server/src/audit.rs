//! `shanyraq audit verify`: is the audit trail of each school whole?
//!
//! Walks every chain from its first link and says for each school how many links are sound, where the chain ends, how many rows wait to
//! be chained, and the first thing that is wrong. Reads only, as the group role of reports.

use crate::config::{Config, ConfigError};
use identity::trail::{self, Expected, Fault, Finding};
use kernel::{
    db::{Db, DbRole},
    id::show,
};

/// Why nothing could be said.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database.
    #[error("the database cannot be asked: {0}. `shanyraq check` tells more")]
    Database(#[from] kernel::Error),
    /// No such school.
    #[error("no organisation has the code {0}")]
    NoSuchSchool(String),
    /// The expected end cannot be read.
    #[error("--expect is NUMBER:HASH, as the log tells the end of a chain")]
    Expect,
    /// At least one chain is broken.
    #[error("the audit trail was tampered with; see above")]
    Broken,
}

/// What was found at a school.
#[derive(Debug)]
pub struct Report {
    /// The school's code.
    pub code: String,
    /// What was found.
    pub finding: Finding,
}

/// Walks the chains of all organisations, or of one.
///
/// # Errors
/// When nothing can be said; a broken chain is a report.
pub async fn verify(config: &Config, code: Option<&str>, expect: Option<&str>) -> Result<Vec<Report>, AuditError> {
    let expected = expect.map(|text| read_expected(text).ok_or(AuditError::Expect)).transpose()?;
    let db = Db::connect(config.database.app_url()?.reveal(), DbRole::Report, 1)?;
    let mut places = trail::places(&db).await?;
    if let Some(code) = code {
        places.retain(|(_, known)| known == code);
        if places.is_empty() {
            return Err(AuditError::NoSuchSchool(code.to_owned()));
        }
    }
    let mut reports = Vec::new();
    for (school, code) in places {
        reports.push(Report { code, finding: trail::verify(&db, school, expected).await? });
    }
    Ok(reports)
}

fn read_expected(text: &str) -> Option<Expected> {
    let (n, hash) = text.split_once(':')?;
    Some(Expected { n: n.parse().ok().filter(|n| *n > 0)?, hash: hash.parse().ok()? })
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.finding.fault.is_none()
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { code, finding: Finding { links, hash, waiting, fault } } = self;
        match fault {
            None => write!(f, "ok      {code}: {links} links, end {links}:{hash}, {waiting} rows wait to be chained"),
            Some(fault) => write!(f, "BROKEN  {code}: {}; {links} links before it are sound", in_words(fault)),
        }
    }
}

fn in_words(fault: &Fault) -> String {
    match fault {
        Fault::LinkMissing(n) => format!("link {n} is missing"),
        Fault::RowGone(n) => format!("the row of link {n} was deleted"),
        Fault::Changed(n) => format!("link {n} or its row was changed, moved or slipped in"),
        Fault::OutOfTime(n) => format!("the row of link {n} says a time long before rows that were chained earlier"),
        Fault::CutShort(n) => format!("the chain was cut short: its end was at link {n}"),
        Fault::HeadDiffers(n) => format!("the end that was kept does not fit link {n}"),
        Fault::Outside(id) => format!("row {} stands outside the chain", show(*id)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_read_as_the_log_tells_it() {
        let hash = "ab".repeat(32);
        assert!(read_expected(&format!("7:{hash}")).is_some_and(|expected| expected.n == 7 && expected.hash.to_string() == hash));
        for wrong in ["", "7", "0:ab", "7:ab", &format!("-7:{hash}"), &format!("x:{hash}")] {
            assert!(read_expected(wrong).is_none(), "{wrong}");
        }
    }
}
