//! Wiegand: a reader on two lines, one that pulses for zeros and one for ones; 26 or 34 bits with two of parity, then silence.
//!
//! What a line of this machine is stands behind [`Pulses`]. The pulses last 50 µs: a kernel driver or a small controller that queues
//! them is what to put there, since a program that waits for edges itself misses some under load.

use std::{io, time::Duration};

use protocol::up::Direction;

use super::{Reader, Reading};

/// Bits that do not follow within this time belong to another card.
pub const SILENCE: Duration = Duration::from_millis(25);

/// A pulse on one of the two lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pulse {
    /// On the line of zeros.
    Zero,
    /// On the line of ones.
    One,
}

/// What the lines say next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// A pulse.
    Pulse(Pulse),
    /// None for [`SILENCE`].
    Silence,
    /// There will be no more.
    Gone,
}

/// The two lines.
pub trait Pulses: Send {
    /// Waits for a pulse, or for silence.
    fn next(&mut self) -> io::Result<Line>;
}

/// A reader on two lines.
#[derive(Debug)]
pub struct Wiegand<P> {
    pulses: P,
    direction: Direction,
    bits: u64,
    length: u32,
}

impl<P: Pulses> Wiegand<P> {
    /// A reader that leads this way.
    pub fn new(pulses: P, direction: Direction) -> Self {
        Self { pulses, direction, bits: 0, length: 0 }
    }

    fn add(&mut self, bit: u64) {
        // What is too long is no frame, whatever its last bits are.
        self.bits = (self.bits << 1) | bit;
        self.length = self.length.saturating_add(1);
    }

    /// Takes what came before the silence; noise on the lines is an error of the reader.
    fn finish(&mut self) -> io::Result<Option<Reading>> {
        let (bits, length) = (std::mem::take(&mut self.bits), std::mem::take(&mut self.length));
        if length == 0 {
            return Ok(None);
        }
        match card(bits, length) {
            Some(card) => Ok(Some(Reading { card, direction: self.direction })),
            None => Err(io::Error::new(io::ErrorKind::InvalidData, format!("{length} bits that are no Wiegand frame"))),
        }
    }
}

impl<P: Pulses> Reader for Wiegand<P> {
    fn next(&mut self) -> io::Result<Option<Reading>> {
        loop {
            let line = self.pulses.next()?;
            match line {
                Line::Pulse(Pulse::Zero) => self.add(0),
                Line::Pulse(Pulse::One) => self.add(1),
                Line::Silence => {
                    if let Some(reading) = self.finish()? {
                        return Ok(Some(reading));
                    }
                }
                Line::Gone => return self.finish(),
            }
        }
    }
}

/// The card of a frame: even parity over the first half, odd over the second, the number between them in hexadecimal.
fn card(bits: u64, length: u32) -> Option<String> {
    let digits = match length {
        26 => 6,
        34 => 8,
        _ => return None,
    };
    let half = length / 2;
    let second = bits & ((1 << half) - 1);
    let first = bits >> half;
    let sound = first.count_ones().is_multiple_of(2) && !second.count_ones().is_multiple_of(2);
    let number = (bits >> 1) & ((1 << (length - 2)) - 1);
    sound.then(|| format!("{number:0width$X}", width = digits))
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    struct Script(VecDeque<Line>);

    impl Pulses for Script {
        fn next(&mut self) -> io::Result<Line> {
            Ok(self.0.pop_front().unwrap_or(Line::Gone))
        }
    }

    fn frame(number: u64, length: u32) -> Vec<Line> {
        let half = length / 2 - 1;
        let (high, low) = (number >> half, number & ((1 << half) - 1));
        let first = u64::from(!high.count_ones().is_multiple_of(2));
        let last = u64::from(low.count_ones().is_multiple_of(2));
        let bits = (first << (length - 1)) | (number << 1) | last;
        (0..length).rev().map(|place| Line::Pulse(if bits >> place & 1 == 1 { Pulse::One } else { Pulse::Zero })).chain([Line::Silence]).collect()
    }

    #[test]
    fn frames_are_cards_and_noise_is_an_error() {
        let noise = vec![Line::Pulse(Pulse::One), Line::Silence];
        let mut flipped = frame(0x04_A1_B2, 26);
        flipped[5] = if flipped[5] == Line::Pulse(Pulse::One) { Line::Pulse(Pulse::Zero) } else { Line::Pulse(Pulse::One) };
        let script = [frame(0x04_A1_B2, 26), vec![Line::Silence], frame(0xDEAD_BEEF, 34), noise, flipped, frame(7, 26)].concat();
        let mut reader = Wiegand::new(Script(script.into()), Direction::In);
        assert_eq!(reader.next().unwrap().unwrap().card, "04A1B2");
        assert_eq!(reader.next().unwrap().unwrap().card, "DEADBEEF");
        assert!(reader.next().is_err());
        assert!(reader.next().is_err(), "a bit that flipped");
        assert_eq!(reader.next().unwrap().unwrap().card, "000007");
        assert_eq!(reader.next().unwrap(), None);
    }
}
