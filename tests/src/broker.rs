//! The test program's Mosquitto.

use crate::home::home;
use shanyraq::embedded::{
    broker_accounts::BrokerAccounts,
    children::{self, Child},
    mosquitto::{HUB_USER, Mosquitto},
};
use std::{net::SocketAddr, net::TcpListener, path::PathBuf, sync::LazyLock, sync::Mutex, time::Duration};

/// How long a server may take to start on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
const HUB_PASSWORD: &str = "hub-of-the-tests";

/// A running broker.
pub struct TestBroker {
    server: Mosquitto,
    child: Mutex<Child>,
}

static BROKER: LazyLock<TestBroker> = LazyLock::new(TestBroker::start);

/// The broker of this test program, started at first use.
pub fn broker() -> &'static TestBroker {
    &BROKER
}

impl TestBroker {
    fn start() -> Self {
        let port = free_port();
        let server = Mosquitto::prepare(&home().join("mosquitto"), &home().join("mosquitto.log"), port, HUB_PASSWORD).unwrap_or_else(|error| panic!("{error}"));
        let child = Mutex::new(start(&server));
        Self { server, child }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// `mqtt://host:port`.
    pub fn url(&self) -> String {
        format!("mqtt://{}", self.address())
    }

    /// The hub's user name and password.
    pub fn hub(&self) -> (&'static str, &'static str) {
        (HUB_USER, HUB_PASSWORD)
    }

    /// The broker's password file, for a hub that writes it; call [`TestBroker::reload`] afterwards.
    pub fn accounts_file(&self) -> PathBuf {
        self.server.accounts_file()
    }

    /// Gives devices accounts (code, password) and makes the broker know them.
    pub fn admit(&self, devices: &[(&str, &str)]) {
        // The lock is held over the whole change: tests in parallel add to the same file.
        let child = self.child.lock().expect("no test panicked while holding the broker");
        let path = self.accounts_file();
        let mut accounts = BrokerAccounts::read(&path).expect("reading the broker's accounts");
        for (code, password) in devices {
            accounts.set_password(code, password);
        }
        accounts.write(&path).expect("writing the broker's accounts");
        child.signal(rustix::process::Signal::HUP).expect("making the broker read its accounts");
    }

    /// Makes the broker read its accounts file again.
    pub fn reload(&self) {
        self.child.lock().expect("no test panicked while holding the broker").signal(rustix::process::Signal::HUP).expect("signalling the broker");
    }

    /// Kills it as a power cut would, then starts it again at the same address.
    pub fn kill_and_restart(&self) {
        let mut child = self.child.lock().expect("no test panicked while holding the broker");
        child.kill().expect("killing the broker");
        *child = start(&self.server);
    }
}

fn start(server: &Mosquitto) -> Child {
    let command = server.command().unwrap_or_else(|error| panic!("{error}"));
    let child = children::spawn(command).expect("starting Mosquitto");
    let server = server.clone();
    crate::wait::blocking(async move { server.ready(PATIENCE).await }).unwrap_or_else(|error| panic!("{error}"));
    child
}

/// A port nobody listens on now.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}
