//! The unprivileged account under which embedded servers run when we are root (PostgreSQL refuses root, Mosquitto leaves it).

use super::EmbeddedError;
use std::{fs, process::Command};

/// A system account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// User number.
    pub uid: u32,
    /// Primary group number.
    pub gid: u32,
}

/// The account we make when the machine has none of the usual ones.
const OWN_ACCOUNT: &str = "shanyraq";

/// True when this process is root.
pub fn are_we_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The account for a server: `None` when we are not root (then it runs as ourselves), else the first of `preferred` that exists,
/// else an account of our own, made now if need be.
pub fn unprivileged(preferred: &[&str]) -> Result<Option<Account>, EmbeddedError> {
    if !are_we_root() {
        return Ok(None);
    }
    let known = known_accounts()?;
    let found = preferred.iter().copied().chain([OWN_ACCOUNT]).find_map(|name| find(&known, name));
    match found {
        Some(account) => Ok(Some(account)),
        None => create_own().map(Some),
    }
}

fn known_accounts() -> Result<String, EmbeddedError> {
    fs::read_to_string("/etc/passwd").map_err(EmbeddedError::io("reading /etc/passwd"))
}

fn find(passwd: &str, name: &str) -> Option<Account> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next() != Some(name) {
            return None;
        }
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(Account { name: name.to_owned(), uid, gid })
    })
}

fn create_own() -> Result<Account, EmbeddedError> {
    let advice = |why: String| EmbeddedError::NoAccount(format!("{why}. Create one: useradd --system --user-group {OWN_ACCOUNT}"));
    let output = Command::new("useradd")
        .args(["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", OWN_ACCOUNT])
        .output()
        .map_err(|error| advice(format!("useradd could not be started ({error})")))?;
    if !output.status.success() {
        return Err(advice(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    find(&known_accounts()?, OWN_ACCOUNT).ok_or_else(|| advice("useradd made no account".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_read_from_passwd() {
        let passwd = "root:x:0:0:root:/root:/bin/bash\npostgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash\nbroken\n";
        let expected = Account { name: "postgres".into(), uid: 101, gid: 104 };
        assert_eq!(find(passwd, "postgres"), Some(expected));
        assert_eq!(find(passwd, "broken"), None);
        assert_eq!(find(passwd, "postgre"), None);
    }
}
