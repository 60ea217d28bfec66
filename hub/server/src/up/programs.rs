//! Our own programs: this one and those built beside it.

use super::{UpError, say};
use crate::embedded::{EmbeddedError, children, folder};
use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};
use tokio::time::{self, Instant};

/// A program that is built beside this one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sibling {
    program: &'static str,
    package: &'static str,
    without_it: &'static str,
}

impl Sibling {
    /// Plays the push provider.
    pub const FCM_SIMULATOR: Self = Self { program: "fcm-simulator", package: "simulators", without_it: "notices are seen in the pages only" };
    /// Plays Telegram.
    pub const TELEGRAM_SIMULATOR: Self = Self { program: "telegram-simulator", package: "simulators", without_it: "no chat can be linked" };
    /// Plays a mail server.
    pub const MAIL_SIMULATOR: Self = Self { program: "mail-simulator", package: "simulators", without_it: "no letters are sent" };
    /// Plays the terminals.
    pub const SWARM: Self = Self { program: "swarm", package: "swarm", without_it: "no passes happen by themselves" };

    /// Where it is; if it is nowhere, says so and how to get it.
    pub fn find_or_say(self) -> Option<PathBuf> {
        let found = env::current_exe().ok()?.parent()?.join(self.program);
        if found.is_file() {
            return Some(found);
        }
        say(&format!("{} is not beside this program: {}. Build it: cargo build --profile quick -p {}", self.program, self.without_it, self.package));
        None
    }
}

/// This very program.
pub(super) fn ourselves() -> Result<PathBuf, UpError> {
    env::current_exe().map_err(|error| UpError::Folder(format!("this program's own file: {error}")))
}

/// A command for one of our programs, saying what it says into `log`. Our own variables go with it.
pub(super) fn child(program: &Path, log: &Path) -> Result<Command, EmbeddedError> {
    let mut command = children::leashed(program, None, "TERM")?;
    command.envs(env::vars().filter(|(name, _)| name.starts_with("SHANYRAQ_") || name == "RUST_BACKTRACE"));
    let log = folder::log_file(log)?;
    let errors = log.try_clone().map_err(EmbeddedError::io("a child's log"))?;
    command.stdin(Stdio::null()).stdout(log).stderr(errors);
    Ok(command)
}

/// Waits until this address answers with success.
pub(super) async fn answers(url: &str, patience: Duration) -> Option<()> {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(5)).no_proxy().build().ok()?;
    let deadline = Instant::now() + patience;
    loop {
        if client.get(url).send().await.is_ok_and(|answer| answer.status().is_success()) {
            return Some(());
        }
        if Instant::now() > deadline {
            return None;
        }
        time::sleep(Duration::from_millis(50)).await;
    }
}
