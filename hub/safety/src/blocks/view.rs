//! How a block is shown and asked for, on the own page and at the office.

use kernel::{error::FieldError, id::show};
use web::{
    Texts,
    component::{Choice, FormField, Need, StatusBlock, Tone},
};

use super::{
    rules::{self, Reason, Typed},
    store::{HeldCard, Use},
};

/// The reason in words.
pub fn reason(t: &Texts<'_>, name: &str) -> String {
    t.text(format!("blocks-reason-{name}"))
}

/// A card by the end of its number.
pub fn card(t: &Texts<'_>, code: &str) -> String {
    t.with("blocks-card", [("end", rules::end_of(code))])
}

/// The fields of the form, with what was typed: which card, where there are several that open; why; in words.
pub fn fields(t: &Texts<'_>, cards: &[HeldCard], typed: &Typed, wrong: &[FieldError]) -> Vec<FormField> {
    let open: Vec<Choice> = cards.iter().filter(|one| one.block_id.is_none()).map(|one| Choice::new(show(one.card_id), card(t, &one.code))).collect();
    let chosen = if typed.card.is_empty() { open.first().map(|one| one.value.clone()).unwrap_or_default() } else { typed.card.clone() };
    let which = (open.len() > 1).then(|| FormField::radios("card", t.text("blocks-which"), Need::Required, open).value(chosen).error_in(wrong, t));
    let reasons = Reason::ALL.map(|one| Choice::new(one.as_str(), reason(t, one.as_str()))).into();
    let rest = [
        FormField::radios("reason", t.text("blocks-reason"), Need::Required, reasons).value(typed.reason.clone()).error_in(wrong, t),
        FormField::line("words", "text", t.text("blocks-words"), Need::optional(t)).most(300).value(typed.words.clone()).hint(t.text("blocks-words-hint")).error_in(wrong, t),
    ];
    which.into_iter().chain(rest).collect()
}

/// The only card that opens, where it is the only one: then nobody is asked which.
pub fn only_open(cards: &[HeldCard]) -> Option<String> {
    let mut open = cards.iter().filter(|one| one.block_id.is_none());
    match (open.next(), open.next()) {
        (Some(one), None) => Some(show(one.card_id)),
        _ => None,
    }
}

/// A blocked card: which, why, since when and by whom.
pub fn blocked(t: &Texts<'_>, held: &HeldCard) -> Option<StatusBlock> {
    let (name, at) = (held.reason.as_deref()?, held.blocked_at?);
    let by = held.blocker.clone().unwrap_or_else(|| t.text("blocks-somebody"));
    let said = t.with("blocks-by", (("reason", reason(t, name)), ("name", by), ("at", t.moment(at))));
    let body = held.words.as_ref().map_or_else(|| said.clone(), |words| t.with("blocks-by-words", (("said", said.clone()), ("words", words.clone()))));
    Some(StatusBlock { tone: Tone::Warn, title: t.with("blocks-is-blocked", [("end", rules::end_of(&held.code))]), body, action: None })
}

/// A use of a blocked card, in words.
pub fn used(t: &Texts<'_>, one: &Use) -> String {
    let place = one.place.clone().filter(|place| !place.is_empty()).unwrap_or_else(|| t.text("blocks-place-unknown"));
    t.with(format!("blocks-use-{}", one.kind), (("at", t.moment(one.occurred_at)), ("place", place)))
}
