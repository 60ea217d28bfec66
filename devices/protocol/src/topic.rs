//! Topics: `v1/{shard}/{school}/{device}/{up|down}/{channel}`.
//! The shard is a stable hash of the school's code, told to the device at provisioning, so that an instance of the hub can own shards.

use std::fmt;

use crate::Malformed;

/// How many shards there are. Never changes within `v1`.
pub const SHARDS: u8 = 64;

/// The shard of a school: the first byte of the SHA-256 of its code, modulo [`SHARDS`].
pub fn shard_of(school: &Code) -> u8 {
    let digest = ring::digest::digest(&ring::digest::SHA256, school.as_str().as_bytes());
    digest.as_ref().first().map_or(0, |byte| byte % SHARDS)
}

/// A code of a school or device: 1 to 20 of `[a-z0-9]`. A device's code is also its user name at the broker.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(Box<str>);

impl Code {
    /// Reads a code, or says why it is none.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let fits = (1..=20).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if fits { Ok(Self(text.into())) } else { Err(Malformed::Topic("a code is 1 to 20 of a-z and 0-9")) }
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a message is about, by the last two levels of its topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// Birth, death and last will of a device; retained.
    UpState,
    /// Events: passes, meals, alarms.
    UpEvents,
    /// Queue depth, clock, temperature, link.
    UpHealth,
    /// Answer to a command.
    UpReply,
    /// Our acknowledgement of durable events.
    DownAck,
    /// A command.
    DownCmd,
    /// Allow-list and limits.
    DownList,
}

impl Channel {
    const ALL: [(Self, &'static str); 7] = [
        (Self::UpState, "up/state"),
        (Self::UpEvents, "up/events"),
        (Self::UpHealth, "up/health"),
        (Self::UpReply, "up/reply"),
        (Self::DownAck, "down/ack"),
        (Self::DownCmd, "down/cmd"),
        (Self::DownList, "down/list"),
    ];

    /// The two last levels of the topic.
    pub fn path(self) -> &'static str {
        Self::ALL.iter().find(|(channel, _)| *channel == self).map_or("", |(_, path)| path)
    }
}

/// A topic of ours, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Topic {
    /// Shard of the school, below [`SHARDS`].
    pub shard: u8,
    /// Code of the school.
    pub school: Code,
    /// Code of the device.
    pub device: Code,
    /// What it is about.
    pub channel: Channel,
}

impl Topic {
    /// The topic of a device's channel, with the shard that its school has.
    pub fn of(school: &Code, device: &Code, channel: Channel) -> Self {
        Self { shard: shard_of(school), school: school.clone(), device: device.clone(), channel }
    }

    /// Takes a topic apart. Whether the device exists and stands at that school is for the registry to say.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let mut levels = text.splitn(5, '/');
        let mut level = || levels.next().ok_or(Malformed::Topic("too few levels"));
        if level()? != "v1" {
            return Err(Malformed::Topic("the first level is v1"));
        }
        let shard = level()?.parse::<u8>().ok().filter(|shard| *shard < SHARDS);
        let shard = shard.ok_or(Malformed::Topic("the shard is a number below 64"))?;
        let school = Code::parse(level()?)?;
        let device = Code::parse(level()?)?;
        let path = level()?;
        let channel = Channel::ALL.iter().find(|(_, known)| *known == path).map(|(channel, _)| *channel);
        let channel = channel.ok_or(Malformed::Topic("unknown channel"))?;
        Ok(Self { shard, school, device, channel })
    }

    /// The same device's topic for another channel.
    pub fn sibling(&self, channel: Channel) -> Self {
        Self { channel, ..self.clone() }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v1/{}/{}/{}/{}", self.shard, self.school, self.device, self.channel.path())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_topic_reads_back_as_written(school in "[a-z0-9]{1,20}", device in "[a-z0-9]{1,20}", which in 0_usize..7) {
            let (channel, _) = Channel::ALL[which];
            let topic = Topic::of(&Code::parse(&school).unwrap(), &Code::parse(&device).unwrap(), channel);
            prop_assert_eq!(Topic::parse(&topic.to_string()).unwrap(), topic);
        }

        #[test]
        fn inv_1_no_topic_panics(text in ".{0,80}") {
            Topic::parse(&text).ok();
        }
    }

    #[test]
    fn foreign_topics_are_refused() {
        for text in ["", "v1", "v2/1/s/d/up/events", "v1/64/s/d/up/events", "v1/1/S/d/up/events", "v1/1/s/d/up/other", "v1/1/s/d/up/events/x"] {
            assert!(Topic::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_shard_of_a_school_never_changes() {
        assert_eq!(shard_of(&Code::parse("s001").unwrap()), shard_of(&Code::parse("s001").unwrap()));
        assert_eq!(shard_of(&Code::parse("abc").unwrap()), 0xba % SHARDS);
    }
}
