//! Money: whole tiyn, so that no sum is ever rounded. Shown as `1 250 ₸` with no-break spaces.

use std::fmt;

/// An amount in tiyn (1 ₸ = 100 tiyn).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money {
    tiyn: i64,
}

impl Money {
    /// An amount of so many tiyn.
    pub const fn from_tiyn(tiyn: i64) -> Self {
        Self { tiyn }
    }

    /// The amount in tiyn.
    pub const fn tiyn(self) -> i64 {
        self.tiyn
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.tiyn.unsigned_abs() / 100, self.tiyn.unsigned_abs() % 100);
        let digits = whole.to_string();
        if self.tiyn < 0 {
            f.write_str("-")?;
        }
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                f.write_str("\u{a0}")?;
            }
            write!(f, "{digit}")?;
        }
        if part > 0 {
            write!(f, ",{part:02}")?;
        }
        f.write_str("\u{a0}₸")
    }
}

#[cfg(test)]
mod tests {
    use super::Money;

    #[test]
    fn money_is_shown_as_people_write_it() {
        for (tiyn, shown) in [(0, "0 ₸"), (45_000, "450 ₸"), (125_000, "1 250 ₸"), (100_000_005, "1 000 000,05 ₸"), (-150, "-1,50 ₸")] {
            assert_eq!(Money::from_tiyn(tiyn).to_string().replace('\u{a0}', " "), shown);
        }
    }
}
