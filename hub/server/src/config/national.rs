//! Files for the national education database: which columns they have.

use super::{Config, ConfigError, section::section};
use people::national::{DELIVERED, Mapping};
use std::path::PathBuf;

section! {
    /// Files for the national education database.
    pub struct National {
        /// The file that says which columns there are, what stands in each, and by which codes. Start from the one that
        /// `shanyraq config --national-mapping` prints: every key is explained in it. Unset: that one, which is a proposal and says so on the page.
        mapping: Option<PathBuf> = None,
    }
}

impl Config {
    /// The mapping of the installation.
    ///
    /// # Errors
    /// When its file cannot be read, or is wrong.
    pub fn national_mapping(&self) -> Result<Mapping, ConfigError> {
        let text = match &self.national.mapping {
            Some(path) => std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: path.clone(), source })?,
            None => DELIVERED.to_owned(),
        };
        Mapping::parse(&text).map_err(|problem| ConfigError::Invalid { key: "national.mapping", problem })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_mapping_is_refused_with_its_place() {
        let config = |path: PathBuf| Config { national: National { mapping: Some(path) }, ..Config::default() };
        assert!(Config::default().national_mapping().is_ok());
        assert!(config("/nowhere/mapping.toml".into()).national_mapping().unwrap_err().to_string().contains("/nowhere/mapping.toml"));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mapping.toml");
        std::fs::write(&path, DELIVERED.replacen("field = \"iin\"", "field = \"shoe_size\"", 1)).unwrap();
        let refused = config(path).national_mapping().unwrap_err().to_string();
        assert!(refused.contains("national.mapping") && refused.contains("shoe_size"), "{refused}");
    }
}
