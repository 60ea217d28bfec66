//! Readers that type like a keyboard (`/dev/input/event…`): digits and letters, then Enter.
//!
//! The device is read, not seized, since that takes a call that is not safe Rust: let no console listen to it (a udev rule, or no getty).

use std::io::{self, Read};

use protocol::up::Direction;

use super::{Reader, Reading};

/// The kernel's `struct input_event`: two words of time, then type u16, code u16, value i32.
const TIME_BYTES: usize = 2 * size_of::<usize>();
const EVENT_BYTES: usize = TIME_BYTES + 8;
const EV_KEY: u16 = 1;
const PRESSED: i32 = 1;
const KEY_ENTER: u16 = 28;
const KEY_KPENTER: u16 = 96;
/// Longer is no card, and what follows begins anew.
const MOST_KEYS: usize = 64;

/// The kernel's numbers of the keys that cards are made of.
const KEYS: [(u16, char); 46] = [
    (2, '1'), (3, '2'), (4, '3'), (5, '4'), (6, '5'), (7, '6'), (8, '7'), (9, '8'), (10, '9'), (11, '0'),
    (16, 'Q'), (17, 'W'), (18, 'E'), (19, 'R'), (20, 'T'), (21, 'Y'), (22, 'U'), (23, 'I'), (24, 'O'), (25, 'P'),
    (30, 'A'), (31, 'S'), (32, 'D'), (33, 'F'), (34, 'G'), (35, 'H'), (36, 'J'), (37, 'K'), (38, 'L'),
    (44, 'Z'), (45, 'X'), (46, 'C'), (47, 'V'), (48, 'B'), (49, 'N'), (50, 'M'),
    (79, '1'), (80, '2'), (81, '3'), (75, '4'), (76, '5'), (77, '6'), (71, '7'), (72, '8'), (73, '9'), (82, '0'),
];

/// A reader that types.
#[derive(Debug)]
pub struct Keyboard<R> {
    source: R,
    direction: Direction,
    typed: String,
}

impl<R: Read + Send> Keyboard<R> {
    /// Reads the kernel's events of an input device that leads this way.
    pub fn new(source: R, direction: Direction) -> Self {
        Self { source, direction, typed: String::new() }
    }

    fn press(&mut self, key: u16) -> Option<Reading> {
        if key == KEY_ENTER || key == KEY_KPENTER {
            let card = std::mem::take(&mut self.typed);
            return (!card.is_empty()).then_some(Reading { card, direction: self.direction });
        }
        if self.typed.len() >= MOST_KEYS {
            self.typed.clear();
        }
        self.typed.extend(KEYS.iter().find(|(code, _)| *code == key).map(|(_, letter)| letter));
        None
    }
}

impl<R: Read + Send> Reader for Keyboard<R> {
    fn next(&mut self) -> io::Result<Option<Reading>> {
        let mut event = [0; EVENT_BYTES];
        loop {
            match self.source.read_exact(&mut event) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
                Err(error) => return Err(error),
            }
            if let Some(reading) = pressed(&event).and_then(|key| self.press(key)) {
                return Ok(Some(reading));
            }
        }
    }
}

/// The key that an event says was pressed.
fn pressed(event: &[u8; EVENT_BYTES]) -> Option<u16> {
    let (_, rest) = event.split_at_checked(TIME_BYTES)?;
    let (kind, rest) = rest.split_first_chunk::<2>()?;
    let (code, value) = rest.split_first_chunk::<2>()?;
    let value = i32::from_ne_bytes(*value.first_chunk::<4>()?);
    (u16::from_ne_bytes(*kind) == EV_KEY && value == PRESSED).then(|| u16::from_ne_bytes(*code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: u16, code: u16, value: i32) -> Vec<u8> {
        [&[7; TIME_BYTES][..], &kind.to_ne_bytes(), &code.to_ne_bytes(), &value.to_ne_bytes()].concat()
    }

    #[test]
    fn what_is_typed_up_to_enter_is_a_card() {
        let key = |letter: char| KEYS.iter().find(|(_, one)| *one == letter).unwrap().0;
        let mut bytes = Vec::new();
        for code in "04A1B2C3".chars().map(key).chain([KEY_ENTER, KEY_ENTER, 79, 80, 81, 82, KEY_KPENTER, 2]) {
            bytes.extend([event(4, 4, 458_756), event(EV_KEY, code, 1), event(0, 0, 0), event(EV_KEY, code, 2), event(EV_KEY, code, 0)].concat());
        }
        let mut keyboard = Keyboard::new(bytes.as_slice(), Direction::Out);
        assert_eq!(keyboard.next().unwrap(), Some(Reading { card: "04A1B2C3".into(), direction: Direction::Out }));
        assert_eq!(keyboard.next().unwrap().unwrap().card, "1230");
        assert_eq!(keyboard.next().unwrap(), None, "half a card is none");
    }
}
