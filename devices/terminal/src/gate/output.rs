//! What opens and shuts: a line of text for whoever reads it, or lines of the machine.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

use protocol::up::Direction;

use super::screen::Texts;
use crate::list::Refusal;

/// What a gate is driven by. No call may wait.
pub trait Output: Send {
    /// Opens this way.
    fn open(&mut self, direction: Direction) -> io::Result<()>;
    /// Shuts.
    fn shut(&mut self) -> io::Result<()>;
    /// Stays shut, and says why.
    fn refuse(&mut self, refusal: Refusal, direction: Direction) -> io::Result<()>;
}

/// Lines of text: `open in`, `shut`, `refuse in barred …` with what the screen is to show.
#[derive(Debug)]
pub struct Text<W> {
    sink: W,
    texts: Texts,
}

impl<W: Write + Send> Text<W> {
    /// Writes there.
    pub fn new(sink: W, texts: Texts) -> Self {
        Self { sink, texts }
    }

    fn say(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.sink, "{line}")?;
        self.sink.flush()
    }
}

impl<W: Write + Send> Output for Text<W> {
    fn open(&mut self, direction: Direction) -> io::Result<()> {
        self.say(&format!("open {} {}", direction.as_str(), self.texts.open()))
    }

    fn shut(&mut self) -> io::Result<()> {
        self.say("shut")
    }

    fn refuse(&mut self, refusal: Refusal, direction: Direction) -> io::Result<()> {
        self.say(&format!("refuse {} {} {}", direction.as_str(), refusal.code(), self.texts.refusal(refusal)))
    }
}

/// The `value` files of GPIO lines, one each way: `1` opens, `0` shuts. Who sets the lines up is the system (see the example unit).
#[derive(Debug)]
pub struct Lines {
    /// Opens inwards.
    pub inwards: PathBuf,
    /// Opens outwards.
    pub outwards: PathBuf,
}

impl Output for Lines {
    fn open(&mut self, direction: Direction) -> io::Result<()> {
        match direction {
            Direction::In => set(&self.inwards, b"1"),
            Direction::Out => set(&self.outwards, b"1"),
        }
    }

    fn shut(&mut self) -> io::Result<()> {
        // Both are tried, whatever becomes of the first.
        let inwards = set(&self.inwards, b"0");
        set(&self.outwards, b"0").and(inwards)
    }

    fn refuse(&mut self, _: Refusal, _: Direction) -> io::Result<()> {
        Ok(())
    }
}

/// A line that is not there is an error, never a new file.
fn set(path: &PathBuf, value: &[u8]) -> io::Result<()> {
    fs::OpenOptions::new().write(true).open(path)?.write_all(value)
}
