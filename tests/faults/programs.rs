//! Where the programs are, and how they are run.
//!
//! They are built by the very cargo that built this test, with its profile and the workspace's features; after `tests/all` built the workspace
//! that takes a second.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

use shanyraq::embedded::children::{self, Child};

/// A program of the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// The hub.
    Hub,
    /// The hub whose promises can be broken.
    SabotagedHub,
    /// Simulated terminals.
    Swarm,
    /// The simulated push service.
    PushSimulator,
    /// The judge.
    Checker,
}

impl Program {
    /// Where it is; built when first asked for.
    pub fn path(self) -> PathBuf {
        static BUILT: LazyLock<()> = LazyLock::new(|| build(&["shanyraq", "shanyraq-sabotage", "swarm", "fcm-simulator", "checker"]));
        LazyLock::force(&BUILT);
        folder().join(match self {
            Self::Hub => "shanyraq",
            Self::SabotagedHub => "shanyraq-sabotage",
            Self::Swarm => "swarm",
            Self::PushSimulator => "fcm-simulator",
            Self::Checker => "checker",
        })
    }

    /// Starts it with arguments; its output goes to `NAME.out` and `NAME.err` in the folder. It dies with us.
    pub fn start(self, folder: &Path, name: &str, arguments: &[String], variables: &[(&str, &str)]) -> Child {
        let file = |end: &str| std::fs::OpenOptions::new().create(true).append(true).open(folder.join(format!("{name}.{end}"))).expect("a log file");
        let mut command = children::leashed(&self.path(), None, "KILL").unwrap_or_else(|error| panic!("{error}"));
        command.args(arguments).envs(variables.iter().copied()).current_dir(folder);
        command.stdin(std::process::Stdio::null()).stdout(file("out")).stderr(file("err"));
        children::spawn(command).unwrap_or_else(|error| panic!("starting {self:?}: {error}"))
    }
}

/// The folder of the profile: this test lies in its `deps`.
fn folder() -> PathBuf {
    let own = std::env::current_exe().expect("our own path");
    own.parent().and_then(Path::parent).expect("a test lies in deps of its profile's folder").to_owned()
}

fn build(programs: &[&str]) {
    let profile = folder().file_name().expect("the profile's folder").to_string_lossy().into_owned();
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(cargo);
    // The features of `tests/all`, and the one that tests' dependencies have and programs' have not: with them nothing is compiled twice.
    command.args(["build", "--locked", "--workspace", "--features", "shanyraq/sabotage,tokio/test-util", "--profile", if profile == "debug" { "dev" } else { &profile }]);
    command.args(programs.iter().flat_map(|program| ["--bin", program]));
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    // What cargo tells a test about the package it belongs to must not reach the cargo within: build scripts of dependencies watch
    // such variables, and would run again, and everything above them with them.
    let of_this_package = |name: &str| ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_", "CARGO_BIN_", "CARGO_PRIMARY_"].iter().any(|start| name.starts_with(start));
    std::env::vars().filter(|(name, _)| of_this_package(name)).for_each(|(name, _)| {
        command.env_remove(name);
    });
    let output = command.output().expect("running cargo");
    assert!(output.status.success(), "cargo could not build {programs:?}:\n{}", String::from_utf8_lossy(&output.stderr));
}
