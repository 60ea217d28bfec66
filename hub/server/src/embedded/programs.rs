//! Where the installed programs are: an explicit folder first, then PATH, then the places Debian uses.

use super::EmbeddedError;
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Folders searched after PATH: an ordinary user's PATH lacks the sbin folders, where Mosquitto lives.
const SYSTEM_FOLDERS: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// PATH followed by the system's folders.
pub fn search_path() -> String {
    match env::var("PATH") {
        Ok(path) if !path.is_empty() => format!("{path}:{SYSTEM_FOLDERS}"),
        _ => SYSTEM_FOLDERS.to_owned(),
    }
}

fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&search_path()).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// `setpriv` of util-linux, which every Debian has.
pub fn setpriv() -> Result<PathBuf, EmbeddedError> {
    on_path("setpriv").ok_or(EmbeddedError::ProgramMissing { program: "setpriv", package: "util-linux", hint: "" })
}

/// The broker.
pub fn mosquitto() -> Result<PathBuf, EmbeddedError> {
    on_path("mosquitto").ok_or(EmbeddedError::ProgramMissing {
        program: "mosquitto",
        package: "mosquitto",
        hint: ", or run deploy/up, which installs what is missing",
    })
}

/// PostgreSQL's programs of one version.
#[derive(Debug, Clone)]
pub struct PostgresPrograms {
    /// The folder with `initdb` and `postgres`.
    pub folder: PathBuf,
    /// Their major version, such as `15`.
    pub major: String,
}

impl PostgresPrograms {
    /// Looks in `$SHANYRAQ_PG_BIN`, PATH and `/usr/lib/postgresql/*/bin` (highest version).
    pub fn locate() -> Result<Self, EmbeddedError> {
        let missing = EmbeddedError::ProgramMissing {
            program: "PostgreSQL (initdb and postgres)",
            package: "postgresql",
            hint: ", or run deploy/up, which installs it without starting its own cluster, or name its bin folder in SHANYRAQ_PG_BIN",
        };
        Self::candidates().into_iter().find_map(Self::in_folder).ok_or(missing)
    }

    fn candidates() -> Vec<PathBuf> {
        if let Some(named) = env::var_os("SHANYRAQ_PG_BIN") {
            // An explicit folder is final: falling back to another version would surprise.
            return vec![PathBuf::from(named)];
        }
        let mut folders: Vec<PathBuf> = env::split_paths(&search_path()).collect();
        folders.extend(debian_folders());
        folders
    }

    fn in_folder(folder: PathBuf) -> Option<Self> {
        // PATH often has a link to the server: its real folder also holds the libraries' relative paths.
        let postgres = fs::canonicalize(folder.join("postgres")).ok()?;
        let folder = postgres.parent()?.to_owned();
        if !folder.join("initdb").is_file() {
            return None;
        }
        let output = Command::new(&postgres).arg("--version").output().ok()?;
        let major = major_version(&String::from_utf8_lossy(&output.stdout))?;
        Some(Self { folder, major })
    }

    /// One of the programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// True when the server can preload this library.
    pub fn has_library(&self, name: &str) -> bool {
        let file = format!("{name}.so");
        ["../lib", "../lib/postgresql"].iter().any(|lib| self.folder.join(lib).join(&file).is_file())
    }
}

/// `/usr/lib/postgresql/*/bin`, highest version first.
fn debian_folders() -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir(Path::new("/usr/lib/postgresql"))
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version = path.file_name()?.to_str()?.parse().ok()?;
            Some((version, path.join("bin")))
        })
        .collect();
    versions.sort_unstable();
    versions.into_iter().rev().map(|(_, path)| path).collect()
}

/// `postgres (PostgreSQL) 15.18 (Debian …)` → `15`.
fn major_version(text: &str) -> Option<String> {
    let number = text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let major: String = number.chars().take_while(char::is_ascii_digit).collect();
    Some(major)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read() {
        let cases = [("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", Some("15")), ("postgres (PostgreSQL) 18beta1", Some("18")), ("", None)];
        for (text, expected) in cases {
            assert_eq!(major_version(text).as_deref(), expected, "{text}");
        }
    }
}
