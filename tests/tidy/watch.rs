//! What people on duty look at: metrics, alerts, the board, incidents and dead letters. What the program says is what the runbook explains,
//! and no alert waits for a metric that nobody writes.

use crate::clean;
use std::collections::{BTreeMap, BTreeSet};
use testkit::source::{File, Golden, files, rust};

/// Metrics that Prometheus makes by itself.
const OF_PROMETHEUS: [&str; 1] = ["up"];
/// Words of its query language that are no function.
const WORDS: [&str; 14] = ["by", "on", "and", "or", "unless", "without", "offset", "bool", "ignoring", "group_left", "group_right", "le", "inf", "nan"];

/// A metric as written in the sources.
#[derive(Debug, Default)]
struct Metric {
    kind: &'static str,
    labels: BTreeSet<String>,
    files: BTreeSet<&'static str>,
}

fn shipped() -> impl Iterator<Item = &'static File> {
    files().iter().filter(|file| file.is(".rs") && file.path.contains("/src/") && !file.below("tests") && !file.below("devices/swarm"))
}

fn metrics() -> BTreeMap<String, Metric> {
    let mut found: BTreeMap<String, Metric> = BTreeMap::new();
    for file in shipped() {
        let text = rust(&file.text).uncommented;
        for kind in ["counter", "gauge", "histogram"] {
            for (at, mark) in text.match_indices(&format!("{kind}!(")) {
                if text.get(..at).is_some_and(|before| before.ends_with("describe_")) {
                    continue;
                }
                let call = text.get(at + mark.len()..).unwrap_or_default();
                let Some((name, rest)) = call.trim_start().strip_prefix('"').and_then(|call| call.split_once('"')) else {
                    panic!("{}: the name of a metric is written in quotes: {}", file.path, call.lines().next().unwrap_or_default());
                };
                let metric = found.entry(name.to_owned()).or_default();
                metric.kind = kind;
                metric.files.insert(&file.path);
                let arguments = rest.split(").").next().unwrap_or_default().split(';').next().unwrap_or_default();
                metric.labels.extend(arguments.split("\" =>").filter(|_| arguments.contains("=>")).filter_map(|before| before.rsplit('"').next()).filter(|label| label.chars().all(|one| one.is_ascii_lowercase() || one == '_') && !label.is_empty()).map(str::to_owned));
            }
        }
    }
    found
}

/// What a query names.
fn named(query: &str) -> BTreeSet<String> {
    let mut plain = String::new();
    let mut depth = 0;
    for one in query.chars() {
        match one {
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            _ if depth == 0 => plain.push(one),
            _ => {}
        }
    }
    for clause in [" by (", " without (", " on (", " ignoring ("] {
        while let Some((before, rest)) = plain.split_once(clause) {
            plain = format!("{before}{}", rest.split_once(')').map_or("", |(_, after)| after.trim_start()));
        }
    }
    let plain = plain.replace(" (", "(");
    let mut found = BTreeSet::new();
    let mut word = String::new();
    for one in plain.chars().chain([' ']) {
        if one.is_ascii_alphanumeric() || one == '_' || one == ':' {
            word.push(one);
            continue;
        }
        let name = std::mem::take(&mut word);
        if one != '(' && name.starts_with(|first: char| first.is_ascii_alphabetic()) && !WORDS.contains(&name.as_str()) {
            found.insert(name);
        }
    }
    found
}

fn text_of(path: &str) -> &'static str {
    files().iter().find(|file| file.path == path).map_or("", |file| &file.text)
}

/// Queries of the alerts and of the board, with their place.
fn queries() -> Vec<(String, String)> {
    let (alerts, board) = ("deploy/prometheus/alerts.yml", "deploy/grafana/shanyraq.json");
    let of_alerts = text_of(alerts).lines().enumerate().filter_map(|(number, line)| Some((format!("{alerts}:{}", number + 1), line.trim().strip_prefix("expr: ")?.to_owned())));
    let of_board = text_of(board).lines().enumerate().filter_map(|(number, line)| {
        let query = line.split_once("\"expr\": \"")?.1.rsplit_once('"')?.0.replace("\\\"", "\"");
        Some((format!("{board}:{}", number + 1), query))
    });
    of_alerts.chain(of_board).collect()
}

#[test]
fn metrics_are_what_reviewers_read() {
    let lines = metrics().into_iter().map(|(name, metric)| {
        let labels: Vec<&str> = metric.labels.iter().map(String::as_str).collect();
        let files: Vec<&str> = metric.files.iter().copied().collect();
        format!("{:<9} {:<46} {}", metric.kind, format!("{name}{}", if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(", ")) }), files.join(", "))
    });
    Golden("tests/golden/metrics.txt").compare(&(lines.collect::<Vec<_>>().join("\n") + "\n"));
}

#[test]
fn alerts_and_the_board_ask_for_metrics_that_are_written() {
    let metrics = metrics();
    let mut wrong = Vec::new();
    let queries = queries();
    for (place, query) in &queries {
        for name in named(query) {
            let part = ["_bucket", "_sum", "_count"].into_iter().find_map(|ending| name.strip_suffix(ending)).filter(|base| metrics.get(*base).is_some_and(|metric| metric.kind == "histogram"));
            let plain = metrics.get(&name).is_some_and(|metric| metric.kind != "histogram");
            if part.is_none() && !plain && !OF_PROMETHEUS.contains(&name.as_str()) {
                wrong.push(format!("{place}: nobody writes {name}"));
            }
        }
        for (name, labels) in labelled(query) {
            let base = ["_bucket", "_sum", "_count"].into_iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(&name);
            let known = metrics.get(base).map(|metric| &metric.labels);
            wrong.extend(labels.into_iter().filter(|label| known.is_some_and(|known| !known.contains(label))).map(|label| format!("{place}: {name} has no label {label}")));
        }
    }
    assert!(queries.len() > 20, "alerts and board were found: {}", queries.len());
    clean(&wrong);
}

/// `name{label="…"}` of a query.
fn labelled(query: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for (at, _) in query.match_indices('{') {
        let before = query.get(..at).unwrap_or_default();
        let name: String = before.chars().rev().take_while(|one| one.is_ascii_alphanumeric() || *one == '_').collect::<String>().chars().rev().collect();
        let inside = query.get(at + 1..).and_then(|rest| rest.split('}').next()).unwrap_or_default();
        let labels = inside.split(',').filter_map(|pair| pair.split(['=', '!']).next()).map(|label| label.trim().to_owned()).filter(|label| label != "job");
        found.push((name, labels.collect()));
    }
    found
}

#[test]
fn the_runbook_explains_every_metric_alert_incident_and_dead_letter() {
    let runbook = text_of("deploy/runbook.md");
    let mut wrong = Vec::new();
    let mut explained = |what: &str, name: &str| {
        if !runbook.lines().any(|line| line.starts_with('|') && line.contains(&format!("`{name}`"))) {
            wrong.push(format!("deploy/runbook.md: has no line for the {what} `{name}`"));
        }
    };
    metrics().keys().for_each(|name| explained("metric", name));
    engine::commit::Reason::ALL.iter().for_each(|reason| explained("dead letter", reason.as_str()));
    incidents().iter().for_each(|kind| explained("incident", kind));
    text_of("deploy/prometheus/alerts.yml").lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).for_each(|name| explained("alert", name));
    clean(&wrong);
}

/// Kinds of incident beside the reasons of dead letters.
fn incidents() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in shipped().filter(|file| file.below("hub/engine")) {
        let text = rust(&file.text).uncommented;
        let raised = text.split("Raise {").skip(1).filter_map(|rest| rest.split_once("kind: \"")).filter(|(before, _)| !before.contains('}')).map(|(_, rest)| rest);
        let raised_by_call = text.split(" raise(").skip(1).filter_map(|rest| rest.split(");").next()?.split_once(", \"").map(|(_, rest)| rest));
        found.extend(raised.chain(raised_by_call).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
    }
    found
}

#[test]
fn incidents_and_dead_letters_are_what_reviewers_read() {
    let reasons = engine::commit::Reason::ALL.iter().map(|reason| format!("dead letter and incident  {}", reason.as_str()));
    let lines: Vec<String> = incidents().into_iter().map(|kind| format!("incident                  {kind}")).chain(reasons).collect();
    assert!(lines.len() > 14, "the reader still finds them: {lines:?}");
    Golden("tests/golden/incidents.txt").compare(&(lines.join("\n") + "\n"));
}

#[test]
fn the_reader_of_queries_finds_names_only() {
    let names = named("histogram_quantile(0.99, sum by (le, since) (rate(push_latency_seconds_bucket{since=\"committed\"}[5m]))) > 5 and up == 1");
    assert_eq!(names, BTreeSet::from(["push_latency_seconds_bucket".to_owned(), "up".to_owned()]));
}
