//! Bounded, trimmed, control-free strings.

use std::fmt;
use std::path::Path;

/// Longest title of a change or a pattern, in characters: twice what the git hosts allow.
pub const TITLE_CHARS_MAX: usize = 512;
/// Longest slug: what fits a URL segment and a page's breadcrumb.
const SLUG_CHARS_MAX: usize = 64;

/// One line for people: whitespace runs become one space, control and bidirectional override characters are dropped, at
/// most `chars_max` characters stay.
pub fn one_line(text: &str, chars_max: usize) -> String {
    let mut line = String::with_capacity(text.len().min(chars_max));
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word.chars().filter(|c| !c.is_control() && !is_invisible(*c)));
    }
    match line.char_indices().nth(chars_max) {
        Some((cut, _)) => line.split_at(cut).0.to_owned(),
        None => line,
    }
}

/// A number with its words, the right ones for it: `1 source is`, `2 sources are`.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Characters that change how a line reads without being seen: zero-width, bidirectional controls, fillers, variation
/// selectors, tags.
///
/// They are those with the property `Default_Ignorable_Code_Point` (Unicode 16, `DerivedCoreProperties.txt`).
pub const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// A path as a shell reads it back, as one word: in single quotes where it holds anything that a shell would act on.
pub fn shell_word(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-+:@%,=".contains(&b));
    if is_plain { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// A short name for a URL: lower-case letters, digits and single hyphens.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct Slug(String);

impl Slug {
    /// `None` unless `text` already is a slug.
    pub fn parse(text: &str) -> Option<Self> {
        let is_slug = !text.is_empty()
            && text.len() <= SLUG_CHARS_MAX
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-')
            && !text.contains("--");
        is_slug.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
