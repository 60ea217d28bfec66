//! How long a school of 5,000 pupils takes to be brought in from a list: through the running hub, as the office does it, from the file to the
//! last pupil. Beside it stands the least that the database could do: the same people, kinships and places written by plain statements.

use std::time::{Duration, Instant};

use reqwest::{Client, Response, header};

use crate::{
    failure::{Failure, Outcome},
    world::{Hub, World},
};

/// As many pupils as the largest school could have.
pub const PUPILS: usize = 5_000;
/// The longest that the job may take before the benchmark gives up.
const PATIENCE: Duration = Duration::from_secs(300);
/// How long it may take: the requirement of the issue, a minute for 5,000.
const GOAL: Duration = Duration::from_secs(60);

/// What it took.
#[derive(Debug, Clone, Copy)]
pub struct BroughtIn {
    pupils: usize,
    /// From sending the file to the page of columns.
    read: Duration,
    /// From the columns to the preview, every row judged.
    judged: Duration,
    /// From "go" to the result.
    written: Duration,
    /// Plain statements for the same rows.
    least: Duration,
}

impl BroughtIn {
    /// As a paragraph of the report.
    pub fn markdown(&self) -> String {
        let all = self.read + self.judged + self.written;
        let met = if all <= GOAL { "met" } else { "**missed**" };
        format!(
            "## A list of {} pupils\n\nEach with date of birth, class, mother and her telephone, through the running hub: read in {:.1} s, every row judged in {:.1} s, brought in by the job in {:.1} s; \
             {:.1} s in all. Goal: at most {} s; {met}. The same rows by plain statements, without search for who is known, history, cards, audit: {:.1} s; the job takes {:.1} times that.\n",
            self.pupils,
            self.read.as_secs_f64(),
            self.judged.as_secs_f64(),
            self.written.as_secs_f64(),
            all.as_secs_f64(),
            GOAL.as_secs(),
            self.least.as_secs_f64(),
            self.written.as_secs_f64() / self.least.as_secs_f64(),
        )
    }
}

/// Brings a list of so many in at the first school, through a hub of its own.
pub async fn measure(world: &World, pupils: usize, password: &str) -> Outcome<BroughtIn> {
    let school = world.town.schools.first().map(|school| school.code.clone()).ok_or_else(|| Failure::plain("the town has no school"))?;
    let hub = world.start_hub().await?;
    let outcome = bring_in(&hub, &school, pupils, password).await;
    hub.stop().await?;
    let (read, judged, written) = outcome?;
    Ok(BroughtIn { pupils, read, judged, written, least: least(world, pupils).await? })
}

async fn bring_in(hub: &Hub, school: &str, pupils: usize, password: &str) -> Outcome<(Duration, Duration, Duration)> {
    let office = Office::sign_in(hub, &format!("{school}-director"), password).await?;
    let imports = format!("/{school}/imports");
    let token = token_on(&office.page(&imports).await?)?;
    let begun = Instant::now();
    let columns = office.upload(&imports, &token, list(pupils).as_bytes()).await?;
    let page = office.page(&columns).await?;
    let read = begun.elapsed();
    let begun = Instant::now();
    let preview = office.send(&columns, &chosen_columns(&page)?).await?;
    office.page(&preview).await?;
    let judged = begun.elapsed();
    let begun = Instant::now();
    office.send(&format!("{preview}/go"), &[("csrf".to_owned(), token)]).await?;
    while !office.page(&preview).await?.contains("/take-back\"") {
        if begun.elapsed() > PATIENCE {
            return Err(Failure::plain("the list was not brought in in time"));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok((read, judged, begun.elapsed()))
}

/// The list as a file with commas: everybody is new, every class is there.
fn list(pupils: usize) -> String {
    let letter = |number: usize| char::from_u32(0x430 + u32::try_from(number % 32).unwrap_or(0)).unwrap_or('а');
    let row = |n: usize| {
        let name: String = [n / 32 / 32, n / 32, n].map(letter).into_iter().collect();
        format!("Тіркел{name},Бала,{}А,{:02}.{:02}.{},Тіркел{name} Ана,8701{:07}\r\n", 1 + n % 11, 1 + n % 28, 1 + n % 12, 2_019 - n % 11, n)
    };
    std::iter::once("Фамилия,Имя,Класс,Дата рождения,ФИО матери,Телефон матери\r\n".to_owned()).chain((0..pupils).map(row)).collect()
}

/// Somebody of the office with a browser that follows nothing by itself.
struct Office {
    client: Client,
    url: String,
    session: String,
}

impl Office {
    async fn sign_in(hub: &Hub, login: &str, password: &str) -> Outcome<Self> {
        let client = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()?;
        let request = client.post(format!("{}/sign-in", hub.url)).header("sec-fetch-site", "same-origin").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = request.body(format!("login={login}&password={password}")).send().await?;
        let cookies = answer.headers().get_all(header::SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
        let session = cookies.filter_map(|cookie| cookie.split(';').next()).find(|cookie| cookie.starts_with("session="));
        let session = session.map(str::to_owned).ok_or_else(|| Failure::plain(format!("{login} cannot sign in: {}", answer.status())))?;
        Ok(Self { client, url: hub.url.clone(), session })
    }

    async fn page(&self, path: &str) -> Outcome<String> {
        let answer = self.client.get(format!("{}{path}", self.url)).header(header::COOKIE, &self.session).send().await?;
        match answer.status().as_u16() {
            200 => Ok(answer.text().await?),
            other => Err(Failure::plain(format!("{path} answers {other}"))),
        }
    }

    async fn send(&self, path: &str, fields: &[(String, String)]) -> Outcome<String> {
        let mut url = reqwest::Url::parse(&self.url).map_err(|error| Failure::plain(error.to_string()))?;
        let body = url.query_pairs_mut().extend_pairs(fields).finish().query().unwrap_or_default().to_owned();
        self.led(path, self.post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body).send().await?)
    }

    async fn upload(&self, path: &str, token: &str, file: &[u8]) -> Outcome<String> {
        let mut body = Vec::new();
        for (name, value) in [("csrf", token), ("kind", "pupils")] {
            body.extend(format!("--bound\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes());
        }
        body.extend(b"--bound\r\nContent-Disposition: form-data; name=\"file\"; filename=\"list.csv\"\r\nContent-Type: text/csv\r\n\r\n");
        body.extend(file);
        body.extend(b"\r\n--bound--\r\n");
        self.led(path, self.post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=bound").body(body).send().await?)
    }

    fn post(&self, path: &str) -> reqwest::RequestBuilder {
        self.client.post(format!("{}{path}", self.url)).header(header::COOKIE, &self.session).header("sec-fetch-site", "same-origin")
    }

    /// Where a form leads when it was taken.
    fn led(&self, path: &str, answer: Response) -> Outcome<String> {
        let to = answer.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).map(str::to_owned);
        to.map(|to| to.split('?').next().unwrap_or_default().to_owned()).ok_or_else(|| Failure::plain(format!("{path} answers {}", answer.status())))
    }
}

fn token_on(page: &str) -> Outcome<String> {
    let found = page.split_once("name=\"csrf\" value=\"").and_then(|(_, rest)| rest.split_once('"'));
    found.map(|(token, _)| token.to_owned()).ok_or_else(|| Failure::plain("a page without a token"))
}

/// The form of columns as it was proposed.
fn chosen_columns(page: &str) -> Outcome<Vec<(String, String)>> {
    let mut fields = vec![("csrf".to_owned(), token_on(page)?)];
    for name in ["sheet", "header"] {
        let value = page.split_once(&format!("type=\"hidden\" name=\"{name}\" value=\"")).and_then(|(_, rest)| rest.split_once('"')).map(|(value, _)| value.to_owned());
        fields.push((name.to_owned(), value.ok_or_else(|| Failure::plain(format!("no {name} on the page of columns")))?));
    }
    for (number, select) in page.split("<select class=\"form-select\" id=\"c").skip(1).enumerate() {
        let options = select.split_once("</select>").map_or("", |(options, _)| options);
        let chosen = options.split("<option value=\"").find(|option| option.contains("\" selected>")).and_then(|option| option.split('"').next());
        fields.push((format!("c{number}"), chosen.unwrap_or_default().to_owned()));
    }
    Ok(fields)
}

/// The same number of rows by plain statements, taken back afterwards.
async fn least(world: &World, pupils: usize) -> Outcome<Duration> {
    let mut db = world.superuser().await?;
    let tx = db.transaction().await?;
    let pupils = i64::try_from(pupils).unwrap_or(i64::MAX);
    let begun = Instant::now();
    tx.batch_execute(&format!(
        "create temporary table bench_pupil as
           select gen_random_uuid() as pupil, gen_random_uuid() as guardian, n, (select id from organisation where code = 'b001') as school from generate_series(1, {pupils}) n;
         insert into person (id, surname, given_name, birth_date) select pupil, 'Тіркел' || n, 'Бала', date '2015-03-05' from bench_pupil;
         insert into person (id, surname, given_name) select guardian, 'Тіркел' || n, 'Ана' from bench_pupil;
         insert into school_person (school_id, person_id, valid_from) select school, pupil, date '2026-09-01' from bench_pupil;
         insert into school_person (school_id, person_id, valid_from) select school, guardian, date '2026-09-01' from bench_pupil;
         insert into kinship (school_id, pupil_id, guardian_id, kind, valid_from) select school, pupil, guardian, 'mother', date '2026-09-01' from bench_pupil;
         insert into enrolment (school_id, pupil_id, class_id, valid_from)
           select b.school, b.pupil, (select c.id from school_class c where c.school_id = b.school order by c.id limit 1), date '2026-09-01' from bench_pupil b;"
    ))
    .await?;
    let took = begun.elapsed();
    tx.rollback().await?;
    Ok(took)
}
