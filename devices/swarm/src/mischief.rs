//! What goes wrong on purpose: how often (per cent), and what a terminal then does. Every decision comes from the seed.

use clap::Args;

use crate::chance::Chance;

/// How much goes wrong, in per cent of events (of terminals for the clocks).
#[derive(Debug, Clone, Default, Args)]
pub struct Mischief {
    /// Events whose message is sent twice.
    #[arg(long, default_value_t = 0.0)]
    pub duplicates: f64,
    /// Events that make the messages of that moment go out in any order.
    #[arg(long, default_value_t = 0.0)]
    pub reorder: f64,
    /// Events after which the TCP connection is dropped.
    #[arg(long, default_value_t = 0.0)]
    pub reconnects: f64,
    /// Events after which the terminal is offline for a while.
    #[arg(long, default_value_t = 0.0)]
    pub offline: f64,
    /// How long an offline terminal stays so at most.
    #[arg(long, default_value_t = 10)]
    pub offline_seconds: u64,
    /// Events after which the flash is wiped.
    #[arg(long, default_value_t = 0.0)]
    pub wipes: f64,
    /// Events before which a few numbers are lost and declared.
    #[arg(long, default_value_t = 0.0)]
    pub lost: f64,
    /// Events with a card that nobody holds.
    #[arg(long, default_value_t = 0.0)]
    pub unknown_cards: f64,
    /// Events of kinds or forms the hub does not know.
    #[arg(long, default_value_t = 0.0)]
    pub odd: f64,
    /// Events dated forty days ahead.
    #[arg(long, default_value_t = 0.0)]
    pub future: f64,
    /// Events after which bytes that are no message are sent.
    #[arg(long, default_value_t = 0.0)]
    pub malformed: f64,
    /// Events after which something malicious is sent: a replay, a used number with other content, a foreign topic,
    /// another school's topic, or a message over the limit.
    #[arg(long, default_value_t = 0.0)]
    pub malicious: f64,
    /// Terminals whose clock is wrong and that know by how much.
    #[arg(long, default_value_t = 0.0)]
    pub clock_known: f64,
    /// Terminals whose clock is behind and that do not know it.
    #[arg(long, default_value_t = 0.0)]
    pub clock_unknown: f64,
    /// Terminals that believe it is 1970.
    #[arg(long, default_value_t = 0.0)]
    pub clock_1970: f64,
}

/// A terminal's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Right.
    Right,
    /// Wrong by so much, and the terminal knows it.
    Known(i64),
    /// Wrong by so much; the terminal does not know it.
    Unknown(i64),
}

/// What an event's clock fields say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dated {
    /// The device's own time.
    pub at_ms: i64,
    /// The offset it knew, if it knew one.
    pub offset_ms: Option<i64>,
    /// What follows from both.
    pub occurred_ms: i64,
}

impl Clock {
    /// Dates something that truly happened then.
    pub fn date(self, true_ms: i64) -> Dated {
        let (skew, offset_ms) = match self {
            Self::Right => (0, None),
            Self::Known(skew) => (skew, Some(-skew)),
            Self::Unknown(skew) => (skew, None),
        };
        let at_ms = true_ms + skew;
        Dated { at_ms, offset_ms, occurred_ms: at_ms + offset_ms.unwrap_or(0) }
    }

    /// As in the ledger.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Known(_) => "known",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// What is odd about an event itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    /// Nothing.
    None,
    /// A card nobody holds.
    UnknownCard,
    /// A kind the hub does not know.
    UnknownKind,
    /// A kind it knows, with a field it cannot read.
    Unreadable,
    /// An alarm.
    Alarm,
    /// Dated forty days ahead.
    Future,
}

/// What the terminal does after an event was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prank {
    /// Sends the last message again.
    Duplicate,
    /// Sends bytes that are no message.
    Malformed,
    /// Sends something malicious.
    Malicious(Malice),
    /// Drops the TCP connection.
    Drop,
    /// Is offline for so many milliseconds.
    Offline(u64),
    /// Loses its flash.
    Wipe,
}

/// Kinds of malice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malice {
    /// An acknowledged event once more.
    Replay,
    /// An acknowledged number with other content.
    Conflict,
    /// A topic of another device.
    ForeignTopic,
    /// Its own topic under another school.
    WrongSchool,
    /// A megabyte.
    Oversized,
}

impl Malice {
    const ALL: [Self; 5] = [Self::Replay, Self::Conflict, Self::ForeignTopic, Self::WrongSchool, Self::Oversized];

    /// As in the ledger.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Replay => "replay",
            Self::Conflict => "conflict",
            Self::ForeignTopic => "foreign_topic",
            Self::WrongSchool => "wrong_school",
            Self::Oversized => "oversized",
        }
    }
}

impl Mischief {
    /// The clock of a terminal.
    pub fn clock(&self, now_ms: i64, chance: &mut Chance) -> Clock {
        let hours = i64::try_from(1 + chance.below(48)).unwrap_or(1);
        let sign = if chance.percent(50.0) { 1 } else { -1 };
        if chance.percent(self.clock_known) {
            Clock::Known(sign * hours * 3_600_000)
        } else if chance.percent(self.clock_unknown) {
            Clock::Unknown(-hours * 60_000)
        } else if chance.percent(self.clock_1970) {
            Clock::Unknown(-now_ms)
        } else {
            Clock::Right
        }
    }

    /// How many numbers are lost before the next event.
    pub fn lost(&self, chance: &mut Chance) -> Option<i64> {
        chance.percent(self.lost).then(|| i64::try_from(1 + chance.below(5)).unwrap_or(1))
    }

    /// What is odd about the next event.
    pub fn oddity(&self, chance: &mut Chance) -> Oddity {
        if chance.percent(self.unknown_cards) {
            Oddity::UnknownCard
        } else if chance.percent(self.odd) {
            *chance.pick(&[Oddity::UnknownKind, Oddity::Unreadable, Oddity::Alarm]).unwrap_or(&Oddity::Alarm)
        } else if chance.percent(self.future) {
            Oddity::Future
        } else {
            Oddity::None
        }
    }

    /// Whether the messages of this moment go out in any order.
    pub fn reorders(&self, chance: &mut Chance) -> bool {
        chance.percent(self.reorder)
    }

    /// What the terminal does after the event was sent.
    pub fn prank(&self, chance: &mut Chance) -> Option<Prank> {
        if chance.percent(self.duplicates) {
            Some(Prank::Duplicate)
        } else if chance.percent(self.malformed) {
            Some(Prank::Malformed)
        } else if chance.percent(self.malicious) {
            chance.pick(&Malice::ALL).copied().map(Prank::Malicious)
        } else if chance.percent(self.reconnects) {
            Some(Prank::Drop)
        } else if chance.percent(self.offline) {
            Some(Prank::Offline(500 + chance.below(self.offline_seconds.saturating_mul(1_000))))
        } else if chance.percent(self.wipes) {
            Some(Prank::Wipe)
        } else {
            None
        }
    }
}

/// Bytes that are no message, each bad in its own way.
pub fn malformed(chance: &mut Chance) -> Vec<u8> {
    let kinds: [&[u8]; 8] = [
        b"",
        b"\xff\xfe\x00garbage",
        b"{\"store\":\"x1\",\"seq\":1,\"at\":\"2026-11-22T02:00",
        b"[]",
        b"{\"store\":\"a/b\",\"seq\":1,\"at\":\"2026-11-22T02:00:00Z\",\"kind\":\"pass\"}",
        b"{\"store\":\"x1\",\"seq\":-4,\"at\":\"2026-11-22T02:00:00Z\",\"kind\":\"pass\",\"card\":\"04A1B2C3\",\"direction\":\"in\"}",
        b"{\"store\":\"x1\",\"seq\":1,\"at\":\"yesterday\",\"kind\":\"pass\",\"card\":\"04A1B2C3\",\"direction\":\"in\"}",
        b"{\"store\":\"x1\",\"events\":[]}",
    ];
    chance.pick(&kinds).map(|bytes| bytes.to_vec()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_mischief_by_default() {
        let (mischief, mut chance) = (Mischief::default(), Chance::new(1, 1));
        for _ in 0..1_000 {
            assert_eq!((mischief.prank(&mut chance), mischief.oddity(&mut chance)), (None, Oddity::None));
            assert_eq!((mischief.clock(5, &mut chance), mischief.lost(&mut chance)), (Clock::Right, None));
        }
    }

    #[test]
    fn a_known_offset_gives_the_true_time() {
        assert_eq!(Clock::Known(-5_000).date(20_000), Dated { at_ms: 15_000, offset_ms: Some(5_000), occurred_ms: 20_000 });
        assert_eq!(Clock::Unknown(-20_000).date(20_500), Dated { at_ms: 500, offset_ms: None, occurred_ms: 500 });
    }

    #[test]
    fn malformed_messages_are_malformed() {
        let mut chance = Chance::new(1, 1);
        for _ in 0..100 {
            assert!(protocol::up::Events::parse(&malformed(&mut chance)).is_err());
        }
    }
}
