//! Every text file of the repository, and the golden files among them.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

/// What no person wrote.
const SKIPPED: &[&str] = &["target", "node_modules", "dist", ".git", "data", ".fuzzer"];

/// A text file.
#[derive(Debug)]
pub struct File {
    /// Its path from the root, with `/`.
    pub path: String,
    /// What stands in it.
    pub text: String,
}

impl File {
    /// Whether the name ends so.
    pub fn is(&self, ending: &str) -> bool {
        self.path.ends_with(ending)
    }

    /// Whether it lies below a folder.
    pub fn below(&self, folder: &str) -> bool {
        self.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    }

    /// Its folder.
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Its name without the folder.
    pub fn name(&self) -> &str {
        self.path.rsplit_once('/').map_or(&self.path, |(_, name)| name)
    }
}

static FILES: LazyLock<Vec<File>> = LazyLock::new(|| {
    let mut found = Vec::new();
    walk(&root(), "", &mut found);
    found.sort_by(|one: &File, other| one.path.cmp(&other.path));
    found
});

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests have a folder above them").to_owned()
}

/// Every text file, in order of paths.
pub fn files() -> &'static [File] {
    &FILES
}

fn walk(folder: &Path, shown: &str, found: &mut Vec<File>) {
    for entry in fs::read_dir(folder).expect("reading a folder of the repository") {
        let entry = entry.expect("reading a folder of the repository");
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if shown.is_empty() { name.clone() } else { format!("{shown}/{name}") };
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && !SKIPPED.contains(&name.as_str()) => walk(&entry.path(), &path, found),
            // What is no text, or vanished while we read, is nobody's reading.
            Ok(kind) if kind.is_file() => found.extend(fs::read_to_string(entry.path()).ok().map(|text| File { path, text })),
            _ => {}
        }
    }
}

/// A file that reviewers read instead of what makes it. `UPDATE_GOLDEN=1` writes it anew.
#[derive(Debug)]
pub struct Golden(pub &'static str);

impl Golden {
    /// Fails where the file says something else, line by line.
    pub fn compare(&self, actual: &str) {
        let path = root().join(self.0);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&path, actual).unwrap_or_else(|error| panic!("writing {}: {error}", self.0));
            return;
        }
        let written = fs::read_to_string(&path).unwrap_or_default();
        assert!(written == actual, "{} is not what is so now; look at the difference, then run again with UPDATE_GOLDEN=1\n{}", self.0, difference(&written, actual));
    }
}

fn difference(written: &str, actual: &str) -> String {
    let gone = written.lines().filter(|line| !actual.lines().any(|other| other == *line)).map(|line| format!("- {line}"));
    let new = actual.lines().filter(|line| !written.lines().any(|other| other == *line)).map(|line| format!("+ {line}"));
    let lines: Vec<String> = gone.chain(new).take(60).collect();
    if lines.is_empty() { "the same lines in another order".into() } else { lines.join("\n") }
}
