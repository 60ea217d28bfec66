//! How the program starts and ends, and what it costs.

use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::bench::{Bench, http2_client};

#[tokio::test]
async fn it_ends_with_its_parent_and_its_journal_is_whole() {
    let mut bench = Bench::start(&[]);
    let access = bench.access_token().await;
    for number in 0..50 {
        bench
            .send(&access, "dev:1", &format!("n-{number}"))
            .await
            .unwrap();
    }
    bench.close_stdin();
    assert!(bench.ended().await.success());
    let accepted = bench
        .journal()
        .iter()
        .filter(|line| line["outcome"] == "accepted")
        .count();
    assert_eq!(accepted, 50);
    assert_eq!(bench.journal()[0]["kind"], "start");
}

#[tokio::test]
async fn it_ends_when_told() {
    let mut told = Bench::start(&[]);
    let pid = Pid::from_raw(i32::try_from(told.child.id()).unwrap()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    assert!(told.ended().await.success());
}

#[tokio::test]
async fn it_refuses_settings_that_cannot_be_meant() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_fcm-simulator"))
            .arg("--service-account")
            .arg(folder.path().join("account.json"))
            .args(["--for-seconds", "0"])
            .args(arguments)
            .output()
            .unwrap()
    };
    assert!(run(&[]).status.success(), "its time was up at once");
    for arguments in [
        ["--unavailable", "1.5"],
        ["--latency-ms", "-1"],
        ["--log", "/nowhere/at/all"],
    ] {
        let output = run(&arguments);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
}

/// Prints the simulator's CPU time per send under load; run it by hand with `--ignored --nocapture`.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
#[ignore = "a measurement, for quiet machines"]
async fn what_a_send_costs() {
    let bench = Arc::new(Bench::start(&[
        "--latency-ms",
        "50",
        "--max-streams",
        "100",
    ]));
    let access = bench.access_token().await;
    let url = format!(
        "{}/v1/projects/{}/messages:send",
        bench.base,
        crate::bench::PROJECT
    );
    let body = r#"{"message":{"token":"dQw4w9WgXcQ:APA91bExampleExampleExample","data":{"notice":"01JD","kind":"pass"},
        "android":{"collapse_key":"01JD","priority":"HIGH"}}}"#;
    let (begun, cpu) = (Instant::now(), cpu_ticks(bench.child.id()));
    let mut tasks = Vec::new();
    for _ in 0..8 {
        let client = http2_client();
        for _ in 0..100 {
            let (client, url, access) = (client.clone(), url.clone(), access.clone());
            tasks.push(tokio::spawn(async move {
                let mut sent = 0_u32;
                while begun.elapsed() < Duration::from_secs(5) {
                    let answer = client
                        .post(&url)
                        .bearer_auth(&access)
                        .body(body)
                        .send()
                        .await
                        .unwrap();
                    assert_eq!(answer.status(), 200);
                    sent += 1;
                }
                sent
            }));
        }
    }
    let mut sent = 0;
    for task in tasks {
        sent += task.await.unwrap();
    }
    let micros = (cpu_ticks(bench.child.id()) - cpu) * 10_000 / u64::from(sent);
    println!(
        "{} sends/s, {micros} CPU µs per send in the simulator",
        f64::from(sent) / begun.elapsed().as_secs_f64()
    );
}

/// User and system time of a process in ticks of 10 ms.
fn cpu_ticks(pid: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}
