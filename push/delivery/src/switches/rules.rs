//! What a wish changes. Pure.

use notice::{Choice, KINDS, Kind, Push, Who};

/// By which ways a kind comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ways {
    /// To phones.
    pub push: Push,
    /// To chats of Telegram.
    pub telegram: Push,
    /// To the mailbox.
    pub mail: Push,
}

/// What holds for a kind: what the guardian chose, else the defaults. Chats are told as phones are, until that is chosen apart.
pub fn effective(kind: &Kind, push: Option<Push>, telegram: Option<Push>, mail: Option<Push>) -> Ways {
    Ways { push: push.unwrap_or(kind.default_push), telegram: telegram.or(push).unwrap_or(kind.default_push), mail: mail.unwrap_or(kind.default_mail) }
}

/// Of whom a switch lets something be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A child.
    Child,
    /// The reader.
    Oneself,
}

/// The kinds that a reader may switch.
pub fn free(about: About) -> impl Iterator<Item = &'static Kind> {
    let tells = move |who| match who {
        Who::Everybody => true,
        Who::Guardians => about == About::Child,
        Who::Staff => about == About::Oneself,
    };
    KINDS.into_iter().filter(move |kind| kind.choice == Choice::Free && tells(kind.who))
}

/// The kinds for which the wish differs from what holds now.
pub fn changes(about: About, now: impl Fn(&Kind) -> Ways, wish: impl Fn(&Kind) -> Ways) -> Vec<(&'static Kind, Ways)> {
    free(about).map(|kind| (kind, wish(kind))).filter(|(kind, wished)| now(kind) != *wished).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inv_4_only_differences_are_written() {
        let both = |push, mail| Ways { push, telegram: push, mail };
        let all_on = |_: &Kind| both(Push::On, Push::On);
        assert_eq!(changes(About::Child, all_on, all_on), []);
        let no_meals = |kind: &Kind| if *kind == notice::MEAL { both(Push::Off, Push::On) } else { both(Push::On, Push::On) };
        assert_eq!(changes(About::Child, all_on, no_meals), [(&notice::MEAL, both(Push::Off, Push::On))]);
        assert_eq!(changes(About::Child, no_meals, no_meals), []);
        assert_eq!(changes(About::Oneself, all_on, no_meals), [], "nobody is told of their own meals");
        assert_eq!(free(About::Oneself).collect::<Vec<_>>(), [&notice::ANNOUNCEMENT]);
        assert_eq!(effective(&notice::MEAL, None, None, None), both(notice::MEAL.default_push, notice::MEAL.default_mail));
        assert_eq!(effective(&notice::MEAL, Some(Push::Off), None, None).telegram, Push::Off);
        assert_eq!(effective(&notice::MEAL, Some(Push::Off), Some(Push::On), None).telegram, Push::On);
    }
}
