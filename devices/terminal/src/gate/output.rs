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
    /// Shuts this way.
    fn shut(&mut self, direction: Direction) -> io::Result<()>;
    /// Stays shut, and says why.
    fn refuse(&mut self, refusal: Refusal, direction: Direction) -> io::Result<()>;
}

/// Lines of text: `open in …`, `shut in`, `refuse in barred …` with what the screen is to show.
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

    fn shut(&mut self, direction: Direction) -> io::Result<()> {
        self.say(&format!("shut {}", direction.as_str()))
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

impl Lines {
    fn line(&self, direction: Direction) -> &PathBuf {
        match direction {
            Direction::In => &self.inwards,
            Direction::Out => &self.outwards,
        }
    }
}

impl Output for Lines {
    fn open(&mut self, direction: Direction) -> io::Result<()> {
        set(self.line(direction), b"1")
    }

    fn shut(&mut self, direction: Direction) -> io::Result<()> {
        set(self.line(direction), b"0")
    }

    fn refuse(&mut self, _: Refusal, _: Direction) -> io::Result<()> {
        Ok(())
    }
}

/// A line that is not there is an error, never a new file.
fn set(path: &PathBuf, value: &[u8]) -> io::Result<()> {
    fs::OpenOptions::new().write(true).open(path)?.write_all(value)
}
