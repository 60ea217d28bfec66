//! Sheets to print and cut: one slip for each person, in Kazakh and Russian whatever the reader's language is, since who gets the slip
//! reads one of them.

use actix_web::HttpRequest;
use askama::{Template, filters::HtmlSafe};
use kernel::{Locale, Result};
use web::{Answer, Page, Site, Texts};

use crate::{School, factors::Picture};


/// The languages of a slip.
const LANGUAGES: [Locale; 2] = [Locale::Kk, Locale::Ru];

/// A slip of paper for one person.
#[derive(Debug, Clone, Template)]
#[template(path = "login_slip.html")]
pub struct Slip {
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
}

impl Slip {
    /// A login with its password.
    ///
    /// # Errors
    /// When the address is too long for a QR code.
    pub fn of_login(site: &Site, school: &School, name: &str, login: &str, password: &str) -> Result<Self> {
        let address = format!("{}/sign-in", site.url);
        let words = vec![(both(site, "sign-in-login"), login.to_owned()), (both(site, "sign-in-password"), password.to_owned())];
        Self::make(site, school, name.to_owned(), words, "slip-login-steps", &address, &address)
    }

    /// A code by which a guardian makes a login.
    ///
    /// # Errors
    /// When the address is too long for a QR code.
    pub fn of_invitation(site: &Site, school: &School, name: String, code: &str) -> Result<Self> {
        let address = format!("{}/join", site.url);
        let words = vec![(both(site, "join-code"), code.to_owned())];
        Self::make(site, school, name, words, "slip-invitation-steps", &address, &format!("{address}?code={code}"))
    }

    fn make(site: &Site, school: &School, name: String, words: Vec<(String, String)>, steps: &str, address: &str, behind_qr: &str) -> Result<Self> {
        let steps = LANGUAGES.map(|locale| (locale.as_str(), site.texts(locale).with(steps, [("address", address)]))).into();
        Ok(Self { name, words, steps, school: in_both(|locale| school.name(locale).to_owned()), qr: Picture::of(behind_qr, address.to_owned())? })
    }
}

/// Shows the slips, ready to print.
pub fn respond(req: &HttpRequest, title: &str, back: &str, slips: Vec<Slip>) -> Answer {
    let t = web::page::texts(req)?;
    let view = Sheet { title: t.text(title), back, slips, t };
    Page::new(view.title.clone()).respond(req, &view)
}

fn both(site: &Site, key: &str) -> String {
    in_both(|locale| site.texts(locale).text(key))
}

fn in_both(text: impl Fn(Locale) -> String) -> String {
    let [kk, ru] = LANGUAGES.map(text);
    if kk == ru { kk } else { format!("{kk} / {ru}") }
}
