//! What may be said, and what a word is.

use jiff::civil::Date;
use kernel::{Error, Result};

/// The age from which a pupil speaks alone.
const OF_AGE: i16 = 18;

/// What personal data is used for. The rules and texts of each are reference rows; here stand only their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Purpose {
    /// The school register, shown electronically.
    Register,
    /// The card and the gate.
    CardAndGate,
    /// Meals in the canteen.
    Meals,
    /// Notices to phones, through services abroad.
    Notices,
    /// The pupil's picture, for staff.
    Photos,
    /// Making public.
    Publication,
    /// The psychologist's work.
    Psychology,
    /// Analysis by artificial intelligence.
    Ai,
    /// Recognition by face or finger.
    Biometrics,
}

impl Purpose {
    /// All of them, as pages show them.
    pub const ALL: [Self; 9] =
        [Self::Register, Self::CardAndGate, Self::Meals, Self::Notices, Self::Photos, Self::Publication, Self::Psychology, Self::Ai, Self::Biometrics];

    /// As in SQL; never renamed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::CardAndGate => "card_gate",
            Self::Meals => "meals",
            Self::Notices => "notices",
            Self::Photos => "photos",
            Self::Publication => "publication",
            Self::Psychology => "psychology",
            Self::Ai => "ai",
            Self::Biometrics => "biometrics",
        }
    }

    /// Reads a stored or posted name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == text)
    }

    /// The end of its message keys.
    pub fn key(self) -> String {
        self.as_str().replace('_', "-")
    }
}

/// Whether processing runs before anybody has said anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// It runs until somebody says no.
    UntilRefused,
    /// It runs only after somebody said yes.
    AfterYes,
}

impl Rule {
    /// Reads a stored rule; one that this version does not know lets nothing run.
    pub fn stored(text: &str) -> Self {
        if text == "until_refused" { Self::UntilRefused } else { Self::AfterYes }
    }

    /// Whether processing may run after this last word.
    pub fn allows(self, last: Option<Act>) -> bool {
        match last {
            Some(act) => act == Act::Given,
            None => self == Self::UntilRefused,
        }
    }
}

/// What somebody wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// It may be.
    Yes,
    /// It must not be, or no more.
    No,
}

impl Wish {
    /// Reads what a form sends.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "yes" => Some(Self::Yes),
            "no" => Some(Self::No),
            _ => None,
        }
    }
}

/// A word of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Yes.
    Given,
    /// No, where there was no yes of theirs.
    Refused,
    /// No more, after a yes of theirs.
    Withdrawn,
}

impl Act {
    /// As in SQL and at the end of message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads a stored word; what this version does not know is a no.
    pub fn stored(text: &str) -> Self {
        match text {
            "given" => Self::Given,
            "withdrawn" => Self::Withdrawn,
            _ => Self::Refused,
        }
    }

    /// The word that a wish becomes after somebody's own last word; nothing where it says the same again.
    pub fn of(wish: Wish, own_last: Option<Self>) -> Option<Self> {
        match (wish, own_last) {
            (Wish::Yes, Some(Self::Given)) | (Wish::No, Some(Self::Refused | Self::Withdrawn)) => None,
            (Wish::Yes, _) => Some(Self::Given),
            (Wish::No, Some(Self::Given)) => Some(Self::Withdrawn),
            (Wish::No, None) => Some(Self::Refused),
        }
    }
}

/// How a word was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// By whom it is, signed in.
    OnScreen,
    /// On paper, written down by staff with a scan.
    Paper,
    /// Signed with an electronic signature: the place is kept, and until signatures can be checked nothing may say so.
    Eds,
}

impl How {
    /// As in SQL and at the end of message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OnScreen => "on_screen",
            Self::Paper => "paper",
            Self::Eds => "eds",
        }
    }

    /// Refuses what cannot be checked yet.
    pub fn accepted(self) -> Result<Self> {
        match self {
            Self::OnScreen | Self::Paper => Ok(self),
            Self::Eds => Err(Error::Refused("consents.no_signatures_yet")),
        }
    }
}

/// Who has a say about a child's data on a day: their guardians, or from eighteen on only they themselves.
pub(super) fn voters<P: Copy + Ord>(child: P, guardians: &[P], born: Option<Date>, today: Date) -> Vec<P> {
    let mut voters = if is_of_age(born, today) { vec![child] } else { guardians.to_vec() };
    voters.sort_unstable();
    voters.dedup();
    voters
}

/// Whether somebody may speak: they have a say. A guardian of somebody of age is told why not.
pub(super) fn may_speak<P: Copy + Ord>(speaker: P, voters: &[P], guardians: &[P]) -> Result<()> {
    if voters.contains(&speaker) {
        Ok(())
    } else if guardians.contains(&speaker) {
        Err(Error::Refused("consents.of_age"))
    } else {
        Err(Error::NotFound)
    }
}

/// Whether somebody is of age on a day. Whose birthday nobody wrote down is a child.
pub(super) fn is_of_age(born: Option<Date>, today: Date) -> bool {
    born.is_some_and(|born| {
        let years = today.year() - born.year();
        years > OF_AGE || (years == OF_AGE && (today.month(), today.day()) >= (born.month(), born.day()))
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn names_read_back() {
        for purpose in Purpose::ALL {
            assert_eq!(Purpose::parse(purpose.as_str()), Some(purpose));
        }
        for act in [Act::Given, Act::Refused, Act::Withdrawn] {
            assert_eq!(Act::stored(act.as_str()), act);
        }
        assert_eq!(Act::stored("maybe"), Act::Refused);
        assert_eq!((Wish::parse("yes"), Wish::parse("no"), Wish::parse("")), (Some(Wish::Yes), Some(Wish::No), None));
    }

    #[test]
    fn inv_6_a_word_said_twice_is_one_word() {
        for wish in [Wish::Yes, Wish::No] {
            for last in [None, Some(Act::Given), Some(Act::Refused), Some(Act::Withdrawn)] {
                let said = Act::of(wish, last).or(last);
                assert_eq!(Act::of(wish, said), None, "{wish:?} after {last:?}");
                assert_eq!(said == Some(Act::Given), wish == Wish::Yes);
            }
        }
        assert_eq!(Act::of(Wish::No, Some(Act::Given)), Some(Act::Withdrawn));
        assert_eq!(Act::of(Wish::No, None), Some(Act::Refused));
    }

    #[test]
    fn inv_5_what_needs_a_yes_runs_after_one_and_what_does_not_runs_until_a_no() {
        for (rule, silent) in [(Rule::AfterYes, false), (Rule::UntilRefused, true), (Rule::stored("of a later version"), false)] {
            assert_eq!(rule.allows(None), silent);
            assert!(rule.allows(Some(Act::Given)));
            assert!(!rule.allows(Some(Act::Refused)) && !rule.allows(Some(Act::Withdrawn)));
        }
    }

    #[test]
    fn inv_2_guardians_speak_until_the_child_is_of_age() {
        let (child, mother, father, stranger) = (1, 2, 3, 4);
        let born = Some(date(2008, 11, 22));
        let before = voters(child, &[father, mother], born, date(2026, 11, 21));
        assert_eq!(before, [mother, father]);
        assert!(may_speak(mother, &before, &[father, mother]).is_ok());
        assert!(matches!(may_speak(child, &before, &[father, mother]), Err(Error::NotFound)));
        assert!(matches!(may_speak(stranger, &before, &[father, mother]), Err(Error::NotFound)));
        let after = voters(child, &[father, mother], born, date(2026, 11, 22));
        assert_eq!(after, [child]);
        assert!(may_speak(child, &after, &[father, mother]).is_ok());
        assert!(matches!(may_speak(mother, &after, &[father, mother]), Err(Error::Refused("consents.of_age"))));
        assert_eq!(voters(child, &[mother], None, date(2026, 11, 22)), [mother]);
        assert!(!is_of_age(Some(date(2008, 2, 29)), date(2026, 2, 28)) && is_of_age(Some(date(2008, 2, 29)), date(2026, 3, 1)));
    }

    #[test]
    fn a_signature_that_nobody_checks_is_refused() {
        assert!(matches!(How::Eds.accepted(), Err(Error::Refused("consents.no_signatures_yet"))));
        assert!(How::Paper.accepted().is_ok() && How::OnScreen.accepted().is_ok());
    }
}
