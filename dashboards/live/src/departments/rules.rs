//! In which order an authority looks, and what it may be told. Pure.

use std::cmp::Reverse;

use super::store::Figures;

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
}
