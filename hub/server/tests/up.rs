//! `shanyraq up`, from outside: it stands, heals, stops in order, and starts again where it was.

use rustix::process::{Pid, Signal, kill_process};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Long: a busy machine must not fail a test that is right.
const PATIENCE: Duration = Duration::from_secs(120);

/// One house at a time: each prefers the usual port of a broker, and takes it while another's is being restarted.
static STREET: Mutex<()> = Mutex::new(());

/// A running `shanyraq up` in a folder of its own.
struct House {
    folder: PathBuf,
    up: Child,
}

impl House {
    fn start(folder: &Path) -> Self {
        let up = Command::new(env!("CARGO_BIN_EXE_shanyraq"))
            .args(["up", "--no-swarm", "--http", "127.0.0.1:0", "--data"])
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(fs::File::create(folder.join("up.out")).unwrap())
            .spawn()
            .unwrap();
        let mut house = Self { folder: folder.to_owned(), up };
        house.wait_until("it says ready", |house| house.said().contains("ready: "));
        house
    }

    fn said(&self) -> String {
        fs::read_to_string(self.folder.join("up.out")).unwrap_or_default()
    }

    fn wait_until(&mut self, what: &str, condition: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !condition(self) {
            let ended = self.up.try_wait().unwrap();
            assert!(ended.is_none(), "up ended ({ended:?}) before {what}: {}", self.said());
            assert!(Instant::now() < deadline, "not within {PATIENCE:?}: {what}. It said: {}", self.said());
            pause();
        }
    }

    /// The child whose command line contains this text.
    fn child(&self, text: &str) -> Option<Pid> {
        children_of(self.up.id()).into_iter().find(|pid| command_line(*pid).contains(text)).and_then(Pid::from_raw)
    }

    fn ports(&self) -> String {
        fs::read_to_string(self.folder.join("ports.toml")).unwrap()
    }

    fn is_ready(&self) -> bool {
        let ports: toml::Table = toml::from_str(&self.ports()).unwrap();
        let http = ports["http"].as_str().unwrap().to_owned();
        answers(&format!("http://{http}/health/ready"))
    }

    fn command(&self, verb: &str) -> (ExitStatus, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_shanyraq")).args([verb, "--config"]).arg(self.folder.join("config.toml")).output().unwrap();
        (output.status, format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
    }

    fn stop(mut self) {
        kill_process(Pid::from_child(&self.up), Signal::TERM).unwrap();
        let status = self.up.wait().unwrap();
        assert!(status.success(), "{status}: {}", self.said());
    }
}

impl Drop for House {
    fn drop(&mut self) {
        // Its children follow it; an already ended one is not an error here.
        self.up.kill().ok();
        self.up.wait().ok();
    }
}

#[expect(clippy::disallowed_methods, reason = "polls an outside process with a deadline")]
fn pause() {
    std::thread::sleep(Duration::from_millis(50));
}

fn children_of(parent: u32) -> Vec<i32> {
    let pids = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
    pids.filter(|pid| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        stat.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(1)?.parse::<u32>().ok()) == Some(parent)
    })
    .collect()
}

fn command_line(pid: i32) -> String {
    fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default().replace('\0', " ")
}

fn answers(url: &str) -> bool {
    rustls::crypto::ring::default_provider().install_default().ok();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(5)).build().unwrap().get(url).send().await.is_ok_and(|answer| answer.status().is_success()) })
}

/// Processes that still name this folder.
fn processes_in(folder: &Path) -> Vec<String> {
    let text = folder.to_str().unwrap();
    let pids = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
    pids.map(command_line).filter(|line| line.contains(text)).collect()
}

fn open_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

/// A test that failed has ended its house: the street is free.
fn alone() -> MutexGuard<'static, ()> {
    STREET.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn up_heals_after_kill_9_and_starts_again_where_it_was() {
    let _alone = alone();
    let folder = open_folder();
    let data = folder.path().join("house");
    fs::create_dir(&data).unwrap();
    let mut house = House::start(&data);
    let ports = house.ports();

    for child in ["postgres/data", "mosquitto.conf", "run --config"] {
        let before = house.child(child).unwrap_or_else(|| panic!("{child} runs"));
        kill_process(before, Signal::KILL).unwrap();
        house.wait_until(child, |house| house.child(child).is_some_and(|now| now != before));
        house.wait_until("the hub is ready again", House::is_ready);
    }

    house.wait_until("check finds everything in order", |house| house.command("check").0.success());
    let (status, said) = house.command("migrate");
    assert!(status.success() && said.contains("nothing to do"), "{said}");
    let (status, said) = house.command("config");
    assert!(status.success() && said.contains("mode = \"demo\""), "{said}");

    house.stop();
    assert_eq!(processes_in(&data), Vec::<String>::new());
    let again = House::start(&data);
    assert_eq!(again.ports(), ports, "addresses stay the same");
    assert!(!again.said().contains("new migrations"), "the data is still there: {}", again.said());
    again.stop();
}

#[test]
fn a_killed_up_leaves_no_children_and_the_next_one_stands() {
    let _alone = alone();
    let folder = open_folder();
    let data = folder.path().join("house");
    fs::create_dir(&data).unwrap();
    let mut house = House::start(&data);
    house.up.kill().unwrap();
    house.up.wait().unwrap();
    let deadline = Instant::now() + PATIENCE;
    while !processes_in(&data).is_empty() {
        assert!(Instant::now() < deadline, "left behind: {:?}", processes_in(&data));
        pause();
    }
    House::start(&data).stop();
}

#[test]
fn a_second_up_in_the_same_folder_is_refused_plainly() {
    let folder = open_folder();
    let lock = fs::OpenOptions::new().create_new(true).write(true).open(folder.path().join("up.lock")).unwrap();
    lock.lock().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_shanyraq")).args(["up", "--data"]).arg(folder.path()).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("already uses"), "{output:?}");
}
