//! A file of the project and what the rules read of it.
//!
//! Of a Rust file that is its words, strings and paths, never its comments: a rule must not trip over prose, and a
//! comment must not satisfy one. The reader is small on purpose; it knows just enough of the language's spelling to tell
//! code from text, and follows `super` and `use` groups to the absolute path they mean.

use std::ops::RangeInclusive;

/// One file: where it lies, and its parts if it is Rust.
pub(crate) struct SourceFile {
    /// Relative to the project, with forward slashes.
    pub(crate) path: String,
    pub(crate) text: String,
    /// Empty unless the file is Rust.
    pub(crate) tokens: Vec<Token>,
    /// Every path that is written or imported, groups spread out.
    pub(crate) paths: Vec<CodePath>,
    /// Lines that only a test build compiles.
    test_lines: Vec<RangeInclusive<usize>>,
    /// Modules in files of their own that only a test build compiles.
    test_modules: Vec<Vec<String>>,
}

/// Files as a whole: a file that its parent compiles for tests only is all test lines.
pub(crate) fn read<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<SourceFile> {
    let mut files: Vec<SourceFile> = files.map(|(path, text)| SourceFile::new(path, text)).collect();
    let tested: Vec<Vec<String>> = files.iter().flat_map(|file| file.test_modules.clone()).collect();
    for file in files.iter_mut().filter(|file| file.is_source()) {
        let module = file.module();
        if tested.iter().any(|tested| module.starts_with(tested)) {
            file.test_lines.push(0..=usize::MAX);
        }
    }
    files
}

/// A piece of code with the line it stands on, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) line: usize,
    pub(crate) kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A name or keyword.
    Word(String),
    /// What stands between the quotes of a string, escapes left as written.
    Text(String),
    /// `::`
    Colons,
    /// Any other sign.
    Sign(char),
}

/// `a::b::c` as it is written or imported.
pub(crate) struct CodePath {
    pub(crate) line: usize,
    pub(crate) segments: Vec<String>,
    /// The same from the root of the crate, without `crate`, where the path says so itself (`crate`, `self`, `super`).
    pub(crate) absolute: Option<Vec<String>>,
}

impl SourceFile {
    fn new(path: &str, text: &str) -> Self {
        let tokens = if extension(path) == "rs" { read_tokens(text) } else { Vec::new() };
        let mut file = Self {
            path: path.to_owned(),
            text: text.to_owned(),
            tokens,
            paths: Vec::new(),
            test_lines: Vec::new(),
            test_modules: Vec::new(),
        };
        if path.starts_with("tests/") {
            file.test_lines.push(0..=usize::MAX);
        }
        file.read_paths();
        file
    }

    pub(crate) fn is_rust(&self) -> bool {
        self.extension() == "rs"
    }

    /// What follows the last dot of its name.
    pub(crate) fn extension(&self) -> &str {
        extension(&self.path)
    }

    /// Whether it is part of the library or the binary.
    pub(crate) fn is_source(&self) -> bool {
        self.is_rust() && self.path.starts_with("src/")
    }

    pub(crate) fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Whether only a test build compiles this line.
    pub(crate) fn is_test_line(&self, line: usize) -> bool {
        self.test_lines.iter().any(|lines| lines.contains(&line))
    }

    /// The module that this file is, from the root of the crate: `src/a/b.rs` and `src/a/b/mod.rs` are `a::b`.
    pub(crate) fn module(&self) -> Vec<String> {
        let inner = self.path.strip_prefix("src/").unwrap_or(&self.path);
        let inner = inner.strip_suffix(".rs").unwrap_or(inner);
        let inner = inner.strip_suffix("/mod").unwrap_or(inner);
        if inner == "lib" || inner == "main" { Vec::new() } else { inner.split('/').map(str::to_owned).collect() }
    }

    /// The module of the folder that this file lies in.
    pub(crate) fn folder(&self) -> Vec<String> {
        let mut module = self.module();
        if self.file_name() != "mod.rs" {
            module.pop();
        }
        module
    }

    /// The name at `at`, where there is one.
    pub(crate) fn word(&self, at: usize) -> Option<&str> {
        match &self.tokens.get(at)?.kind {
            Kind::Word(word) => Some(word),
            Kind::Text(_) | Kind::Colons | Kind::Sign(_) => None,
        }
    }

    pub(crate) fn is_sign(&self, at: usize, sign: char) -> bool {
        self.tokens.get(at).is_some_and(|token| token.kind == Kind::Sign(sign))
    }

    /// Where the words and signs of `pattern` stand in a row; each letter run is a word, each other character a sign.
    pub(crate) fn find(&self, pattern: &str) -> Vec<usize> {
        let wanted: Vec<Kind> = read_tokens(pattern).into_iter().map(|token| token.kind).collect();
        let is_there = |at: &usize| wanted.iter().enumerate().all(|(n, kind)| self.tokens.get(at + n).is_some_and(|t| t.kind == *kind));
        (0..self.tokens.len()).filter(is_there).collect()
    }

    pub(crate) fn line_of(&self, at: usize) -> usize {
        self.tokens.get(at).map_or(1, |token| token.line)
    }

    /// Walks the tokens once: inline modules, test-only blocks, paths.
    fn read_paths(&mut self) {
        let mut depth = 0_usize;
        let mut inline: Vec<(String, usize)> = Vec::new();
        let mut test_since: Option<(usize, usize)> = None;
        let mut is_test_next = false;
        let mut at = 0;
        while let Some(token) = self.tokens.get(at).cloned() {
            match &token.kind {
                Kind::Sign('#') if self.is_test_attribute(at) => is_test_next = true,
                Kind::Sign('{') => {
                    depth += 1;
                    if let Some(name) = self.module_opened_at(at) {
                        inline.push((name, depth));
                    }
                    if is_test_next && test_since.is_none() {
                        test_since = Some((token.line, depth));
                    }
                    is_test_next = false;
                }
                Kind::Sign('}') => {
                    if let Some((from, opened)) = test_since
                        && opened == depth
                    {
                        self.test_lines.push(from..=token.line);
                        test_since = None;
                    }
                    inline.retain(|(_, opened)| *opened < depth);
                    depth = depth.saturating_sub(1);
                }
                Kind::Sign(';') => {
                    if let Some(name) = self.module_opened_at(at).filter(|_| is_test_next) {
                        self.test_modules.push([self.module(), vec![name]].concat());
                    }
                    is_test_next = false;
                }
                Kind::Word(_) => {
                    let mut module = self.module();
                    module.extend(inline.iter().map(|(name, _)| name.clone()));
                    let mut found = Vec::new();
                    let after = self.spread(at, &[], &mut found);
                    for (line, segments) in found {
                        let absolute = absolute(&segments, &module);
                        self.paths.push(CodePath { line, segments, absolute });
                    }
                    at = after;
                    continue;
                }
                Kind::Text(_) | Kind::Colons | Kind::Sign(_) => {}
            }
            at += 1;
        }
    }

    /// Reads the path that begins at `at`, spreads its groups into `found`, and answers where the next token is.
    fn spread(&self, at: usize, before: &[String], found: &mut Vec<(usize, Vec<String>)>) -> usize {
        let mut segments = before.to_vec();
        let mut at = at;
        loop {
            let line = self.line_of(at);
            if let Some(word) = self.word(at) {
                segments.push(word.to_owned());
                at += 1;
                let goes_on = self.tokens.get(at).is_some_and(|token| token.kind == Kind::Colons);
                let is_turbofish = self.is_sign(at + 1, '<');
                if goes_on && !is_turbofish {
                    at += 1;
                    continue;
                }
            } else if self.is_sign(at, '*') {
                segments.push("*".to_owned());
                at += 1;
            } else if self.is_sign(at, '{') {
                at += 1;
                while at < self.tokens.len() && !self.is_sign(at, '}') {
                    at = if self.is_sign(at, ',') { at + 1 } else { self.spread(at, &segments, found).max(at + 1) };
                    if self.word(at) == Some("as") {
                        at += 2;
                    }
                }
                return at + 1;
            }
            found.push((line, segments));
            return at;
        }
    }

    /// The name of the module whose body opens at this brace, or which this semicolon says lies in a file.
    fn module_opened_at(&self, sign: usize) -> Option<String> {
        let is_module = self.word(sign.checked_sub(2)?) == Some("mod");
        is_module.then(|| self.word(sign - 1).map(str::to_owned)).flatten()
    }

    /// `#[cfg(test)]`, `#[cfg(all(test, ..))]` or `#[test]`.
    fn is_test_attribute(&self, at: usize) -> bool {
        if self.word(at + 2) == Some("test") {
            return true;
        }
        let words: Vec<&str> = (at..self.tokens.len()).take_while(|n| !self.is_sign(*n, ']')).filter_map(|n| self.word(n)).collect();
        words.first() == Some(&"cfg") && words.contains(&"test") && !words.contains(&"not")
    }
}

fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn absolute(segments: &[String], module: &[String]) -> Option<Vec<String>> {
    let (first, rest) = segments.split_first()?;
    let mut whole = match first.as_str() {
        "crate" => return Some(rest.to_vec()),
        "self" | "super" => module.to_vec(),
        _ => return None,
    };
    let supers =
        segments.iter().take_while(|segment| *segment == "super" || *segment == "self").filter(|segment| *segment == "super").count();
    whole.truncate(module.len().saturating_sub(supers));
    whole.extend(segments.iter().skip_while(|segment| *segment == "super" || *segment == "self").cloned());
    Some(whole)
}

fn read_tokens(text: &str) -> Vec<Token> {
    let mut reader = Reader { text: text.chars().collect(), at: 0, line: 1, tokens: Vec::new() };
    while let Some(next) = reader.peek(0) {
        reader.step(next);
    }
    reader.tokens
}

struct Reader {
    text: Vec<char>,
    at: usize,
    line: usize,
    tokens: Vec<Token>,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.text.get(self.at + ahead).copied()
    }

    fn bump(&mut self) -> Option<char> {
        let next = self.peek(0)?;
        self.at += 1;
        if next == '\n' {
            self.line += 1;
        }
        Some(next)
    }

    fn push(&mut self, line: usize, kind: Kind) {
        self.tokens.push(Token { line, kind });
    }

    fn step(&mut self, next: char) {
        let line = self.line;
        match next {
            '/' if self.peek(1) == Some('/') => while self.peek(0).is_some_and(|c| c != '\n') && self.bump().is_some() {},
            '/' if self.peek(1) == Some('*') => self.skip_block_comment(),
            '"' => self.string(),
            '\'' => self.char_or_lifetime(),
            c if c.is_ascii_digit() => {
                while self.peek(0).is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') && self.bump().is_some() {}
            }
            c if c.is_alphabetic() || c == '_' => self.word_or_prefixed_string(),
            ':' if self.peek(1) == Some(':') => {
                self.at += 2;
                self.push(line, Kind::Colons);
            }
            c => {
                self.bump();
                if !c.is_whitespace() {
                    self.push(line, Kind::Sign(c));
                }
            }
        }
    }

    fn skip_block_comment(&mut self) {
        let mut open = 0_usize;
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => open += 1,
                (Some('*'), Some('/')) => open -= 1,
                (None, _) => return,
                _ => {
                    self.bump();
                    continue;
                }
            }
            self.at += 2;
            if open == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        let line = self.line;
        self.bump();
        let mut inside = String::new();
        while let Some(c) = self.bump() {
            match c {
                '"' => break,
                '\\' => {
                    inside.push(c);
                    inside.extend(self.bump());
                }
                _ => inside.push(c),
            }
        }
        self.push(line, Kind::Text(inside));
    }

    fn raw_string(&mut self, hashes: usize) {
        let line = self.line;
        self.at += hashes + 1;
        let mut inside = String::new();
        while let Some(c) = self.bump() {
            if c == '"' && (0..hashes).all(|n| self.peek(n) == Some('#')) {
                self.at += hashes;
                break;
            }
            inside.push(c);
        }
        self.push(line, Kind::Text(inside));
    }

    fn char_or_lifetime(&mut self) {
        self.bump();
        if self.peek(0) == Some('\\') {
            self.bump();
            self.bump();
            while self.bump().is_some_and(|c| c != '\'') {}
        } else if self.peek(1) == Some('\'') {
            self.bump();
            self.bump();
        } else {
            while self.peek(0).is_some_and(|c| c.is_alphanumeric() || c == '_') {
                self.bump();
            }
        }
    }

    fn word_or_prefixed_string(&mut self) {
        let line = self.line;
        let mut word = String::new();
        while let Some(c) = self.peek(0).filter(|c| c.is_alphanumeric() || *c == '_') {
            word.push(c);
            self.bump();
        }
        let hashes = self.text.iter().skip(self.at).take_while(|c| **c == '#').count();
        let opens = self.peek(hashes) == Some('"');
        match word.as_str() {
            "r" | "br" | "cr" if opens => self.raw_string(hashes),
            "b" | "c" if opens && hashes == 0 => self.string(),
            "b" if self.peek(0) == Some('\'') => self.char_or_lifetime(),
            _ => self.push(line, Kind::Word(word)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn absolutes(path: &str, text: &str) -> Vec<String> {
        SourceFile::new(path, text).paths.iter().filter_map(|path| path.absolute.as_ref().map(|a| a.join("::"))).collect()
    }

    #[test]
    fn comments_strings_and_chars_are_no_code() {
        let text = "// a\n/* b /* c */ d */ e \"f\\\" g\" r#\"h\" i\"# 'j' '\\'' b'k' &'l m b\"n\"";
        let words: Vec<String> = SourceFile::new("src/x.rs", text)
            .tokens
            .into_iter()
            .filter_map(|token| match token.kind {
                Kind::Word(word) => Some(word),
                _ => None,
            })
            .collect();
        assert_eq!(words, ["e", "m"]);
    }

    #[test]
    fn a_string_keeps_its_line_and_its_inside() {
        let file = SourceFile::new("src/x.rs", "\n\"a\nb\"\nc");
        assert_eq!(file.tokens.first(), Some(&Token { line: 2, kind: Kind::Text("a\nb".to_owned()) }));
        assert_eq!(file.tokens.last(), Some(&Token { line: 4, kind: Kind::Word("c".to_owned()) }));
    }

    #[test]
    fn groups_are_spread_and_supers_are_followed() {
        let found = absolutes("src/a/b.rs", "use crate::{c::d, e::{f as g, self, *}};\nuse super::h;\nuse super::super::i;");
        assert_eq!(found, ["c::d", "e::f", "e::self", "e::*", "a::h", "i"]);
    }

    #[test]
    fn an_inline_module_counts_as_a_step() {
        let found = absolutes("src/a/mod.rs", "mod tests { use super::b; }\nfn f() { super::c(); }");
        assert_eq!(found, ["a::b", "c"]);
    }

    #[test]
    fn lines_under_a_test_attribute_are_known() {
        let file =
            SourceFile::new("src/x.rs", "fn a() {\n}\n#[cfg(test)]\nmod t {\n fn b() {}\n}\nfn c() {}\n#[cfg(not(test))]\nmod u {\n}");
        let tested: Vec<usize> = (1..=10).filter(|line| file.is_test_line(*line)).collect();
        assert_eq!(tested, [4, 5, 6]);
    }

    #[test]
    fn a_file_that_its_parent_compiles_for_tests_is_a_test() {
        let parent = ("src/a/mod.rs", "#[cfg(test)]\nmod story;\nmod words;");
        let files = read([parent, ("src/a/story.rs", "fn f() {}"), ("src/a/story/b.rs", ""), ("src/a/words.rs", "")].into_iter());
        let tested: Vec<bool> = files.iter().map(|file| file.is_test_line(1)).collect();
        assert_eq!(tested, [false, true, true, false]);
    }
}
