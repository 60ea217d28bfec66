//! How a note is shown and asked for, on a guardian's page and at the school.

use jiff::civil::Date;
use kernel::error::FieldError;
use web::{
    Texts,
    component::{Choice, FormField, Need, StatusDot, Tone},
};

use super::{
    rules::{Reason, Typed},
    store::Note,
};

/// The days, as one line: one day, or from when to when.
pub fn days(t: &Texts<'_>, note: &Note) -> String {
    if note.from_day == note.to_day {
        t.day(note.from_day)
    } else {
        t.with("absences-days", (("from", t.day(note.from_day)), ("to", t.day(note.to_day))))
    }
}

/// The reason in words.
pub fn reason(t: &Texts<'_>, name: &str) -> String {
    t.text(format!("absences-reason-{name}"))
}

/// How a note stands on a day.
pub fn state(t: &Texts<'_>, note: &Note, today: Date) -> StatusDot {
    let (tone, key) = match note.withdrawn_at {
        Some(_) => (Tone::Unknown, "absences-is-withdrawn"),
        None if today < note.from_day => (Tone::Ok, "absences-is-coming"),
        None if today <= note.to_day => (Tone::Warn, "absences-is-now"),
        None => (Tone::Unknown, "absences-is-past"),
    };
    StatusDot { tone, text: t.text(key) }
}

/// The fields of the form, with what was typed.
pub fn fields(t: &Texts<'_>, typed: &Typed, wrong: &[FieldError]) -> [FormField; 4] {
    let reasons = Reason::ALL.map(|one| Choice::new(one.as_str(), reason(t, one.as_str()))).into();
    [
        FormField::date("from", t.text("absences-from"), Need::Required).value(typed.from.clone()).error_in(wrong, t),
        FormField::date("to", t.text("absences-to"), Need::optional(t)).value(typed.to.clone()).hint(t.text("absences-to-hint")).error_in(wrong, t),
        FormField::radios("reason", t.text("absences-reason"), Need::Required, reasons).value(typed.reason.clone()).error_in(wrong, t),
        FormField::area("words", t.text("absences-words"), Need::optional(t), 2).value(typed.words.clone()).hint(t.text("absences-words-hint")).error_in(wrong, t),
    ]
}
