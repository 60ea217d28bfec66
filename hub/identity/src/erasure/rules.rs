//! Who may be erased. Pure.

use jiff::civil::Date;

/// What is known of somebody at a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The last day of belonging to the school; nothing while it has no end.
    pub left_on: Option<Date>,
    /// In a class without an end, or with one that is still to come.
    pub in_class: bool,
    /// Guardian of somebody at the school.
    pub has_child: bool,
    /// Held a role at the school at any time.
    pub worked: bool,
    /// Erased already, or about to be.
    pub ordered: bool,
}

/// Why somebody cannot be erased; nothing when they can.
pub fn refusal(facts: Facts, today: Date) -> Option<&'static str> {
    let Facts { left_on, in_class, has_child, worked, ordered } = facts;
    if ordered {
        Some("erasure.ordered_already")
    } else if left_on.is_none_or(|left_on| left_on >= today) {
        Some("erasure.still_here")
    } else if in_class {
        Some("erasure.still_in_class")
    } else if has_child {
        Some("erasure.has_child_here")
    } else if worked {
        Some("erasure.worked_here")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn inv_1_who_still_has_to_do_with_the_school_is_not_erased() {
        let today = date(2026, 11, 22);
        let gone = Facts { left_on: Some(date(2026, 11, 21)), in_class: false, has_child: false, worked: false, ordered: false };
        assert_eq!(refusal(gone, today), None);
        for (facts, code) in [
            (Facts { left_on: None, ..gone }, "erasure.still_here"),
            (Facts { left_on: Some(today), ..gone }, "erasure.still_here"),
            (Facts { in_class: true, ..gone }, "erasure.still_in_class"),
            (Facts { has_child: true, ..gone }, "erasure.has_child_here"),
            (Facts { worked: true, ..gone }, "erasure.worked_here"),
            (Facts { ordered: true, ..gone }, "erasure.ordered_already"),
        ] {
            assert_eq!(refusal(facts, today), Some(code));
        }
    }
}
