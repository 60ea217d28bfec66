//! Child processes that cannot outlive us.
//!
//! The kernel sends a child its death signal when the *thread* that started it ends, so all children are started by one thread
//! that lives as long as the process. `setpriv` sets that signal and drops root, because doing either between fork and exec
//! would need unsafe code. A child has its own process group: Ctrl-C reaches us only, and we choose the order of stopping.

use super::{EmbeddedError, account::Account, programs};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use std::{
    io,
    os::{fd::OwnedFd, unix::process::CommandExt},
    path::Path,
    process::{Command, ExitStatus},
    sync::{LazyLock, mpsc},
    time::Duration,
};
use tokio::io::{Interest, unix::AsyncFd};

/// A running child. Dropping it does not stop it: call [`Child::stop`]; the kernel stops it when we die.
#[derive(Debug)]
pub struct Child {
    process: std::process::Child,
    /// Names this process and no other, even after its number is given to somebody else.
    pidfd: OwnedFd,
}

/// A command for `program` that gets `death_signal` when we die and runs under `account` (as ourselves if `None`).
/// Its environment is empty but for PATH, a UTF-8 locale and UTC, so that variables such as PGPORT do not leak in.
pub fn leashed(program: &Path, account: Option<&Account>, death_signal: &str) -> Result<Command, EmbeddedError> {
    let mut command = Command::new(programs::setpriv()?);
    command.env_clear().envs([("PATH", programs::search_path().as_str()), ("LC_ALL", "C.UTF-8"), ("TZ", "UTC")]);
    command.arg("--pdeathsig").arg(death_signal);
    if let Some(account) = account {
        command.args(["--reuid", &account.uid.to_string(), "--regid", &account.gid.to_string(), "--clear-groups"]);
    }
    command.arg("--").arg(program);
    Ok(command)
}

type Order = (Command, mpsc::SyncSender<io::Result<std::process::Child>>);

/// The one thread that starts children. It is a static because its life must be the process's.
static NURSERY: LazyLock<io::Result<mpsc::Sender<Order>>> = LazyLock::new(|| {
    let (orders, inbox) = mpsc::channel::<Order>();
    std::thread::Builder::new().name("children".into()).spawn(move || {
        for (mut command, reply) in inbox {
            // The orderer waits for the answer, so a failed send can only mean that it panicked.
            reply.send(command.spawn()).ok();
        }
    })?;
    Ok(orders)
});

/// Starts a child in its own process group.
pub fn spawn(mut command: Command) -> io::Result<Child> {
    command.process_group(0);
    let orders = NURSERY.as_ref().map_err(|error| io::Error::new(error.kind(), error.to_string()))?;
    let (reply, answer) = mpsc::sync_channel(1);
    let gone = || io::Error::other("the thread that starts children has ended");
    orders.send((command, reply)).map_err(|_| gone())?;
    let process = answer.recv().map_err(|_| gone())??;
    let pid = Pid::from_child(&process);
    Ok(Child { process, pidfd: pidfd_open(pid, PidfdFlags::empty())? })
}

impl Child {
    /// The process number.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Sends a signal. A child that has ended already is not an error.
    pub fn signal(&self, signal: Signal) -> io::Result<()> {
        match pidfd_send_signal(&self.pidfd, signal) {
            Ok(()) | Err(rustix::io::Errno::SRCH) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The writing end of its standard input, if it was made with one.
    pub fn take_stdin(&mut self) -> Option<std::process::ChildStdin> {
        self.process.stdin.take()
    }

    /// How it ended, or `None` while it runs.
    pub fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        self.process.try_wait()
    }

    /// Waits for its end. Dropping the future loses nothing.
    pub async fn wait(&mut self) -> io::Result<ExitStatus> {
        if let Some(status) = self.process.try_wait()? {
            return Ok(status);
        }
        #[expect(deprecated, reason = "unsound only for types that do not own their descriptor; OwnedFd does, and we have no unsafe code")]
        let ended = AsyncFd::with_interest(self.pidfd.try_clone()?, Interest::READABLE)?;
        loop {
            let mut ready = ended.readable().await?;
            if let Some(status) = self.process.try_wait()? {
                return Ok(status);
            }
            ready.clear_ready();
        }
    }

    /// Kills it as a power cut would, and waits until it is gone.
    pub fn kill(&mut self) -> io::Result<ExitStatus> {
        self.signal(Signal::KILL)?;
        self.process.wait()
    }

    /// Asks it to end with `signal`, waits up to `grace`, then kills it.
    pub async fn stop(&mut self, signal: Signal, grace: Duration) -> io::Result<ExitStatus> {
        self.signal(signal)?;
        match tokio::time::timeout(grace, self.wait()).await {
            Ok(status) => status,
            Err(_elapsed) => {
                self.signal(Signal::KILL)?;
                self.wait().await
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Child {
        let mut command = leashed(Path::new("/bin/sh"), None, "TERM").unwrap();
        command.args(["-c", script]);
        spawn(command).unwrap()
    }

    #[tokio::test]
    async fn inv_1_a_child_outlives_the_thread_that_asked_for_it() {
        let mut child = std::thread::spawn(|| shell("exec sleep 60")).join().unwrap();
        assert_eq!(child.try_wait().unwrap(), None);
        let status = child.stop(Signal::TERM, Duration::from_secs(5)).await.unwrap();
        assert!(!status.success());
    }

    #[tokio::test]
    async fn a_child_that_ignores_its_signal_is_killed_after_the_grace() {
        let mut child = shell("trap '' TERM; while :; do sleep 1; done");
        let status = child.stop(Signal::TERM, Duration::from_millis(200)).await.unwrap();
        assert!(status.code().is_none_or(|code| code != 0));
    }
}
