//! What was chosen in a [`DataTable`](super::DataTable), as its form sends it: the boxes that are ticked, or everything that the search and the
//! filters of the list leave. What is done with many is asked for twice, with the very same ids: the list may change between the two.

use super::Address;

/// So many are taken at once: more than a school has pupils.
pub const MOST: usize = 5_000;

/// The chosen rows of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// These, as the rows said their ids.
    Picked(Vec<String>),
    /// All that the list at this address has, on whatever page.
    All(Address),
}

impl Chosen {
    /// Reads the form of the list at `path`.
    pub fn of(sent: &[(String, String)], path: impl Into<String>) -> Self {
        let of = |name: &'static str| sent.iter().filter(move |(one, _)| one == name).map(|(_, value)| value.as_str());
        if of("all").any(|all| all == "1") {
            return Self::All(Address::sent(path, of("where").next().unwrap_or_default()));
        }
        let mut picked: Vec<String> = of("id").take(MOST).map(str::to_owned).collect();
        picked.sort_unstable();
        picked.dedup();
        Self::Picked(picked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn each_row_counts_once_and_all_means_the_list_as_it_was_filtered() {
        let picked = Chosen::of(&sent(&[("csrf", "x"), ("id", "2"), ("id", "1"), ("id", "2"), ("where", "class=7a")]), "/s/pupils");
        assert_eq!(picked, Chosen::Picked(vec!["1".into(), "2".into()]));
        let all = Chosen::of(&sent(&[("id", "2"), ("where", "class=7a&after=9"), ("all", "1")]), "/s/pupils");
        assert_eq!(all, Chosen::All(Address::new("/s/pupils").with("class", "7a")));
    }
}
