//! A Rust file taken apart: code, texts, comments. Good for looking, not for compiling.

/// A text in quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// The line it begins on, from 1.
    pub line: usize,
    /// What stands between the quotes; escapes stay as written.
    pub text: String,
}

/// A Rust file without its unit tests.
#[derive(Debug, Default)]
pub struct Rust {
    /// The code, with spaces for comments and for what stands in quotes. Lines are where they were.
    pub code: String,
    /// The code with its texts, with spaces for comments.
    pub uncommented: String,
    /// Its texts.
    pub literals: Vec<Literal>,
}

/// Takes a file apart. What follows `#[cfg(test)] mod … {` is left out.
pub fn rust(text: &str) -> Rust {
    let mut reader = Reader { rest: without_tests(text), line: 1, out: Rust::default() };
    while reader.step() {}
    reader.out
}

fn without_tests(text: &str) -> &str {
    let tests = text.match_indices("#[cfg(test)]").find(|(at, mark)| {
        let after = text.get(at + mark.len()..).unwrap_or_default().trim_start();
        after.starts_with("mod ") && after.lines().next().is_some_and(|line| line.ends_with('{'))
    });
    tests.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    out: Rust,
}

impl Reader<'_> {
    /// Takes the next piece; nothing is left when it says no.
    fn step(&mut self) -> bool {
        let rest = self.rest;
        let Some(first) = rest.chars().next() else { return false };
        if rest.starts_with("//") {
            self.take(rest.find('\n').unwrap_or(rest.len()), Piece::Comment);
        } else if rest.starts_with("/*") {
            self.take(rest.find("*/").map_or(rest.len(), |end| end + 2), Piece::Comment);
        } else if let Some(hashes) = raw_string(rest).filter(|_| !self.in_word()) {
            let open = rest.find('"').map_or(rest.len(), |quote| quote + 1);
            let close = format!("\"{}", "#".repeat(hashes));
            let body = rest.get(open..).unwrap_or_default();
            let length = body.find(&close).unwrap_or(body.len());
            self.text(open, length, close.len());
        } else if first == '"' {
            self.text(1, plain_length(rest.get(1..).unwrap_or_default()), 1);
        } else if let Some(length) = character(rest) {
            self.take(length, Piece::Code);
        } else {
            self.take(first.len_utf8(), Piece::Code);
        }
        true
    }

    /// Whether the code before ends in a word, so that an `r` here is no prefix.
    fn in_word(&self) -> bool {
        self.out.code.chars().next_back().is_some_and(|last| last.is_alphanumeric() || last == '_')
    }

    fn text(&mut self, open: usize, length: usize, close: usize) {
        let text = self.rest.get(open..open + length).unwrap_or_default().to_owned();
        self.out.literals.push(Literal { line: self.line, text });
        self.take(open, Piece::Code);
        self.take(length, Piece::Text);
        self.take(close.min(self.rest.len()), Piece::Code);
    }

    fn take(&mut self, length: usize, piece: Piece) {
        let taken = self.rest.get(..length).unwrap_or(self.rest);
        let blank: String = taken.chars().map(|one| if one == '\n' { '\n' } else { ' ' }).collect();
        self.out.code.push_str(if piece == Piece::Code { taken } else { &blank });
        self.out.uncommented.push_str(if piece == Piece::Comment { &blank } else { taken });
        self.line += taken.matches('\n').count();
        self.rest = self.rest.get(taken.len()..).unwrap_or_default();
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Code,
    Text,
    Comment,
}

/// How many `#` a raw string here has.
fn raw_string(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after.get(hashes..)?.starts_with('"').then_some(hashes)
}

/// How long the text is up to its closing quote.
fn plain_length(body: &str) -> usize {
    let mut escaped = false;
    for (at, one) in body.char_indices() {
        match one {
            '"' if !escaped => return at,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    body.len()
}

/// How long a character in quotes is, if this is one and no lifetime.
fn character(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix('\'')?;
    let first = body.chars().next()?;
    let length = if first == '\\' { body.get(2..)?.find('\'')? + 2 } else { first.len_utf8() };
    body.get(length..)?.starts_with('\'').then_some(length + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_comments_are_told_from_code() {
        let read = rust("let a = \"x \\\" y\"; // \"no\"\nlet b = r#\"raw \"q\" \"#; let c: &'a str = '\"'; /* \"no\" */ d(\"z\")\n#[cfg(test)]\nmod tests {\n \"t\" }");
        let texts: Vec<&str> = read.literals.iter().map(|literal| literal.text.as_str()).collect();
        assert_eq!(texts, ["x \\\" y", "raw \"q\" ", "z"]);
        assert_eq!(read.literals.iter().map(|literal| literal.line).collect::<Vec<_>>(), [1, 2, 2]);
        assert!(read.code.contains("let c: &'a str") && !read.code.contains("raw") && !read.uncommented.contains("no"));
    }
}
