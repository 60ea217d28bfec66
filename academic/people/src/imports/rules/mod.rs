//! What a list means. Pure: headings become fields, texts become values, rows are judged against what the school knows.

mod headings;
mod judge;
mod values;

pub use headings::{Field, guess, headings_of, is_total};
pub use judge::{Known, KnownPerson, Outcome, Plan, PlannedGuardian, RowIn, Source, Verdict, World, judge, key_of};
pub use values::{Level, Name, Problem, fold, read_class, read_iin, read_language};
