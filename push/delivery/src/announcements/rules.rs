//! What a form says, and what a phone shows of a long text. Pure.

use kernel::{
    Error, Result,
    error::FieldError,
    id::ClassId,
    right::{Place, Role},
};

/// The longest title.
const TITLE: usize = 120;
/// The longest text.
const TEXT: usize = 4_000;
/// The longest name of a file.
const FILE_NAME: usize = 80;
/// The most files of an announcement.
pub const FILES: usize = 5;
/// So much of the text stands in the notice.
const EXCERPT: usize = 160;

/// Who reads an announcement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// The guardians of pupils.
    Guardians,
    /// Pupils themselves, as far as they have a login.
    Pupils,
    /// The teachers who answer for a class.
    ClassTeachers,
    /// Whoever works at the school.
    Staff,
}

impl Readers {
    /// In the order of the form.
    pub const ALL: [Self; 4] = [Self::Guardians, Self::Pupils, Self::ClassTeachers, Self::Staff];

    /// As in SQL and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Guardians => "guardians",
            Self::Pupils => "pupils",
            Self::ClassTeachers => "class_teachers",
            Self::Staff => "staff",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|readers| readers.as_str() == text)
    }
}

/// Of which classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Within {
    /// Of all.
    School,
    /// Of these grades.
    Grades(Vec<i32>),
    /// Of these.
    Classes(Vec<ClassId>),
}

impl Within {
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
    fn stored(kind: &str, grades: &[i32], classes: &[ClassId]) -> Self {
        match kind {
            "grades" => Self::Grades(grades.to_vec()),
            "classes" => Self::Classes(classes.to_vec()),
            _ => Self::School,
        }
    }
}

/// Whom an announcement is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience {
    /// Who; never nobody.
    pub readers: Vec<Readers>,
    /// Of which classes. Staff is of the whole school whatever it says.
    pub within: Within,
    /// Of staff those who hold one of these roles; empty for all.
    pub roles: Vec<Role>,
}

impl Audience {
    /// As in SQL.
    pub fn readers(&self) -> Vec<&'static str> {
        self.readers.iter().map(|readers| readers.as_str()).collect()
    }

    /// As in SQL.
    pub fn roles(&self) -> Vec<&'static str> {
        self.roles.iter().map(|role| role.as_str()).collect()
    }

    /// Whether these are among its readers.
    pub fn has(&self, readers: Readers) -> bool {
        self.readers.contains(&readers)
    }

    /// As stored, which CHECKs keep to ours.
    pub fn stored(readers: &[String], kind: &str, (grades, classes): (&[i32], &[ClassId]), roles: &[String]) -> Self {
        Self {
            readers: readers.iter().filter_map(|readers| Readers::parse(readers)).collect(),
            within: Within::stored(kind, grades, classes),
            roles: roles.iter().filter_map(|role| Role::parse(role)).collect(),
        }
    }
}

/// The roles of a school's staff that an announcement can name.
pub fn staff_roles() -> impl Iterator<Item = Role> {
    Role::ALL.into_iter().filter(|role| role.place() == Place::School)
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
    /// Readers that are checked.
    pub readers: Vec<String>,
    /// `school`, `grades`, `classes`.
    pub audience: String,
    /// Grades that are checked.
    pub grades: Vec<String>,
    /// Classes that are checked.
    pub classes: Vec<String>,
    /// Roles that are checked.
    pub roles: Vec<String>,
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
            readers: all("readers"),
            audience: one("audience"),
            grades: all("grades"),
            classes: all("classes"),
            roles: all("roles"),
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
        let audience = self.audience(&mut wrong);
        match audience {
            Some(audience) if wrong.is_empty() => Ok(NewAnnouncement { title_kk, title_ru, text_kk, text_ru, is_urgent: self.urgency == "alarm", audience }),
            _ => Err(Error::Invalid(wrong)),
        }
    }

    fn audience(&self, wrong: &mut Vec<FieldError>) -> Option<Audience> {
        let readers: Vec<Readers> = Readers::ALL.into_iter().filter(|readers| self.readers.iter().any(|typed| typed == readers.as_str())).collect();
        if readers.is_empty() {
            wrong.push(FieldError { field: "readers", message: "announcements-field-readers" });
        }
        // What is asked of nobody is not looked at: the form hides it.
        let within = if readers == [Readers::Staff] { Some(Within::School) } else { self.within() };
        if within.is_none() {
            wrong.push(FieldError { field: "audience", message: "announcements-field-audience" });
        }
        let is_of_roles = readers.contains(&Readers::Staff);
        let roles = staff_roles().filter(|role| is_of_roles && self.roles.iter().any(|typed| typed == role.as_str())).collect();
        within.filter(|_| !readers.is_empty()).map(|within| Audience { readers, within, roles })
    }

    fn within(&self) -> Option<Within> {
        match self.audience.as_str() {
            "school" => Some(Within::School),
            "grades" => Some(self.grades.iter().filter_map(|grade| grade.parse().ok()).filter(|grade| (0..=12).contains(grade)).collect()).filter(|grades: &Vec<i32>| !grades.is_empty()).map(Within::Grades),
            "classes" => Some(self.classes.iter().filter_map(|class| class.parse().ok()).collect()).filter(|classes: &Vec<ClassId>| !classes.is_empty()).map(Within::Classes),
            _ => None,
        }
    }
}

/// What a file is called when it is kept, without its ending: of what its sender's device says only what can stand in a name anywhere.
pub fn file_name(said: &str) -> String {
    let last = said.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let kept: String = stem.chars().map(|one| if "<>:\"|?*".contains(one) { ' ' } else { one }).filter(|one| !one.is_control() && !is_turning(*one)).collect();
    let kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    let kept: String = kept.trim_matches(['.', ' ']).chars().take(FILE_NAME).collect();
    let kept = kept.trim_end();
    if kept.is_empty() { "file".to_owned() } else { kept.to_owned() }
}

/// Marks that turn the direction of a text: by them a name can look as if it had another ending.
fn is_turning(one: char) -> bool {
    matches!(one, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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
        Typed { title_kk: "Жиналыс".into(), title_ru: "Собрание".into(), text_kk: "Ертең 18:00".into(), text_ru: "Завтра в 18:00".into(), readers: vec!["guardians".into()], audience: "school".into(), ..Typed::default() }
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        assert_eq!(typed().read().unwrap().audience, Audience { readers: vec![Readers::Guardians], within: Within::School, roles: vec![] });
        let Err(Error::Invalid(wrong)) = Typed::default().read() else { panic!("nothing is typed") };
        assert_eq!(wrong.iter().map(|error| error.field).collect::<Vec<_>>(), ["title_kk", "title_ru", "text_kk", "text_ru", "readers", "audience"]);
        for (audience, grades) in [("grades", &[][..]), ("grades", &["13", "x"][..]), ("classes", &["1"][..]), ("town", &[][..])] {
            let form = Typed { audience: audience.into(), grades: grades.iter().map(|grade| (*grade).to_owned()).collect(), ..typed() };
            let Err(Error::Invalid(wrong)) = form.read() else { panic!("{audience}") };
            assert_eq!(wrong[0].field, "audience");
        }
        let long = Typed { title_ru: "я".repeat(TITLE + 1), ..typed() };
        assert!(matches!(long.read(), Err(Error::Invalid(wrong)) if wrong[0].field == "title_ru"));
    }

    #[test]
    fn what_is_asked_of_nobody_is_not_looked_at() {
        let of = |readers: &[&str], audience: &str| {
            let form = Typed { readers: readers.iter().map(|one| (*one).to_owned()).collect(), audience: audience.into(), roles: vec!["nurse".into(), "guardian".into()], ..typed() };
            form.read().map(|read| read.audience)
        };
        assert_eq!(of(&["staff"], "").unwrap(), Audience { readers: vec![Readers::Staff], within: Within::School, roles: vec![Role::Nurse] });
        assert_eq!(of(&["pupils", "guardians"], "school").unwrap(), Audience { readers: vec![Readers::Guardians, Readers::Pupils], within: Within::School, roles: vec![] });
        assert!(matches!(of(&["staff", "pupils"], "classes"), Err(Error::Invalid(wrong)) if wrong[0].field == "audience"));
        assert!(matches!(of(&["neighbours"], "school"), Err(Error::Invalid(wrong)) if wrong[0].field == "readers"));
    }

    #[test]
    fn a_file_keeps_its_name_and_nothing_else_of_it() {
        for (said, kept) in [
            ("Ата-аналарға хат.pdf", "Ата-аналарға хат"),
            ("C:\\Users\\a\\План  на май.v2.PDF", "План на май.v2"),
            ("../../etc/passwd", "passwd"),
            ("a\r\nSet-Cookie: b.png", "aSet-Cookie b"),
            ("report\u{202e}fdp.exe", "reportfdp"),
            (".pdf", "file"),
            ("..", "file"),
            ("", "file"),
        ] {
            assert_eq!(file_name(said), kept, "{said:?}");
        }
    }

    #[test]
    fn boxes_come_under_one_name() {
        let pairs = [("audience", "grades"), ("grades", "1"), ("grades", "11"), ("urgency", "alarm")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let read = Typed { audience: "grades".into(), grades: Typed::of_pairs(&pairs).grades, urgency: "alarm".into(), ..typed() }.read().unwrap();
        assert_eq!((read.audience.within, read.is_urgent), (Within::Grades(vec![1, 11]), true));
    }

    proptest! {
        #[test]
        fn any_name_of_a_file_can_be_kept(said in any::<String>()) {
            let name = file_name(&said);
            prop_assert!((1..=FILE_NAME).contains(&name.chars().count()) && !name.contains(['/', '\\', '"']) && !name.chars().any(char::is_control));
        }

        #[test]
        fn an_excerpt_is_short_and_on_one_line(text in "[а-я \n]{0,400}") {
            let excerpt = excerpt(&text);
            prop_assert!(excerpt.chars().count() <= EXCERPT + 1 && !excerpt.contains('\n'));
            prop_assert!(text.chars().count() >= EXCERPT || excerpt == text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
}
