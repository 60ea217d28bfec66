//! The benchmark works: it measures everything once, in a small town, and reports it. No figure can fail it.

use std::process::Command;

#[test]
fn everything_is_measured_and_reported() {
    let output = Command::new(env!("CARGO_BIN_EXE_bench")).arg("--smoke").output().expect("starting the benchmark");
    let (report, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    for part in ["## Goals", "ceiling at least 0.7 of the limit", "## Ceiling", "## Limit", "Ceiling over limit: **", "## From the door to the phone", "| half |", "# What guard and audit cost a page", "Sign-ins with a password"] {
        assert!(report.contains(part), "no {part:?} in the report:\n{report}\n{said}");
    }
}

#[test]
fn the_lists_of_a_region_are_measured_and_reported() {
    let output = Command::new(env!("CARGO_BIN_EXE_bench")).args(["--region", "--smoke"]).output().expect("starting the benchmark");
    let (report, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    for part in ["# What lists cost in a region", "| pupils |", "| devices |", "Goal: at most 2.5", "## A list of 50 pupils"] {
        assert!(report.contains(part), "no {part:?} in the report:\n{report}\n{said}");
    }
}

#[test]
fn a_morning_is_measured_alone_and_beside_a_rush() {
    let output = Command::new(env!("CARGO_BIN_EXE_bench")).args(["--morning", "--smoke"]).output().expect("starting the benchmark");
    let (report, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    for part in ["# A winter morning", "| alone |", "| beside the announcement |", "of a bare client"] {
        assert!(report.contains(part), "no {part:?} in the report:\n{report}\n{said}");
    }
}
