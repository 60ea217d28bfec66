//! Ports: free ones, remembered, so that addresses stay the same from start to start.

use super::{UpError, say};
use crate::embedded::{EmbeddedError, folder};
use serde::{Deserialize, Serialize};
use std::{
    fs, io,
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
};

/// What is remembered.
#[derive(Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
struct Remembered {
    /// What was asked for the pages, and what they got.
    http_wanted: Option<SocketAddr>,
    http: Option<SocketAddr>,
    broker: Option<u16>,
    simulator: Option<u16>,
    telegram: Option<u16>,
    mail: Option<u16>,
    mailbox: Option<u16>,
}

/// The ports of one data folder.
#[derive(Debug)]
pub(super) struct Ports {
    file: PathBuf,
    wanted: SocketAddr,
    remembered: Remembered,
}

const LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

impl Ports {
    /// Reads what is remembered; a damaged file is forgotten, since ports can be chosen again.
    pub fn open(file: &Path, wanted: SocketAddr) -> Result<Self, UpError> {
        let text = match fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(UpError::Folder(format!("{}: {error}", file.display()))),
        };
        let remembered = toml::from_str(&text).unwrap_or_else(|error| {
            say(&format!("{} is damaged ({}); choosing ports again", file.display(), error.message()));
            Remembered::default()
        });
        Ok(Self { file: file.to_owned(), wanted, remembered })
    }

    /// Where the pages are: where they were, else where they were asked to be, else a free port.
    pub fn http(&mut self) -> Result<SocketAddr, UpError> {
        let same_wish = self.remembered.http_wanted == Some(self.wanted);
        let before = self.remembered.http.filter(|_| same_wish);
        let address = match before.into_iter().chain([self.wanted]).find(|address| is_free(*address)) {
            // Port 0 asks for any.
            Some(address) if address.port() == 0 => free(address.ip())?,
            Some(address) => address,
            None => {
                let address = free(self.wanted.ip())?;
                say(&format!("{} is in use, so the pages are at {address}", self.wanted));
                address
            }
        };
        self.remembered.http_wanted = Some(self.wanted);
        self.remembered.http = Some(address);
        self.save()?;
        Ok(address)
    }

    /// The broker's port.
    pub fn broker(&mut self) -> Result<u16, UpError> {
        let port = keep_or_choose("broker", self.remembered.broker, Some(1883))?;
        self.remembered.broker = Some(port);
        self.save()?;
        Ok(port)
    }

    /// Where the push simulator listens.
    pub fn simulator(&mut self) -> Result<SocketAddr, UpError> {
        let port = keep_or_choose("push simulator", self.remembered.simulator, None)?;
        self.remembered.simulator = Some(port);
        self.save()?;
        Ok(SocketAddr::new(LOCAL, port))
    }

    /// Where the mail simulator takes letters.
    pub fn mail(&mut self) -> Result<SocketAddr, UpError> {
        let port = keep_or_choose("mail simulator", self.remembered.mail, None)?;
        self.remembered.mail = Some(port);
        self.save()?;
        Ok(SocketAddr::new(LOCAL, port))
    }

    /// Where its letters are read.
    pub fn mailbox(&mut self) -> Result<SocketAddr, UpError> {
        let port = keep_or_choose("pages of the mail simulator", self.remembered.mailbox, None)?;
        self.remembered.mailbox = Some(port);
        self.save()?;
        Ok(SocketAddr::new(LOCAL, port))
    }

    /// Where the simulator of Telegram listens.
    pub fn telegram(&mut self) -> Result<SocketAddr, UpError> {
        let port = keep_or_choose("simulator of Telegram", self.remembered.telegram, None)?;
        self.remembered.telegram = Some(port);
        self.save()?;
        Ok(SocketAddr::new(LOCAL, port))
    }

    fn save(&self) -> Result<(), UpError> {
        let text = toml::to_string(&self.remembered).map_err(|error| UpError::Folder(error.to_string()))?;
        folder::replace_file(&self.file, 0o644, text.as_bytes()).map_err(EmbeddedError::io(format!("writing {}", self.file.display())))?;
        Ok(())
    }
}

fn keep_or_choose(what: &str, before: Option<u16>, usual: Option<u16>) -> Result<u16, UpError> {
    if let Some(port) = before.or(usual).filter(|port| is_free(SocketAddr::new(LOCAL, *port))) {
        return Ok(port);
    }
    let port = free(LOCAL)?.port();
    if let Some(taken) = before.or(usual) {
        say(&format!("port {taken} is in use, so the {what} is at 127.0.0.1:{port}"));
    }
    Ok(port)
}

fn is_free(address: SocketAddr) -> bool {
    TcpListener::bind(address).is_ok()
}

fn free(ip: IpAddr) -> Result<SocketAddr, UpError> {
    let found = TcpListener::bind((ip, 0)).and_then(|listener| listener.local_addr());
    found.map_err(|error| UpError::Folder(format!("no free port on {ip}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_kept_while_it_is_free() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ports.toml");
        let taken = TcpListener::bind((LOCAL, 0)).unwrap();
        let wanted = taken.local_addr().unwrap();
        let first = Ports::open(&file, wanted).unwrap().http().unwrap();
        assert_ne!(first, wanted);
        drop(taken);
        assert_eq!(Ports::open(&file, wanted).unwrap().http().unwrap(), first, "addresses stay");
        let other = free(LOCAL).unwrap();
        assert_eq!(Ports::open(&file, other).unwrap().http().unwrap(), other, "a new wish is followed");
    }

    #[test]
    fn a_damaged_file_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ports.toml");
        fs::write(&file, "broker = \"x").unwrap();
        Ports::open(&file, free(LOCAL).unwrap()).unwrap().broker().unwrap();
    }
}
