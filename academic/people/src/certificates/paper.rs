//! A certificate on paper, in Kazakh and in Russian: the same words on the page that the browser prints and in the PDF.

use actix_web::HttpRequest;
use identity::{School, factors::Picture};
use kernel::{Locale, id::show};
use web::{
    Answer, Site, Texts,
    print::{self, Column, Content, Document, Said},
};

use super::{rules::Code, store::Certificate};
use crate::{pupils::full_name, years::short};

/// The languages that a certificate is written in, the reader's first.
pub fn languages(reader: Locale) -> [Locale; 2] {
    if reader == Locale::Ru { [Locale::Ru, Locale::Kk] } else { [Locale::Kk, Locale::Ru] }
}

/// A certificate in one language, as a page shows it.
pub struct Sheet {
    /// The language.
    pub lang: &'static str,
    /// The school.
    pub school: String,
    /// The word "certificate".
    pub name: String,
    /// Its number.
    pub number: String,
    /// Its date.
    pub dated: String,
    /// What it is about.
    pub subject: String,
    /// That it holds no more.
    pub revoked: Option<String>,
    /// What it confirms.
    pub confirms: [String; 3],
    /// Of whom: what, and its value.
    pub facts: Vec<(String, String)>,
    /// For what, and how it is checked.
    pub closing: Vec<String>,
    /// As what somebody signs, and who.
    pub signs: (String, Option<String>),
}

/// Where anybody looks whether it is genuine.
pub fn check_address(site: &Site, certificate: &Certificate) -> String {
    format!("{}/certificate?code={}", site.url, printed_code(certificate))
}

/// The same as a picture for a phone's camera.
pub fn check_picture(site: &Site, certificate: &Certificate, label: String) -> kernel::Result<Picture> {
    Picture::of(&check_address(site, certificate), label)
}

fn printed_code(certificate: &Certificate) -> String {
    Code::read(&certificate.code).map_or_else(String::new, |code| code.printed())
}

/// The certificate in a language.
pub fn sheet(site: &Site, school: &School, certificate: &Certificate, locale: Locale) -> Sheet {
    let t = site.texts(locale).in_zone(&school.zone);
    let said = |key: &str| t.text(key.to_owned());
    Sheet {
        lang: locale.as_str(),
        school: school.name(locale).to_owned(),
        name: said("certificates-paper-name"),
        number: t.with("certificates-number", [("number", certificate.number.to_string())]),
        dated: short(certificate.dated),
        subject: said("certificates-paper-subject"),
        revoked: certificate.revoked_at.map(|at| t.with("certificates-revoked-on", [("date", t.date(at))])),
        confirms: ["certificates-paper-preamble", "certificates-paper-confirms", "certificates-paper-text"].map(said),
        facts: facts(&t, certificate),
        closing: vec![
            said("certificates-paper-shown"),
            t.with("certificates-paper-check", (("address", format!("{}/certificate", site.url)), ("code", printed_code(certificate)))),
        ],
        signs: (said("orders-signed"), certificate.signer.clone()),
    }
}

fn facts(t: &Texts<'_>, certificate: &Certificate) -> Vec<(String, String)> {
    let name = full_name(&certificate.surname, &certificate.given_name, certificate.patronymic.as_deref());
    let born = certificate.birth_date.map(|born| (t.text("certificates-paper-born"), short(born)));
    let class = (t.text("certificates-paper-class"), certificate.class_label.clone());
    let first = crate::years::year_of(certificate.dated);
    let year = (t.text("certificates-paper-year"), format!("{first}–{}", first + 1));
    [Some((t.text("certificates-paper-pupil"), name)), born, Some(class), Some(year)].into_iter().flatten().collect()
}

/// Answers with the PDF in a language; without the program that prints, with its refusal.
pub async fn respond(req: &HttpRequest, school: &School, certificate: &Certificate, asked: &str) -> Answer {
    let (site, t) = (Site::of(req)?, web::page::texts(req)?);
    let [usual, other] = languages(t.locale());
    let locale = if other.as_str() == asked { other } else { usual };
    let document = document(site, school, certificate, locale)?;
    print::respond(req, &document, &format!("{}-certificate-{}-{}-{}", school.code, certificate.number, certificate.year, locale.as_str())).await
}

fn document(site: &Site, school: &School, certificate: &Certificate, locale: Locale) -> kernel::Result<Document> {
    let sheet = sheet(site, school, certificate, locale);
    let t = site.texts(locale);
    let letterhead = |language: Locale| Said { language, text: school.name(language).to_owned() };
    let [preamble, orders, text] = sheet.confirms;
    let (signs, signer) = sheet.signs;
    let content = print::Order {
        letterhead: [letterhead(Locale::Kk), letterhead(Locale::Ru)],
        name: sheet.name,
        number: sheet.number,
        dated: sheet.dated,
        place: None,
        subject: sheet.subject,
        cancelled: sheet.revoked,
        preamble,
        orders,
        text,
        columns: vec![Column::words(t.text("certificates-paper-what"), 2), Column::words(t.text("certificates-paper-value"), 4)],
        rows: sheet.facts.into_iter().map(|(what, value)| vec![what, value]).collect(),
        closing: sheet.closing,
        signs,
        signer,
        acquainted: Vec::new(),
        qr: Some(check_picture(site, certificate, String::new())?.svg()),
        footer: t.with("certificates-title-of", (("number", certificate.number.to_string()), ("date", short(certificate.dated)))),
    };
    Ok(Document { locale, title: content.footer.clone(), made: certificate.issued_at, content: Content::Order(Box::new(content)) })
}

/// The certificate as a file, in each language: address and words; nothing where nothing prints.
pub fn files(req: &HttpRequest, t: &Texts<'_>, here: &str) -> Vec<(String, String)> {
    let file = |locale: Locale| (format!("{here}/certificate.pdf?language={}", locale.as_str()), t.text(format!("orders-paper-in-{}", locale.as_str())));
    if print::is_offered(req) { languages(t.locale()).map(file).into() } else { Vec::new() }
}

/// The address of a certificate below a page.
pub fn below(page: &str, certificate: &Certificate) -> String {
    format!("{page}/{}", show(certificate.id))
}
