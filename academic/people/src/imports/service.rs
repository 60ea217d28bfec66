//! Use cases of the imports, up to the moment at which somebody says go.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use kernel::{
    Error, Result,
    audit::{self, Deed},
    db::Tx,
    id::{ClassId, JobId, Uuid, show},
    job::{self, Order, Standing},
};
use serde_json::{Value, json};

use super::{
    BRING, BringIn, TAKE_BACK,
    book::Book,
    chest::Kept,
    judging::{self, Desk},
    rules::{self, Field, RowIn, Verdict},
    store::{self, Import, Tally},
};
use crate::classes::Letter;

/// How long a list can be taken back.
pub const UNDO_FOR: SignedDuration = SignedDuration::from_hours(24);
/// How many rows a page of the list shows.
pub const PAGE: usize = 50;
/// How many lines of the file a page of its columns shows.
pub const SAMPLE: usize = 6;
/// How many lines are looked through for the headings.
const TITLES: i64 = 30;

/// The columns of a list as somebody told them.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Columns {
    /// Column → field.
    #[serde(default)]
    pub fields: BTreeMap<usize, String>,
    /// The class of all rows, where no column says it.
    #[serde(default)]
    pub class: String,
}

/// The beginning of a sheet, and what its columns may be.
pub struct Sample {
    /// The list.
    pub import: Import,
    /// Its sheets: name, lines.
    pub sheets: Vec<(String, i64)>,
    /// The sheet shown.
    pub sheet: i32,
    /// Number and cells of the first lines.
    pub lines: Vec<(i32, Vec<String>)>,
    /// The number of the line with the headings.
    pub header: Option<i32>,
    /// What stands above each column.
    pub headings: Vec<String>,
    /// What the columns are, as told before or guessed.
    pub columns: Columns,
    /// Whether the same headings were told before.
    pub is_remembered: bool,
}

/// A page of the rows.
pub struct Preview {
    /// The list.
    pub import: Import,
    /// How many of each.
    pub tally: Vec<Tally>,
    /// The rows.
    pub rows: Vec<(Kept, store::RowRow)>,
    /// The last one, where more follow.
    pub next: Option<i32>,
    /// The job at work, or the last one.
    pub job: Option<Standing>,
}

/// Reads a file into a new list, and says which.
pub async fn take(desk: &Desk<'_>, kind: &'static str, file_name: &str, book: Book) -> Result<Uuid> {
    desk.ctx.require::<BringIn>()?;
    let id: Uuid = desk.ctx.id();
    let chest = desk.chest(id)?;
    let (mut sheets, mut ns, mut sealed) = (Vec::new(), Vec::new(), Vec::new());
    let mut best = (0_usize, 0_i32, None);
    for (number, sheet) in (0_i32..).zip(&book.sheets) {
        let cells: Vec<Vec<String>> = sheet.lines.iter().take(30).map(|line| line.cells.clone()).collect();
        let found = rules::guess(&cells);
        let header = found.header.and_then(|at| sheet.lines.get(at)).map(|line| line.n);
        // The sheet that says most is the list: by its known columns, then by its length.
        let worth = found.columns.len() * 100_000 + sheet.lines.len();
        if worth > best.0 {
            best = (worth, number, header);
        }
        for line in &sheet.lines {
            sheets.push(number);
            ns.push(line.n);
            sealed.push(chest.seal(&line.cells)?);
        }
    }
    let told: Vec<Value> = book.sheets.iter().map(|sheet| json!({ "name": sheet.name, "lines": sheet.lines.len(), "merged": sheet.merged, "old_text": book.is_old_text })).collect();
    let name: String = file_name.chars().filter(|one| !one.is_control()).take(120).collect();
    let (person, now) = (desk.ctx.person()?, desk.ctx.now());
    desk.site
        .db
        .run(&desk.ctx.scope, async |tx| {
            store::IMPORT_ADD.run(tx, (desk.school, id, kind, name, json!(told), best.1, best.2, person, now)).await?;
            store::LINE_ADD.run(tx, (desk.school, id, sheets, ns, sealed)).await?;
            note(tx, desk, "people.read_import", id, json!({ "kind": kind, "sheets": book.sheets.len() })).await
        })
        .await?;
    Ok(id)
}

/// Takes rows that another room read out of a file of its own: their columns are known, and they are judged at once. `from` names that room, `unread`
/// what nobody reads in the file.
pub(crate) async fn take_rows(tx: &Tx, desk: &Desk<'_>, kind: &'static str, file_name: &str, from: &'static str, unread: &[String], rows: Vec<RowIn>) -> Result<Uuid> {
    desk.ctx.require::<BringIn>()?;
    let id: Uuid = desk.ctx.id();
    let fields: BTreeSet<&str> = rows.iter().flat_map(|row| row.fields.keys().map(String::as_str)).collect();
    let columns = Columns { fields: (0..).zip(fields).map(|(column, field)| (column, field.to_owned())).collect(), class: String::new() };
    let told = json!([{ "name": from, "lines": rows.len(), "from": from, "unread": unread }]);
    let name: String = file_name.chars().filter(|one| !one.is_control()).take(120).collect();
    store::IMPORT_ADD.run(tx, (desk.school, id, kind, name, told, 0, None, desk.ctx.person()?, desk.ctx.now())).await?;
    store::IMPORT_MAP.run(tx, (desk.school, id, 0, None, json!(columns))).await?;
    note(tx, desk, "people.read_import", id, json!({ "kind": kind, "from": from })).await?;
    let import = store::IMPORT_FIND_FOR_UPDATE.one(tx, (desk.school, id)).await?;
    judging::put_rows(tx, desk, &import, rows).await?;
    Ok(id)
}

/// Whether another room told the rows: then nobody tells columns.
pub fn came_as_rows(import: &Import) -> bool {
    import.sheets.get(0).is_some_and(|sheet| sheet.get("from").is_some())
}

/// What nobody reads in a file that another room took apart.
pub fn unread(import: &Import) -> Vec<String> {
    let told = import.sheets.get(0).and_then(|sheet| sheet.get("unread")).and_then(Value::as_array);
    told.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The lists of a school, newest first.
pub async fn imports(desk: &Desk<'_>, after: Option<Uuid>, limit: usize) -> Result<Vec<Import>> {
    desk.ctx.require::<BringIn>()?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    desk.site.db.run(&desk.ctx.scope, async |tx| store::IMPORT_LIST.all(tx, (desk.school, after, limit)).await).await
}

/// The beginning of a sheet. Another sheet than was found may be asked for, and a line of headings told for it; line 0 means that there are none.
/// Without one the sheet's own headings are found, whatever stood in the sheet looked at before.
pub async fn sample(desk: &Desk<'_>, id: Uuid, sheet: Option<i32>, header: Option<i32>) -> Result<Sample> {
    desk.ctx.require::<BringIn>()?;
    desk.site.db.run(&desk.ctx.scope, async |tx| sample_in(tx, desk, id, sheet, header).await).await
}

async fn sample_in(tx: &Tx, desk: &Desk<'_>, id: Uuid, asked: Option<i32>, header: Option<i32>) -> Result<Sample> {
    let import = store::IMPORT_FIND.one(tx, (desk.school, id)).await?;
    judging::open(&import)?;
    if came_as_rows(&import) {
        return Err(Error::NotFound);
    }
    let sheet = asked.unwrap_or(import.sheet);
    let lines = lines(tx, desk, id, sheet, TITLES).await?;
    let cells: Vec<Vec<String>> = lines.iter().map(|(_, cells)| cells.clone()).collect();
    let guessed = rules::guess(&cells);
    let at = match header {
        Some(0) => None,
        Some(n) => lines.iter().position(|(number, _)| *number == n),
        None if import.state == "mapped" && sheet == import.sheet => import.header.and_then(|n| lines.iter().position(|(number, _)| *number == n)),
        None => guessed.header,
    };
    let headings = rules::headings_of(&cells, at);
    let told = store::MAPPING_FIND.opt(tx, (desk.school, kind_of(&import), fingerprint(&headings))).await?.filter(|_| !headings.is_empty());
    let is_remembered = told.is_some();
    let columns = match told {
        Some(told) => read_columns(&told.columns),
        None if import.state == "mapped" && sheet == import.sheet && header.is_none() => read_columns(&import.columns),
        None => of_headings(&import, &sheets_of(&import), sheet, &headings),
    };
    let header = at.and_then(|at| lines.get(at)).map(|(n, _)| *n);
    let first = at.map_or(0, |at| at + 1);
    let shown = lines.into_iter().skip(first).take(SAMPLE).collect();
    Ok(Sample { sheets: sheets_of(&import), import, sheet, lines: shown, header, headings, columns, is_remembered })
}

/// What the headings say, and the class that the name of the sheet says where no column does.
fn of_headings(import: &Import, sheets: &[(String, i64)], sheet: i32, headings: &[String]) -> Columns {
    let of_staff = judging::is_of_staff(import);
    let guessed = rules::guess(&[headings.to_vec()]);
    let fits = |field: &Field| if of_staff { field.is_of_staff() } else { field.is_of_pupils() };
    let fields: BTreeMap<usize, String> = guessed.columns.into_iter().filter(|(_, field)| fits(field)).map(|(column, field)| (column, field.as_str().to_owned())).collect();
    let named = usize::try_from(sheet).ok().and_then(|sheet| sheets.get(sheet)).and_then(|(name, _)| rules::read_class(name));
    let class = match named {
        Some((grade, letter, _)) if !of_staff && !fields.values().any(|field| field == Field::Class.as_str()) => format!("{grade}{letter}"),
        _ => String::new(),
    };
    Columns { fields, class }
}

async fn lines(tx: &Tx, desk: &Desk<'_>, id: Uuid, sheet: i32, limit: i64) -> Result<Vec<(i32, Vec<String>)>> {
    let chest = desk.chest(id)?;
    let lines = store::LINE_LIST.all(tx, (desk.school, id, sheet, limit)).await?;
    lines.into_iter().map(|line| Ok((line.n, chest.open(&line.sealed)?))).collect()
}

/// Says what the columns are: the rows are made and judged, and the same headings are known next time.
pub async fn map(desk: &Desk<'_>, id: Uuid, sheet: i32, header: Option<i32>, columns: Columns) -> Result<()> {
    desk.ctx.require::<BringIn>()?;
    desk.site
        .db
        .run(&desk.ctx.scope, async |tx| {
            let import = store::IMPORT_FIND_FOR_UPDATE.one(tx, (desk.school, id)).await?;
            judging::open(&import)?;
            let lines = lines(tx, desk, id, sheet, i64::MAX).await?;
            let at = header.and_then(|n| lines.iter().position(|(number, _)| *number == n));
            let cells: Vec<Vec<String>> = lines.iter().take(at.map_or(0, |at| at + 1)).map(|(_, cells)| cells.clone()).collect();
            let headings = rules::headings_of(&cells, at);
            let told = json!(columns);
            store::IMPORT_MAP.run(tx, (desk.school, id, sheet, header, told.clone())).await?;
            if !headings.is_empty() {
                // The class of a sheet is the sheet's, not the headings'.
                let remembered = json!(Columns { class: String::new(), ..columns.clone() });
                store::MAPPING_PUT.run(tx, (desk.school, kind_of(&import), fingerprint(&headings), remembered, desk.ctx.now())).await?;
            }
            let rows = lines.into_iter().skip(at.map_or(0, |at| at + 1)).filter_map(|(n, cells)| row_of(n, &cells, &columns)).collect();
            judging::put_rows(tx, desk, &import, rows).await
        })
        .await
}

/// A line as a row; nothing for one in which no told column says anything.
fn row_of(n: i32, cells: &[String], columns: &Columns) -> Option<RowIn> {
    let told = columns.fields.iter().filter_map(|(column, field)| Some((field.clone(), cells.get(*column)?.clone())));
    let mut fields: BTreeMap<String, String> = told.filter(|(_, text)| !text.is_empty()).collect();
    if fields.is_empty() {
        return None;
    }
    // What is told in one column says so even where the cell is empty: errors belong to that column.
    let in_one = columns.fields.values().any(|field| field == Field::FullName.as_str());
    if in_one && !fields.contains_key(Field::FullName.as_str()) {
        fields.insert(Field::FullName.as_str().to_owned(), String::new());
    }
    let by_column = columns.fields.values().any(|field| field == Field::Class.as_str());
    if !by_column && !columns.class.is_empty() {
        fields.insert(Field::Class.as_str().to_owned(), columns.class.clone());
    }
    Some(RowIn { n, fields, decision: String::new(), is_total: rules::is_total(cells), source: None })
}

/// A page of the rows, with how many of each there are.
pub async fn preview(desk: &Desk<'_>, id: Uuid, show_what: &str, after: i32, limit: usize) -> Result<Preview> {
    desk.ctx.require::<BringIn>()?;
    let chest = desk.chest(id)?;
    desk.site
        .db
        .run(&desk.ctx.scope, async |tx| {
            let import = store::IMPORT_FIND.one(tx, (desk.school, id)).await?;
            let tally = store::ROW_TALLY.all(tx, (desk.school, id)).await?;
            let asked = i64::try_from(limit + 1).unwrap_or(i64::MAX);
            let mut found = store::ROW_LIST.all(tx, (desk.school, id, show_what.to_owned(), after, asked)).await?;
            let more = found.len() > limit;
            found.truncate(limit);
            let next = found.last().map(|row| row.n).filter(|_| more);
            let rows = found.into_iter().map(|row| Ok((chest.open::<Kept>(&row.sealed)?, row))).collect::<Result<_>>()?;
            let job = match import.job_id {
                Some(job) => found_job(tx, desk, job).await?,
                None => None,
            };
            Ok(Preview { import, tally, rows, next, job })
        })
        .await
}

async fn found_job(tx: &Tx, desk: &Desk<'_>, job: JobId) -> Result<Option<Standing>> {
    match job::find(tx, desk.school, job).await {
        // Jobs that are over leave by their own rule.
        Err(Error::NotFound) => Ok(None),
        found => found.map(Some),
    }
}

/// One row, to be mended.
pub async fn row(desk: &Desk<'_>, id: Uuid, n: i32) -> Result<(Import, Kept, store::RowRow)> {
    desk.ctx.require::<BringIn>()?;
    let chest = desk.chest(id)?;
    desk.site
        .db
        .run(&desk.ctx.scope, async |tx| {
            let import = store::IMPORT_FIND.one(tx, (desk.school, id)).await?;
            judging::open(&import)?;
            let row = store::ROW_FIND.one(tx, (desk.school, id, n)).await?;
            Ok((import, chest.open(&row.sealed)?, row))
        })
        .await
}

/// Puts what was mended in the row's place, and judges all anew.
pub async fn mend(desk: &Desk<'_>, id: Uuid, mended: RowIn) -> Result<()> {
    desk.ctx.require::<BringIn>()?;
    desk.site
        .db
        .run(&desk.ctx.scope, async |tx| {
            let import = store::IMPORT_FIND_FOR_UPDATE.one(tx, (desk.school, id)).await?;
            judging::open(&import)?;
            store::ROW_FIND.one(tx, (desk.school, id, mended.n)).await?;
            judging::judge_again(tx, desk, &import, Some(mended)).await
        })
        .await
}

/// Classes that rows ask for and the school has not: label, rows, language.
pub fn missing_classes(import: &Import) -> Vec<(String, i64, String)> {
    let one = |class: &Value| Some((class.get("class")?.as_str()?.to_owned(), class.get("rows")?.as_i64()?, class.get("language")?.as_str()?.to_owned()));
    import.counts.get("classes").and_then(Value::as_array).into_iter().flatten().filter_map(one).collect()
}

/// Makes the classes that rows ask for. Sent twice, they are made once.
pub async fn make_classes(desk: &Desk<'_>, id: Uuid) -> Result<()> {
    desk.ctx.require::<BringIn>()?;
    desk.site
        .db
        .run(&desk.ctx.scope, async |tx| {
            let import = store::IMPORT_FIND_FOR_UPDATE.one(tx, (desk.school, id)).await?;
            judging::open(&import)?;
            let missing: Vec<(i16, Letter, String)> = missing_classes(&import).into_iter().filter_map(|(label, _, language)| rules::read_class(&label).map(|(grade, letter, _)| (grade, letter, language))).collect();
            if missing.is_empty() {
                return Ok(());
            }
            let ids: Vec<ClassId> = missing.iter().map(|_| desk.ctx.id()).collect();
            let (grades, letters, languages) = (missing.iter().map(|one| one.0).collect(), missing.iter().map(|one| one.1.to_string()).collect(), missing.iter().map(|one| one.2.clone()).collect());
            store::CLASS_ADD.run(tx, (desk.school, ids.clone(), grades, letters, languages, desk.today)).await?;
            store::IMPORT_ADD_CLASSES.run(tx, (desk.school, id, ids.clone())).await?;
            note(tx, desk, "people.make_classes", id, json!({ "classes": ids })).await?;
            judging::judge_again(tx, desk, &import, None).await
        })
        .await
}

/// Orders the job that brings the list in: what is new and what is added, as the school stands now. Sent twice, it is one.
pub async fn go(desk: &Desk<'_>, id: Uuid) -> Result<()> {
    desk.ctx.require::<BringIn>()?;
    let by = desk.ctx.person()?;
    desk.site
        .db
        .run(&desk.ctx.scope, async |tx| {
            let import = store::IMPORT_FIND_FOR_UPDATE.one(tx, (desk.school, id)).await?;
            if matches!(import.state.as_str(), "running" | "done") {
                return Ok(());
            }
            judging::open(&import)?;
            judging::judge_again(tx, desk, &import, None).await?;
            let rows = judging::name_the_new(tx, desk, &import).await?;
            if rows == 0 {
                return Err(Error::Refused("people.import_nothing"));
            }
            let body = json!({ "import": id, "by": by, "today": desk.today, "rows": rows });
            let job = job::order(tx, desk.ctx, Order { school: desk.school, kind: BRING, key: show(id), body }).await?;
            store::IMPORT_BEGIN.run(tx, (desk.school, id, job, desk.ctx.now())).await?;
            note(tx, desk, "people.bring_in", id, json!({ "kind": import.kind, "rows": rows })).await
        })
        .await
}

/// Orders the job that takes the list back. Sent twice, it is one.
pub async fn take_back(desk: &Desk<'_>, id: Uuid) -> Result<()> {
    desk.ctx.require::<BringIn>()?;
    desk.site
        .db
        .run(&desk.ctx.scope, async |tx| {
            let import = store::IMPORT_FIND_FOR_UPDATE.one(tx, (desk.school, id)).await?;
            if matches!(import.state.as_str(), "undoing" | "undone") {
                return Ok(());
            }
            if !may_take_back(&import, desk) {
                return Err(Error::Refused("people.import_too_late"));
            }
            let body = json!({ "import": id });
            let job = job::order(tx, desk.ctx, Order { school: desk.school, kind: TAKE_BACK, key: show(id), body }).await?;
            store::IMPORT_BEGIN_UNDO.run(tx, (desk.school, id, job)).await?;
            note(tx, desk, "people.take_back", id, json!({})).await
        })
        .await
}

/// Whether it was brought in not longer ago than a day.
pub fn may_take_back(import: &Import, desk: &Desk<'_>) -> bool {
    import.state == "done" && import.finished_at.is_some_and(|at| desk.ctx.now() <= at + UNDO_FOR)
}

/// Throws a list away that was not brought in.
pub async fn discard(desk: &Desk<'_>, id: Uuid) -> Result<()> {
    desk.ctx.require::<BringIn>()?;
    desk.site
        .db
        .run(&desk.ctx.scope, async |tx| {
            store::IMPORT_FIND.one(tx, (desk.school, id)).await?;
            if store::IMPORT_DELETE.run(tx, (desk.school, id)).await? > 0 {
                note(tx, desk, "people.discard_import", id, json!({})).await?;
            }
            Ok(())
        })
        .await
}

/// How many rows of a verdict there are.
pub fn count(tally: &[Tally], verdict: Verdict) -> i64 {
    tally.iter().filter(|one| one.verdict == verdict.as_str()).map(|one| one.count).sum()
}

/// Name and number of lines of each sheet.
pub fn sheets_of(import: &Import) -> Vec<(String, i64)> {
    let one = |sheet: &Value| (sheet.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(), sheet.get("lines").and_then(Value::as_i64).unwrap_or_default());
    import.sheets.as_array().into_iter().flatten().map(one).collect()
}

fn read_columns(told: &Value) -> Columns {
    serde_json::from_value(told.clone()).unwrap_or_default()
}

/// The kind as statements take it.
pub fn kind_of(import: &Import) -> &'static str {
    if judging::is_of_staff(import) { "staff" } else { "pupils" }
}

/// The headings, as they are remembered.
fn fingerprint(headings: &[String]) -> String {
    headings.iter().map(|heading| rules::fold(heading)).collect::<Vec<_>>().join("|").chars().take(2_000).collect()
}

/// Which fields are told more than once.
pub fn told_twice(columns: &Columns) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    columns.fields.values().filter(|field| !seen.insert((*field).clone())).cloned().collect()
}

pub(super) async fn note(tx: &Tx, desk: &Desk<'_>, action: &'static str, import: Uuid, detail: Value) -> Result<()> {
    audit::record(tx, desk.ctx, Deed { school: desk.school, action, subject_kind: "import", subject: Some(import), detail }).await
}
