//! Before somebody is written down anew: who of the school is called the same.

use actix_web::HttpRequest;
use identity::{
    schools::School,
    trail::{self, Sight},
};
use kernel::{Ctx, audit::Whose, id::PersonId};
use web::{Site, Texts};

use super::store::{self, Namesake};
use crate::pupils::{NewPerson, card::view, full_name};

/// Somebody of the school as a form warns of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Alike {
    /// Their page.
    pub href: String,
    /// Their name.
    pub name: String,
    /// Date of birth, class, what they are here.
    pub what: String,
}

/// Who of the school, now or before, is called as this person, in whatever order the names are, and was not born on another day. `but` is
/// the form's own person: sent twice, a form does not warn of itself.
pub(crate) async fn of(req: &HttpRequest, ctx: &Ctx, school: &School, person: &NewPerson, but: Option<PersonId>) -> kernel::Result<Vec<Alike>> {
    let (site, t) = (Site::of(req)?, web::page::texts(req)?);
    let key = (school.id, person.surname.clone(), person.given_name.clone(), person.birth_date, but);
    let found = site.db.run(&ctx.scope, async |tx| store::NAMESAKE_LIST.all(tx, key).await).await?;
    if !found.is_empty() {
        trail::read(req, ctx, [Sight::of(school.id, "people.see_namesakes", Whose::persons(found.iter().map(|one| one.id)))]).await?;
    }
    Ok(found.iter().map(|one| alike(&t, &school.code, one)).collect())
}

fn alike(t: &Texts<'_>, code: &str, one: &Namesake) -> Alike {
    let (page, what) = match &one.class_label {
        Some(label) => ("pupils", Some(t.with("doubles-is-pupil", [("class", label.as_str())]))),
        None if one.is_guardian => ("guardians", Some(t.text("doubles-is-guardian"))),
        None if one.is_staff => ("staff", Some(t.text("doubles-is-staff"))),
        // Who has left is found through the book.
        None => ("alphabet", Some(t.text("doubles-is-former"))),
    };
    let href = if page == "alphabet" { format!("/{code}/alphabet?q={}", web::failure::encoded(&one.surname)) } else { format!("/{code}/{page}/{}", one.id) };
    let born = one.birth_date.map(view::day);
    Alike { href, name: full_name(&one.surname, &one.given_name, one.patronymic.as_deref()), what: born.into_iter().chain(what).collect::<Vec<_>>().join(", ") }
}
