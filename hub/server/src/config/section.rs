//! Declares a section once: the struct, its defaults and its documentation come from the same lines.

/// One key of a section, for the documentation.
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// Its description, a line each.
    pub lines: &'static [&'static str],
    /// Its default as TOML, or `None` when it is unset by default.
    pub default: fn() -> Option<String>,
}

/// A default as TOML.
pub fn shown<T: serde::Serialize>(value: &T) -> Option<String> {
    let table = toml::Table::try_from([("value", value)].into_iter().collect::<std::collections::BTreeMap<_, _>>()).ok()?;
    table.get("value").map(ToString::to_string)
}

/// `section! { /// doc pub struct Http { /// doc listen: String = "…".into(), } }`
macro_rules! section {
    ($(#[doc = $about:literal])* pub struct $name:ident { $( $(#[doc = $line:literal])+ $field:ident : $type:ty = $default:expr ),* $(,)? }) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, serde::Deserialize, serde::Serialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name { $( $(#[doc = $line])+ pub $field: $type ),* }

        impl Default for $name {
            fn default() -> Self {
                Self { $( $field: $default ),* }
            }
        }

        impl $name {
            /// Every key with its description.
            pub const KEYS: &'static [$crate::config::section::Key] = &[ $( $crate::config::section::Key {
                name: stringify!($field),
                lines: &[ $($line),+ ],
                default: || { let value: $type = $default; $crate::config::section::shown(&value) },
            } ),* ];
        }
    };
}
pub(super) use section;
