//! Staff in words.

use jiff::civil::Date;
use web::Texts;

use super::{
    rules::{CATEGORIES, DEGREES, LineKind, POSITIONS, SORTS, Seniority, Standing, standing},
    store::{Employee, Line},
};
use crate::pupils::{card::view::day, full_name};

/// Values and words of a choice, with an empty one where nothing needs to be chosen.
pub fn choices(t: &Texts<'_>, kind: LineKind) -> Vec<(String, String)> {
    let (known, key): (&[&str], _) = match kind {
        LineKind::Post => (&POSITIONS, "position"),
        LineKind::Category => (&CATEGORIES, "category"),
        LineKind::Education | LineKind::Award | LineKind::Period => (&[], ""),
    };
    known.iter().map(|one| ((*one).to_owned(), t.text(format!("staff-{key}-{one}")))).collect()
}

/// How a post is held, or the degrees.
pub fn sorts(t: &Texts<'_>, kind: LineKind) -> Vec<(String, String)> {
    match kind {
        LineKind::Post => SORTS.map(|one| (one.to_owned(), t.text(format!("staff-sort-{one}")))).into(),
        LineKind::Education => DEGREES.map(|one| (one.to_owned(), t.text(format!("staff-degree-{one}")))).into(),
        LineKind::Category | LineKind::Award | LineKind::Period => Vec::new(),
    }
}

/// `1,25`
pub fn rate(hundredths: i64) -> String {
    let (whole, part) = (hundredths / 100, hundredths % 100);
    if part == 0 { whole.to_string() } else { format!("{whole},{part:02}").trim_end_matches('0').to_owned() }
}

/// `12 y 3 m 5 d`, in the reader's language.
pub fn seniority(t: &Texts<'_>, seniority: Seniority) -> String {
    let (years, months, days) = seniority.parts();
    t.with("staff-seniority", (("years", years), ("months", months), ("days", days)))
}

/// Surname, given name, patronymic.
pub fn name(employee: &Employee) -> String {
    full_name(&employee.surname, &employee.given_name, employee.patronymic.as_deref())
}

/// What somebody does here: posts, else offices.
pub fn work(t: &Texts<'_>, employee: &Employee) -> String {
    let posts: Vec<String> = employee.posts.iter().map(|post| t.text(format!("staff-position-{post}"))).collect();
    let roles = || employee.roles.iter().filter(|role| *role != "own").map(|role| t.text(format!("role-{}", role.replace('_', "-")))).collect::<Vec<_>>();
    let said = if posts.is_empty() { roles() } else { posts };
    said.into_iter().chain(employee.subjects.iter().cloned()).collect::<Vec<_>>().join(", ")
}

/// The category with its end, and the class of its colour.
pub fn category(t: &Texts<'_>, employee: &Employee, today: Date) -> Option<(String, &'static str)> {
    let name = t.text(format!("staff-category-{}", employee.category.as_deref()?));
    Some(match (employee.category_to, standing(employee.category_to, today)) {
        (Some(to), Standing::EndsSoon) => (t.with("staff-category-ends", (("category", name), ("to", day(to)))), "sh-warn"),
        (Some(to), _) => (t.with("staff-category-until", (("category", name), ("to", day(to)))), ""),
        (None, _) => (name, ""),
    })
}

/// A line of a card in words.
pub struct LineWords {
    /// Its id.
    pub id: String,
    /// What it says first.
    pub title: String,
    /// What it says beside.
    pub more: String,
    /// Its days.
    pub days: String,
    /// Its document.
    pub document: String,
    /// Why it was struck out.
    pub struck: Option<String>,
    /// Whether it may be ended.
    pub ends: bool,
}

/// The words of a line.
pub fn line(t: &Texts<'_>, line: &Line) -> LineWords {
    let kind = LineKind::parse(&line.kind);
    let title = match kind {
        Some(LineKind::Post) => t.text(format!("staff-position-{}", line.title)),
        Some(LineKind::Category) => t.text(format!("staff-category-{}", line.title)),
        _ => line.title.clone(),
    };
    let sort = line.sort.as_ref().map(|sort| t.text(if kind == Some(LineKind::Post) { format!("staff-sort-{sort}") } else { format!("staff-degree-{sort}") }));
    let rate = line.rate.map(|hundredths| t.with("staff-rate-of", [("rate", rate(i64::from(hundredths)))]));
    let pedagogical = line.is_pedagogical.map(|is| t.text(if is { "staff-pedagogical-yes" } else { "staff-pedagogical-no" }));
    let single = matches!(kind, Some(LineKind::Education | LineKind::Award));
    let days = match (single, line.valid_to) {
        (true, _) => day(line.valid_from),
        (false, Some(to)) => t.with("card-days-from-to", (("from", day(line.valid_from)), ("to", day(to)))),
        (false, None) => t.with("card-days-since", [("from", day(line.valid_from))]),
    };
    let document = [line.document.clone(), line.document_date.map(day)].into_iter().flatten().collect::<Vec<_>>().join(", ");
    LineWords {
        id: kernel::id::show(line.id),
        title,
        more: [line.detail.clone(), sort, rate, pedagogical].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        days,
        document,
        struck: line.struck_reason.as_ref().map(|reason| t.with("staff-struck", [("reason", reason.as_str())])),
        ends: !single && line.valid_to.is_none() && line.struck_at.is_none(),
    }
}
