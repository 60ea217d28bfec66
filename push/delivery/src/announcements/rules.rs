//! What a form says, and what a phone shows of a long text. Pure.

use kernel::{
    Error, Result,
    error::FieldError,
    id::ClassId,
};

/// The longest title.
const TITLE: usize = 120;
/// The longest text.
const TEXT: usize = 4_000;
/// So much of the text stands in the notice.
const EXCERPT: usize = 160;

/// Whom an announcement is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// The guardians of all pupils.
    School,
    /// Of pupils of these grades.
    Grades(Vec<i32>),
    /// Of pupils of these classes.
    Classes(Vec<ClassId>),
}

impl Audience {
    /// As in SQL.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::School => "school",
            Self::Grades(_) => "grades",
            Self::Classes(_) => "classes",
        }
    }

    /// The grades, where it names some.
    pub fn grades(&self) -> Vec<i32> {
        if let Self::Grades(grades) = self { grades.clone() } else { Vec::new() }
    }

    /// The classes, where it names some.
    pub fn classes(&self) -> Vec<ClassId> {
        if let Self::Classes(classes) = self { classes.clone() } else { Vec::new() }
    }

    /// As stored, which a CHECK keeps to ours.
    pub fn stored(kind: &str, grades: &[i32], classes: &[ClassId]) -> Self {
        match kind {
            "grades" => Self::Grades(grades.to_vec()),
            "classes" => Self::Classes(classes.to_vec()),
            _ => Self::School,
        }
    }
}

/// An announcement that can be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAnnouncement {
    /// Title in Kazakh.
    pub title_kk: String,
    /// Title in Russian.
    pub title_ru: String,
    /// Text in Kazakh.
    pub text_kk: String,
    /// Text in Russian.
    pub text_ru: String,
    /// Whether it goes as an alarm: through quiet hours, and to those who switched announcements off.
    pub is_urgent: bool,
    /// Whom it is for.
    pub audience: Audience,
}

/// A form as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// Title in Kazakh.
    pub title_kk: String,
    /// Title in Russian.
    pub title_ru: String,
    /// Text in Kazakh.
    pub text_kk: String,
    /// Text in Russian.
    pub text_ru: String,
    /// `alarm` or anything else.
    pub urgency: String,
    /// `school`, `grades`, `classes`.
    pub audience: String,
    /// Grades that are checked.
    pub grades: Vec<String>,
    /// Classes that are checked.
    pub classes: Vec<String>,
}

impl Typed {
    /// The pairs that a browser sends; a box that is checked comes under its name once for each.
    pub fn of_pairs(pairs: &[(String, String)]) -> Self {
        let all = |name: &str| pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect::<Vec<_>>();
        let one = |name: &str| all(name).pop().unwrap_or_default();
        Self {
            title_kk: one("title_kk"),
            title_ru: one("title_ru"),
            text_kk: one("text_kk"),
            text_ru: one("text_ru"),
            urgency: one("urgency"),
            audience: one("audience"),
            grades: all("grades"),
            classes: all("classes"),
        }
    }

    /// Reads it.
    ///
    /// # Errors
    /// All fields that cannot be taken, at once.
    pub fn read(&self) -> Result<NewAnnouncement> {
        let mut wrong = Vec::new();
        let mut text = |field: &'static str, value: &str, most: usize, message: &'static str| {
            let value = value.replace("\r\n", "\n").trim().to_owned();
            if value.is_empty() || value.chars().count() > most {
                wrong.push(FieldError { field, message });
            }
            value
        };
        let title_kk = text("title_kk", &self.title_kk, TITLE, "announcements-field-title");
        let title_ru = text("title_ru", &self.title_ru, TITLE, "announcements-field-title");
        let text_kk = text("text_kk", &self.text_kk, TEXT, "announcements-field-text");
        let text_ru = text("text_ru", &self.text_ru, TEXT, "announcements-field-text");
        let audience = self.audience();
        if audience.is_none() {
            wrong.push(FieldError { field: "audience", message: "announcements-field-audience" });
        }
        match audience {
            Some(audience) if wrong.is_empty() => Ok(NewAnnouncement { title_kk, title_ru, text_kk, text_ru, is_urgent: self.urgency == "alarm", audience }),
            _ => Err(Error::Invalid(wrong)),
        }
    }

    fn audience(&self) -> Option<Audience> {
        match self.audience.as_str() {
            "school" => Some(Audience::School),
            "grades" => Some(self.grades.iter().filter_map(|grade| grade.parse().ok()).filter(|grade| (0..=12).contains(grade)).collect()).filter(|grades: &Vec<i32>| !grades.is_empty()).map(Audience::Grades),
            "classes" => Some(self.classes.iter().filter_map(|class| class.parse().ok()).collect()).filter(|classes: &Vec<ClassId>| !classes.is_empty()).map(Audience::Classes),
            _ => None,
        }
    }
}

/// The beginning of a text, on one line, cut between words.
pub fn excerpt(text: &str) -> String {
    let mut cut = String::new();
    for word in text.split_whitespace() {
        if cut.chars().count() + word.chars().count() >= EXCERPT {
            // One word without an end is cut where it is.
            let begun = if cut.is_empty() { word.chars().take(EXCERPT).collect() } else { cut };
            return format!("{begun}…");
        }
        if !cut.is_empty() {
            cut.push(' ');
        }
        cut.push_str(word);
    }
    cut
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn typed() -> Typed {
        Typed { title_kk: "Жиналыс".into(), title_ru: "Собрание".into(), text_kk: "Ертең 18:00".into(), text_ru: "Завтра в 18:00".into(), audience: "school".into(), ..Typed::default() }
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        assert_eq!(typed().read().unwrap().audience, Audience::School);
        let Err(Error::Invalid(wrong)) = Typed::default().read() else { panic!("nothing is typed") };
        assert_eq!(wrong.iter().map(|error| error.field).collect::<Vec<_>>(), ["title_kk", "title_ru", "text_kk", "text_ru", "audience"]);
        for (audience, grades) in [("grades", &[][..]), ("grades", &["13", "x"][..]), ("classes", &["1"][..]), ("town", &[][..])] {
            let form = Typed { audience: audience.into(), grades: grades.iter().map(|grade| (*grade).to_owned()).collect(), ..typed() };
            let Err(Error::Invalid(wrong)) = form.read() else { panic!("{audience}") };
            assert_eq!(wrong[0].field, "audience");
        }
        let long = Typed { title_ru: "я".repeat(TITLE + 1), ..typed() };
        assert!(matches!(long.read(), Err(Error::Invalid(wrong)) if wrong[0].field == "title_ru"));
    }

    #[test]
    fn boxes_come_under_one_name() {
        let pairs = [("audience", "grades"), ("grades", "1"), ("grades", "11"), ("urgency", "alarm")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let read = Typed { audience: "grades".into(), grades: Typed::of_pairs(&pairs).grades, urgency: "alarm".into(), ..typed() }.read().unwrap();
        assert_eq!((read.audience, read.is_urgent), (Audience::Grades(vec![1, 11]), true));
    }

    proptest! {
        #[test]
        fn an_excerpt_is_short_and_on_one_line(text in "[а-я \n]{0,400}") {
            let excerpt = excerpt(&text);
            prop_assert!(excerpt.chars().count() <= EXCERPT + 1 && !excerpt.contains('\n'));
            prop_assert!(text.chars().count() >= EXCERPT || excerpt == text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
}
