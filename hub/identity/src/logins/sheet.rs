//! Sheets to print and cut: one slip for each person, in Kazakh and Russian whatever the reader's language is, since who gets the slip
//! reads one of them. A sheet is shown by the answer that made what stands on it, and never again: nothing of it is kept. Its file is
//! therefore printed from what the reader's own page holds, sent back by it ([`routes`]); the hub forgets it with the answer.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, post},
};
use askama::{Template, filters::HtmlSafe};
use kernel::{
    Error, Locale, Result,
    audit::{self, Deed},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use web::{
    Answer, Page, Site, Texts,
    csrf::{self, CsrfField},
    form::Posted,
    print::{self, Content, Document, Labelled, Said},
};

use super::ManageAccounts;
use crate::{Guard, School, factors::Picture};

/// The languages of a slip.
const LANGUAGES: [Locale; 2] = [Locale::Kk, Locale::Ru];
/// More than the parents of the largest classes.
const MOST_SLIPS: usize = 500;
/// Longer than any name, login, password or code.
const MOST_LETTERS: usize = 300;

/// The routes of sheets.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/accounts/sheet.pdf", post().to(paper));
}

/// What is handed to one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Handed {
    /// A login with its password.
    Login {
        /// Whose.
        name: String,
        /// The login.
        login: String,
        /// The password.
        password: String,
    },
    /// A code by which a guardian makes a login.
    Invitation {
        /// Whose.
        name: String,
        /// The code.
        code: String,
    },
}

impl Handed {
    fn name(&self) -> &str {
        match self {
            Self::Login { name, .. } | Self::Invitation { name, .. } => name,
        }
    }

    /// What to type: where, and what.
    fn words(&self) -> Vec<(&'static str, &str)> {
        match self {
            Self::Login { name: _, login, password } => vec![("sign-in-login", login), ("sign-in-password", password)],
            Self::Invitation { name: _, code } => vec![("join-code", code)],
        }
    }

    /// What to do.
    fn steps(&self) -> &'static str {
        match self {
            Self::Login { .. } => "slip-login-steps",
            Self::Invitation { .. } => "slip-invitation-steps",
        }
    }

    /// The address to type, and the one behind the QR code.
    fn addresses(&self, site: &Site) -> (String, String) {
        match self {
            Self::Login { .. } => (format!("{}/sign-in", site.url), format!("{}/sign-in", site.url)),
            Self::Invitation { name: _, code } => (format!("{}/join", site.url), format!("{}/join?code={}", site.url, web::failure::encoded(code))),
        }
    }

    /// Whether it is of the length of what we hand out.
    fn is_ours(&self) -> bool {
        let short = |text: &str| !text.is_empty() && text.chars().count() <= MOST_LETTERS && !text.chars().any(char::is_control);
        short(self.name()) && self.words().into_iter().all(|(_, text)| short(text))
    }
}

/// A slip of paper for one person.
#[derive(Debug, Clone, Template)]
#[template(path = "login_slip.html")]
pub struct Slip {
    handed: Handed,
    name: String,
    /// What to type: label and value.
    words: Vec<(String, String)>,
    /// What to do, in each language.
    steps: Vec<(&'static str, String)>,
    school: String,
    qr: Picture,
}
impl HtmlSafe for Slip {}

#[derive(Template)]
#[template(path = "logins_sheet.html")]
struct Sheet<'a> {
    t: Texts<'a>,
    title: String,
    back: &'a str,
    slips: Vec<Slip>,
    /// What prints them as a file; nothing where nothing prints.
    paper: Option<Paper>,
}

/// The form that sends the slips back to be printed.
struct Paper {
    csrf: CsrfField,
    action: String,
    title: String,
    slips: String,
}

#[derive(Debug, Deserialize)]
struct PaperForm {
    #[serde(default)]
    title: String,
    #[serde(default)]
    slips: String,
}

impl Slip {
    /// A login with its password.
    ///
    /// # Errors
    /// When the address is too long for a QR code.
    pub fn of_login(site: &Site, school: &School, name: &str, login: &str, password: &str) -> Result<Self> {
        Self::make(site, school, Handed::Login { name: name.to_owned(), login: login.to_owned(), password: password.to_owned() })
    }

    /// A code by which a guardian makes a login.
    ///
    /// # Errors
    /// When the address is too long for a QR code.
    pub fn of_invitation(site: &Site, school: &School, name: String, code: &str) -> Result<Self> {
        Self::make(site, school, Handed::Invitation { name, code: code.to_owned() })
    }

    fn make(site: &Site, school: &School, handed: Handed) -> Result<Self> {
        let (address, behind_qr) = handed.addresses(site);
        let steps = LANGUAGES.map(|locale| (locale.as_str(), site.texts(locale).with(handed.steps(), [("address", address.as_str())]))).into();
        let words = handed.words().into_iter().map(|(label, text)| (both(site, label), text.to_owned())).collect();
        Ok(Self { name: handed.name().to_owned(), words, steps, school: in_both(|locale| school.name(locale).to_owned()), qr: Picture::of(&behind_qr, address)?, handed })
    }
}

/// Shows the slips, ready to print.
pub fn respond(req: &HttpRequest, title: &'static str, back: &str, slips: Vec<Slip>) -> Answer {
    let t = web::page::texts(req)?;
    let paper = print::is_offered(req).then(|| form(req, title, back, &slips)).transpose()?;
    let view = Sheet { title: t.text(title), back, slips, paper, t };
    Page::new(view.title.clone()).respond(req, &view)
}

/// `back` leads to a page of the school: the first part of it is the school.
fn form(req: &HttpRequest, title: &str, back: &str, slips: &[Slip]) -> Result<Paper> {
    let handed: Vec<&Handed> = slips.iter().map(|slip| &slip.handed).collect();
    let slips = serde_json::to_string(&handed).map_err(|error| Error::broken(error.to_string()))?;
    let school = back.split('/').nth(1).unwrap_or_default();
    Ok(Paper { csrf: csrf::field(req), action: format!("/{school}/accounts/sheet.pdf"), title: title.to_owned(), slips })
}

/// Prints what the reader's page holds. It shows nothing that they have not seen, and changes nothing.
async fn paper(req: HttpRequest, guard: Guard<ManageAccounts>, sent: Posted<PaperForm>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let handed = read(&sent.0.slips).ok_or(Error::invalid("slips", "sheet-field-slips"))?;
    let title = if sent.0.title == "invitations-sheet-title" { t.text("invitations-sheet-title") } else { t.text("sheet-password-title") };
    let slips = handed.into_iter().map(|one| slip(site, school, t.locale(), one)).collect::<Result<Vec<_>>>()?;
    let deed = Deed { school: school.id, action: "identity.print_sheet", subject_kind: "organisation", subject: Some(school.id.0), detail: json!({ "slips": slips.len() }) };
    site.db.run(&guard.ctx.scope, async |tx| audit::record(tx, &guard.ctx, deed).await).await?;
    let document = Document { locale: t.locale(), title, made: guard.ctx.now(), content: Content::Slips { slips } };
    print::respond(&req, &document, &format!("{}-logins", school.code)).await
}

fn read(slips: &str) -> Option<Vec<Handed>> {
    let handed: Vec<Handed> = serde_json::from_str(slips).ok()?;
    ((1..=MOST_SLIPS).contains(&handed.len()) && handed.iter().all(Handed::is_ours)).then_some(handed)
}

/// The same words as on the page, in the reader's language first.
fn slip(site: &Site, school: &School, reader: Locale, handed: Handed) -> Result<print::Slip> {
    let (address, _) = handed.addresses(site);
    let Slip { handed: _, name, words, mut steps, school, qr } = Slip::make(site, school, handed)?;
    steps.sort_by_key(|(language, _)| *language != reader.as_str());
    let said = |(language, text): (&str, String)| Said { language: Locale::stored(language), text };
    let labelled = |(label, text)| Labelled { label, text };
    Ok(print::Slip { name, school, words: words.into_iter().map(labelled).collect(), steps: steps.into_iter().map(said).collect(), qr: qr.svg(), address })
}

fn both(site: &Site, key: &str) -> String {
    in_both(|locale| site.texts(locale).text(key))
}

fn in_both(text: impl Fn(Locale) -> String) -> String {
    let [kk, ru] = LANGUAGES.map(text);
    if kk == ru { kk } else { format!("{kk} / {ru}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_back_is_what_was_handed_out_and_nothing_else() {
        let handed = vec![Handed::Login { name: "Әлия".into(), login: "aliya".into(), password: "qyzyl-1".into() }, Handed::Invitation { name: "Бота · 7А".into(), code: "ABCD-EFGH".into() }];
        assert_eq!(read(&serde_json::to_string(&handed).unwrap()), Some(handed.clone()));
        let long = serde_json::to_string(&vec![Handed::Invitation { name: "x".repeat(MOST_LETTERS + 1), code: "A".into() }]).unwrap();
        let many = serde_json::to_string(&vec![handed; MOST_SLIPS].concat()).unwrap();
        for wrong in ["", "[]", "{}", "[{\"kind\":\"letter\"}]", "[{\"kind\":\"invitation\",\"name\":\"\",\"code\":\"A\"}]", "[{\"kind\":\"invitation\",\"name\":\"a\",\"code\":\"A\\u0000\"}]", &long, &many] {
            assert_eq!(read(wrong), None, "{wrong:.60}");
        }
    }
}
