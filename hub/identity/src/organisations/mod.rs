//! Organisations: a person of several goes from one to another without signing out.
//! Owns nothing. The choice is a cookie of this browser: it says whose pages stand in the navigation, and opens nothing by itself.
//! Rights: none; everybody goes where they belong.
//! Always true:
//!  1. Only an organisation that the person belongs to is gone to, and a cookie that names another is passed over ([`chosen`]).

mod pages;

use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite, time::Duration},
};
use kernel::{id::SchoolId, right::Role};

pub use pages::routes;
use web::Site;

use crate::{School, sessions::Identity};

const COOKIE: &str = "place";

/// The organisations where somebody works, each once.
pub fn workplaces(identity: &Identity) -> Vec<SchoolId> {
    let whole = identity.grants.iter().filter(|(_, role)| !matches!(role, Role::Guardian | Role::Pupil)).map(|(school, _)| *school);
    let mut places: Vec<SchoolId> = whole.chain(identity.limited.iter().map(|held| held.school)).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// Which of the places this browser chose.
pub fn chosen<'a>(req: &HttpRequest, places: &'a [School]) -> Option<&'a School> {
    let code = req.cookie(COOKIE)?;
    places.iter().find(|place| place.code == code.value())
}

/// The choice of a place, kept by the browser.
fn choice(site: &Site, code: &str) -> Cookie<'static> {
    Cookie::build(COOKIE, code.to_owned()).path("/").http_only(true).same_site(SameSite::Lax).secure(site.is_https()).max_age(Duration::days(365)).finish()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use kernel::id::Uuid;

    use super::*;

    #[test]
    fn inv_1_a_cookie_that_names_another_place_is_passed_over() {
        let school = |code: &str| School { id: SchoolId(Uuid::nil()), code: code.to_owned(), name_kk: String::new(), name_ru: String::new(), name_en: String::new(), zone: String::new() };
        let places = [school("s001"), school("s002")];
        let asking = |code: &str| TestRequest::get().cookie(Cookie::new(COOKIE, code.to_owned())).to_http_request();
        assert_eq!(chosen(&asking("s002"), &places).map(|place| place.code.as_str()), Some("s002"));
        assert_eq!(chosen(&asking("s003"), &places), None);
        assert_eq!(chosen(&TestRequest::get().to_http_request(), &places), None);
    }
}
