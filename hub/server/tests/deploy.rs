//! What lies in `deploy/` works: the systemd unit is sound, scripts are executable, settings pass `check`.

use std::{os::unix::fs::PermissionsExt, path::PathBuf, process::Command};

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The units, with this build's program in place of the installed one, as `systemd-analyze verify` wants an existing file.
#[test]
fn the_systemd_units_are_sound() {
    let folder = tempfile::tempdir().unwrap();
    for (name, command) in [("shanyraq.service", "run --config"), ("shanyraq-audit.service", "audit verify --config"), ("shanyraq-audit.timer", "")] {
        let unit = std::fs::read_to_string(repository().join("deploy/systemd").join(name)).unwrap();
        assert!(command.is_empty() || unit.contains(&format!("ExecStart=/usr/local/bin/shanyraq {command}")), "{name}");
        let mut here = unit.replace("/usr/local/bin/shanyraq", env!("CARGO_BIN_EXE_shanyraq"));
        for unknown in ["postgresql.service", "mosquitto.service"] {
            here = here.replace(unknown, "");
        }
        std::fs::write(folder.path().join(name), here).unwrap();
    }
    for name in ["shanyraq.service", "shanyraq-audit.service", "shanyraq-audit.timer"] {
        let Ok(output) = Command::new("systemd-analyze").arg("verify").arg("--man=no").arg(folder.path().join(name)).output() else {
            // A machine without systemd has nothing to verify with.
            return;
        };
        let said = String::from_utf8_lossy(&output.stderr);
        let about_us: Vec<&str> = said.lines().filter(|line| line.contains(name)).collect();
        assert!(output.status.success() && about_us.is_empty(), "{said}");
    }
}

#[test]
fn every_script_can_be_executed() {
    for script in ["deploy/up", "deploy/install", "tests/all", ".ci/run", "dashboards/web/build-assets", "hub/print/build"] {
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
