//! What a wish changes. Pure.

use notice::{KINDS, Kind, Push};

/// What holds for a kind: what the guardian chose, else the default.
pub fn effective(kind: &Kind, chosen: Option<Push>) -> Push {
    chosen.unwrap_or(kind.default_push)
}

/// The kinds for which the wish differs from what holds now.
pub fn changes(now: impl Fn(&Kind) -> Push, wish: impl Fn(&Kind) -> Push) -> Vec<(&'static Kind, Push)> {
    KINDS.into_iter().map(|kind| (kind, wish(kind))).filter(|(kind, wished)| now(kind) != *wished).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inv_4_only_differences_are_written() {
        let all_on = |_: &Kind| Push::On;
        assert_eq!(changes(all_on, all_on), []);
        let no_meals = |kind: &Kind| if *kind == notice::MEAL { Push::Off } else { Push::On };
        assert_eq!(changes(all_on, no_meals), [(&notice::MEAL, Push::Off)]);
        assert_eq!(changes(no_meals, no_meals), []);
        assert_eq!(effective(&notice::MEAL, None), notice::MEAL.default_push);
    }
}
