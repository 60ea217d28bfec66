//! The forms of a list: what its columns are, a row to mend, and the orders to bring it in, to take it back, to throw it away.

use std::collections::{BTreeMap, HashMap};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    Guard,
    trail::{self, Sight},
};
use kernel::{
    Error,
    audit::Whose,
    id::{Uuid, read, show as show_id},
};
use serde::Deserialize;
use serde_json::json;
use web::{
    Answer, Page, Texts,
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    BringIn,
    chest::Kept,
    judging::is_of_staff,
    list_pages::desk,
    rules::{self, Field, Level, Problem, RowIn},
    service::{self, Columns, Sample},
};

/// The routes of the forms.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/imports/{id}/columns", get().to(columns))
        .route("/{school}/imports/{id}/columns", post().to(tell))
        .route("/{school}/imports/{id}/rows/{n}", get().to(row))
        .route("/{school}/imports/{id}/rows/{n}", post().to(mend))
        .route("/{school}/imports/{id}/classes", post().to(make_classes))
        .route("/{school}/imports/{id}/go", post().to(go))
        .route("/{school}/imports/{id}/take-back", post().to(take_back))
        .route("/{school}/imports/{id}/discard", post().to(discard));
}

/// What is looked at. The line of headings is told of the sheet that the form showed, which is another one where the reader chose another sheet.
#[derive(Debug, Deserialize)]
struct Where {
    sheet: Option<i32>,
    header: Option<i32>,
    /// The sheet that the form showed.
    of: Option<i32>,
    /// The lines of headings told of the sheets shown before.
    #[serde(default)]
    told: String,
}

impl Where {
    /// Lines of headings by their sheets, as they were told last.
    fn told(&self) -> HeaderLines {
        let mut told = HeaderLines::parse(&self.told);
        if let (Some(sheet), Some(header)) = (self.of.or(self.sheet), self.header) {
            told.0.insert(sheet, header);
        }
        told
    }

    /// The sheet to show, where one was chosen.
    fn shown(&self) -> Option<i32> {
        self.sheet.or(self.of)
    }

    /// The line of headings told of the sheet to show.
    fn header(&self, told: &HeaderLines) -> Option<i32> {
        self.shown().map_or(self.header, |sheet| told.0.get(&sheet).copied())
    }
}

/// Sheet → line of its headings, written `0.3-2.1` in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct HeaderLines(BTreeMap<i32, i32>);

/// So many sheets are remembered in an address.
const TOLD_MOST: usize = 30;

impl HeaderLines {
    fn parse(text: &str) -> Self {
        let one = |part: &str| part.split_once('.').and_then(|(sheet, line)| Some((sheet.parse().ok()?, line.parse().ok()?)));
        Self(text.split('-').take(TOLD_MOST).filter_map(one).collect())
    }

    fn show(&self) -> String {
        self.0.iter().map(|(sheet, line)| format!("{sheet}.{line}")).collect::<Vec<_>>().join("-")
    }
}

/// A form that asks for nothing.
#[derive(Debug, Deserialize)]
struct NoFields {}

#[derive(Template)]
#[template(path = "import_columns.html")]
struct ColumnsPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    list: String,
    path: String,
    file: String,
    sheets: Vec<(i32, String, bool)>,
    sheet: i32,
    header: i32,
    told: String,
    of_staff: bool,
    is_remembered: bool,
    merged: bool,
    old_text: bool,
    class: String,
    columns: Vec<ColumnForm>,
    error: Option<String>,
}

struct ColumnForm {
    number: usize,
    heading: String,
    samples: Vec<String>,
    choices: Vec<(&'static str, String, bool)>,
}

async fn columns(req: HttpRequest, guard: Guard<BringIn>, path: Path<(String, String)>, query: Asked<Where>) -> Answer {
    let told = query.told();
    let sample = service::sample(&desk(&req, &guard)?, id_of(&path.1)?, query.shown(), query.header(&told)).await?;
    show_columns(&req, &guard, sample, &told, None).await
}

async fn tell(req: HttpRequest, guard: Guard<BringIn>, path: Path<(String, String)>, form: Posted<HashMap<String, String>>) -> Answer {
    let (desk, school, id) = (desk(&req, &guard)?, guard.school()?, id_of(&path.1)?);
    let number = |name: &str| form.0.get(name).and_then(|text| text.parse::<i32>().ok());
    let (sheet, header) = (number("sheet").unwrap_or(0), number("header").unwrap_or(0));
    let fields: BTreeMap<usize, String> =
        form.0.iter().filter_map(|(name, value)| Some((name.strip_prefix('c')?.parse().ok()?, Field::parse(value)?.as_str().to_owned()))).collect();
    let told = Columns { fields, class: form.0.get("class").map(|class| class.trim().chars().take(20).collect()).unwrap_or_default() };
    let sample = service::sample(&desk, id, Some(sheet), Some(header)).await?;
    let error = wrong_with(&told, is_of_staff(&sample.import));
    if error.is_some() {
        return show_columns(&req, &guard, Sample { columns: told, ..sample }, &HeaderLines::default(), error).await;
    }
    service::map(&desk, id, sheet, Some(header).filter(|header| *header > 0), told).await?;
    Ok(see(&format!("/{}/imports/{}", school.code, show_id(id))))
}

/// Without a name, and for pupils without a class, there is nothing to bring in.
fn wrong_with(told: &Columns, of_staff: bool) -> Option<&'static str> {
    let has = |field: Field| told.fields.values().any(|one| one == field.as_str());
    if !service::told_twice(told).is_empty() {
        Some("imports-columns-twice")
    } else if !has(Field::FullName) && !(has(Field::Surname) && has(Field::GivenName)) {
        Some("imports-columns-no-name")
    } else if !of_staff && !has(Field::Class) && rules::read_class(&told.class).is_none() {
        Some("imports-columns-no-class")
    } else {
        None
    }
}

async fn show_columns(req: &HttpRequest, guard: &Guard<BringIn>, sample: Sample, lines: &HeaderLines, error: Option<&'static str>) -> Answer {
    let (t, school) = (web::page::texts(req)?, guard.school()?);
    // Whose names stand in the file nobody knows yet: the look at the list is written down.
    let sight = Sight::of(school.id, "people.see_import", Whose::Nobody);
    trail::read(req, &guard.ctx, [sight.filtered(json!({ "import": sample.import.id }))]).await?;
    let of_staff = is_of_staff(&sample.import);
    let offered = |field: &&Field| if of_staff { field.is_of_staff() } else { field.is_of_pupils() };
    let width = sample.lines.iter().map(|(_, cells)| cells.len()).chain([sample.headings.len()]).max().unwrap_or(0);
    let column = |number: usize| {
        let chosen = sample.columns.fields.get(&number);
        let choice = |field: &Field| (field.as_str(), t.text(format!("imports-field-{}", field.as_str())), chosen.is_some_and(|one| one == field.as_str()));
        ColumnForm {
            number,
            heading: sample.headings.get(number).filter(|text| !text.is_empty()).cloned().unwrap_or_else(|| t.with("imports-column", (("letter", letter_of(number)),))),
            samples: sample.lines.iter().filter_map(|(_, cells)| cells.get(number)).filter(|text| !text.is_empty()).take(3).cloned().collect(),
            choices: Field::ALL.iter().filter(offered).map(choice).collect(),
        }
    };
    let told = |key: &str| sample.import.sheets.as_array().into_iter().flatten().any(|sheet| sheet.get(key).is_some_and(|value| value.as_bool() == Some(true) || value.as_i64().is_some_and(|many| many > 0)));
    let home = format!("/{}/imports/{}", school.code, show_id(sample.import.id));
    let view = ColumnsPage {
        csrf: csrf::field(req),
        list: format!("/{}/imports", school.code),
        path: format!("{home}/columns"),
        file: sample.import.file_name.clone(),
        sheets: (0_i32..).zip(&sample.sheets).map(|(number, (name, lines))| (number, t.with("imports-sheet-option", (("name", name.as_str()), ("lines", *lines))), number == sample.sheet)).collect(),
        sheet: sample.sheet,
        header: sample.header.unwrap_or(0),
        told: lines.show(),
        of_staff,
        is_remembered: sample.is_remembered,
        merged: told("merged"),
        old_text: told("old_text"),
        class: sample.columns.class.clone(),
        columns: (0..width).map(column).filter(|column| !column.samples.is_empty() || !sample.headings.get(column.number).is_none_or(String::is_empty)).collect(),
        error: error.map(|error| t.text(error)),
        t: t.clone(),
    };
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Page::new(t.text("imports-columns-title")).status(status).respond(req, &view)
}

/// `A`, `B`, …, `AA`, as tables call their columns.
fn letter_of(number: usize) -> String {
    let letter = |at: usize| u32::try_from(at).ok().and_then(|at| char::from_u32(u32::from('A') + at)).unwrap_or('?');
    match number / 26 {
        0 => letter(number).to_string(),
        more => format!("{}{}", letter(more - 1), letter(number % 26)),
    }
}

#[derive(Template)]
#[template(path = "import_row.html")]
struct RowPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    list: String,
    path: String,
    title: String,
    inputs: Vec<Input>,
    /// What is decided about somebody alike; nothing where nobody is.
    decision: Option<String>,
    asks: Vec<String>,
}

struct Input {
    name: &'static str,
    label: String,
    value: String,
    wrong: Vec<String>,
    warns: Vec<String>,
}

async fn row(req: HttpRequest, guard: Guard<BringIn>, path: Path<(String, String, i32)>) -> Answer {
    let (t, school, id) = (web::page::texts(&req)?, guard.school()?, id_of(&path.1)?);
    let (import, kept, row) = service::row(&desk(&req, &guard)?, id, path.2).await?;
    let sight = Sight::of(school.id, "people.see_import", Whose::persons(row.person_id));
    trail::read(&req, &guard.ctx, [sight.filtered(json!({ "import": id, "row": row.n }))]).await?;
    let of_staff = is_of_staff(&import);
    let told = serde_json::from_value::<Columns>(import.columns.clone()).unwrap_or_default();
    let shown = |field: &&Field| {
        let fits = if of_staff { field.is_of_staff() } else { field.is_of_pupils() };
        let named = told.fields.values().any(|one| one == field.as_str()) || kept.row.fields.contains_key(field.as_str()) || kept.problems.iter().any(|problem| problem.field == field.as_str());
        fits && named
    };
    let asks = |problem: &&Problem| matches!(problem.code.as_str(), "maybe-known" | "recognised");
    let of = |field: &Field, level: Level| kept.problems.iter().filter(|problem| problem.field == field.as_str() && problem.level == level && !asks(problem)).map(|problem| says(&t, problem)).collect();
    let home = format!("/{}/imports/{}", school.code, show_id(id));
    let view = RowPage {
        csrf: csrf::field(&req),
        path: format!("{home}/rows/{}", row.n),
        list: format!("{home}?show=wrong"),
        title: t.with("imports-row-title", (("row", i64::from(row.n)),)),
        inputs: Field::ALL.iter().filter(shown).map(|field| Input { name: field.as_str(), label: t.text(format!("imports-field-{}", field.as_str())), value: kept.row.text(*field).to_owned(), wrong: of(field, Level::Wrong), warns: of(field, Level::Warning) }).collect(),
        asks: kept.problems.iter().filter(asks).map(|problem| says(&t, problem)).collect(),
        decision: (kept.problems.iter().any(|problem| asks(&problem)) || !kept.row.decision.is_empty() || is_known(&kept)).then(|| kept.row.decision.clone()),
        t: t.clone(),
    };
    Page::new(view.title.clone()).narrow().respond(&req, &view)
}

/// Whether somebody is meant because another system meant them before: a person may know better.
fn is_known(kept: &Kept) -> bool {
    kept.row.source.as_ref().is_some_and(|source| source.known.is_some())
}

/// What a problem says, in the reader's language.
pub(super) fn says(t: &Texts<'_>, problem: &Problem) -> String {
    t.with_json(&format!("imports-says-{}", problem.code), &json!(problem.args))
}

async fn mend(req: HttpRequest, guard: Guard<BringIn>, path: Path<(String, String, i32)>, form: Posted<HashMap<String, String>>) -> Answer {
    let (desk, school, id, n) = (desk(&req, &guard)?, guard.school()?, id_of(&path.1)?, path.2);
    let (_, kept, _) = service::row(&desk, id, n).await?;
    let (mut fields, source) = (kept.row.fields, kept.row.source);
    for field in Field::ALL {
        if let Some(typed) = form.0.get(field.as_str()) {
            let typed: String = typed.trim().chars().take(300).collect();
            fields.insert(field.as_str().to_owned(), typed);
        }
    }
    let decision = ["same", "other"].into_iter().find(|known| form.0.get("decision").is_some_and(|typed| typed == known)).unwrap_or_default();
    service::mend(&desk, id, RowIn { n, fields, decision: decision.to_owned(), is_total: false, source }).await?;
    let (_, _, row) = service::row(&desk, id, n).await?;
    let home = format!("/{}/imports/{}", school.code, show_id(id));
    Ok(see(&if row.verdict == "wrong" { format!("{home}/rows/{n}") } else { format!("{home}?show=wrong&mended={n}") }))
}

async fn make_classes(req: HttpRequest, guard: Guard<BringIn>, path: Path<(String, String)>, _form: Posted<NoFields>) -> Answer {
    let id = id_of(&path.1)?;
    service::make_classes(&desk(&req, &guard)?, id).await?;
    Ok(see(&format!("/{}/imports/{}", guard.school()?.code, show_id(id))))
}

async fn go(req: HttpRequest, guard: Guard<BringIn>, path: Path<(String, String)>, _form: Posted<NoFields>) -> Answer {
    let id = id_of(&path.1)?;
    service::go(&desk(&req, &guard)?, id).await?;
    Ok(see(&format!("/{}/imports/{}", guard.school()?.code, show_id(id))))
}

async fn take_back(req: HttpRequest, guard: Guard<BringIn>, path: Path<(String, String)>, _form: Posted<NoFields>) -> Answer {
    let id = id_of(&path.1)?;
    service::take_back(&desk(&req, &guard)?, id).await?;
    Ok(see(&format!("/{}/imports/{}", guard.school()?.code, show_id(id))))
}

async fn discard(req: HttpRequest, guard: Guard<BringIn>, path: Path<(String, String)>, _form: Posted<NoFields>) -> Answer {
    service::discard(&desk(&req, &guard)?, id_of(&path.1)?).await?;
    Ok(see(&format!("/{}/imports?done=discarded", guard.school()?.code)))
}

pub(super) fn id_of(text: &str) -> kernel::Result<Uuid> {
    read(text).ok_or(Error::NotFound)
}

fn see(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, address)).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_headings_is_told_of_the_sheet_that_was_shown() {
        let asked = |sheet, header, of, told: &str| {
            let asked = Where { sheet, header, of, told: told.to_owned() };
            let told = asked.told();
            (asked.shown(), asked.header(&told), told.show())
        };
        assert_eq!(asked(None, None, None, ""), (None, None, String::new()), "the sheet and the line that were found");
        assert_eq!(asked(Some(1), Some(3), Some(1), ""), (Some(1), Some(3), "1.3".to_owned()), "typed for the same sheet");
        assert_eq!(asked(Some(2), Some(3), Some(1), ""), (Some(2), None, "1.3".to_owned()), "another sheet is guessed anew");
        assert_eq!(asked(Some(1), Some(2), Some(2), "1.3"), (Some(1), Some(3), "1.3-2.2".to_owned()), "back at the first, what was typed there stands");
        assert_eq!(asked(None, Some(4), Some(0), ""), (Some(0), Some(4), "0.4".to_owned()), "a file of one sheet");
        assert_eq!(asked(Some(1), Some(3), None, "x.y-1-2.-"), (Some(1), Some(3), "1.3".to_owned()));
    }
}
