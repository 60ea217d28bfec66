//! What a class letter may be.

use std::fmt;

/// The letter of a class, normalised: `a`, `A` and `а` are all `А`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Letter(char);

/// Latin letters that look like Cyrillic ones, and the Cyrillic ones.
const LOOK_ALIKES: [(char, char); 12] =
    [('A', 'А'), ('B', 'В'), ('C', 'С'), ('E', 'Е'), ('H', 'Н'), ('I', 'І'), ('K', 'К'), ('M', 'М'), ('O', 'О'), ('P', 'Р'), ('T', 'Т'), ('X', 'Х')];

impl Letter {
    /// Reads a letter as typed.
    pub fn parse(text: &str) -> Option<Self> {
        let mut letters = text.trim().chars().flat_map(char::to_uppercase);
        let (Some(letter), None) = (letters.next(), letters.next()) else { return None };
        let cyrillic = LOOK_ALIKES.iter().find(|(latin, _)| *latin == letter).map_or(letter, |(_, cyrillic)| *cyrillic);
        matches!(cyrillic, 'А'..='Я' | 'Ё' | 'Ә' | 'Ғ' | 'Қ' | 'Ң' | 'Ө' | 'Ұ' | 'Ү' | 'Һ' | 'І').then_some(Self(cyrillic))
    }
}

impl fmt::Display for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Letter;

    #[test]
    fn inv_2_a_letter_is_one_capital_cyrillic_letter() {
        for (typed, letter) in [("а", "А"), ("A", "А"), ("a", "А"), (" ә ", "Ә"), ("Б", "Б"), ("k", "К"), ("i", "І")] {
            assert_eq!(Letter::parse(typed).map(|letter| letter.to_string()).as_deref(), Some(letter), "{typed}");
        }
        for typed in ["", "АБ", "7", "D", "-", "ß"] {
            assert_eq!(Letter::parse(typed), None, "{typed}");
        }
    }
}
