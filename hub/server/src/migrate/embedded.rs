//! The migration files, inside the program.

/// Numbered migrations.
pub(super) mod tables {
    refinery::embed_migrations!("../../migrations");
}

/// Replaceable files by name: `(name, text)`.
pub(super) const REPLACEABLE: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/replaceable.rs"));
