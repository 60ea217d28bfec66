//! Processor time by process, as the system counts it in hundredths of a second.

use std::fs;

use crate::world::{Hub, World};

/// Processor time used so far, in microseconds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Used {
    /// The hub.
    pub hub: u64,
    /// PostgreSQL with its backends and background workers.
    pub postgres: u64,
    /// Mosquitto.
    pub mosquitto: u64,
    /// The push simulator.
    pub simulator: u64,
    /// The swarm.
    pub swarm: u64,
    /// All processes of the machine, whoever started them.
    pub machine: u64,
}

impl Used {
    /// Looks now.
    pub fn now(world: &World, hub: Option<&Hub>, swarm: u32) -> Self {
        let (postgres, mosquitto, simulator) = world.pids();
        Self {
            hub: hub.map_or(0, |hub| own_us(hub.pid())),
            postgres: family_us(postgres),
            mosquitto: own_us(mosquitto),
            simulator: own_us(simulator),
            swarm: own_us(swarm),
            machine: machine_us(),
        }
    }

    /// What was used since `before`.
    pub fn since(self, before: Self) -> Self {
        Self {
            hub: self.hub.saturating_sub(before.hub),
            postgres: self.postgres.saturating_sub(before.postgres),
            mosquitto: self.mosquitto.saturating_sub(before.mosquitto),
            simulator: self.simulator.saturating_sub(before.simulator),
            swarm: self.swarm.saturating_sub(before.swarm),
            machine: self.machine.saturating_sub(before.machine),
        }
    }

    /// Ours together.
    pub fn total(self) -> u64 {
        self.hub + self.postgres + self.mosquitto + self.simulator + self.swarm
    }

    /// What anything else on the machine used: when it is much, the figures are worth little.
    pub fn elsewhere(self) -> u64 {
        self.machine.saturating_sub(self.total())
    }
}

struct Stat {
    parent: u32,
    own: u64,
    of_ended_children: u64,
}

fn stat(pid: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name may hold spaces; what follows its bracket does not.
    let (_, rest) = text.rsplit_once(')')?;
    let fields: Vec<u64> = rest.split_whitespace().map(|field| field.parse().unwrap_or(0)).collect();
    let ticks = |place: usize| fields.get(place).copied().unwrap_or(0) * 10_000;
    Some(Stat { parent: u32::try_from(*fields.get(1)?).ok()?, own: ticks(11) + ticks(12), of_ended_children: ticks(13) + ticks(14) })
}

/// Everything but idling and waiting for the disk.
fn machine_us() -> u64 {
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    let ticks = text.lines().next().unwrap_or_default().split_whitespace().skip(1).map(|field| field.parse::<u64>().unwrap_or(0));
    ticks.enumerate().filter(|(place, _)| ![3, 4, 8, 9].contains(place)).map(|(_, ticks)| ticks * 10_000).sum()
}

fn own_us(pid: u32) -> u64 {
    stat(pid).map_or(0, |stat| stat.own)
}

/// A process, its children, and its children that have ended.
fn family_us(pid: u32) -> u64 {
    let parent = stat(pid).map_or(0, |stat| stat.own + stat.of_ended_children);
    let everybody = fs::read_dir("/proc").into_iter().flatten().flatten();
    let children = everybody.filter_map(|entry| stat(entry.file_name().to_str()?.parse().ok()?)).filter(|stat| stat.parent == pid);
    parent + children.map(|stat| stat.own).sum::<u64>()
}
