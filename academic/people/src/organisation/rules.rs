//! What an organisation may be called, what it may lie below, and who opens it. Pure.

use kernel::{Error, Result, error::FieldError, right::Role};

/// The three names of an organisation, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// In Kazakh.
    pub kk: String,
    /// In Russian.
    pub ru: String,
    /// In English.
    pub en: String,
}

impl Names {
    /// Reads the fields of a form; all that is wrong with them is said at once.
    pub fn parse(kk: &str, ru: &str, en: &str) -> Result<Self> {
        let [kk, ru, en] = [kk, ru, en].map(|name| name.split_whitespace().collect::<Vec<_>>().join(" "));
        let wrong: Vec<FieldError> = [("name_kk", &kk), ("name_ru", &ru), ("name_en", &en)]
            .into_iter()
            .filter(|(_, name)| !is_name(name))
            .map(|(field, _)| FieldError { field, message: "people-field-organisation" })
            .collect();
        if wrong.is_empty() { Ok(Self { kk, ru, en }) } else { Err(Error::Invalid(wrong)) }
    }
}

/// The kinds that lie below one another, the highest first.
const HEIGHTS: [&str; 4] = ["ministry", "region", "district", "school"];

/// Whether an organisation of one kind lies below one of another. Every step leads higher, so no way leads back.
pub fn may_lie_below(kind: &str, parent: &str) -> bool {
    let height = |kind: &str| HEIGHTS.iter().position(|one| *one == kind);
    matches!((height(kind), height(parent)), (Some(own), Some(above)) if above < own)
}

/// What can be founded: the kind as stored, and the role of the person who opens it.
pub const FOUNDED: [(&str, Role); 4] =
    [("school", Role::Director), ("district", Role::DistrictDepartment), ("region", Role::RegionAdministration), ("ministry", Role::Ministry)];

/// The code of an organisation, checked: small Latin letters and digits, as topics and addresses carry it.
pub fn code(typed: &str) -> Option<String> {
    let code = typed.trim().to_lowercase();
    let fits = (2..=20).contains(&code.len()) && code.chars().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit());
    // The first part of an address that is ours already.
    (fits && !OUR_ADDRESSES.contains(&code.as_str())).then_some(code)
}

/// What addresses begin with that are no organisation's: a school of such a code could not be opened.
pub const OUR_ADDRESSES: [&str; 14] =
    ["account", "api", "assets", "certificate", "departments", "health", "join", "kit", "live", "metrics", "my", "recover", "support", "supplier"];

fn is_name(text: &str) -> bool {
    (2..=200).contains(&text.chars().count()) && text.chars().any(char::is_alphabetic) && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inv_3_a_tree_has_no_ring() {
        for (kind, parent) in [("school", "district"), ("school", "region"), ("district", "region"), ("region", "ministry")] {
            assert!(may_lie_below(kind, parent) && !may_lie_below(parent, kind), "{kind} {parent}");
        }
        for (kind, parent) in [("school", "school"), ("region", "district"), ("school", "supplier"), ("supplier", "ministry")] {
            assert!(!may_lie_below(kind, parent), "{kind} {parent}");
        }
    }

    #[test]
    fn a_code_fits_into_topics_and_takes_no_address_of_ours() {
        assert_eq!([" S001 ", "bilim5"].map(code), [Some("s001".to_owned()), Some("bilim5".to_owned())]);
        for wrong in ["", "a", "мектеп", "s 1", "s-1", "support", "API", &"x".repeat(21)] {
            assert_eq!(code(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_organisation_has_three_names() {
        let names = Names::parse(" № 1  мектеп ", "Школа № 1", "School No. 1").unwrap();
        assert_eq!(names.kk, "№ 1 мектеп");
        let Err(Error::Invalid(wrong)) = Names::parse("", "12", &"x".repeat(201)) else { panic!("they were taken") };
        assert_eq!(wrong.iter().map(|field| field.field).collect::<Vec<_>>(), ["name_kk", "name_ru", "name_en"]);
    }
}
