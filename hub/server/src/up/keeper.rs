//! Keeps children alive: each is started again when it ends, after 0.5 s, then 1 s … 10 s while it keeps ending soon.

use super::say;
use crate::embedded::{
    EmbeddedError,
    children::{self, Child},
};
use rustix::process::Signal;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
    time::{Duration, SystemTime},
};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{self, Instant},
};

const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// How often the file of `reload_on` is looked at: somebody who registers a device waits for it.
const LOOK_EVERY: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// A child that ran this long is healthy: its next end is a new story.
const HEALTHY_AFTER: Duration = Duration::from_secs(30);

/// A child to keep.
pub struct Service {
    /// Its name for people.
    pub name: &'static str,
    /// How it is asked to end.
    pub stop: Signal,
    /// How long it may take to end.
    pub grace: Duration,
    /// A file whose change makes it read its settings again (SIGHUP).
    pub reload_on: Option<PathBuf>,
    /// Makes the command anew for each start.
    pub command: Box<dyn Fn() -> Result<Command, EmbeddedError> + Send + Sync>,
}

/// Every kept child, in the order of starting.
#[derive(Default)]
pub struct Keeper {
    kept: Vec<Kept>,
}

struct Kept {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Keeper {
    /// Starts a child and keeps it.
    pub fn keep(&mut self, service: Service) {
        let (stop, asked) = watch::channel(false);
        let task = tokio::spawn(keep(service, asked));
        self.kept.push(Kept { stop, task });
    }

    /// Stops all, the last started first, each to its end before the next.
    pub async fn stop_all(&mut self) {
        while let Some(Kept { stop, task }) = self.kept.pop() {
            stop.send_replace(true);
            if let Err(error) = task.await {
                say(&format!("a keeper failed: {error}"));
            }
        }
    }
}

/// How one life of a child ended.
enum Life {
    /// We asked it to.
    Stopped,
    /// By itself.
    Ended(String),
}

async fn keep(service: Service, mut asked: watch::Receiver<bool>) {
    let mut pause = FIRST_PAUSE;
    loop {
        let started = Instant::now();
        let reason = match live(&service, &mut asked).await {
            Life::Stopped => return,
            Life::Ended(reason) => reason,
        };
        if started.elapsed() >= HEALTHY_AFTER {
            pause = FIRST_PAUSE;
        }
        say(&format!("the {} {reason}; starting it again in {} s", service.name, pause.as_secs_f32()));
        if time::timeout(pause, wait_for_stop(&mut asked)).await.is_ok() {
            return;
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn live(service: &Service, asked: &mut watch::Receiver<bool>) -> Life {
    let command = match (service.command)() {
        Ok(command) => command,
        Err(error) => return Life::Ended(format!("cannot start: {error}")),
    };
    let mut child = match children::spawn(command) {
        Ok(child) => child,
        Err(error) => return Life::Ended(format!("cannot start: {error}")),
    };
    tracing::debug!(name = service.name, pid = child.id(), "started");
    let mut seen = service.reload_on.as_deref().and_then(changed_at);
    loop {
        tokio::select! {
            status = child.wait() => return Life::Ended(describe(status)),
            () = wait_for_stop(asked) => return stop(service, &mut child).await,
            () = time::sleep(LOOK_EVERY) => reload_if_changed(service, &child, &mut seen),
        }
    }
}

async fn wait_for_stop(asked: &mut watch::Receiver<bool>) {
    // The sender lives as long as the keeper; if it is gone, stopping is right too.
    asked.wait_for(|stop| *stop).await.ok();
}

async fn stop(service: &Service, child: &mut Child) -> Life {
    if let Err(error) = child.stop(service.stop, service.grace).await {
        say(&format!("stopping the {}: {error}", service.name));
    }
    Life::Stopped
}

fn reload_if_changed(service: &Service, child: &Child, seen: &mut Option<SystemTime>) {
    let Some(path) = service.reload_on.as_deref() else { return };
    let now = changed_at(path);
    if now == *seen {
        return;
    }
    match child.signal(Signal::HUP) {
        Ok(()) => *seen = now,
        // Tried again at the next look.
        Err(error) => say(&format!("telling the {} to read {} again: {error}", service.name, path.display())),
    }
}

fn changed_at(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

fn describe(status: std::io::Result<ExitStatus>) -> String {
    match status {
        Ok(status) => format!("ended ({status})"),
        Err(error) => format!("was lost sight of ({error})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A service that writes its process number into a file and then runs `script`.
    fn service(folder: &Path, script: &str) -> Service {
        let script = format!("echo $$ >> {}/lives; {script}", folder.display());
        Service {
            name: "test",
            stop: Signal::TERM,
            grace: Duration::from_secs(5),
            reload_on: Some(folder.join("settings")),
            command: Box::new(move || {
                let mut command = children::leashed(Path::new("/bin/sh"), None, "TERM")?;
                command.args(["-c", &script]);
                Ok(command)
            }),
        }
    }

    async fn wait_for_lines(file: &Path, count: usize) -> Vec<String> {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let lines: Vec<String> = fs::read_to_string(file).unwrap_or_default().lines().map(str::to_owned).collect();
            if lines.len() >= count {
                return lines;
            }
            assert!(Instant::now() < deadline, "{} has only {lines:?}", file.display());
            time::sleep(Duration::from_millis(20)).await;
        }
    }

    #[tokio::test]
    async fn inv_2_a_killed_child_is_started_again_and_a_stopped_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let mut keeper = Keeper::default();
        keeper.keep(service(folder.path(), "exec sleep 60"));
        let lives = folder.path().join("lives");
        let first = wait_for_lines(&lives, 1).await;
        let pid = rustix::process::Pid::from_raw(first[0].parse().unwrap()).unwrap();
        rustix::process::kill_process(pid, Signal::KILL).unwrap();
        let second = wait_for_lines(&lives, 2).await;
        keeper.stop_all().await;
        assert!(!Path::new(&format!("/proc/{}", second[1])).exists());
    }

    #[tokio::test]
    async fn a_changed_file_makes_the_child_read_it_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut keeper = Keeper::default();
        let script = format!("trap 'echo again >> {}/reloads' HUP; while :; do sleep 0.1; done", folder.path().display());
        keeper.keep(service(folder.path(), &script));
        wait_for_lines(&folder.path().join("lives"), 1).await;
        fs::write(folder.path().join("settings"), "new").unwrap();
        wait_for_lines(&folder.path().join("reloads"), 1).await;
        keeper.stop_all().await;
    }
}
