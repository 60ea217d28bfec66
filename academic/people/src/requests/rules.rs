//! What may be asked for, and what an answer does to a field. Pure.

use std::collections::HashMap;

use jiff::civil::Date;
use kernel::{Error, Result, error::FieldError};

use crate::pupils::card::{Field, rules::Typed};

/// How many requests of a guardian about a child may wait.
pub const MOST_OPEN: i64 = 3;
/// The longest note, and the longest reason.
pub const LONGEST: usize = 500;

/// Of whom a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum About {
    /// The child.
    Child,
    /// The guardian who asks.
    Own,
}

impl About {
    /// Both, the child first.
    pub const ALL: [Self; 2] = [Self::Child, Self::Own];

    /// As in SQL, in forms and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Child => "child",
            Self::Own => "own",
        }
    }

    /// Reads a stored one.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|about| about.as_str() == text)
    }

    /// What can be asked for of them, as the form shows it.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Child => &[Field::Surname, Field::GivenName, Field::Patronymic, Field::BirthDate, Field::Sex, Field::Address],
            Self::Own => &[Field::Surname, Field::GivenName, Field::Patronymic, Field::Phone, Field::Email, Field::Language],
        }
    }

    /// The field's name in the guardian's form.
    pub fn input(self, field: Field) -> &'static str {
        match (self, field) {
            (Self::Child, field) => field.as_str(),
            (Self::Own, Field::Surname) => "own_surname",
            (Self::Own, Field::GivenName) => "own_given_name",
            (Self::Own, Field::Patronymic) => "own_patronymic",
            (Self::Own, Field::Phone) => "own_phone",
            (Self::Own, Field::Email) => "own_email",
            (Self::Own, Field::Language) => "own_locale",
            (Self::Own, other) => other.as_str(),
        }
    }
}

/// A field somebody asks to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whose.
    pub about: About,
    /// Which.
    pub field: Field,
    /// What stands now.
    pub before: Option<String>,
    /// What it should say.
    pub asked: Option<String>,
}

/// Reads the guardian's form against what stands: a field that stays, or that the form does not name, is no change.
///
/// # Errors
/// All that is wrong with it at once; `nothing` where nothing would change.
pub fn asked(stands: impl Fn(About, Field) -> Option<String>, typed: &Typed, today: Date) -> Result<Vec<Change>> {
    let (mut changes, mut wrong) = (Vec::new(), Vec::new());
    for (about, field) in About::ALL.into_iter().flat_map(|about| about.fields().iter().map(move |field| (about, *field))) {
        let (name, before) = (about.input(field), stands(about, field));
        let Some(text) = typed.get(name) else { continue };
        // What stands is not judged again: a value of another time may not fit the rules of today.
        if before.as_deref().unwrap_or_default() == text.trim() {
            continue;
        }
        match field.read(text, today) {
            Ok(asked) if asked == before => {}
            Ok(asked) => changes.push(Change { about, field, before, asked }),
            Err(message) => wrong.push(FieldError { field: name, message }),
        }
    }
    if typed.get("note").is_some_and(|note| note.chars().count() > LONGEST) {
        wrong.push(FieldError { field: "note", message: "updates-wrong-note" });
    }
    match (wrong.is_empty(), changes.is_empty()) {
        (false, _) => Err(Error::Invalid(wrong)),
        (true, true) => Err(Error::invalid("nothing", "updates-wrong-nothing")),
        (true, false) => Ok(changes),
    }
}

/// What the office says to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is written into the card.
    Accepted,
    /// It is not.
    Refused,
}

impl Verdict {
    /// As in SQL, in forms and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
        }
    }

    /// Reads a stored or sent one.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Accepted, Self::Refused].into_iter().find(|verdict| verdict.as_str() == text)
    }
}

/// What an officer decided about a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whose field.
    pub about: About,
    /// Which.
    pub field: Field,
    /// What was decided.
    pub verdict: Verdict,
    /// Why not, where it was refused.
    pub reason: Option<String>,
    /// What stood in the card when the officer looked.
    pub seen: Option<String>,
}

/// What becomes of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// It is done.
    Do,
    /// It was done before: the same form again.
    Done,
}

/// Judges a decision by what was decided before and by what stands in the card now.
///
/// # Errors
/// A refusal where somebody else decided otherwise, or where the card changed after the officer looked.
pub fn judge(decided: Option<Verdict>, decision: &Decision, stands: Option<&str>) -> Result<Judged> {
    match (decided, decision.verdict) {
        (Some(before), now) if before == now => Ok(Judged::Done),
        (Some(_), _) => Err(Error::Refused("updates.answered")),
        (None, Verdict::Refused) => Ok(Judged::Do),
        (None, Verdict::Accepted) if decision.seen.as_deref() == stands => Ok(Judged::Do),
        (None, Verdict::Accepted) => Err(Error::Refused("updates.stale")),
    }
}

/// The fields of the office's form, wrong ones with their message.
pub type Wrong = HashMap<String, &'static str>;

/// A field's name in the office's form, after what it holds: `verdict-child-surname`.
pub fn name_of(what: &str, about: About, field: Field) -> String {
    format!("{what}-{}-{}", about.as_str(), field.as_str())
}

/// Reads what the office decided of these fields; what it left open is no decision.
///
/// # Errors
/// The names of the fields whose reason is missing or too long, and `nothing` where nothing was decided.
pub fn decisions(fields: &[(About, Field)], typed: &Typed) -> std::result::Result<Vec<Decision>, Wrong> {
    let text = |name: &str| typed.get(name).map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty());
    let (mut decisions, mut wrong) = (Vec::new(), Wrong::new());
    for (about, field) in fields.iter().copied() {
        let Some(verdict) = text(&name_of("verdict", about, field)).as_deref().and_then(Verdict::parse) else { continue };
        let why = name_of("why", about, field);
        let reason = text(&why).filter(|_| verdict == Verdict::Refused);
        if verdict == Verdict::Refused && !reason.as_ref().is_some_and(|reason| reason.chars().count() <= LONGEST) {
            wrong.insert(why, "updates-wrong-why");
            continue;
        }
        decisions.push(Decision { about, field, verdict, reason, seen: typed.get(&name_of("seen", about, field)).cloned().filter(|seen| !seen.is_empty()) });
    }
    if decisions.is_empty() && wrong.is_empty() {
        wrong.insert("nothing".to_owned(), "updates-wrong-undecided");
    }
    if wrong.is_empty() { Ok(decisions) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = date(2026, 11, 22);

    fn all() -> Vec<(About, Field)> {
        About::ALL.into_iter().flat_map(|about| about.fields().iter().map(move |field| (about, *field))).collect()
    }

    #[test]
    fn every_field_of_the_form_has_a_name_of_its_own() {
        let mut names: Vec<&str> = all().into_iter().map(|(about, field)| about.input(field)).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let typed: Typed = [("surname", ""), ("birth_date", "2027-01-01"), ("own_phone", "12"), ("own_locale", "xx"), ("address", "Жаңа к., 1")].map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let Err(Error::Invalid(wrong)) = asked(|_, _| Some("Ә".into()), &typed, TODAY) else { panic!("it was taken") };
        assert_eq!(wrong.iter().map(|wrong| wrong.field).collect::<Vec<_>>(), ["surname", "birth_date", "own_phone", "own_locale"]);
    }

    #[test]
    fn a_refusal_has_its_reason_and_what_is_left_open_is_no_decision() {
        let fields = [(About::Child, Field::Surname), (About::Own, Field::Phone)];
        let typed = |pairs: &[(&str, &str)]| -> Typed { pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect() };
        assert!(decisions(&fields, &typed(&[])).unwrap_err().contains_key("nothing"));
        assert!(decisions(&fields, &typed(&[("verdict-own-phone", "refused"), ("why-own-phone", " ")])).unwrap_err().contains_key("why-own-phone"));
        let taken = decisions(&fields, &typed(&[("verdict-child-surname", "accepted"), ("seen-child-surname", "Оспанова"), ("why-child-surname", "артық")])).unwrap();
        assert_eq!(taken, [Decision { about: About::Child, field: Field::Surname, verdict: Verdict::Accepted, reason: None, seen: Some("Оспанова".into()) }]);
    }

    proptest! {
        #[test]
        fn inv_2_what_stands_already_is_never_asked_for(stands in proptest::collection::vec(proptest::option::of("[а-я]{1,6}"), 12), typed in proptest::collection::vec(proptest::option::of("[а-я]{0,6}"), 12)) {
            let stands: HashMap<(About, Field), Option<String>> = all().into_iter().zip(stands).collect();
            let form: Typed = all().into_iter().zip(&typed).filter_map(|((about, field), text)| Some((about.input(field).to_owned(), text.clone()?))).collect();
            let now = |about, field| stands.get(&(about, field)).cloned().flatten();
            match asked(now, &form, TODAY) {
                Ok(changes) => {
                    prop_assert!(!changes.is_empty());
                    for change in changes {
                        prop_assert_eq!(&now(change.about, change.field), &change.before);
                        prop_assert_ne!(&change.before, &change.asked);
                        prop_assert_eq!(change.asked.clone().unwrap_or_default(), form.get(change.about.input(change.field)).unwrap().as_str());
                    }
                }
                Err(Error::Invalid(wrong)) => prop_assert!(!wrong.is_empty()),
                Err(other) => prop_assert!(false, "{}", other),
            }
        }

        #[test]
        fn inv_3_and_4_a_field_is_answered_once_and_nothing_unseen_is_overwritten(
            decided in proptest::option::of(any::<bool>()), accepts in any::<bool>(), seen in proptest::option::of("[аб]"), stands in proptest::option::of("[аб]")
        ) {
            let verdict = |accepted: bool| if accepted { Verdict::Accepted } else { Verdict::Refused };
            let decision = Decision { about: About::Child, field: Field::Surname, verdict: verdict(accepts), reason: None, seen: seen.clone() };
            let judged = judge(decided.map(verdict), &decision, stands.as_deref());
            match decided {
                Some(before) if before == accepts => prop_assert_eq!(judged.unwrap(), Judged::Done),
                Some(_) => prop_assert!(judged.is_err()),
                None => prop_assert_eq!(judged.is_ok(), !accepts || seen == stands),
            }
        }
    }
}
