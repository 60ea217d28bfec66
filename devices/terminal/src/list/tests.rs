//! Lists that are forged, old, over or broken, and what a gate does by those that are not.

use std::{collections::BTreeMap, sync::LazyLock};

use proptest::prelude::*;
use protocol::{topic::Code, up::Direction};

use super::{
    compose::{Draft, Signer},
    file::{Hours, Standing},
    shelf::ShelfError,
    *,
};
use crate::clock::Moment;

/// Friday, 21 November 2025, 08:38 in Kazakhstan.
pub(crate) const NOW_MS: i64 = 1_763_696_321_000;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

static KEY: LazyLock<Signer> = LazyLock::new(|| Signer::read(&Signer::generate().unwrap()).unwrap());

/// A list of a school: two cards that open, one that is barred, one with hours.
pub(crate) fn draft(version: u64) -> Draft {
    let cards = [("04A10001", Standing::Always), ("04A10002", Standing::Always), ("04A10003", Standing::Barred), ("04A10004", Standing::Hours(0))];
    // On working days in from 7:30 to 9:00, out from 13:00 to 20:00.
    let schedule = vec![Hours { days: 0b1_1111, directions: 1, from: 450, to: 540 }, Hours { days: 0b1_1111, directions: 2, from: 780, to: 1_200 }];
    Draft {
        school: Code::parse("s001").unwrap(),
        version,
        issued_s: (NOW_MS - HOUR_MS) / 1_000,
        expires_s: (NOW_MS + 30 * DAY_MS) / 1_000,
        utc_offset_minutes: 300,
        schedules: vec![schedule],
        cards: cards.map(|(card, standing)| (card.to_owned(), standing)).into(),
    }
}

/// A shelf on which that list is in force.
pub(crate) fn shelf(folder: &std::path::Path, draft: &Draft) -> Shelf {
    let shelf = Shelf::open(folder, Code::parse("s001").unwrap(), KEY.public_key());
    shelf.take(&draft.sign(&KEY).unwrap(), NOW_MS).unwrap();
    shelf
}

fn refusal(shelf: &Shelf, bytes: &[u8]) -> ListError {
    match shelf.take(bytes, NOW_MS).unwrap_err() {
        ShelfError::Refused(error) => error,
        ShelfError::Disk(error) => panic!("{error}"),
    }
}

#[test]
fn inv_1_what_is_forged_old_over_or_not_ours_leaves_the_former_list_in_force() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = shelf(folder.path(), &draft(5));
    let sound = draft(6).sign(&KEY).unwrap();
    let stranger = Signer::read(&Signer::generate().unwrap()).unwrap();
    assert_eq!(refusal(&shelf, &draft(6).sign(&stranger).unwrap()), ListError::Forged);
    for place in [0, 8, 20, sound.len() / 2, sound.len() - 1] {
        let mut changed = sound.clone();
        changed[place] ^= 1;
        assert_eq!(refusal(&shelf, &changed), ListError::Forged, "byte {place}");
    }
    assert_eq!(refusal(&shelf, &sound[..sound.len() - 1]), ListError::Forged);
    assert_eq!(refusal(&shelf, b"short"), ListError::Malformed("too short"));
    for version in [4, 5] {
        assert_eq!(refusal(&shelf, &draft(version).sign(&KEY).unwrap()), ListError::Old { present: 5, offered: version });
    }
    let over = Draft { expires_s: NOW_MS / 1_000, ..draft(6) };
    assert_eq!(refusal(&shelf, &over.sign(&KEY).unwrap()), ListError::Over);
    let other = Draft { school: Code::parse("s002").unwrap(), ..draft(6) };
    assert_eq!(refusal(&shelf, &other.sign(&KEY).unwrap()), ListError::OtherSchool("s002".into()));
    assert_eq!(shelf.list().unwrap().version, 5);

    let again = Shelf::open(folder.path(), Code::parse("s001").unwrap(), KEY.public_key());
    assert_eq!(again.list(), shelf.list(), "across restarts");
    assert!(matches!(again.take(&sound, NOW_MS), Ok(list) if list.version == 6));
}

#[test]
fn inv_1_of_a_damaged_list_the_one_before_holds_and_nothing_older_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Shelf::open(folder.path(), Code::parse("s001").unwrap(), KEY.public_key());
    assert!(!open().is_damaged(), "a new device");
    shelf(folder.path(), &draft(5));
    let sixth = draft(6).sign(&KEY).unwrap();
    open().take(&sixth, NOW_MS).unwrap();
    std::fs::write(folder.path().join("list.in-force"), &sixth[..100]).unwrap();
    let damaged = open();
    assert!(damaged.is_damaged());
    assert_eq!(damaged.list().unwrap().version, 5, "its bars hold");
    assert_eq!(refusal(&damaged, &draft(5).sign(&KEY).unwrap()), ListError::Old { present: 6, offered: 5 });
    assert_eq!(damaged.take(&sixth, NOW_MS).unwrap().version, 6, "the very list again");
    assert!(!damaged.is_damaged() && !open().is_damaged());

    for file in ["list.in-force", "list.former"] {
        std::fs::remove_file(folder.path().join(file)).unwrap();
    }
    let bare = open();
    assert!(bare.is_damaged() && bare.list().is_none());
    assert_eq!(refusal(&bare, &draft(5).sign(&KEY).unwrap()), ListError::Old { present: 6, offered: 5 });
}

#[test]
fn inv_1_one_key_follows_another() {
    let folder = tempfile::tempdir().unwrap();
    shelf(folder.path(), &draft(5));
    let next = Signer::read(&Signer::generate().unwrap()).unwrap();
    let both = Shelf::open(folder.path(), Code::parse("s001").unwrap(), vec![next.public_key(), KEY.public_key()]);
    assert_eq!(both.list().unwrap().version, 5);
    assert_eq!(both.take(&draft(6).sign(&next).unwrap(), NOW_MS).unwrap().version, 6);
    assert_eq!(refusal(&both, &Draft { school: Code::parse("s002").unwrap(), ..draft(7) }.sign(&next).unwrap()), ListError::OtherSchool("s002".into()));
    let alone = Shelf::open(folder.path(), Code::parse("s001").unwrap(), next.public_key());
    assert_eq!(alone.list().unwrap().version, 6);
    assert_eq!(refusal(&alone, &draft(7).sign(&KEY).unwrap()), ListError::Forged);
}

#[test]
fn inv_1_a_list_that_is_laid_down_is_taken_once_or_put_aside() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = shelf(folder.path(), &draft(5));
    let now = |at_ms| Moment { at_ms, offset_ms: Some(0) };
    assert!(shelf.look(now(NOW_MS)).unwrap().is_none());
    std::fs::write(shelf.offered(), draft(7).sign(&KEY).unwrap()).unwrap();
    assert_eq!(shelf.look(now(NOW_MS)).unwrap().unwrap().version, 7);
    assert!(!shelf.offered().exists());
    std::fs::write(shelf.offered(), draft(6).sign(&KEY).unwrap()).unwrap();
    assert!(shelf.look(now(NOW_MS)).is_err());
    assert!(!shelf.offered().exists() && folder.path().join("list.refused").exists());
    assert_eq!(shelf.list().unwrap().version, 7);

    std::fs::write(shelf.offered(), draft(8).sign(&KEY).unwrap()).unwrap();
    // A clock of which nobody knows how wrong it is.
    assert!(shelf.look(Moment { at_ms: NOW_MS + 400 * DAY_MS, offset_ms: None }).unwrap().is_none());
    assert!(shelf.offered().exists(), "it is looked at again");
    // A disk that takes nothing: a folder stands where the new file is to be written.
    std::fs::create_dir(folder.path().join("list.new")).unwrap();
    assert!(matches!(shelf.look(now(NOW_MS)), Err(ShelfError::Disk(_))));
    assert!(shelf.offered().exists(), "and again");
    std::fs::remove_dir(folder.path().join("list.new")).unwrap();
    assert_eq!(shelf.look(now(NOW_MS)).unwrap().unwrap().version, 8);
    std::fs::write(shelf.offered(), draft(9).sign(&KEY).unwrap()).unwrap();
    assert!(matches!(shelf.look(now(NOW_MS + 400 * DAY_MS)), Err(ShelfError::Refused(ListError::Over))));
    assert!(!shelf.offered().exists());
    std::fs::write(shelf.offered(), vec![0; 5 * 1024 * 1024]).unwrap();
    assert!(matches!(shelf.look(now(NOW_MS)), Err(ShelfError::Refused(ListError::Malformed("longer than any list")))));
}

#[test]
fn inv_2_a_barred_card_is_refused_whatever_else_holds() {
    let folder = tempfile::tempdir().unwrap();
    let list = shelf(folder.path(), &draft(1)).list();
    for now_ms in [NOW_MS, 0, NOW_MS + 400 * DAY_MS] {
        for fallback in [Fallback::Open, Fallback::Refuse] {
            assert_eq!(decide(list.as_deref(), fallback, "04A10003", Direction::In, now_ms), Verdict::Refuse(Refusal::Barred));
        }
    }
}

#[test]
fn a_card_opens_by_the_list_and_without_one_by_the_gates_rule() {
    let folder = tempfile::tempdir().unwrap();
    let list = shelf(folder.path(), &draft(1)).list();
    let at = |card: &str, direction, now_ms| decide(list.as_deref(), Fallback::Refuse, card, direction, now_ms);
    let (open, hours) = (Verdict::Open, Verdict::Refuse(Refusal::Hours));
    assert_eq!(at("04A10001", Direction::Out, NOW_MS), open);
    assert_eq!(at("04A19999", Direction::In, NOW_MS), Verdict::Refuse(Refusal::Unknown));
    assert_eq!(at("04A10004", Direction::In, NOW_MS), open);
    assert_eq!(at("04A10004", Direction::Out, NOW_MS), hours, "nobody leaves at half past eight");
    assert_eq!(at("04A10004", Direction::In, NOW_MS + 22 * 60_000), hours, "nine o'clock");
    assert_eq!(at("04A10004", Direction::Out, NOW_MS + 6 * HOUR_MS), open);
    assert_eq!(at("04A10004", Direction::In, NOW_MS + DAY_MS), hours, "Saturday");
    assert_eq!(at("04A10004", Direction::Out, 0), open, "a clock in 1970 locks nobody in");
    let over = NOW_MS + 30 * DAY_MS;
    assert_eq!(at("04A10001", Direction::In, over), Verdict::Refuse(Refusal::NoList));
    assert_eq!(decide(list.as_deref(), Fallback::Open, "04A19999", Direction::In, over), open);
    assert_eq!(decide(None, Fallback::Refuse, "04A10001", Direction::In, NOW_MS), Verdict::Refuse(Refusal::NoList));
}

#[test]
fn fifty_thousand_cards_are_each_decided_as_listed() {
    let cards: BTreeMap<String, Standing> = (0..50_000).map(|n| (format!("04A1{n:06}"), Standing::Always)).collect();
    let bytes = Draft { cards, ..draft(1) }.sign(&KEY).unwrap();
    assert!(bytes.len() < 900_000, "{}", bytes.len());
    let list = AllowList::read(&bytes, &KEY.public_key()).unwrap();
    let began = std::time::Instant::now();
    for n in 0..10_000 {
        let card = format!("04A1{:06}", n * 7 % 60_000);
        let known = n * 7 % 60_000 < 50_000;
        assert_eq!(decide(Some(&list), Fallback::Refuse, &card, Direction::In, NOW_MS) == Verdict::Open, known);
    }
    println!("a decision among 50,000 cards: {:?}", began.elapsed() / 10_000);
}

proptest! {
    /// Signed by a key that signs nonsense: the reader of lists is alone with the bytes.
    #[test]
    fn inv_3_any_bytes_are_read_without_panic(place in 0_usize..200, byte in any::<u8>(), cut in 0_usize..300) {
        let sound = draft(1).sign(&KEY).unwrap();
        let mut body = sound[..sound.len() - 64].to_vec();
        let place = place % body.len();
        body[place] = byte;
        body.truncate(cut.max(1));
        AllowList::read(&KEY.countersign(body), &KEY.public_key()).ok();
    }
}
