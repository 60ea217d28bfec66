//! The machine and the programs that were measured: figures mean nothing without them.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use crate::{failure::Outcome, stats::per_mille, world::World};

/// As a list for the report.
pub async fn describe(world: &World) -> Outcome<Vec<String>> {
    let db = world.superuser().await?;
    let settings = db.query_one("select current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit')", &[]).await?;
    let [version, fsync, commit] = [settings.try_get(0)?, settings.try_get(1)?, settings.try_get::<_, String>(2)?];
    Ok(vec![
        format!("processor: {}, {} cores, shared by everything below", field("/proc/cpuinfo", "model name"), std::thread::available_parallelism()?),
        format!("memory: {}", field("/proc/meminfo", "MemTotal")),
        format!("disk: {}; an 8 KiB write with fdatasync takes {:.2} ms in the median of 200", device(&world.folder), sync_ms(&world.folder)?),
        format!("system: Linux {}", read("/proc/sys/kernel/osrelease").trim()),
        format!("PostgreSQL {version} (fsync {fsync}, synchronous_commit {commit}, settings of `shanyraq up`), {}", mosquitto()),
        format!("load average of the last minute when it began, the town just built: {}", read("/proc/loadavg").split(' ').next().unwrap_or("unknown")),
        format!("priority of everything below: nice {} (usually 0)", nice()),
        format!("our programs: profile {}, version {}", profile(), env!("CARGO_PKG_VERSION")),
    ])
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

fn field(path: &str, name: &str) -> String {
    let text = read(path);
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix(':'));
    line.map_or_else(|| "unknown".to_owned(), |value| value.trim().to_owned())
}

/// The niceness that this process and its children run with.
fn nice() -> i64 {
    let text = read("/proc/self/stat");
    let fields = text.rsplit_once(')').map(|(_, rest)| rest.split_whitespace().map(|field| field.parse().unwrap_or(0)).collect::<Vec<i64>>());
    fields.and_then(|fields| fields.get(16).copied()).unwrap_or(0)
}

/// The folder below which this program was built is named after its profile.
fn profile() -> String {
    let here = std::env::current_exe().ok();
    let name = here.as_deref().and_then(Path::parent).and_then(Path::file_name).and_then(|name| name.to_str());
    match name {
        Some("quick") => "quick (what an event goes through opt-level 3, the rest of our code 1, dependencies 2, no link-time optimisation)".to_owned(),
        other => other.unwrap_or("unknown").to_owned(),
    }
}

fn mosquitto() -> String {
    let program = shanyraq::embedded::programs::mosquitto().ok();
    let said = program.and_then(|program| Command::new(program).arg("-h").output().ok());
    let said = said.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    said.lines().next().unwrap_or("mosquitto").to_owned()
}

/// The mount that holds the folder.
fn device(folder: &Path) -> String {
    let mounts = read("/proc/mounts");
    let fields = mounts.lines().filter_map(|line| {
        let mut fields = line.split(' ');
        Some((fields.next()?, fields.next()?, fields.next()?))
    });
    let holds = fields.filter(|(_, point, _)| folder.starts_with(point)).max_by_key(|(_, point, _)| point.len());
    holds.map_or_else(|| "unknown".to_owned(), |(device, _, kind)| format!("{device}, {kind}"))
}

fn sync_ms(folder: &Path) -> Outcome<f64> {
    let path = folder.join("sync-probe");
    let mut file = File::create(&path)?;
    let mut took = Vec::new();
    for _ in 0..200 {
        let begin = Instant::now();
        file.write_all(&[7; 8_192])?;
        file.sync_data()?;
        took.push(i64::try_from(begin.elapsed().as_micros()).unwrap_or(i64::MAX));
    }
    fs::remove_file(path)?;
    Ok(Duration::from_micros(u64::try_from(per_mille(&mut took, 500)).unwrap_or(0)).as_secs_f64() * 1e3)
}
