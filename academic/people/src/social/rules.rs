//! Which numbers of a social passport may be said. Pure.

use jiff::civil::Date;

use crate::confidential::LEAST_SHOWN;

/// A number as it may be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// So many.
    Known(i64),
    /// Too few to be said, or what would give too few away.
    Few,
}

/// Who looks at the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// May read the records behind them: every number.
    NeedsToKnow,
    /// May not.
    CountsOnly,
}

/// The parts of a whole as they may be said to a reader. `is_sum` says that the parts add up to something the reader knows: then a single
/// part that is not said would follow from the others, so the least of those is not said either.
pub fn shown(parts: &[i64], is_sum: Adds, reader: Reader) -> Vec<Figure> {
    if reader == Reader::NeedsToKnow {
        return parts.iter().copied().map(Figure::Known).collect();
    }
    let few = |part: i64| (1..LEAST_SHOWN).contains(&part);
    let mut figures: Vec<Figure> = parts.iter().map(|part| if few(*part) { Figure::Few } else { Figure::Known(*part) }).collect();
    let hidden = figures.iter().filter(|figure| **figure == Figure::Few).count();
    if is_sum == Adds::ToSomethingKnown && hidden == 1 {
        let least = figures.iter().filter_map(|figure| if let Figure::Known(number) = figure { Some(*number) } else { None }).filter(|number| *number > 0).min();
        if let Some(figure) = figures.iter_mut().find(|figure| least.is_some_and(|least| **figure == Figure::Known(least))) {
            *figure = Figure::Few;
        }
    }
    figures
}

/// Whether parts add up to a sum that the reader knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adds {
    /// Each pupil is in one part: the number of pupils is no secret.
    ToSomethingKnown,
    /// A pupil may be in several parts or in none.
    ToNothing,
}

/// Whether something that holds from a day to a day holds today.
pub fn holds(from: Date, to: Option<Date>, today: Date) -> bool {
    from <= today && to.is_none_or(|to| to >= today)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn who_needs_to_know_sees_every_number() {
        assert_eq!(shown(&[0, 3, 7], Adds::ToSomethingKnown, Reader::NeedsToKnow), [Figure::Known(0), Figure::Known(3), Figure::Known(7)]);
        assert_eq!(shown(&[0, 3, 7], Adds::ToNothing, Reader::CountsOnly), [Figure::Known(0), Figure::Few, Figure::Known(7)]);
        assert_eq!(shown(&[0, 3, 7, 9], Adds::ToSomethingKnown, Reader::CountsOnly), [Figure::Known(0), Figure::Few, Figure::Few, Figure::Known(9)]);
    }

    proptest! {
        #[test]
        fn inv_1_no_few_are_said_and_none_follow_from_the_sum(parts in proptest::collection::vec(0_i64..40, 1..8)) {
            let figures = shown(&parts, Adds::ToSomethingKnown, Reader::CountsOnly);
            for (figure, part) in figures.iter().zip(&parts) {
                prop_assert!(*figure == Figure::Few || *figure == Figure::Known(*part));
                prop_assert!(!(1..LEAST_SHOWN).contains(part) || *figure == Figure::Few);
            }
            let hidden = figures.iter().filter(|figure| **figure == Figure::Few).count();
            let others = parts.iter().filter(|part| **part > 0).count();
            prop_assert!(hidden != 1 || others == 1, "one that is not said follows from the sum and the others");
        }
    }
}
