//! The report: Markdown from the figures of this very run, goals met and goals missed named as such.

use std::fmt::Write;

use crate::{latency::Stages, limit::Written, stats::float, step::Step, world::Size};

/// Processors busy elsewhere below which a machine counts as quiet: the benchmark's own looking is within it.
const QUIET: f64 = 0.15;

/// A run at one rate, seen from the phone.
#[derive(Debug, Clone)]
pub struct Pushed {
    /// What the rate is: `half of the ceiling`.
    pub name: String,
    /// The hub's side.
    pub step: Step,
    /// The push's side.
    pub stages: Stages,
}

/// Everything that was measured.
#[derive(Debug)]
pub struct Report {
    /// How it was run: in a word, and whether its figures mean anything.
    pub mode: String,
    /// When.
    pub date: String,
    /// The machine.
    pub machine: Vec<String>,
    /// The town.
    pub size: Size,
    /// The provider's latency.
    pub provider_ms: u32,
    /// Every rate looked at.
    pub steps: Vec<Step>,
    /// The ceiling, if a long look held.
    pub ceiling: Option<Step>,
    /// Every way of writing.
    pub ways: Vec<Written>,
    /// The limit.
    pub limit: Written,
    /// Latencies.
    pub pushed: Vec<Pushed>,
}

/// A goal, and whether this run met it.
struct Goal {
    words: &'static str,
    found: String,
    met: Option<bool>,
}

impl Report {
    /// Ceiling over limit.
    pub fn ratio(&self) -> Option<f64> {
        self.ceiling.as_ref().map(|ceiling| ceiling.durable_per_s / self.limit.per_s)
    }

    fn pushed(&self, name: &str) -> Option<&Pushed> {
        self.pushed.iter().find(|pushed| pushed.name == name)
    }

    fn goals(&self) -> Vec<Goal> {
        let half = self.pushed("half");
        let fixed = self.pushed("2,500/s");
        let most = self.steps.iter().filter(|step| step.passes_hold() && step.pushes_hold()).map(|step| step.durable_per_s).fold(0.0, f64::max);
        let ceiling = self.ceiling.as_ref().map_or(0.0, |ceiling| ceiling.durable_per_s);
        vec![
            Goal { words: "ceiling at least 0.7 of the limit", found: self.ratio().map_or("no ceiling".into(), |ratio| format!("{ratio:.2}")), met: self.ratio().map(|ratio| ratio >= 0.7) },
            Goal {
                words: "p99 from publish to acceptance under 1 s at half of the ceiling",
                found: half.map_or("not measured".into(), |half| format!("{} ms", half.stages.whole.p99 / 1_000)),
                met: half.map(|half| half.stages.whole.p99 < 1_000_000 && half.stages.missing == 0),
            },
            Goal {
                words: "5,000 durable passes a second",
                found: format!("ceiling {ceiling:.0}/s; best short look that held {most:.0}/s"),
                met: self.ceiling.as_ref().map(|_| ceiling >= 5_000.0),
            },
            Goal {
                words: "p99 from publish to our acknowledgement under 50 ms at 2,500/s",
                found: fixed.map_or("not measured".into(), |fixed| format!("{:.1} ms", float(fixed.step.summary.latency.p99_us) / 1e3)),
                met: fixed.map(|fixed| fixed.step.summary.latency.p99_us < 50_000),
            },
        ]
    }

    /// As Markdown.
    pub fn markdown(&self) -> String {
        let mut text = String::new();
        // Writing into a String cannot fail.
        self.write(&mut text).unwrap_or_default();
        text
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "# Benchmarks\n\nWritten by `bench` ({}) on {}. Run it: `cargo run --profile quick -p bench -- --write`.\n", self.mode, self.date)?;
        self.machine.iter().try_for_each(|line| writeln!(out, "- {line}"))?;
        let Size { schools, turnstiles, pupils, .. } = self.size;
        writeln!(
            out,
            "- town: {schools} schools, {} turnstiles, {} pupils, two guardians each, one phone each; the provider answers after {} ms; every run begins with empty tables of events\n",
            schools * turnstiles,
            schools * pupils,
            self.provider_ms,
        )?;
        self.write_warning(out)?;
        self.write_goals(out)?;
        self.write_ceiling(out)?;
        self.write_limit(out)?;
        self.write_latency(out)
    }

    /// A machine that does other work as well says less about the hub than about itself.
    fn write_warning(&self, out: &mut String) -> std::fmt::Result {
        let elsewhere: Vec<f64> = self.steps.iter().map(Step::busy_elsewhere).collect();
        let most = elsewhere.iter().copied().fold(0.0, f64::max);
        if most < QUIET {
            return Ok(());
        }
        let least = elsewhere.iter().copied().fold(f64::MAX, f64::min);
        writeln!(
            out,
            "**The machine was not quiet**: other programs kept {least:.2} to {most:.2} of its processors busy during this run. The figures below are what was left \
             for the hub, and vary with those programs; repeat the run on a quiet machine before drawing conclusions.\n"
        )
    }

    fn write_goals(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "## Goals\n\n| goal | measured | |\n|---|---|---|")?;
        for goal in self.goals() {
            let verdict = match goal.met {
                Some(true) => "met",
                Some(false) => "**missed**",
                None => "not measured",
            };
            writeln!(out, "| {} | {} | {verdict} |", goal.words, goal.found)?;
        }
        writeln!(out)
    }

    fn write_ceiling(&self, out: &mut String) -> std::fmt::Result {
        writeln!(
            out,
            "## Ceiling\n\nPasses a second made durable (event, pass, presence, cursor, two notices, two deliveries) by `shanyraq run`, fed by the swarm through \
             Mosquitto on an open-loop schedule, with both pushes of each pass sent and their outcomes written. A rate holds when neither the terminals nor \
             the pushes wait longer and longer. Processor time in microseconds a pass; `CPU` is theirs together. `elsewhere` are the processors \
             that other programs of the machine kept busy meanwhile (the benchmark itself included): what they took, the hub did not have.\n\n\
             | rate | durable | holds | events a commit | commit ms | p50 / p99 to the acknowledgement, ms | hub | postgres | mosquitto | swarm | simulator | CPU | elsewhere |\n\
             |---|---|---|---|---|---|---|---|---|---|---|---|---|"
        )?;
        for step in &self.steps {
            let holds = match (step.passes_hold(), step.pushes_hold()) {
                (true, true) => "yes",
                (false, _) => "no: passes wait",
                (true, false) => "no: pushes wait",
            };
            let us = |used| format!("{:.0}", step.us_per_pass(used));
            let used = step.used;
            let latency = &step.summary.latency;
            writeln!(
                out,
                "| {:.0} | {:.0} | {holds} | {:.0} | {:.1} | {:.1} / {:.1} | {} | {} | {} | {} | {} | {} | {:.2} |",
                step.rate, step.durable_per_s, step.batch, step.commit_s * 1e3, float(latency.p50_us) / 1e3, float(latency.p99_us) / 1e3,
                us(used.hub), us(used.postgres), us(used.mosquitto), us(used.swarm), us(used.simulator), us(used.total()), step.busy_elsewhere(),
            )?;
        }
        match &self.ceiling {
            Some(step) => writeln!(out, "\nThe ceiling is the last line: **{:.0} passes a second**.\n", step.durable_per_s),
            None => writeln!(out, "\nNo long look held: there is no ceiling to report.\n"),
        }
    }

    fn write_limit(&self, out: &mut String) -> std::fmt::Result {
        writeln!(
            out,
            "## Limit\n\nThe same rows by the same statements (`engine::commit::commit`), events prepared beforehand, no pushes, while broker and swarm feed a \
             null subscriber. The last lines repeat the best way with the feed drawn near to the limit itself.\n\n\
             | events a commit | connections | fed | passes a second |\n|---|---|---|---|"
        )?;
        self.ways.iter().try_for_each(|way| writeln!(out, "| {} | {} | {:.0} | {:.0} |", way.batch, way.connections, way.fed_per_s, way.per_s))?;
        let ratio = self.ratio().map_or("none".to_owned(), |ratio| format!("{ratio:.2}"));
        writeln!(out, "\nThe limit is the last line: {:.0} passes a second. Ceiling over limit: **{ratio}**.\n", self.limit.per_s)
    }

    fn write_latency(&self, out: &mut String) -> std::fmt::Result {
        writeln!(
            out,
            "## From the door to the phone\n\np50 / p99 in milliseconds. The clock starts at the scheduled time of the pass. `begun → sent` holds the commit, the dispatcher's \
             queue and HTTP; `sent → accepted` is the provider's own time; `acknowledged` is publish → our acknowledgement at the terminal.\n\n\
             | at | passes/s | acknowledged | publish → received | received → commit begun | begun → sent | sent → accepted | publish → accepted | pushes | missing |\n\
             |---|---|---|---|---|---|---|---|---|---|"
        )?;
        for Pushed { name, step, stages } in &self.pushed {
            let latency = &step.summary.latency;
            writeln!(
                out,
                "| {name} | {:.0} | {:.1} / {:.1} | {} | {} | {} | {} | {} | {} | {} |",
                step.rate, float(latency.p50_us) / 1e3, float(latency.p99_us) / 1e3,
                stages.received.shown(), stages.gathered.shown(), stages.sent.shown(), stages.accepted.shown(), stages.whole.shown(), stages.pushes, stages.missing,
            )?;
        }
        Ok(())
    }
}
