//! Prints every key with its description and default, as a file one can start from.

use super::{
    Mode,
    section::{Key, shown},
};

/// The one key outside any section.
pub(super) const MODE: [Key; 1] = [Key {
    name: "mode",
    lines: &[" `live`, `demo` (synthetic people only, said on every page) or `test` (no traffic outward)."],
    default: || shown(&Mode::default()),
}];

pub(super) fn render(sections: &[(&str, &[Key])]) -> String {
    let mut text = String::from("# Every key with its default. A variable wins over the file: SHANYRAQ_HTTP__LISTEN is `listen` of [http].\n");
    for (name, keys) in sections {
        text.push('\n');
        if !name.is_empty() {
            text.push_str(&format!("[{name}]\n"));
        }
        for key in *keys {
            text.push_str(&entry(key));
        }
    }
    text
}

fn entry(key: &Key) -> String {
    let description: String = key.lines.iter().map(|line| format!("#{line}\n")).collect();
    match (key.default)() {
        Some(default) => format!("{description}{} = {default}\n", key.name),
        None => format!("{description}# {} = (unset)\n", key.name),
    }
}
