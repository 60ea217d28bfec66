//! Bars beside their figures: a table that is also a picture. The drawing is SVG in the cells, so what a screen reader hears and what a
//! printer prints is the table itself.

use askama::{Template, filters::HtmlSafe};

use super::Tone;
use crate::i18n::Texts;

/// A bar.
#[derive(Debug, Clone)]
pub struct Bar {
    /// What is counted.
    pub label: String,
    /// How much.
    pub value: u64,
    /// Its colour, where it says something.
    pub tone: Option<Tone>,
}

/// Some figures beside one another.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<table class="sh-bars"><caption>{{ title }}</caption><tbody>{% for (bar, percent, figure) in self.drawn() %}<tr><th scope="row">{{ bar.label }}</th><td class="sh-bar {{ self.class(bar) }}" aria-hidden="true"><svg width="100%" height="20" focusable="false"><rect width="{{ percent }}%" height="20" rx="4"/></svg></td><td class="sh-num">{{ figure }}</td></tr>{% endfor %}</tbody></table>"#,
    ext = "html"
)]
pub struct BarChart {
    /// What the figures tell.
    pub title: String,
    bars: Vec<(Bar, String)>,
}
impl HtmlSafe for BarChart {}

impl BarChart {
    /// The figures in the order given.
    pub fn new(t: &Texts<'_>, title: String, bars: Vec<Bar>) -> Self {
        let written = |bar: Bar| {
            let figure = t.number(bar.value);
            (bar, figure)
        };
        Self { title, bars: bars.into_iter().map(written).collect() }
    }

    /// Each bar with its length in hundredths of the longest.
    fn drawn(&self) -> Vec<(&Bar, u64, &str)> {
        let longest = self.bars.iter().map(|(bar, _)| bar.value).max().unwrap_or_default();
        self.bars.iter().map(|(bar, figure)| (bar, percent(bar.value, longest), figure.as_str())).collect()
    }

    fn class(&self, bar: &Bar) -> &'static str {
        bar.tone.map_or("", Tone::class)
    }
}

/// What there is of something is seen, however little it is.
fn percent(value: u64, longest: u64) -> u64 {
    match value {
        0 => 0,
        value => value.saturating_mul(100).checked_div(longest).unwrap_or_default().clamp(1, 100),
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn the_longest_bar_fills_its_place_and_the_shortest_is_seen() {
        for (value, longest, length) in [(0, 0, 0), (5, 5, 100), (1, 1_000, 1), (50, 200, 25), (0, 7, 0), (u64::MAX, u64::MAX, 1)] {
            assert_eq!(percent(value, longest), length, "{value} of {longest}");
        }
    }
}
