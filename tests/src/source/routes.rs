//! The routes as the rooms write them: `.route("/{school}/pupils", get().to(list))`, and the guard in the handler's arguments.

use super::{files::files, rust::rust};

/// What a handler asks of who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// Nothing.
    Open,
    /// A signed-in person, who sees their own.
    SignedIn,
    /// A right, such as `people.see_pupils`.
    Right(String),
}

/// A route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// `GET`.
    pub method: String,
    /// `/{school}/pupils`.
    pub path: String,
    /// What its handler asks.
    pub access: Access,
    /// Its handler.
    pub handler: String,
    /// Where it is written.
    pub file: String,
}

/// Every route of the program in order of paths, or what could not be read.
///
/// # Errors
/// A route or a guard written in a way that this reader does not know.
pub fn routes() -> Result<Vec<Route>, Vec<String>> {
    let (mut found, mut unreadable) = (Vec::new(), Vec::new());
    for file in files().iter().filter(|file| file.is(".rs") && file.path.contains("/src/") && !file.below("tests") && !file.is("/tests.rs")) {
        let text = rust(&file.text).uncommented;
        if !text.contains("ServiceConfig") {
            continue;
        }
        for other in ["web::resource(", "web::scope(", "#[get(", "#[post("] {
            if text.contains(other) {
                unreadable.push(format!("{}: routes are written `.route(path, method().to(handler))`, not `{other}`", file.path));
            }
        }
        for (at, mark) in text.match_indices(".route(") {
            let call = text.get(at + mark.len()..).unwrap_or_default();
            match route(call, &text, &file.path) {
                Some(route) => found.push(route),
                None => unreadable.push(format!("{}: cannot read `.route({}`", file.path, call.lines().next().unwrap_or_default())),
            }
        }
    }
    found.sort_by(|one: &Route, other| (&one.path, &one.method).cmp(&(&other.path, &other.method)));
    if unreadable.is_empty() { Ok(found) } else { Err(unreadable) }
}

/// Reads `"/path", get().to(handler))` or `PATH, http::get().to(handler))`.
fn route(call: &str, text: &str, file: &str) -> Option<Route> {
    let (address, rest) = call.split_once(',')?;
    let path = match address.trim().strip_prefix('"') {
        Some(quoted) => quoted.strip_suffix('"')?,
        None => text.split_once(&format!("const {}: &str = \"", address.trim()))?.1.split('"').next()?,
    };
    let (method, rest) = rest.split_once("()")?;
    let method = method.trim().rsplit(':').next()?;
    let (handler, _) = rest.trim_start().strip_prefix(".to(")?.split_once(')')?;
    let plain = method.chars().all(char::is_alphabetic) && handler.chars().all(|one| one.is_alphanumeric() || one == '_');
    let access = access(text, handler).filter(|_| plain)?;
    Some(Route { method: method.to_uppercase(), path: path.to_owned(), access, handler: handler.to_owned(), file: file.to_owned() })
}

/// What the handler's arguments ask.
fn access(text: &str, handler: &str) -> Option<Access> {
    let after = text.split_once(&format!("fn {handler}("))?.1;
    let arguments = after.split_once(") -> ")?.0;
    if arguments.contains("MyGuard") {
        return Some(Access::SignedIn);
    }
    match arguments.split_once("Guard<") {
        Some((_, rest)) => Some(Access::Right(right(rest.split('>').next()?)?)),
        None => Some(Access::Open),
    }
}

/// The right that a type declared by `rights!` stands for.
fn right(name: &str) -> Option<String> {
    let name = name.rsplit("::").next()?;
    let declared = files().iter().filter(|file| file.is(".rs") && file.path.contains("/src/") && file.text.contains("rights! {"));
    declared.filter_map(|file| Some(file.text.split_once(&format!(" {name} = \""))?.1.split('"').next()?.to_owned())).next()
}
