//! The address of a list: where it is, and what of it is asked for. Every control of a list makes its link from it, so that what was
//! searched, filtered and sorted stays when something else is chosen, and a page can be sent to a colleague as it is.

use actix_web::{HttpRequest, web::Query};

use crate::failure::encoded;

/// Where paging stands; it means nothing after the list has changed.
const AFTER: &str = "after";

/// A path with its query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    path: String,
    query: Vec<(String, String)>,
}

impl Address {
    /// A list with nothing asked for.
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), query: Vec::new() }
    }

    /// As a request asked for it. What is empty is left out.
    pub fn of(req: &HttpRequest) -> Self {
        let query = Query::<Vec<(String, String)>>::from_query(req.query_string()).map(Query::into_inner).unwrap_or_default();
        Self { path: req.path().to_owned(), query: query.into_iter().filter(|(_, value)| !value.is_empty()).take(40).collect() }
    }

    /// The path alone.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is asked for by this name; empty for nothing.
    pub fn get(&self, name: &str) -> &str {
        self.query.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value)
    }

    /// The same with this asked for, from the first page.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut changed = self.without(name);
        if !value.is_empty() {
            changed.query.push((name.to_owned(), value.to_owned()));
        }
        changed
    }

    /// The same without it, from the first page.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let kept = self.query.iter().filter(|(one, _)| one != name && one != AFTER);
        Self { path: self.path.clone(), query: kept.cloned().collect() }
    }

    /// What a form that asks for these names has to carry along, hidden.
    pub fn carried(&self, asked: &[&str]) -> Vec<(String, String)> {
        self.query.iter().filter(|(name, _)| name != AFTER && !asked.contains(&name.as_str())).cloned().collect()
    }

    /// As a link.
    pub fn href(&self) -> String {
        let query = self.query();
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }

    /// What is asked for, as it stands behind the question mark.
    pub fn query(&self) -> String {
        let asked: Vec<String> = self.query.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        asked.join("&")
    }

    /// The same list at another path, from the first page.
    #[must_use]
    pub fn at(&self, path: impl Into<String>) -> Self {
        Self { path: path.into(), ..self.without(AFTER) }
    }

    /// A list whose query was sent along with a form.
    pub fn sent(path: impl Into<String>, query: &str) -> Self {
        let query = Query::<Vec<(String, String)>>::from_query(query).map(Query::into_inner).unwrap_or_default();
        Self { path: path.into(), query: query.into_iter().filter(|(name, value)| !value.is_empty() && name != AFTER).take(40).collect() }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_control_changes_its_own_part_and_goes_back_to_the_first_page() {
        let asked = Address::of(&TestRequest::with_uri("/12mektep/pupils?q=%D3%99%20%26&class=&sort=-name&after=01").to_http_request());
        assert_eq!((asked.path(), asked.get("q"), asked.get("class"), asked.get("after")), ("/12mektep/pupils", "ә &", "", "01"));
        assert_eq!(asked.with("sort", "name").href(), "/12mektep/pupils?q=%D3%99%20%26&sort=name");
        assert_eq!(asked.without("q").with("sort", "").href(), "/12mektep/pupils");
        assert_eq!(asked.carried(&["q"]), [("sort".to_owned(), "-name".to_owned())]);
        assert_eq!(Address::new("/x").with("after", "02").href(), "/x?after=02");
        assert_eq!(asked.at("/12mektep/pupils.csv").href(), "/12mektep/pupils.csv?q=%D3%99%20%26&sort=-name");
        assert_eq!(Address::sent("/x", &asked.query()).href(), "/x?q=%D3%99%20%26&sort=-name");
    }
}
