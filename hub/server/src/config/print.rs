//! Documents as PDF.

use super::{Config, ConfigError, section::section};
use std::{path::PathBuf, time::Duration};
use web::print::{Bounds, Printer};

section! {
    /// Documents as PDF: the program that prints them, and how much it may take.
    pub struct Print {
        /// The program `shanyraq-print`. Unset: beside this program. Where it is not there, pages are printed by the browser.
        program: Option<PathBuf> = None,
        /// How many documents are printed at once.
        at_once: usize = 2,
        /// How many more may wait; who comes then is asked to try again.
        waiting: usize = 16,
        /// How many seconds a document may take, and may wait.
        limit_s: u32 = 20,
        /// How much memory printing a document may take, in MiB.
        memory_mib: u64 = 1024,
    }
}

impl Print {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        let invalid = |key, problem: &str| Err(ConfigError::Invalid { key, problem: problem.to_owned() });
        if !(1..=64).contains(&self.at_once) {
            return invalid("print.at_once", "is from 1 to 64");
        }
        if self.waiting > 1_000 {
            return invalid("print.waiting", "is at most 1000");
        }
        if !(1..=600).contains(&self.limit_s) {
            return invalid("print.limit_s", "is from 1 to 600");
        }
        if self.memory_mib < 512 {
            return invalid("print.memory_mib", "is at least 512: fonts and templates need room");
        }
        Ok(())
    }
}

impl Config {
    /// What prints documents; nothing where this program does not know where it lies itself.
    pub fn printer(&self) -> Option<Printer> {
        let print = &self.print;
        let bounds = Bounds { at_once: print.at_once, waiting: print.waiting, limit: Duration::from_secs(print.limit_s.into()), memory_mib: print.memory_mib };
        print.program.clone().or_else(Printer::beside_us).map(|program| Printer::new(program, bounds))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Config;

    #[test]
    fn mistakes_are_refused_by_name() {
        for (text, key) in [("at_once = 0", "print.at_once"), ("waiting = 5000", "print.waiting"), ("limit_s = 0", "print.limit_s"), ("memory_mib = 64", "print.memory_mib")] {
            let refused = Config::parse(&format!("[print]\n{text}\n"), "test.toml", std::iter::empty()).unwrap_err().to_string();
            assert!(refused.contains(key), "{text}: {refused}");
        }
    }

    #[test]
    fn a_named_program_is_taken() {
        let config = Config::parse("[print]\nprogram = \"/opt/shanyraq-print\"\n", "test.toml", std::iter::empty()).unwrap();
        assert_eq!(config.printer().unwrap().program(), std::path::Path::new("/opt/shanyraq-print"));
    }
}
