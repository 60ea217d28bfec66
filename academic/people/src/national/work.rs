//! The job that writes a file: first it says how many lines there are, then it reads, writes and delivers.

use std::sync::Arc;

use futures_util::future::{FutureExt, LocalBoxFuture};
use jiff::{civil::Date, tz::TimeZone};
use kernel::{
    Ctx, Error, Result,
    db::Db,
    job::{self, Progress, Step, Taken, Work},
};
use serde_json::{Value, json};
use web::xlsx::{self, Cell, Heading, List};

use super::{
    Mapping, WRITE,
    rules::{Record, What, cell},
    service,
};
use crate::{
    exports,
    iin::Keeper,
};

/// Writes files for the national database.
pub struct WriteNational {
    /// Seals them and opens IINs; nothing where the installation has no key.
    pub keeper: Option<Keeper>,
    /// The mapping of the installation.
    pub mapping: Arc<Mapping>,
}

impl Work for WriteNational {
    fn kind(&self) -> &'static str {
        WRITE
    }

    fn portion<'a>(&'a self, db: &'a Db, ctx: &'a Ctx, job: &'a Taken) -> LocalBoxFuture<'a, Result<Step>> {
        async move { self.write(db, ctx, job).await }.boxed_local()
    }
}

impl WriteNational {
    async fn write(&self, db: &Db, ctx: &Ctx, job: &Taken) -> Result<Step> {
        let (making, what, records) = db
            .run(&ctx.scope, async |tx| {
                let making = exports::making(tx, job, self.keeper.as_ref()).await?;
                let (what, on) = asked(&making.export.about)?;
                let mut records = service::records(tx, job.school_id, what, on).await?;
                service::tell_iins(tx, self.keeper.as_ref().filter(|_| making.export.has_iin), &mut records).await?;
                if job.state.get("counted").is_none() {
                    let total = i64::try_from(records.len()).unwrap_or(i64::MAX);
                    job::advance(tx, ctx, job, Progress { done: 0, total: Some(total), state: json!({ "counted": true }) }).await?;
                    return Ok((None, what, records));
                }
                Ok((Some(making), what, records))
            })
            .await?;
        let Some(making) = making else { return Ok(Step::More) };
        let lines = records.len();
        let bytes = match making.export.about.get("form").and_then(Value::as_str) {
            Some("csv") => csv(&self.mapping, what, &records)?,
            _ => xlsx(&self.mapping, what, &records).await?,
        };
        db.run(&ctx.scope, async |tx| exports::deliver(tx, ctx, job, &making, lines, &bytes).await).await?;
        Ok(Step::Over)
    }
}

fn asked(about: &Value) -> Result<(What, Date)> {
    let text = |name: &str| about.get(name).and_then(Value::as_str);
    let what = text("what").and_then(What::parse).ok_or_else(|| Error::broken("an export says not what it is of"))?;
    let on = text("on").and_then(|day| day.parse().ok()).ok_or_else(|| Error::broken("an export names no day"))?;
    Ok((what, on))
}

async fn xlsx(mapping: &Mapping, what: What, records: &[Record]) -> Result<Vec<u8>> {
    let columns = mapping.columns(what);
    let width = |heading: &str| u16::try_from(heading.chars().count().clamp(8, 40)).unwrap_or(16) + 2;
    let headings = columns.iter().map(|column| Heading { text: column.heading.clone(), width: width(&column.heading) }).collect();
    let line = |record: &Record| columns.iter().map(|column| cell(mapping, column, record).map_or(Cell::Empty, Cell::Text)).collect::<Vec<_>>();
    let rows: Vec<Vec<Cell>> = records.iter().map(line).collect();
    xlsx::bytes(List { file: String::new(), headings, zone: TimeZone::UTC }, rows.into_iter()).await
}

/// With the mark by which Excel knows UTF-8.
fn csv(mapping: &Mapping, what: What, records: &[Record]) -> Result<Vec<u8>> {
    let broken = |error: csv::Error| Error::broken(format!("csv: {error}"));
    let columns = mapping.columns(what);
    let mut writer = csv::WriterBuilder::new().delimiter(mapping.separator()).terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(columns.iter().map(|column| column.heading.as_str())).map_err(broken)?;
    for record in records {
        writer.write_record(columns.iter().map(|column| cell(mapping, column, record).unwrap_or_default())).map_err(broken)?;
    }
    writer.into_inner().map_err(|_| Error::broken("csv: a file that cannot be written"))
}
