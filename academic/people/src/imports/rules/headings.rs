//! Which column is what: by the words of its heading, in Kazakh, Russian and English.

use std::collections::BTreeMap;

use super::values::fold;

macro_rules! fields {
    ($($(#[$doc:meta])* $Name:ident = $text:literal),* $(,)?) => {
        /// What a column can be.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field { $($(#[$doc])* $Name),* }

        impl Field {
            /// All of them, as forms offer them.
            pub const ALL: [Self; [$($text),*].len()] = [$(Self::$Name),*];

            /// As in forms and message keys.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$Name => $text),* }
            }
        }
    };
}

fields! {
    /// Surname, given name and patronymic in one cell.
    FullName = "full-name",
    /// Surname.
    Surname = "surname",
    /// Given name.
    GivenName = "given-name",
    /// Patronymic.
    Patronymic = "patronymic",
    /// Individual identification number.
    Iin = "iin",
    /// Date of birth.
    BirthDate = "birth-date",
    /// Boy or girl.
    Sex = "sex",
    /// `7А`
    Class = "class",
    /// Language of teaching.
    Language = "language",
    /// Where they live.
    Address = "address",
    /// The phone of the pupil or employee.
    Phone = "phone",
    /// Mother.
    MotherName = "mother-name",
    /// Her phone.
    MotherPhone = "mother-phone",
    /// Father.
    FatherName = "father-name",
    /// His phone.
    FatherPhone = "father-phone",
    /// Somebody who answers for the child.
    GuardianName = "guardian-name",
    /// What they are to the child.
    GuardianKinship = "guardian-kinship",
    /// Their phone.
    GuardianPhone = "guardian-phone",
    /// Somebody else who answers for the child.
    OtherName = "other-name",
    /// What they are to the child.
    OtherKinship = "other-kinship",
    /// Their phone.
    OtherPhone = "other-phone",
    /// Position of an employee.
    Role = "role",
}

impl Field {
    /// Reads a form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == text)
    }

    /// Whether a list of employees has such a column.
    pub fn is_of_staff(self) -> bool {
        matches!(self, Self::FullName | Self::Surname | Self::GivenName | Self::Patronymic | Self::Iin | Self::BirthDate | Self::Sex | Self::Address | Self::Phone | Self::Role)
    }

    /// Whether a list of pupils has such a column.
    pub fn is_of_pupils(self) -> bool {
        self != Self::Role
    }
}

/// Where the headings stand, and what they mean.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Guess {
    /// The line of the headings, as an index; nothing where no line looks like them.
    pub header: Option<usize>,
    /// Column → field.
    pub columns: BTreeMap<usize, Field>,
}

/// So many lines from above may be titles.
const TITLES_MOST: usize = 25;

/// Finds the line that says most of the columns' fields.
pub fn guess(lines: &[Vec<String>]) -> Guess {
    let best = (0..lines.len().min(TITLES_MOST)).map(|at| (columns_of(&headings_of(lines, Some(at))), at)).max_by_key(|(columns, at)| (columns.len(), TITLES_MOST - at));
    match best {
        Some((columns, at)) if columns.len() >= 2 => Guess { header: Some(at), columns },
        _ => Guess::default(),
    }
}

/// What stands above each column: where a heading is of two lines, both.
pub fn headings_of(lines: &[Vec<String>], header: Option<usize>) -> Vec<String> {
    let Some(at) = header else { return Vec::new() };
    let Some(own) = lines.get(at) else { return Vec::new() };
    let above = at.checked_sub(1).and_then(|above| lines.get(above));
    let over = |column: usize| above.and_then(|line| line.get(column)).filter(|text| guardian_of(&words(text)).is_some() && text.chars().count() <= 40);
    let whole = |(column, text): (usize, &String)| match over(column) {
        Some(over) if over != text => format!("{over} {text}").trim().to_owned(),
        _ => text.clone(),
    };
    own.iter().enumerate().map(whole).collect()
}

/// Each field once: of two columns with the same heading the first.
fn columns_of(headings: &[String]) -> BTreeMap<usize, Field> {
    let mut found: BTreeMap<usize, Field> = BTreeMap::new();
    for (column, heading) in headings.iter().enumerate() {
        let Some(field) = field_of(heading) else { continue };
        let field = match field {
            // The second pair of columns about a guardian is about another one.
            Field::GuardianName | Field::GuardianPhone | Field::GuardianKinship if found.values().any(|one| *one == field) => another(field),
            field => field,
        };
        if !found.values().any(|one| *one == field) {
            found.insert(column, field);
        }
    }
    found
}

fn another(field: Field) -> Field {
    match field {
        Field::GuardianName => Field::OtherName,
        Field::GuardianPhone => Field::OtherPhone,
        Field::GuardianKinship => Field::OtherKinship,
        other => other,
    }
}

/// Small letters without signs, each word between spaces.
fn words(heading: &str) -> String {
    let plain: String = fold(heading).chars().map(|one| if one.is_alphanumeric() { one } else { ' ' }).collect();
    format!(" {} ", plain.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn has(words: &str, any: &[&str]) -> bool {
    // Compared as they are written here, folded as the heading is.
    any.iter().any(|one| words.contains(fold(one).as_str()))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Guardian {
    Mother,
    Father,
    Any,
    Other,
}

fn guardian_of(words: &str) -> Option<Guardian> {
    let second = has(words, &[" 2 ", " второй", "екінші"]);
    if has(words, &[" ата ана", " родител", "представител", " опекун", "қамқоршы", "заңды өкіл", " parent", " guardian"]) {
        return Some(if second { Guardian::Other } else { Guardian::Any });
    }
    if has(words, &[" мать ", " матери ", " мама ", " мамы ", " ана ", " анасы", " шеше", " mother"]) {
        return Some(Guardian::Mother);
    }
    has(words, &[" отец ", " отца ", " папа ", " папы ", " әке", " father"]).then_some(Guardian::Father)
}

fn field_of(heading: &str) -> Option<Field> {
    let words = words(heading);
    // A sentence is a title, no heading.
    if words.chars().count() > 70 || words.trim().is_empty() {
        return None;
    }
    let phone = has(&words, &[" тел", " phone", " mobile", " моб", "ұялы", "байланыс", " контакт"]);
    let kinship = has(&words, &["родств", "туыст", " kinship", " relation", " кем приходится", " кім болады"]);
    // The name of the father is the patronymic; his name in full is the father's.
    if has(&words, &[" әкесінің аты ", " әке аты "]) && !has(&words, &["жөні", "тегі"]) {
        return Some(Field::Patronymic);
    }
    if let Some(guardian) = guardian_of(&words) {
        return Some(of_guardian(guardian, phone, kinship));
    }
    if kinship {
        return Some(Field::GuardianKinship);
    }
    let table: [(Field, &[&str]); 12] = [
        (Field::Iin, &[" иин", " жсн", " iin", " жеке сәйкестендіру", "индивидуальный идентификационный"]),
        (Field::FullName, &[" фио", " ф и о", " т а ә", " таә ", " тәа ", " т ә а ", "аты жөні", "тегі аты", "фамилия имя", "фамилия и имя", " full name", "оқушының аты", " ученик ", " учащийся", " оқушы ", " білім алушы", " аты тегі", "surname given", "surname and"]),
        (Field::Patronymic, &[" отчество", " әкесінің аты", " әке аты", " patronymic", " middle name"]),
        (Field::Surname, &[" фамилия", " тегі", " surname", " last name", " family name"]),
        (Field::GivenName, &[" имя", " аты ", " есімі", " given name", " first name", " name "]),
        (Field::BirthDate, &["рожд", " туған", " birth", " др ", " д р "]),
        (Field::Sex, &[" пол ", " жынысы", " sex", " gender"]),
        (Field::Language, &[" язык", " оқыту тілі", " тілі", " language"]),
        (Field::Class, &[" класс", " сынып", " сыныб", " class", " grade"]),
        (Field::Address, &["адрес", "мекен", " тұрғылықты", " address"]),
        (Field::Role, &[" должность", " лауазым", " қызмет", " роль", " рөл", " position", " role"]),
        (Field::Phone, &[" тел", " phone", " mobile", " моб", "ұялы", "байланыс"]),
    ];
    table.into_iter().find(|(_, any)| has(&words, any)).map(|(field, _)| field)
}

fn of_guardian(guardian: Guardian, phone: bool, kinship: bool) -> Field {
    match (guardian, phone, kinship) {
        (Guardian::Mother, true, _) => Field::MotherPhone,
        (Guardian::Mother, false, _) => Field::MotherName,
        (Guardian::Father, true, _) => Field::FatherPhone,
        (Guardian::Father, false, _) => Field::FatherName,
        (Guardian::Any, true, _) => Field::GuardianPhone,
        (Guardian::Any, false, true) => Field::GuardianKinship,
        (Guardian::Any, false, false) => Field::GuardianName,
        (Guardian::Other, true, _) => Field::OtherPhone,
        (Guardian::Other, false, true) => Field::OtherKinship,
        (Guardian::Other, false, false) => Field::OtherName,
    }
}

/// Whether a line counts others: `Итого: 25`, `Барлығы 25 оқушы`.
pub fn is_total(cells: &[String]) -> bool {
    let first = cells.iter().find(|cell| !cell.is_empty()).map(|cell| words(cell)).unwrap_or_default();
    ["итого", "всего", "барлығы", "жиыны", "қорытынды", "total"].iter().any(|one| first.starts_with(&format!(" {} ", fold(one))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_in_three_languages() {
        for (heading, field) in [
            ("ФИО ученика", Field::FullName),
            ("Т.А.Ә.", Field::FullName),
            ("Оқушының аты-жөні", Field::FullName),
            ("Фамилия", Field::Surname),
            ("Тегі", Field::Surname),
            ("Имя", Field::GivenName),
            ("Аты", Field::GivenName),
            ("Әкесінің аты", Field::Patronymic),
            ("Отчество (при наличии)", Field::Patronymic),
            ("ИИН", Field::Iin),
            ("ЖСН", Field::Iin),
            ("Дата рождения", Field::BirthDate),
            ("Туған күні", Field::BirthDate),
            ("Пол", Field::Sex),
            ("Жынысы", Field::Sex),
            ("Класс", Field::Class),
            ("Сыныбы", Field::Class),
            ("Язык обучения", Field::Language),
            ("Оқыту тілі", Field::Language),
            ("Домашний адрес", Field::Address),
            ("Мекенжайы", Field::Address),
            ("Телефон", Field::Phone),
            ("ФИО матери", Field::MotherName),
            ("Анасының аты-жөні", Field::MotherName),
            ("Телефон отца", Field::FatherPhone),
            ("Әкесінің телефоны", Field::FatherPhone),
            ("Әкесінің аты-жөні", Field::FatherName),
            ("Родитель 2", Field::OtherName),
            ("Ата-анасының телефоны", Field::GuardianPhone),
            ("Степень родства", Field::GuardianKinship),
            ("Must be a full name", Field::FullName),
            ("Date of birth", Field::BirthDate),
            ("Должность", Field::Role),
            ("Лауазымы", Field::Role),
        ] {
            assert_eq!(field_of(heading), Some(field), "{heading}");
        }
        for heading in ["№", "", "п/п", "Примечание", "Список учащихся средней школы № 12 на начало учебного года, утверждённый директором школы"] {
            assert_eq!(field_of(heading), None, "{heading}");
        }
    }

    #[test]
    fn the_header_is_found_under_titles_and_in_two_lines() {
        let lines: Vec<Vec<String>> = [
            vec!["Список учащихся"],
            vec!["2026-2027 учебный год"],
            vec!["", "", "", "Мать", "Мать", "Отец"],
            vec!["№", "ФИО", "Класс", "ФИО", "Телефон", "ФИО"],
            vec!["1", "Оспанова Айзере", "7А", "Оспанова Гүлнар", "87011234567", ""],
        ]
        .into_iter()
        .map(|line| line.into_iter().map(str::to_owned).collect())
        .collect();
        let found = guess(&lines);
        let columns = [(1, Field::FullName), (2, Field::Class), (3, Field::MotherName), (4, Field::MotherPhone), (5, Field::FatherName)];
        assert_eq!(found, Guess { header: Some(3), columns: columns.into_iter().collect() });
        assert!(is_total(&["".into(), "Итого: 25".into()]) && is_total(&["БАРЛЫҒЫ".into()]) && !is_total(&["Всеволодов".into()]) && !is_total(&[]));
        assert_eq!(guess(&[vec!["Оспанова".into(), "Айзере".into()]]), Guess::default());
    }
}
