//! Templates: no words of their own, only messages.

use crate::clean;
use testkit::source::files;

/// Attributes that people read or hear.
const READ_ALOUD: [&str; 6] = ["placeholder", "title", "aria-label", "alt", "data-confirm", "data-label"];
/// Words of the device protocol, the same in every language.
const PROTOCOL: [&str; 1] = ["seq"];

/// The text without `{{ … }}`, `{% … %}` and `{# … #}`, lines kept.
fn without_code(text: &str) -> String {
    let (mut left, mut rest) = (String::new(), text);
    while let Some((before, inside)) = rest.split_once('{') {
        left.push_str(before);
        let Some(close) = inside.chars().next().and_then(|kind| ["{}}", "%%}", "##}"].into_iter().find(|pair| pair.starts_with(kind))).and_then(|pair| pair.get(1..)) else {
            left.push('{');
            rest = inside;
            continue;
        };
        let (code, after) = inside.get(1..).unwrap_or_default().split_once(close).unwrap_or((inside, ""));
        left.extend(code.chars().filter(|one| *one == '\n'));
        rest = after;
    }
    left + rest
}

/// Words that people would read, with their lines.
fn words(text: &str) -> Vec<(usize, String)> {
    let (mut found, mut rest, mut line) = (Vec::new(), text, 1);
    let mut in_pre = false;
    while !rest.is_empty() {
        let (before, from_tag) = rest.split_once('<').unwrap_or((rest, ""));
        let spoken: String = before.split_whitespace().filter(|word| !PROTOCOL.contains(word) && !word.starts_with('&')).collect::<Vec<_>>().join(" ");
        if spoken.chars().any(char::is_alphabetic) && !in_pre {
            found.push((line, spoken));
        }
        line += before.matches('\n').count();
        let (tag, after) = from_tag.split_once('>').unwrap_or((from_tag, ""));
        match tag.split_whitespace().next() {
            Some("pre") => in_pre = true,
            Some("/pre") => in_pre = false,
            _ => {}
        }
        for name in READ_ALOUD {
            let said = tag.split_once(&format!(" {name}=\"")).and_then(|(_, value)| value.split('"').next()).filter(|value| value.chars().any(char::is_alphabetic));
            found.extend(said.map(|said| (line, format!("{name}=\"{said}\""))));
        }
        line += tag.matches('\n').count();
        rest = after;
    }
    found
}

#[test]
fn templates_have_no_words_of_their_own() {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| file.is(".html") && file.path.contains("/templates/")) {
        wrong.extend(words(&without_code(&file.text)).into_iter().map(|(line, text)| format!("{}:{line}: \"{text}\" belongs into locales/", file.path)));
    }
    clean(&wrong);
}

#[test]
fn templates_have_no_script_or_style_of_their_own() {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| file.is(".html") && file.path.contains("/templates/")) {
        for (number, line) in file.text.lines().enumerate() {
            let inline = [" style=\"", " onclick=", " onsubmit=", " onchange=", "javascript:", "<style", "<script>"].into_iter().find(|mark| line.contains(mark));
            wrong.extend(inline.map(|mark| format!("{}:{}: `{}` is refused by our Content-Security-Policy", file.path, number + 1, mark.trim())));
        }
    }
    clean(&wrong);
}

#[test]
fn what_a_template_shows_is_escaped() {
    // The body of a page and a fragment rendered by a template of ours: escaped once already.
    let rendered = [("dashboards/web/templates/layout.html", "body|safe"), ("devices/fleet/templates/connect_steps.html", "arrived|safe")];
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| file.is(".html") && file.path.contains("/templates/")) {
        for (number, line) in file.text.lines().enumerate().filter(|(_, line)| line.contains("|safe")) {
            if !rendered.iter().any(|(path, what)| *path == file.path && line.contains(what)) {
                wrong.push(format!("{}:{}: `|safe` is for what a template of ours rendered, listed in this test", file.path, number + 1));
            }
        }
    }
    clean(&wrong);
}

#[test]
fn the_reader_tells_words_from_markup() {
    let page = "<p class=\"sh-x\" title=\"Hint\">\n{{ t.text(\"key\") }} Words {% if a > b %}· 1{% endif %}</p><pre>sudo</pre>";
    assert_eq!(words(&without_code(page)), [(1, "title=\"Hint\"".to_owned()), (1, "Words · 1".to_owned())]);
}
