//! A table of many rows: search, filters, sorting, choice of columns, paging, export, actions of a row and of many rows at once.
//!
//! The page asks the database for what [`Address`] says and hands over columns and rows; everything that a reader can press is a link or a
//! form here, so the table works without script. With script the search follows the typing, and the bar of actions appears with the first
//! row that is chosen.
//!
//! ```ignore
//! let address = Address::of(&req);
//! let sort = Sort::of(&address, &["name", "class"]);
//! DataTable::new(t, &req, "pupils", "people-pupils-title", address)
//!     .search("people-search")
//!     .columns(vec![DataColumn::text("name", t.text("people-name")).sortable().always(), …])
//!     .rows(rows).paging(paging).exports()
//! ```

use actix_web::HttpRequest;
use askama::{Template, filters::HtmlSafe};

use super::{Address, Align, Empty, Icon, Paging, StatusDot};
use crate::{
    cookie,
    csrf::{self, CsrfField},
    i18n::Texts,
};

/// So many filters stand beside the search; where there are more than one beyond them, they are folded away.
const NEAR: usize = 2;

/// A column.
#[derive(Debug, Clone)]
pub struct DataColumn {
    key: &'static str,
    text: String,
    align: Align,
    sorting: Sorting,
    shown: Shown,
}

/// Whether a column can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sorting {
    Fixed,
    Sortable,
}

/// When a column is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// The reader cannot hide it: it says whose row this is.
    Always,
    /// Until the reader hides it.
    UnlessHidden,
    /// When the reader asks for it.
    OnDemand,
}

impl DataColumn {
    /// A column of words. `key` names it in addresses and in the reader's choice.
    pub fn text(key: &'static str, text: String) -> Self {
        Self { key, text, align: Align::Text, sorting: Sorting::Fixed, shown: Shown::UnlessHidden }
    }

    /// A column of figures.
    pub fn number(key: &'static str, text: String) -> Self {
        Self { align: Align::Number, ..Self::text(key, text) }
    }

    /// With a heading that sorts.
    #[must_use]
    pub fn sortable(self) -> Self {
        Self { sorting: Sorting::Sortable, ..self }
    }

    /// Never hidden.
    #[must_use]
    pub fn always(self) -> Self {
        Self { shown: Shown::Always, ..self }
    }

    /// Hidden until it is asked for.
    #[must_use]
    pub fn on_demand(self) -> Self {
        Self { shown: Shown::OnDemand, ..self }
    }

    fn is_number(&self) -> bool {
        self.align == Align::Number
    }
}

/// By what a list is sorted: `?sort=name`, `?sort=-name`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// The column's key.
    pub by: &'static str,
    /// Which way.
    pub order: Order,
}

/// Which way a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// From А to Я.
    Ascending,
    /// From Я to А.
    Descending,
}

impl Sort {
    /// As the address says, if it names one of these columns; the first of them otherwise.
    pub fn of(address: &Address, sortable: &[&'static str]) -> Option<Self> {
        let asked = address.get("sort");
        let (name, order) = asked.strip_prefix('-').map_or((asked, Order::Ascending), |name| (name, Order::Descending));
        let named = sortable.iter().find(|key| **key == name).map(|by| Self { by, order });
        named.or_else(|| sortable.first().map(|by| Self { by, order: Order::Ascending }))
    }
}

/// What a cell shows.
#[derive(Debug, Clone)]
pub enum Cell {
    /// Nothing is known.
    Nothing,
    /// Words or figures.
    Text(String),
    /// Whose row this is: a link to it, and a small line below.
    Title {
        /// Where it leads.
        href: String,
        /// The name.
        text: String,
        /// Below it.
        note: Option<String>,
    },
    /// A state.
    Dot(StatusDot),
}

/// A row.
#[derive(Debug, Clone)]
pub struct Row {
    /// What is sent as `id` when the row is chosen.
    pub id: String,
    /// What a screen reader says of its box and its menu: the row's name.
    pub name: String,
    /// One cell a column, in the order of all columns.
    pub cells: Vec<Cell>,
    /// What can be done with it.
    pub actions: Vec<Action>,
}

/// What can be done with a row or with the chosen rows.
#[derive(Debug, Clone)]
pub struct Action {
    /// Where it leads or is sent.
    pub href: String,
    /// In words.
    pub text: String,
    /// How.
    pub way: Way,
}

/// How an action goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// A page is opened.
    Open,
    /// A form is sent, with the chosen rows as `id`.
    Send,
    /// The same after a question.
    Ask(String),
}

impl Action {
    fn question(&self) -> Option<&str> {
        if let Way::Ask(question) = &self.way { Some(question) } else { None }
    }

    fn opens(&self) -> bool {
        self.way == Way::Open
    }
}

/// A filter with a few values.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Its name in the address.
    pub name: &'static str,
    /// Its label.
    pub label: String,
    /// What stands for "all".
    pub all: String,
    /// Value and words.
    pub options: Vec<(String, String)>,
}

/// With which rows something can be done at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Those of this page that are chosen.
    Picked,
    /// Or all that match, on whatever page.
    All,
}

/// Where the list is had as a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Files {
    /// Nowhere.
    None,
    /// At its own address, asked for a format.
    Asked,
    /// At an address with the file's ending.
    Named,
}

/// What stands in the head of a column.
struct Heading {
    text: String,
    number: bool,
    /// Where sorting leads.
    href: Option<String>,
    /// `ascending`, `descending`, when the list is sorted by it.
    sorted: Option<&'static str>,
}

/// What the reader may choose to see.
struct Offer {
    key: &'static str,
    text: String,
    chosen: bool,
}

/// A filter that is set, and the address without it.
struct Chip {
    text: String,
    href: String,
}

/// The table with all around it.
#[derive(Template)]
#[template(path = "component/table.html")]
pub struct DataTable<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    name: &'static str,
    label: String,
    address: Address,
    sort: Option<Sort>,
    search: Option<String>,
    filters: Vec<Filter>,
    columns: Vec<DataColumn>,
    chosen: Option<Vec<String>>,
    rows: Vec<Row>,
    bulk: Vec<Action>,
    reach: Reach,
    found: Option<String>,
    files: Files,
    paging: Option<Paging>,
    empty: Option<Empty>,
}
impl HtmlSafe for DataTable<'_> {}

impl<'a> DataTable<'a> {
    /// A table named `name` (letters and hyphens: its id and the cookie of its columns), which a screen reader calls `label`.
    pub fn new(t: Texts<'a>, req: &HttpRequest, name: &'static str, label: String, address: Address) -> Self {
        Self {
            t,
            csrf: csrf::field(req),
            name,
            label,
            address,
            sort: None,
            search: None,
            filters: Vec::new(),
            columns: Vec::new(),
            chosen: cookie::chosen_columns(req, name),
            rows: Vec::new(),
            bulk: Vec::new(),
            reach: Reach::Picked,
            found: None,
            files: Files::None,
            paging: None,
            empty: None,
        }
    }

    /// With a field `q` under this label.
    #[must_use]
    pub fn search(self, label: String) -> Self {
        Self { search: Some(label), ..self }
    }

    /// With filters.
    #[must_use]
    pub fn filters(self, filters: Vec<Filter>) -> Self {
        Self { filters, ..self }
    }

    /// Its columns, and how the rows are sorted.
    #[must_use]
    pub fn columns(self, columns: Vec<DataColumn>, sort: Option<Sort>) -> Self {
        Self { columns, sort, ..self }
    }

    /// Its rows.
    #[must_use]
    pub fn rows(self, rows: Vec<Row>) -> Self {
        Self { rows, ..self }
    }

    /// What can be done with the chosen rows. Each is sent as a form with every chosen row as `id`.
    #[must_use]
    pub fn bulk(self, bulk: Vec<Action>) -> Self {
        Self { bulk, ..self }
    }

    /// What can be done with the chosen rows, or with everything that the search and the filters leave, on whatever page: the form then says
    /// so, and [`Chosen`](super::Chosen) reads it.
    #[must_use]
    pub fn bulk_of_all(self, bulk: Vec<Action>) -> Self {
        Self { bulk, reach: Reach::All, ..self }
    }

    /// How many the search and the filters leave, in words.
    #[must_use]
    pub fn found(self, words: String) -> Self {
        Self { found: Some(words), ..self }
    }

    /// With links to the same list as files: the address with `format=xlsx` and `format=csv`, which the page has to answer.
    #[must_use]
    pub fn exports(self) -> Self {
        Self { files: Files::Asked, ..self }
    }

    /// The same for a list whose files have addresses of their own: `…/pupils.xlsx` and `…/pupils.csv` beside `…/pupils`.
    #[must_use]
    pub fn files(self) -> Self {
        Self { files: Files::Named, ..self }
    }

    /// With its paging.
    #[must_use]
    pub fn paging(self, paging: Paging) -> Self {
        Self { paging: Some(paging), ..self }
    }

    /// What stands there when there are no rows.
    #[must_use]
    pub fn empty(self, empty: Empty) -> Self {
        Self { empty: Some(empty), ..self }
    }

    fn is_shown(&self, column: &DataColumn) -> bool {
        match (column.shown, &self.chosen) {
            (Shown::Always, _) => true,
            (_, Some(chosen)) => chosen.iter().any(|key| key == column.key),
            (shown, None) => shown == Shown::UnlessHidden,
        }
    }

    fn headings(&self) -> Vec<Heading> {
        let heading = |column: &DataColumn| {
            let sorted = self.sort.filter(|sort| sort.by == column.key).map(|sort| sort.order);
            let next = if sorted == Some(Order::Ascending) { format!("-{}", column.key) } else { column.key.to_owned() };
            Heading {
                text: column.text.clone(),
                number: column.is_number(),
                href: (column.sorting == Sorting::Sortable).then(|| self.address.with("sort", &next).href()),
                sorted: sorted.map(|order| if order == Order::Ascending { "ascending" } else { "descending" }),
            }
        };
        self.columns.iter().filter(|column| self.is_shown(column)).map(heading).collect()
    }

    /// The cells that are shown, each with its column.
    fn cells<'r>(&'r self, row: &'r Row) -> Vec<(&'r DataColumn, &'r Cell)> {
        self.columns.iter().zip(&row.cells).filter(|(column, _)| self.is_shown(column)).collect()
    }

    /// Nothing where no column can be hidden.
    fn offers(&self) -> Vec<Offer> {
        let free = self.columns.iter().filter(|column| column.shown != Shown::Always);
        free.map(|column| Offer { key: column.key, text: column.text.clone(), chosen: self.is_shown(column) }).collect()
    }

    fn chips(&self) -> Vec<Chip> {
        let set = |filter: &Filter| {
            let value = self.address.get(filter.name);
            let words = filter.options.iter().find(|(one, _)| one == value).map(|(_, words)| words)?;
            let text = self.t.with("table-chip", (("label", filter.label.as_str()), ("value", words.as_str())));
            Some(Chip { text, href: self.address.without(filter.name).href() })
        };
        let typed = Some(self.address.get("q")).filter(|typed| self.search.is_some() && !typed.is_empty());
        let searched = typed.map(|typed| Chip { text: self.t.with("table-chip-search", [("words", typed)]), href: self.address.without("q").href() });
        searched.into_iter().chain(self.filters.iter().filter_map(set)).collect()
    }

    /// Those beside the search.
    fn near_filters(&self) -> &[Filter] {
        self.filters.get(..NEAR).filter(|_| self.filters.len() > NEAR + 1).unwrap_or(&self.filters)
    }

    /// Those behind "more filters".
    fn far_filters(&self) -> &[Filter] {
        self.filters.get(NEAR..).filter(|far| far.len() > 1).unwrap_or_default()
    }

    fn is_far_filter_set(&self) -> bool {
        self.far_filters().iter().any(|filter| !self.address.get(filter.name).is_empty())
    }

    fn has_controls(&self) -> bool {
        self.search.is_some() || !self.filters.is_empty()
    }

    /// What the form of search and filters carries along.
    fn carried(&self) -> Vec<(String, String)> {
        let asked: Vec<&str> = std::iter::once("q").chain(self.filters.iter().map(|filter| filter.name)).collect();
        self.address.carried(&asked)
    }

    fn formats(&self) -> &'static [&'static str] {
        if self.files == Files::None { &[] } else { &["xlsx", "csv"] }
    }

    fn export(&self, format: &str) -> String {
        if self.files == Files::Named { self.address.at(format!("{}.{format}", self.address.path())).href() } else { self.address.with("format", format).href() }
    }

    /// What the form of the rows carries along, so that it can be done with all that match.
    fn whole(&self) -> Option<String> {
        (self.reach == Reach::All).then(|| self.address.without("sort").query())
    }

    fn format_name(&self, format: &str) -> String {
        self.t.text(if format == "xlsx" { "table-excel" } else { "table-csv" })
    }

    fn has_actions(&self) -> bool {
        self.rows.iter().any(|row| !row.actions.is_empty())
    }

    fn icon(&self, name: &'static str) -> Icon {
        Icon(name)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use kernel::Locale;

    use super::*;
    use crate::{Catalog, LOCALES};

    fn table<'a>(catalog: &'a Catalog, uri: &str, columns: Option<&str>) -> DataTable<'a> {
        let mut request = TestRequest::with_uri(uri);
        if let Some(columns) = columns {
            request = request.insert_header(("cookie", format!("columns-pupils={columns}")));
        }
        let req = request.to_http_request();
        let address = Address::of(&req);
        let sort = Sort::of(&address, &["name", "born"]);
        let row = Row { id: "01".into(), name: "Ә <b>".into(), cells: vec![Cell::Title { href: "/p/01".into(), text: "Ә <b>".into(), note: None }, Cell::Text("2016".into()), Cell::Nothing], actions: vec![Action { href: "/p/01/remove".into(), text: "Жою".into(), way: Way::Ask("Жою керек пе?".into()) }] };
        DataTable::new(catalog.texts(Locale::En), &req, "pupils", "Pupils".into(), address)
            .search("Name".into())
            .filters(vec![Filter { name: "class", label: "Class".into(), all: "All".into(), options: vec![("7a".into(), "7А".into())] }])
            .columns(vec![DataColumn::text("name", "Name".into()).sortable().always(), DataColumn::number("born", "Born".into()).sortable(), DataColumn::text("card", "Card".into()).on_demand()], sort)
            .rows(vec![row])
            .bulk(vec![Action { href: "/p/move".into(), text: "Move".into(), way: Way::Send }])
            .exports()
    }

    #[test]
    fn everything_a_reader_presses_keeps_what_was_asked_for() {
        let catalog = Catalog::build(LOCALES).unwrap();
        let html = table(&catalog, "/p?class=7a&q=x&sort=-born&after=9", None).render().unwrap();
        for part in [
            "href=\"/p?class=7a&#38;q=x&#38;sort=name\"",
            "href=\"/p?class=7a&#38;q=x&#38;sort=born\"",
            "aria-sort=\"descending\"",
            "href=\"/p?q=x&#38;sort=-born\"",
            "href=\"/p?class=7a&#38;sort=-born\"",
            "<input type=\"hidden\" name=\"sort\" value=\"-born\">",
            "format=xlsx",
            "formaction=\"/p/01/remove\"",
            "data-confirm=\"Жою керек пе?\"",
            "Ә &#60;b&#62;",
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
    }

    #[test]
    fn columns_are_shown_as_the_reader_chose() {
        let catalog = Catalog::build(LOCALES).unwrap();
        let shown = |columns| table(&catalog, "/p", columns).headings().into_iter().map(|heading| heading.text).collect::<Vec<_>>();
        assert_eq!(shown(None), ["Name", "Born"]);
        assert_eq!(shown(Some("card")), ["Name", "Card"]);
        assert_eq!(shown(Some("nonsense")), ["Name"]);
    }

    #[test]
    fn only_columns_that_can_be_sorted_by_sort() {
        let sorted = |query: &str| Sort::of(&Address::new("/p").with("sort", query), &["name", "born"]).map(|sort| (sort.by, sort.order));
        assert_eq!(sorted("-born"), Some(("born", Order::Descending)));
        assert_eq!(sorted("password"), Some(("name", Order::Ascending)));
        assert_eq!(sorted(""), Some(("name", Order::Ascending)));
    }
}
