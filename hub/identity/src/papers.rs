//! Papers with a code: how often somebody may ask whether one is genuine. The rooms that issue papers answer; here they are counted by address.

use actix_web::HttpRequest;
use kernel::Result;
use web::Site;

use crate::accounts::{Asking, Limits, Visit};

/// Counts one more question; the inner error is how many seconds to wait.
///
/// # Errors
/// When the server forgot to register the site.
pub fn ask(req: &HttpRequest) -> Result<std::result::Result<(), u32>> {
    let site = Site::of(req)?;
    Ok(site.memory.of::<Limits>().take(Asking::Paper(Visit::of(req).address), site.clock.now()))
}
