//! Pages: every template is used, every form is guarded, every field has a name for those who cannot see it, and nothing
//! is written inline that the content security policy would have to allow.

use crate::source::{Kind, SourceFile};
use crate::{Breach, Case, Rule};
use std::collections::BTreeSet;

const PAGE: (&str, &str) = ("src/web/a.rs", "#[derive(Template)]\n#[template(path = \"a.html\")]\nstruct A;\n");

pub(crate) const RULES: &[Rule] = &[
    Rule {
        name: "every template is used",
        remedy: "Name it in a `#[template(path = ..)]`, include or import it in a template that is used, or delete it.",
        check: orphans,
        breaks: &[
            Case { files: &[PAGE, ("templates/a.html", ""), ("templates/b.html", "")], at: &["templates/b.html:1"] },
            Case {
                files: &[PAGE, ("templates/a.html", ""), ("templates/b.html", "{% include \"c.html\" %}"), ("templates/c.html", "")],
                at: &["templates/b.html:1", "templates/c.html:1"],
            },
        ],
        keeps: &[&[
            PAGE,
            ("templates/a.html", "{% extends \"b.html\" %}{%- import 'c.html' as c -%}"),
            ("templates/b.html", ""),
            ("templates/c.html", ""),
        ]],
    },
    Rule {
        name: "a form that changes something is guarded",
        remedy: "Put the CSRF field into the form, as the other forms do.",
        check: unguarded_forms,
        breaks: &[
            Case {
                files: &[("templates/a.html", "<p>\n<form method=\"post\" action=\"/x\"><button>Go</button></form>")],
                at: &["templates/a.html:2"],
            },
            Case { files: &[("templates/a.html", "<form method=POST></form><!-- csrf -->")], at: &["templates/a.html:1"] },
        ],
        keeps: &[&[(
            "templates/a.html",
            "<form method=\"get\"></form>\n<form method=\"post\">{% call c::csrf(token) %}{% endcall %}</form>",
        )]],
    },
    Rule {
        name: "a field has a name for everyone",
        remedy: "Give it a <label for=..> with the same id, put it inside a <label>, or set aria-label.",
        check: unlabelled_fields,
        breaks: &[
            Case { files: &[("templates/a.html", "<input name=\"a\">")], at: &["templates/a.html:1"] },
            Case { files: &[("templates/a.html", "<label for=\"b\">B</label>\n<select id=\"a\"></select>")], at: &["templates/a.html:2"] },
            Case { files: &[("templates/a.html", "<label>A</label><textarea></textarea>")], at: &["templates/a.html:1"] },
        ],
        keeps: &[&[(
            "templates/a.html",
            "<input type=\"hidden\" name=\"a\"><label for=\"{{ id }}\">A</label><input id=\"{{ id }}\" value=\"{{ f(\"x > y\") }}\"><label>B <input></label><select aria-label=\"C\">",
        )]],
    },
    Rule {
        name: "no inline style or script",
        remedy: "Put the style into static/css and the behaviour into a module under static/js: the policy allows neither inline.",
        check: inline,
        breaks: &[
            Case { files: &[("templates/a.html", "<p style=\"color: red\">")], at: &["templates/a.html:1"] },
            Case { files: &[("templates/a.html", "<p>\n<button onclick=\"f()\">")], at: &["templates/a.html:2"] },
            Case { files: &[("templates/a.html", "<script>f()</script>")], at: &["templates/a.html:1"] },
            Case { files: &[("templates/a.html", "<style>p {}</style>")], at: &["templates/a.html:1"] },
            Case { files: &[("templates/a.html", "<a href=\"javascript:f()\">")], at: &["templates/a.html:1"] },
        ],
        keeps: &[&[(
            "templates/a.html",
            "<script type=\"module\" src=\"/a.js\"></script>{# <p style=\"x\"> #}<!-- <style> --><p class=\"on\">style=</p>",
        )]],
    },
];

fn templates(files: &[SourceFile]) -> impl Iterator<Item = &SourceFile> {
    files.iter().filter(|file| file.path.starts_with("templates/"))
}

fn pages(files: &[SourceFile]) -> impl Iterator<Item = &SourceFile> {
    templates(files).filter(|file| file.extension() == "html")
}

fn orphans(files: &[SourceFile]) -> Vec<Breach> {
    let mut used: BTreeSet<String> = BTreeSet::new();
    let mut waiting: Vec<String> = files.iter().filter(|file| file.is_source()).flat_map(named_in_code).collect();
    while let Some(path) = waiting.pop() {
        if let Some(file) = files.iter().find(|file| file.path == format!("templates/{path}"))
            && used.insert(path)
        {
            waiting.extend(named_in_template(&file.text));
        }
    }
    let is_used = |file: &SourceFile| file.path.strip_prefix("templates/").is_some_and(|path| used.contains(path));
    templates(files).filter(|file| !is_used(file)).map(|file| Breach::new(file, 1, "no page uses this template")).collect()
}

/// The strings of `#[template(path = "..")]`.
fn named_in_code(file: &SourceFile) -> Vec<String> {
    let text_at = |at: usize| match &file.tokens.get(at)?.kind {
        Kind::Text(text) => Some(text.clone()),
        _ => None,
    };
    file.find("template(path =").into_iter().filter_map(|at| text_at(at + 4)).collect()
}

/// What a template extends, includes or imports.
fn named_in_template(text: &str) -> Vec<String> {
    let mut named = Vec::new();
    for block in text.split("{%").skip(1) {
        let block = block.split("%}").next().unwrap_or_default().trim_matches(['-', '~', '+', ' ', '\n']);
        let Some((word, rest)) = block.split_once(char::is_whitespace) else { continue };
        let quoted = rest.trim_start();
        let quote = quoted.chars().next().filter(|c| *c == '"' || *c == '\'');
        if let (true, Some(quote)) = (["extends", "include", "import"].contains(&word), quote) {
            named.extend(quoted.split(quote).nth(1).map(str::to_owned));
        }
    }
    named
}

fn unguarded_forms(files: &[SourceFile]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in pages(files) {
        let tags = tags(&file.text);
        for (n, tag) in tags.iter().enumerate().filter(|(_, tag)| tag.is("form")) {
            let is_post = tag.attribute("method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
            let end = tags.iter().skip(n).find(|tag| tag.name == "/form").map_or(file.text.len(), |tag| tag.from);
            let inside = without_html_comments(&file.text).get(tag.from..end).unwrap_or_default().to_ascii_lowercase();
            if is_post && !inside.contains("csrf") {
                breaches.push(Breach::new(file, tag.line, "a POST form without a CSRF field"));
            }
        }
    }
    breaches
}

fn unlabelled_fields(files: &[SourceFile]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in pages(files) {
        let tags = tags(&file.text);
        let labelled: BTreeSet<&str> = tags.iter().filter(|tag| tag.is("label")).filter_map(|tag| tag.attribute("for")).collect();
        let mut open_labels = 0_usize;
        for tag in &tags {
            match tag.name.as_str() {
                "label" => open_labels += 1,
                "/label" => open_labels = open_labels.saturating_sub(1),
                "input" | "select" | "textarea" => {
                    let speaks_itself = tag.attribute("type").is_some_and(|kind| ["hidden", "submit", "button", "reset"].contains(&kind));
                    let is_named = tag.attribute("aria-label").or(tag.attribute("aria-labelledby")).is_some_and(|label| !label.is_empty());
                    let is_labelled = open_labels > 0 || tag.attribute("id").is_some_and(|id| labelled.contains(id));
                    if !speaks_itself && !is_named && !is_labelled {
                        breaches.push(Breach::new(file, tag.line, format!("<{}> without a label", tag.name)));
                    }
                }
                _ => {}
            }
        }
    }
    breaches
}

fn inline(files: &[SourceFile]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in pages(files) {
        for tag in tags(&file.text) {
            let handler = tag.attributes.iter().find(|(name, _)| name == "style" || (name.starts_with("on") && name.len() > 2));
            let is_code = tag.is("style") || (tag.is("script") && tag.attribute("src").is_none());
            let runs = tag.attributes.iter().any(|(_, value)| value.trim_start().to_ascii_lowercase().starts_with("javascript:"));
            if let Some((name, _)) = handler {
                breaches.push(Breach::new(file, tag.line, format!("`{name}=`")));
            } else if is_code || runs {
                breaches.push(Breach::new(file, tag.line, format!("<{}> with code inside", tag.name)));
            }
        }
    }
    breaches
}

/// A tag of a page; a closing one has a slash in front of its name.
struct Tag {
    line: usize,
    /// Where it begins, in bytes.
    from: usize,
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn is(&self, name: &str) -> bool {
        self.name == name
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The tags of a page, read after comments and template blocks are blanked out.
fn tags(text: &str) -> Vec<Tag> {
    let text = blank_template_parts(&without_html_comments(text));
    let mut tags = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find('<')).map(|at| at + from) {
        from = at + 1;
        let rest = text.get(from..).unwrap_or_default();
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            continue;
        }
        let inside = until_tag_ends(rest);
        from += inside.len();
        let name_ends = inside.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(inside.len());
        let (name, attributes) = inside.split_at(name_ends);
        let line = text.get(..at).unwrap_or_default().matches('\n').count() + 1;
        tags.push(Tag { line, from: at, name: name.to_ascii_lowercase(), attributes: attributes_of(attributes) });
    }
    tags
}

/// Up to the `>` that is not inside quotes.
fn until_tag_ends(rest: &str) -> &str {
    let mut quote = None;
    for (at, c) in rest.char_indices() {
        match (quote, c) {
            (None, '>') => return rest.split_at(at).0,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    rest
}

fn attributes_of(text: &str) -> Vec<(String, String)> {
    let mut attributes = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let name_ends = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let (name, after) = rest.split_at(name_ends);
        let after = after.trim_start();
        let Some(value) = after.strip_prefix('=').map(str::trim_start) else {
            attributes.push((name.to_ascii_lowercase(), String::new()));
            rest = after;
            continue;
        };
        let quote = value.chars().next().filter(|c| *c == '"' || *c == '\'');
        let (inside, left) = match quote {
            Some(quote) => value.get(1..).and_then(|inside| inside.split_once(quote)).unwrap_or((value, "")),
            None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        attributes.push((name.to_ascii_lowercase(), inside.to_owned()));
        rest = left.trim_start();
    }
    attributes
}

fn without_html_comments(text: &str) -> String {
    blank(text, "<!--", "-->", |c| if c == '\n' { '\n' } else { ' ' })
}

/// Blanks `{% .. %}` and `{# .. #}`, and keeps `{{ .. }}` as one unbroken word, so that it can be an attribute's value.
fn blank_template_parts(text: &str) -> String {
    let space = |c: char| if c == '\n' { '\n' } else { ' ' };
    let text = blank(&blank(text, "{#", "#}", space), "{%", "%}", space);
    blank(&text, "{{", "}}", |c| if matches!(c, '"' | '\'' | '<' | '>' | '=') || c.is_whitespace() { '_' } else { c })
}

/// Replaces each character between `open` and `close`, both included; bytes keep their places.
fn blank(text: &str, open: &str, close: &str, replace: impl Fn(char) -> char) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        whole.push_str(before);
        let (inside, left) = after.split_once(close).unwrap_or((after, ""));
        for c in open.chars().chain(inside.chars()).chain(close.chars()) {
            let with = replace(c);
            (0..c.len_utf8().saturating_sub(with.len_utf8())).for_each(|_| whole.push(' '));
            whole.push(with);
        }
        rest = left;
    }
    whole.push_str(rest);
    whole
}
