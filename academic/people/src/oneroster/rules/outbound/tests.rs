//! Rosters of any kind, and what comes of them.

use jiff::civil::date;
use kernel::id::Uuid;
use proptest::prelude::*;

use super::*;

/// Files as they were written: name → columns and rows.
#[derive(Default)]
struct Heap(Vec<(String, Vec<String>, Vec<Vec<String>>)>);

impl Sink for Heap {
    type Error = std::convert::Infallible;

    fn begin(&mut self, name: &str, columns: &[&str]) -> Result<(), Self::Error> {
        self.0.push((name.to_owned(), columns.iter().map(|column| (*column).to_owned()).collect(), Vec::new()));
        Ok(())
    }

    fn row(&mut self, cells: &[String]) -> Result<(), Self::Error> {
        self.0.last_mut().unwrap().2.push(cells.to_vec());
        Ok(())
    }
}

impl Heap {
    fn column(&self, file: &str, column: &str) -> Vec<String> {
        let Some((_, columns, rows)) = self.0.iter().find(|(name, _, _)| name == file) else { return Vec::new() };
        let at = columns.iter().position(|one| one == column).unwrap();
        rows.iter().map(|row| row[at].clone()).collect()
    }
}

fn person(n: u8) -> PersonId {
    PersonId(Uuid::from_u128(u128::from(n) + 1))
}

fn member(n: u8, name: &str) -> Member {
    Member { id: person(n), surname: name.to_owned(), given_name: "А".into(), patronymic: None, birth_date: Some(date(2014, 3, 8)), sex: Some("f".into()), email: None, phone: None }
}

prop_compose! {
    /// A school in which anybody may be anything, and rows name who is not there.
    fn a_roster()(pupils in prop::collection::btree_set(0_u8..12, 0..8), guardians in prop::collection::btree_set(0_u8..20, 0..8), staff in prop::collection::btree_set(0_u8..30, 0..6),
        kin in prop::collection::vec((0_u8..20, 0_u8..20), 0..20), times in prop::collection::vec((0_u8..20, 0_u8..5, 0_i64..60), 0..20), teachers in prop::collection::vec((0_u8..5, 0_u8..30), 0..6),
        classes in prop::collection::btree_set(0_u8..5, 0..4), quarters in 0_usize..5, name in "\\PC{0,12}|[,\"\r\n;' ]{1,6}") -> Roster {
        let span = Span { starts: date(2026, 9, 1), ends: date(2027, 5, 25) };
        let class = |n: u8| ClassId(Uuid::from_u128(1_000 + u128::from(n)));
        Roster {
            school: SchoolId(Uuid::from_u128(9)), code: "s001".into(), year: 2026, whole: span, quarters: vec![span; quarters], titles: Titles { school: name.clone(), ..Titles::default() },
            classes: classes.iter().map(|n| Class { id: class(*n), grade: i16::from(*n), letter: "А".into(), language: "kk".into() }).collect(),
            pupils: pupils.iter().map(|n| member(*n, &name)).collect(),
            times: times.iter().map(|(pupil, n, from)| Time { pupil: person(*pupil), class: class(*n), from: date(2026, 9, 1).saturating_add(from.days()), to: None }).collect(),
            guardians: guardians.iter().map(|n| member(*n, "Б")).collect(),
            kin: kin.iter().map(|(pupil, guardian)| Kin { pupil: person(*pupil), guardian: person(*guardian) }).collect(),
            staff: staff.iter().map(|n| Worker { member: member(*n, "В"), roles: vec!["teacher".into()], posts: Vec::new() }).collect(),
            teachers: teachers.iter().map(|(n, teacher)| (class(*n), person(*teacher))).collect(),
        }
    }
}

proptest! {
    #[test]
    fn inv_1_no_row_names_another_that_is_not_there(roster in a_roster()) {
        let mut heap = Heap::default();
        write(&roster, &mut heap).unwrap_or_else(|never| match never {});
        for (name, columns, rows) in heap.0.iter().filter(|(name, _, _)| name != "manifest.csv") {
            prop_assert!(!rows.is_empty(), "{} is empty", name);
            let ids: BTreeSet<&String> = rows.iter().map(|row| &row[0]).collect();
            prop_assert_eq!(ids.len(), rows.len(), "an id twice in {}", name);
            for row in rows {
                prop_assert!(row.len() == columns.len() && row[1].is_empty() && row[2].is_empty() && row.iter().all(|cell| !cell.contains(['\r', '\n'])));
            }
        }
        for (file, column, there) in [
            ("classes.csv", "courseSourcedId", "courses.csv"), ("classes.csv", "schoolSourcedId", "orgs.csv"), ("classes.csv", "termSourcedIds", "academicSessions.csv"), ("users.csv", "agentSourcedIds", "users.csv"),
            ("users.csv", "primaryOrgSourcedId", "orgs.csv"), ("roles.csv", "userSourcedId", "users.csv"), ("enrollments.csv", "userSourcedId", "users.csv"), ("enrollments.csv", "classSourcedId", "classes.csv"),
            ("demographics.csv", "sourcedId", "users.csv"), ("academicSessions.csv", "parentSourcedId", "academicSessions.csv"), ("courses.csv", "schoolYearSourcedId", "academicSessions.csv"),
        ] {
            let known: BTreeSet<String> = heap.column(there, "sourcedId").into_iter().collect();
            for named in heap.column(file, column).iter().flat_map(|cell| cell.split(',')).filter(|one| !one.is_empty()) {
                prop_assert!(known.contains(named), "{}.{} names {}", file, column, named);
            }
        }
        let users: BTreeSet<String> = heap.column("users.csv", "sourcedId").into_iter().collect();
        let primary: Vec<String> = heap.column("roles.csv", "userSourcedId").into_iter().zip(heap.column("roles.csv", "roleType")).filter(|(_, kind)| kind == "primary").map(|(user, _)| user).collect();
        prop_assert_eq!(primary.len(), users.len(), "one primary role each");
        prop_assert_eq!(primary.into_iter().collect::<BTreeSet<_>>(), users);
    }
}

#[test]
fn an_end_is_the_first_day_outside() {
    assert_eq!(after(date(2027, 5, 25)), "2027-05-26");
    assert_eq!(offices(&Worker { member: member(1, "А"), roles: vec!["nurse".into(), "deputy_academic".into(), "teacher".into()], posts: Vec::new() }), ["siteAdministrator", "teacher"]);
    assert_eq!(offices(&Worker { member: member(1, "А"), roles: Vec::new(), posts: vec!["cook".into()] }), ["aide"]);
}
