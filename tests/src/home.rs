//! The temporary folder of this test program, removed after the program and its servers have ended.

use shanyraq::embedded::{children, folder};
use std::{
    path::{Path, PathBuf},
    process::{ChildStdin, Command, Stdio},
    sync::LazyLock,
};

struct Home {
    folder: PathBuf,
    /// The janitor waits for this end to close, which the kernel does when we die.
    _janitor: Option<ChildStdin>,
}

/// Everything of this test program lies below this folder. Reachable by the servers' accounts.
static HOME: LazyLock<Home> = LazyLock::new(|| {
    let folder = tempfile::Builder::new().prefix("shanyraq-test-").tempdir().expect("a temporary folder").keep();
    folder::make(&folder, 0o711, None).expect("opening the temporary folder to the servers' accounts");
    let janitor = start_janitor(&folder);
    Home { folder, _janitor: janitor }
});

/// The folder.
pub fn home() -> &'static Path {
    &HOME.folder
}

/// Waits until we are gone, gives the servers (which the kernel stops at the same moment) time to leave, then removes the folder.
const JANITOR: &str = r#"
read -r never
for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  [ -e "$1/postgres/data/postmaster.pid" ] || break
  sleep 0.5
done
rm -rf -- "$1"
"#;

fn start_janitor(folder: &Path) -> Option<ChildStdin> {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", JANITOR, "janitor"]).arg(folder).current_dir("/");
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    children::spawn(command).expect("starting the janitor").take_stdin()
}
