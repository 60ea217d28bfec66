//! In which order an authority looks, and what it may be told. Pure.

use std::cmp::Reverse;

use super::store::Figures;

/// Rows of a page.
const PAGE: usize = 50;

/// An order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// What needs somebody first.
    #[default]
    Worst,
    /// By name.
    Name,
    /// The largest first.
    Pupils,
}

impl Sort {
    /// All, as a form offers them.
    pub const ALL: [Self; 3] = [Self::Worst, Self::Name, Self::Pupils];

    /// As in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Worst => "worst",
            Self::Name => "name",
            Self::Pupils => "pupils",
        }
    }

    /// Reads an address; anything else is the first.
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|sort| sort.as_str() == text).unwrap_or_default()
    }
}

/// How many in a hundred guardians have a phone connected; nothing where it is not said.
pub fn share(figures: &Figures) -> Option<i64> {
    let (guardians, reached) = (figures.guardians?, figures.reached?);
    if guardians > 0 { Some(reached * 100 / guardians) } else { None }
}

/// Devices that are silent, late notices, families that are not reached: in that order.
pub fn worst_first(figures: &Figures) -> (Reverse<i64>, Reverse<i64>, i64) {
    (Reverse(figures.offline), Reverse(figures.late.unwrap_or(1)), share(figures).unwrap_or(101))
}

/// The rows that a search leaves, in order. `name` says what an organisation is called to the reader.
pub fn arranged(mut rows: Vec<Figures>, words: &str, sort: Sort, name: impl Fn(&Figures) -> String) -> Vec<Figures> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    rows.retain(|row| {
        let text = format!("{} {}", name(row), row.code).to_lowercase();
        words.iter().all(|word| text.contains(word))
    });
    rows.sort_by_cached_key(|row| (name(row), row.code.clone()));
    match sort {
        Sort::Worst => rows.sort_by_key(worst_first),
        Sort::Pupils => rows.sort_by_key(|row| Reverse(row.pupils.unwrap_or(0))),
        Sort::Name => {}
    }
    rows
}

/// The rows of a page: those after the one with the given code, and the code after which to go on. A row that is gone begins anew.
pub fn part<'a>(rows: &'a [Figures], after: Option<&str>) -> (&'a [Figures], Option<&'a str>) {
    let first = after.and_then(|after| rows.iter().position(|row| row.code == after)).map_or(0, |found| found + 1);
    let rest = rows.get(first..).unwrap_or_default();
    let shown = rest.get(..PAGE).unwrap_or(rest);
    (shown, shown.last().filter(|_| rest.len() > shown.len()).map(|last| last.code.as_str()))
}

#[cfg(test)]
mod tests {
    use kernel::id::{SchoolId, Uuid};

    use super::*;

    fn figures(code: &str, offline: i64, late: Option<i64>, guardians: Option<i64>, reached: Option<i64>) -> Figures {
        let name = format!("School {code}");
        Figures {
            id: SchoolId(Uuid::nil()),
            kind: "school".into(),
            code: code.into(),
            name_kk: name.clone(),
            name_ru: name.clone(),
            name_en: name,
            schools: 1,
            pupils: Some(100),
            staff: Some(10),
            guardians,
            reached,
            passes: Some(0),
            devices: 10,
            offline,
            late,
        }
    }

    fn codes(rows: &[Figures]) -> Vec<&str> {
        rows.iter().map(|row| row.code.as_str()).collect()
    }

    #[test]
    fn inv_3_what_needs_somebody_stands_first() {
        let rows = vec![
            figures("a", 0, Some(0), Some(100), Some(95)),
            figures("b", 0, Some(0), Some(100), Some(40)),
            figures("c", 0, Some(9), Some(100), Some(95)),
            figures("d", 2, Some(0), Some(100), Some(95)),
        ];
        let name = |row: &Figures| row.name_en.clone();
        assert_eq!(codes(&arranged(rows.clone(), "", Sort::Worst, name)), ["d", "c", "b", "a"]);
        assert_eq!(codes(&arranged(rows.clone(), "", Sort::Name, name)), ["a", "b", "c", "d"]);
        assert_eq!(codes(&arranged(rows, "SCHOOL d", Sort::Worst, name)), ["d"]);
    }

    #[test]
    fn a_share_is_said_of_many_only() {
        assert_eq!(share(&figures("a", 0, None, Some(200), Some(150))), Some(75));
        assert_eq!(share(&figures("a", 0, None, None, Some(0))), None);
        assert_eq!(share(&figures("a", 0, None, Some(50), None)), None);
        assert_eq!(share(&figures("a", 0, None, Some(0), Some(0))), None);
    }

    #[test]
    fn pages_together_show_every_row_once() {
        let rows: Vec<Figures> = (0..120).map(|n| figures(&format!("s{n:03}"), 0, None, None, None)).collect();
        let (mut seen, mut after) = (Vec::new(), None);
        for pages in 1.. {
            let (shown, next) = part(&rows, after);
            seen.extend(shown.iter().map(|row| row.code.clone()));
            after = next;
            if after.is_none() {
                assert_eq!(pages, 3);
                break;
            }
        }
        assert_eq!(seen, rows.iter().map(|row| row.code.clone()).collect::<Vec<_>>());
        assert_eq!(part(&rows, Some("gone")).0.len(), PAGE);
        assert_eq!(part(&rows, Some("s119")), (&[][..], None));
    }
}
