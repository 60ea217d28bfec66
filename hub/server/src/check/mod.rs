//! Check: is everything that the configuration names reachable, of a right version, and set safely?
//!
//! Every finding is a sentence for an administrator; a bad one says what to do. Nothing is changed anywhere.

mod broker;
mod database;
mod fcm;
mod listen;
mod mail;
mod print;
mod telegram;
mod web_push;

use crate::config::Config;
use std::fmt;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// In order.
    Good(String),
    /// Not in order, with what to do.
    Bad(String),
}

impl Finding {
    /// True when it is in order.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Good(_))
    }

    fn of(good: bool, when_good: impl Into<String>, when_bad: impl Into<String>) -> Self {
        if good { Self::Good(when_good.into()) } else { Self::Bad(when_bad.into()) }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good(sentence) => write!(f, "ok    {sentence}"),
            Self::Bad(sentence) => write!(f, "WRONG {sentence}"),
        }
    }
}

/// Looks at everything; a part that cannot be reached does not keep the others from being looked at.
pub async fn check(config: &Config) -> Vec<Finding> {
    let mut findings = vec![Finding::Good("the configuration is valid".into())];
    findings.push(match config.sign_in_policy() {
        Ok(_) => Finding::Good("the files that signing in needs can be read".into()),
        Err(error) => Finding::Bad(error.to_string()),
    });
    findings.push(match config.vault() {
        Ok(Some(_)) => Finding::Good("the key of confidential records can be read".into()),
        Ok(None) => Finding::Good("no key of confidential records: none are kept".into()),
        Err(error) => Finding::Bad(error.to_string()),
    });
    findings.push(match config.national_mapping() {
        Ok(mapping) if mapping.confirmed.trim().is_empty() => Finding::Good(format!("the mapping of the national database ({}) can be read; nobody confirmed it yet", mapping.name)),
        Ok(mapping) => Finding::Good(format!("the mapping of the national database ({}, confirmed: {}) can be read", mapping.name, mapping.confirmed)),
        Err(error) => Finding::Bad(error.to_string()),
    });
    findings.extend(database::look(config).await);
    findings.extend(broker::look(config).await);
    findings.extend(fcm::look(config).await);
    findings.push(web_push::look(config));
    findings.push(telegram::look(config).await);
    findings.extend(mail::look(config).await);
    findings.push(print::look(config).await);
    findings.push(listen::look(config));
    findings
}
