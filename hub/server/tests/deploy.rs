//! What lies in `deploy/` works: the systemd unit is sound, scripts are executable, settings pass `check`.

use std::{os::unix::fs::PermissionsExt, path::PathBuf, process::Command};

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The unit, with this build's program in place of the installed one, as `systemd-analyze verify` wants an existing file.
#[test]
fn the_systemd_unit_is_sound() {
    let unit = std::fs::read_to_string(repository().join("deploy/systemd/shanyraq.service")).unwrap();
    assert!(unit.contains("ExecStart=/usr/local/bin/shanyraq run --config"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shanyraq.service");
    let mut here = unit.replace("/usr/local/bin/shanyraq", env!("CARGO_BIN_EXE_shanyraq"));
    for unknown in ["postgresql.service", "mosquitto.service"] {
        here = here.replace(unknown, "");
    }
    std::fs::write(&path, here).unwrap();
    let Ok(output) = Command::new("systemd-analyze").arg("verify").arg("--man=no").arg(&path).output() else {
        // A machine without systemd has nothing to verify with.
        return;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    let about_us: Vec<&str> = said.lines().filter(|line| line.contains("shanyraq.service")).collect();
    assert!(output.status.success() && about_us.is_empty(), "{said}");
}

#[test]
fn every_script_can_be_executed() {
    for script in ["deploy/up", "deploy/install", "tests/all", ".ci/run", "dashboards/web/build-assets"] {
        let path = repository().join(script);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o111, 0o111, "{script}");
        assert!(Command::new("bash").arg("-n").arg(&path).status().unwrap().success(), "{script}");
    }
}

#[test]
fn the_settings_for_ones_own_servers_keep_what_is_acknowledged() {
    let postgres = std::fs::read_to_string(repository().join("deploy/postgresql/shanyraq.conf")).unwrap();
    for line in ["fsync = on", "full_page_writes = on", "synchronous_commit = on"] {
        assert!(postgres.lines().any(|found| found == line), "{line}");
    }
    let limits = std::fs::read_to_string(repository().join("deploy/mosquitto/limits.conf")).unwrap();
    assert!(limits.contains("max_queued_messages 0") && limits.contains("message_size_limit 65536"));
}
