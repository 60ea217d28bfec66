//! The navigation: the pages that a reader may open, those of the first rank at hand and the others in groups.
//!
//! Who may open five pages or fewer has them all in one row, on a phone in a bar under the thumb. Whoever has more finds the few of the
//! first rank in that row, and the others in menus named for what they are about; on a phone the bar keeps four and "more" opens the rest.
//! A menu is a `<details>`: it opens without script. A group of which a reader may open one page only is that page's own link.

use actix_web::HttpRequest;
use askama::{Template, filters::HtmlSafe};
use kernel::right::{Permission, Right, Role};

use crate::{assets, i18n::Texts, page::Viewer, site::Site};

/// More entries than this are put into groups.
const IN_ONE_ROW: usize = 5;
/// How many entries the bar of a phone shows beside "more".
const IN_BAR: usize = 4;

/// One entry of the navigation.
#[derive(Debug, Clone, Copy)]
pub struct NavItem {
    /// The right that its page asks for.
    pub right: Right,
    /// The delivered roles that see it; who was granted the right by a role of the school sees it too, at that school.
    pub roles: &'static [Role],
    /// Where it leads; `{school}` stands for the school's code.
    pub href: &'static str,
    /// Icon of `assets/icons.svg`.
    pub icon: &'static str,
    /// Message key.
    pub text: &'static str,
    /// Whether the right may be held for some classes only; who holds it so sees the entry at that school.
    pub by_class: bool,
    /// What it is about; nothing for the group of its room.
    pub group: Option<NavGroup>,
    /// How near at hand it is.
    pub rank: Rank,
}

/// How near at hand an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rank {
    /// Opened many times a day: never hidden in a menu.
    First,
    /// Found in its group.
    Second,
    /// Not a place but the way to all of them: the search of the header, one for a reader.
    Search,
}

impl NavItem {
    /// The entry of a page behind the right `P`.
    pub const fn of<P: Permission>(href: &'static str, icon: &'static str, text: &'static str) -> Self {
        Self { right: P::RIGHT, roles: P::ROLES, href, icon, text, by_class: P::IS_BY_CLASS, group: None, rank: Rank::Second }
    }

    /// The same in another group than its room's.
    #[must_use]
    pub const fn in_group(self, group: NavGroup) -> Self {
        Self { group: Some(group), ..self }
    }

    /// The same always at hand. For what is opened many times a day.
    #[must_use]
    pub const fn first(self) -> Self {
        Self { rank: Rank::First, ..self }
    }

    /// The search that opens from the header of every page, and over it with "/" or Ctrl+K. Its page answers `?q=…`, and with
    /// `&part=palette` the options of a list.
    #[must_use]
    pub const fn searching(self) -> Self {
        Self { rank: Rank::Search, ..self }
    }

    fn about(&self) -> NavGroup {
        self.group.unwrap_or_else(|| if self.href.starts_with("/my") { NavGroup::Own } else { NavGroup::of_room(self.right) })
    }
}

/// What an entry is about, in the order shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NavGroup {
    /// What happens now.
    Today,
    /// Pupils, families, staff.
    People,
    /// The school year: classes, movement, orders.
    Year,
    /// Terminals and turnstiles.
    Devices,
    /// Who may know what, and for how long.
    Protection,
    /// Access, delivery and other settings.
    Administration,
    /// The reader's own.
    Own,
}

impl NavGroup {
    const ALL: [Self; 7] = [Self::Today, Self::People, Self::Year, Self::Devices, Self::Protection, Self::Administration, Self::Own];

    /// Where a room's pages stand if they say nothing else: by the first word of the right.
    fn of_room(right: Right) -> Self {
        match right.0.split('.').next().unwrap_or_default() {
            "live" | "departments" => Self::Today,
            "years" | "classes" | "movement" | "orders" | "rollover" | "contingent" => Self::Year,
            "fleet" => Self::Devices,
            "consents" | "trail" | "breaches" | "retention" | "erasure" => Self::Protection,
            "identity" | "delivery" => Self::Administration,
            "app" => Self::Own,
            _ => Self::People,
        }
    }

    fn name(self, t: &Texts<'_>) -> String {
        t.text(match self {
            Self::Today => "nav-group-today",
            Self::People => "nav-group-people",
            Self::Year => "nav-group-year",
            Self::Devices => "nav-group-devices",
            Self::Protection => "nav-group-protection",
            Self::Administration => "nav-group-administration",
            Self::Own => "nav-group-own",
        })
    }
}

/// A page that the reader may open.
#[derive(Debug, Clone)]
pub struct Link {
    /// Where it is.
    pub href: String,
    /// Its name in the reader's language.
    pub text: String,
    /// What it is about, in the reader's language.
    pub about: String,
    icon: String,
    group: NavGroup,
    rank: Rank,
    current: bool,
}

/// What the header of a page offers: the navigation, and the search if the reader may search.
pub(crate) fn header(site: &Site, t: &Texts<'_>, viewer: &Viewer, path: &str) -> (Navigation, Option<Link>) {
    let (search, places): (Vec<Link>, Vec<Link>) = links(site, t, viewer, path).into_iter().partition(|link| link.rank == Rank::Search);
    (Navigation::of(t, places), search.into_iter().next())
}

/// Every page that the reader may open from the navigation, in its order; the one that `path` belongs to is marked.
fn links(site: &Site, t: &Texts<'_>, viewer: &Viewer, path: &str) -> Vec<Link> {
    let mut links: Vec<Link> = site.navigation.iter().filter(|item| sees(viewer, item)).filter_map(|item| link(t, viewer, item)).collect();
    // A page below an entry belongs to it; of two entries the longer address knows better.
    if let Some(nearest) = links.iter_mut().filter(|link| is_at_or_below(path, &link.href)).max_by_key(|link| link.href.len()) {
        nearest.current = true;
    }
    links
}

/// Every page that whoever sent this request may open from the navigation.
///
/// # Errors
/// When the server forgot to register the site.
pub fn links_of(req: &HttpRequest) -> kernel::Result<Vec<Link>> {
    use actix_web::HttpMessage;
    let (site, t) = (Site::of(req)?, crate::page::texts(req)?);
    let viewer = req.extensions().get::<Viewer>().cloned();
    let links = viewer.map(|viewer| links(site, &t, &viewer, req.path())).unwrap_or_default();
    Ok(links.into_iter().filter(|link| link.rank != Rank::Search).collect())
}

/// Those of these pages that whoever sent this request may open, in their order.
///
/// # Errors
/// When the server forgot to register the site.
pub fn open_to(req: &HttpRequest, items: &[NavItem]) -> kernel::Result<Vec<Link>> {
    use actix_web::HttpMessage;
    let t = crate::page::texts(req)?;
    let viewer = req.extensions().get::<Viewer>().cloned().unwrap_or_default();
    Ok(items.iter().filter(|item| sees(&viewer, item)).filter_map(|item| link(&t, &viewer, item)).collect())
}

/// Whether whoever sent this request holds a right at the school in sight, by its name: for a link into a wing that the caller's stands below.
///
/// # Errors
/// When the server forgot to register the site.
pub fn may(req: &HttpRequest, right: Right) -> kernel::Result<bool> {
    use actix_web::HttpMessage;
    let viewer = req.extensions().get::<Viewer>().cloned().unwrap_or_default();
    let holders = Site::of(req)?.rights.iter().find(|(one, _)| *one == right).map(|(_, holders)| *holders).unwrap_or_default();
    let by_role = holders.iter().any(|role| viewer.roles_here.contains(role));
    Ok((by_role && viewer.granted_here.leaves(right)) || viewer.granted_here.holds(right, holders))
}

fn link(t: &Texts<'_>, viewer: &Viewer, item: &NavItem) -> Option<Link> {
    let href = match (&viewer.school, item.href.contains("{school}")) {
        (Some(school), true) => item.href.replace("{school}", school),
        (None, true) => return None,
        (_, false) => item.href.to_owned(),
    };
    Some(Link { current: false, icon: assets::icon(item.icon), text: t.text(item.text), about: item.about().name(t), group: item.about(), rank: item.rank, href })
}

fn sees(viewer: &Viewer, item: &NavItem) -> bool {
    let at_school = item.href.contains("{school}");
    let held = if at_school { &viewer.roles_here } else { &viewer.roles };
    let by_role = item.roles.iter().any(|role| held.contains(role));
    let granted = &viewer.granted_here;
    let for_some_classes = || item.by_class && !granted.classes_of(item.right, item.roles).is_empty();
    if at_school { (by_role && granted.leaves(item.right)) || granted.holds(item.right, item.roles) || for_some_classes() } else { by_role }
}

fn is_at_or_below(path: &str, entry: &str) -> bool {
    path.strip_prefix(entry).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The navigation of a page's header.
#[derive(Default, Template)]
#[template(path = "navigation.html")]
pub(crate) struct Navigation {
    label: String,
    more: String,
    /// In the row itself; those in the bar of a phone first.
    at_hand: Vec<Link>,
    /// Menus of the row.
    menus: Vec<Section>,
    /// What a phone shows behind "more".
    sheet: Vec<Section>,
}
impl HtmlSafe for Navigation {}

/// Links of one group.
struct Section {
    text: String,
    links: Vec<Link>,
}

impl Section {
    fn is_current(&self) -> bool {
        self.links.iter().any(|link| link.current)
    }

    /// A group of one page needs no menu.
    fn alone(&self) -> Option<&Link> {
        if let [only] = self.links.as_slice() { Some(only) } else { None }
    }
}

impl Navigation {
    pub(crate) fn of(t: &Texts<'_>, links: Vec<Link>) -> Self {
        let (label, more) = (t.text("navigation"), t.text("nav-more"));
        if links.len() <= IN_ONE_ROW {
            return Self { label, more, at_hand: links, menus: Vec::new(), sheet: Vec::new() };
        }
        let (at_hand, rest): (Vec<Link>, Vec<Link>) = links.into_iter().partition(|link| link.rank == Rank::First);
        let beyond_the_bar: Vec<Link> = at_hand.iter().skip(IN_BAR).chain(&rest).cloned().collect();
        Self { label, more, at_hand, menus: sections(t, &rest), sheet: sections(t, &beyond_the_bar) }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.at_hand.is_empty() && self.menus.is_empty()
    }

    /// Whether it takes a row of its own.
    pub(crate) fn is_long(&self) -> bool {
        !self.sheet.is_empty()
    }

    /// Whether the bar of a phone has no room for the entry at this place.
    fn beyond_bar(&self, place: &usize) -> bool {
        self.is_long() && *place >= IN_BAR
    }

    /// Whether the page shown is one behind "more".
    fn is_in_sheet(&self) -> bool {
        self.sheet.iter().any(Section::is_current)
    }

    fn icon(&self, name: &str) -> String {
        assets::icon(name)
    }
}

fn sections(t: &Texts<'_>, links: &[Link]) -> Vec<Section> {
    let of_group = |group: NavGroup| Section { text: group.name(t), links: links.iter().filter(|link| link.group == group).cloned().collect() };
    NavGroup::ALL.into_iter().map(of_group).filter(|section| !section.links.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use kernel::Locale;

    use super::*;
    use crate::{Catalog, LOCALES};

    kernel::rights! {
        /// Sees something.
        See = "people.see": [Director],
    }

    #[test]
    fn a_page_below_an_entry_belongs_to_it() {
        for (path, entry, belongs) in [("/my", "/my", true), ("/my/01", "/my", true), ("/mylord", "/my", false), ("/", "/my", false)] {
            assert_eq!(is_at_or_below(path, entry), belongs, "{path} {entry}");
        }
    }

    #[test]
    fn an_entry_stands_in_its_rooms_group_unless_it_says_another() {
        let pupils = NavItem::of::<See>("/{school}/pupils", "people", "x");
        assert_eq!(pupils.about(), NavGroup::People);
        assert_eq!(pupils.in_group(NavGroup::Year).about(), NavGroup::Year);
        assert_eq!(NavItem { right: Right("trail.see_own"), href: "/my/audit", ..pupils }.about(), NavGroup::Own);
        for (right, group) in [("live.see_school", NavGroup::Today), ("trail.see", NavGroup::Protection), ("identity.manage_roles", NavGroup::Administration), ("fleet.see", NavGroup::Devices)] {
            assert_eq!(NavGroup::of_room(Right(right)), group, "{right}");
        }
    }

    fn link(text: &str, group: NavGroup, rank: Rank) -> Link {
        Link { href: format!("/{text}"), text: text.to_owned(), about: String::new(), icon: String::new(), group, rank, current: text == "orders" }
    }

    fn texts_of(links: &[Link]) -> Vec<&str> {
        links.iter().map(|link| link.text.as_str()).collect()
    }

    #[test]
    fn few_entries_stand_in_one_row() {
        let catalog = Catalog::build(LOCALES).unwrap();
        let few = ["a", "b", "c", "d", "e"].map(|text| link(text, NavGroup::People, Rank::Second));
        let nav = Navigation::of(&catalog.texts(Locale::En), few.to_vec());
        assert_eq!((texts_of(&nav.at_hand), nav.is_long()), (vec!["a", "b", "c", "d", "e"], false));
        assert!(!nav.render().unwrap().contains("<details"));
    }

    #[test]
    fn many_entries_are_grouped_and_every_one_is_found_on_both_screens() {
        let catalog = Catalog::build(LOCALES).unwrap();
        let first = ["home", "presence", "stream", "pupils", "search"].map(|text| link(text, NavGroup::Today, Rank::First));
        let second = [("orders", NavGroup::Year), ("classes", NavGroup::Year), ("staff", NavGroup::People)].map(|(text, group)| link(text, group, Rank::Second));
        let nav = Navigation::of(&catalog.texts(Locale::En), [first.as_slice(), second.as_slice()].concat());
        assert_eq!(texts_of(&nav.at_hand), ["home", "presence", "stream", "pupils", "search"]);
        let named = |sections: &[Section]| sections.iter().map(|section| (section.text.clone(), texts_of(&section.links).join(" "), section.is_current())).collect::<Vec<_>>();
        assert_eq!(named(&nav.menus), [("People".into(), "staff".into(), false), ("School year".into(), "orders classes".into(), true)]);
        assert_eq!(named(&nav.sheet), [("School today".into(), "search".into(), false), ("People".into(), "staff".into(), false), ("School year".into(), "orders classes".into(), true)]);
        let html = nav.render().unwrap();
        // One page alone is a link in the row, not a menu of one.
        assert_eq!(html.matches("<details").count(), 2, "{html}");
        assert_eq!(html.matches("aria-current=\"page\"").count(), 2, "{html}");
    }
}
