//! The token of a half-open session: the password was right, the code is still to come. Its state is a row of ours; the browser holds a
//! token of its own kind, which is no session and opens no page.

use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite, time::Duration},
};
use jiff::SignedDuration;
use web::Site;

/// How long a code may be waited for.
pub const LIVES_FOR: SignedDuration = SignedDuration::from_secs(5 * 60);

fn name(site: &Site) -> &'static str {
    if site.is_https() { "__Host-sign-in" } else { "sign-in" }
}

/// The token that the browser sent.
pub fn token(req: &HttpRequest) -> Option<String> {
    let site = Site::of(req).ok()?;
    req.cookie(name(site)).map(|cookie| cookie.value().to_owned()).filter(|token| !token.is_empty())
}

/// The cookie of a fresh one.
pub fn cookie(site: &Site, token: String) -> Cookie<'static> {
    let lives_for = Duration::seconds(LIVES_FOR.as_secs());
    Cookie::build(name(site), token).path("/").http_only(true).same_site(SameSite::Lax).secure(site.is_https()).max_age(lives_for).finish()
}

/// Takes the cookie away.
pub fn removal(site: &Site) -> Cookie<'static> {
    let mut cookie = cookie(site, String::new());
    cookie.make_removal();
    cookie
}
