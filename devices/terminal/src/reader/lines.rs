//! Cards as lines of text: standard input, a serial line, a pipe. A line is a card, or a direction and a card.

use std::io::{self, BufRead, Read};

use protocol::up::Direction;

use super::{Reader, Reading};

/// No card has more; a reader that never ends its line must not fill the memory.
const MOST_BYTES: u64 = 256;

/// A reader that gives lines.
#[derive(Debug)]
pub struct Lines<R> {
    source: R,
    direction: Direction,
}

impl<R: BufRead + Send> Lines<R> {
    /// Lines that lead this way where they do not say otherwise.
    pub fn new(source: R, direction: Direction) -> Self {
        Self { source, direction }
    }
}

impl<R: BufRead + Send> Reader for Lines<R> {
    fn next(&mut self) -> io::Result<Option<Reading>> {
        loop {
            let mut line = Vec::new();
            if self.source.by_ref().take(MOST_BYTES).read_until(b'\n', &mut line)? == 0 {
                return Ok(None);
            }
            let line = String::from_utf8_lossy(&line);
            if !line.trim().is_empty() {
                return Ok(Some(read(line.trim(), self.direction)));
            }
        }
    }
}

fn read(line: &str, direction: Direction) -> Reading {
    let (direction, card) = match line.split_once(' ') {
        Some(("in", card)) => (Direction::In, card),
        Some(("out", card)) => (Direction::Out, card),
        _ => (direction, line),
    };
    Reading { card: card.trim().to_owned(), direction }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_card() {
        let text = format!("04:a1:b2:c3\n\n out 04A1B2C4 \r\n{}\nin 77", "9".repeat(1_000));
        let mut lines = Lines::new(text.as_bytes(), Direction::In);
        let mut cards = Vec::new();
        while let Some(reading) = lines.next().unwrap() {
            cards.push((reading.direction, reading.card.len()));
        }
        assert_eq!(cards[..2], [(Direction::In, 11), (Direction::Out, 8)]);
        assert!(cards[2..6].iter().all(|(_, length)| *length <= 256), "{cards:?}");
        assert_eq!(cards.last(), Some(&(Direction::In, 2)));
    }
}
