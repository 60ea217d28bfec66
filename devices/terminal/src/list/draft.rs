//! What a list is to say, as somebody writes it down: a TOML file that names a text file of cards.
//!
//! ```toml
//! school = "s001"
//! version = 7
//! issued = "2026-09-01T00:00:00+05:00"
//! expires = "2026-10-01T00:00:00+05:00"
//! utc_offset_minutes = 300
//! cards = "cards.txt"          # beside this file; a line: 04A1B2C3 always | barred | hours <number of a schedule, from 0>
//! [[schedule]]
//! hours = [{ days = "12345", directions = "in", from = "07:30", to = "09:00" }, { days = "12345", directions = "out", from = "13:00", to = "20:00" }]
//! ```

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use protocol::{Malformed, topic::Code, up};
use serde::Deserialize;

use super::{
    compose::Draft,
    file::{Hours, Standing},
};

/// Why a draft cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// A file cannot be read.
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    /// Not such a file.
    #[error(transparent)]
    Form(#[from] toml::de::Error),
    /// A school that is none.
    #[error(transparent)]
    School(#[from] Malformed),
    /// Hours that are none.
    #[error("`{0}` is no time of day, or no weekdays (1 is Monday), or no direction (in, out, both)")]
    Hours(String),
    /// Hours that never come.
    #[error("from {0} to {1} is no time: a night needs two stretches")]
    Never(String, String),
    /// A line that says nothing of a card.
    #[error("line {0}: `<card> always`, `<card> barred` or `<card> hours <schedule>`")]
    Card(usize),
    /// A card that was named before: which of the two is meant?
    #[error("line {0}: the card stands in line {1} too")]
    Twice(usize, usize),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    school: String,
    version: u64,
    issued: Timestamp,
    expires: Timestamp,
    utc_offset_minutes: i16,
    cards: PathBuf,
    #[serde(default)]
    schedule: Vec<Schedule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Schedule {
    hours: Vec<Stretch>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stretch {
    days: String,
    directions: String,
    from: String,
    to: String,
}

/// Reads a draft and its cards.
pub fn read(path: &Path) -> Result<Draft, DraftError> {
    let file: File = toml::from_str(&text(path)?)?;
    let cards = text(&path.with_file_name(&file.cards))?;
    Ok(Draft {
        school: Code::parse(&file.school)?,
        version: file.version,
        issued_s: file.issued.as_second(),
        expires_s: file.expires.as_second(),
        utc_offset_minutes: file.utc_offset_minutes,
        schedules: file.schedule.iter().map(|schedule| schedule.hours.iter().map(hours).collect()).collect::<Result<_, _>>()?,
        cards: standings(&cards)?,
    })
}

fn text(path: &Path) -> Result<String, DraftError> {
    fs::read_to_string(path).map_err(|error| DraftError::File(path.to_owned(), error))
}

fn hours(stretch: &Stretch) -> Result<Hours, DraftError> {
    let wrong = |text: &str| DraftError::Hours(text.to_owned());
    let day = |letter: char| letter.to_digit(8).filter(|day| (1..=7).contains(day)).map(|day| 1_u8 << (day - 1));
    let days = stretch.days.chars().map(day).try_fold(0, |days, day| day.map(|day| days | day));
    let directions = match stretch.directions.as_str() {
        "in" => 1,
        "out" => 2,
        "both" => 3,
        other => return Err(wrong(other)),
    };
    let minute = |text: &str| {
        let (hour, minute) = text.split_once(':')?;
        let (hour, minute) = (hour.parse::<u16>().ok()?, minute.parse::<u16>().ok().filter(|minute| *minute < 60)?);
        Some(hour.saturating_mul(60).saturating_add(minute)).filter(|minute| *minute <= 1_440)
    };
    let days = days.filter(|days| *days != 0).ok_or_else(|| wrong(&stretch.days))?;
    let from = minute(&stretch.from).ok_or_else(|| wrong(&stretch.from))?;
    let to = minute(&stretch.to).ok_or_else(|| wrong(&stretch.to))?;
    if from >= to {
        return Err(DraftError::Never(stretch.from.clone(), stretch.to.clone()));
    }
    Ok(Hours { days, directions, from, to })
}

fn standings(text: &str) -> Result<BTreeMap<String, Standing>, DraftError> {
    let (mut standings, mut places) = (BTreeMap::new(), BTreeMap::new());
    for (place, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#')) {
        let number = place + 1;
        let (card, standing) = standing(line).ok_or(DraftError::Card(number))?;
        if let Some(before) = places.insert(card.clone(), number) {
            return Err(DraftError::Twice(number, before));
        }
        standings.insert(card, standing);
    }
    Ok(standings)
}

fn standing(line: &str) -> Option<(String, Standing)> {
    let mut words = line.split_whitespace();
    let card = up::card(words.next()?).ok()?;
    let standing = match (words.next()?, words.next()) {
        ("always", None) => Standing::Always,
        ("barred", None) => Standing::Barred,
        ("hours", Some(schedule)) => Standing::Hours(schedule.parse().ok()?),
        _ => return None,
    };
    Some((card, standing))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAFT: &str = r#"
        school = "s001"
        version = 7
        issued = "2026-09-01T00:00:00+05:00"
        expires = "2026-10-01T00:00:00+05:00"
        utc_offset_minutes = 300
        cards = "cards.txt"
        [[schedule]]
        hours = [{ days = "12345", directions = "in", from = "07:30", to = "09:00" }]
    "#;

    fn draft(toml: &str, cards: &str) -> Result<Draft, String> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("draft.toml"), toml).unwrap();
        fs::write(folder.path().join("cards.txt"), cards).unwrap();
        read(&folder.path().join("draft.toml")).map_err(|error| error.to_string())
    }

    #[test]
    fn a_draft_says_who_may_pass_and_when() {
        let read = draft(DRAFT, "# of the office\n04:a1:b2:c3 always\n04A1B2C4 barred\n\n04A1B2C5 hours 0\n").unwrap();
        assert_eq!(read.schedules, [vec![Hours { days: 0b1_1111, directions: 1, from: 450, to: 540 }]]);
        assert_eq!(read.cards.get("04A1B2C3"), Some(&Standing::Always));
        assert_eq!(read.cards.get("04A1B2C5"), Some(&Standing::Hours(0)));
        assert_eq!((read.version, read.expires_s - read.issued_s), (7, 30 * 86_400));
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert!(draft(DRAFT, "04A1B2C3 sometimes").unwrap_err().contains("line 1"));
        assert!(draft(DRAFT, "04A1B2C3 always\n? always").unwrap_err().contains("line 2"));
        assert!(draft(&DRAFT.replace("07:30", "7.30"), "").unwrap_err().contains("`7.30`"));
        assert_eq!(draft(DRAFT, "04:a1:b2:c3 barred\n\n04A1B2C3 always").unwrap_err(), "line 3: the card stands in line 1 too");
        assert!(draft(&DRAFT.replace("09:00", "07:30"), "").unwrap_err().contains("from 07:30 to 07:30"));
        assert!(draft(&DRAFT.replace("12345", ""), "").is_err());
        assert!(draft(&DRAFT.replace("12345", "18"), "").unwrap_err().contains("`18`"));
        assert!(draft(&DRAFT.replace("version", "vision"), "").unwrap_err().contains("vision"));
    }
}
