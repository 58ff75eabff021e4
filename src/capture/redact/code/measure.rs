//! What a line is made of, counted: the evidence the scorer weighs.
//!
//! Nothing here knows a language or a program. Counted are the shapes of tokens (calls, flags, operators, names with
//! underscores, plain words) and how a line begins and ends.

use super::words::{self, Word};

/// Counts above this say nothing more.
const COUNT_MAX: u8 = 8;

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Trait {
    // How the line begins and ends.
    IndentedLittle,
    IndentedMuch,
    StatementStart,
    CommandStart,
    /// A program and what it is to do: `git push`.
    Command,
    StartsWithBracket,
    StartsWithSign,
    StartsWithComment,
    StartsWithCapitalWord,
    EndsWithSemicolon,
    EndsOpen,
    EndsClosed,
    EndsWithComma,
    EndsWithColon,
    EndsWithBackslash,
    EndsAsSentence,
    EndsAsQuestion,
    // Tokens of code.
    Assignment,
    Call,
    Operator,
    Flag,
    Snake,
    Camel,
    Dotted,
    Path,
    Pair,
    Quoted,
    Sigil,
    Bracketed,
    Scope,
    Hex,
    Number,
    LevelWord,
    ClockTime,
    // Tokens of talk.
    TalkWord,
    BothWord,
    PlainWord,
    ForeignWord,
    CapitalWord,
    Mention,
    Link,
    Smiley,
    CommaInside,
    SentenceInside,
    /// A token that says nothing.
    Nothing,
    // Proportions, in eighths.
    ShareCode,
    SharePlain,
    ShareNumber,
    FewTokens,
    NoLetters,
}

/// How many traits there are.
const TRAITS: usize = Trait::NoLetters as usize + 1;

/// The counts of one line.
#[derive(Clone, Debug)]
pub(super) struct Measures {
    counts: [u8; TRAITS],
    pub(super) tokens: usize,
}

impl Measures {
    pub(super) fn count(&self, of: Trait) -> u8 {
        self.counts.get(of as usize).copied().unwrap_or(0)
    }

    fn add(&mut self, of: Trait) {
        self.set(of, self.count(of).saturating_add(1));
    }

    fn set(&mut self, of: Trait, count: u8) {
        if let Some(place) = self.counts.get_mut(of as usize) {
            *place = count.min(COUNT_MAX);
        }
    }

    /// `part` of all tokens, in eighths.
    fn share(&self, part: usize) -> u8 {
        u8::try_from((part * 8).checked_div(self.tokens).unwrap_or(0)).unwrap_or(COUNT_MAX)
    }
}

/// Counts what `line` is made of. `indent` is the width of the white space in front of it.
pub(super) fn measure(line: &str, indent: usize) -> Measures {
    let mut measures = Measures { counts: [0; TRAITS], tokens: 0 };
    let line = line.trim();
    let mut first = true;
    let mut command_before = false;
    for token in line.split_whitespace() {
        let class = classify(token);
        if command_before && (words::is_subcommand(token) || matches!(class, Trait::Flag | Trait::Path | Trait::Snake | Trait::Sigil)) {
            measures.add(Trait::Command);
        }
        command_before = first && words::is_command(token);
        measures.tokens += 1;
        measures.add(class);
        count_inside(&mut measures, token, class);
        if first {
            count_first(&mut measures, token, class);
            first = false;
        }
    }
    count_ends(&mut measures, line, indent);
    count_shares(&mut measures, line);
    measures
}

fn count_first(measures: &mut Measures, token: &str, class: Trait) {
    if words::is_statement_start(token.trim_end_matches(['(', '{', ',', ';']))
        || words::is_statement_start(&before_bracket(token).to_ascii_lowercase())
    {
        measures.add(Trait::StatementStart);
    }
    if words::is_command(token) {
        measures.add(Trait::CommandStart);
    }
    if class == Trait::CapitalWord || (matches!(class, Trait::TalkWord | Trait::BothWord) && token.starts_with(char::is_uppercase)) {
        measures.add(Trait::StartsWithCapitalWord);
    }
}

fn before_bracket(token: &str) -> &str {
    token.split(['(', ':', '<', '{', ';']).next().unwrap_or(token)
}

fn count_inside(measures: &mut Measures, token: &str, class: Trait) {
    if matches!(class, Trait::TalkWord | Trait::BothWord | Trait::PlainWord | Trait::ForeignWord | Trait::CapitalWord) {
        if token.ends_with(',') {
            measures.add(Trait::CommaInside);
        }
        if token.ends_with(['.', '!', '?', '…', '。', '？', '！', '؟']) {
            measures.add(Trait::SentenceInside);
        }
    }
    let is_straight =
        |mark: char| token.len() > 2 && token.starts_with(mark) && token.trim_end_matches([',', ')', ']', ';', ':', '}']).ends_with(mark);
    if is_straight('\'') || is_straight('"') {
        measures.add(Trait::Quoted);
    }
}

fn count_ends(measures: &mut Measures, line: &str, indent: usize) {
    match indent {
        0 | 1 => {}
        2 | 3 => measures.add(Trait::IndentedLittle),
        _ => measures.add(Trait::IndentedMuch),
    }
    let is_emphasis = line.starts_with("**") || line.starts_with("__");
    match line.chars().next() {
        Some('}' | ')' | ']' | '{' | '[') => measures.add(Trait::StartsWithBracket),
        Some('<') if !line.starts_with("<3") => measures.add(Trait::StartsWithBracket),
        Some('/') if line.starts_with("//") || line.starts_with("/*") => measures.add(Trait::StartsWithComment),
        Some('#' | ';' | '!' | '%') => measures.add(Trait::StartsWithComment),
        Some('*') if line.starts_with("*/") => measures.add(Trait::StartsWithComment),
        Some('-') if line.starts_with("--") => measures.add(Trait::StartsWithComment),
        Some('$' | '&' | '|' | '=' | '+' | '.' | '\\' | '"' | '\'' | '@' | ':' | '*' | '~' | '^' | '?') if !is_emphasis => {
            measures.add(Trait::StartsWithSign);
        }
        _ => {}
    }
    let is_call_end = line.ends_with(')') && measures.count(Trait::Call) > 0;
    match line.chars().next_back() {
        Some(';') => measures.add(Trait::EndsWithSemicolon),
        Some('{' | '(' | '[') => measures.add(Trait::EndsOpen),
        Some('}' | ']' | '>') => measures.add(Trait::EndsClosed),
        Some(')') if is_call_end => measures.add(Trait::EndsClosed),
        Some(',') => measures.add(Trait::EndsWithComma),
        Some(':' | '：') => measures.add(Trait::EndsWithColon),
        Some('\\') => measures.add(Trait::EndsWithBackslash),
        Some('?' | '？' | '؟') => measures.add(Trait::EndsAsQuestion),
        Some('.' | '!' | '…' | '。' | '！') => measures.add(Trait::EndsAsSentence),
        _ => {}
    }
}

fn count_shares(measures: &mut Measures, line: &str) {
    use Trait::{
        Assignment, BothWord, Bracketed, Call, Camel, CapitalWord, Dotted, Flag, ForeignWord, Hex, Number, Operator, Pair, Path, PlainWord,
        Scope, Sigil, Snake, TalkWord,
    };
    let sum = |parts: &[Trait]| parts.iter().map(|of| usize::from(measures.count(*of))).sum::<usize>();
    let code = sum(&[Assignment, Call, Operator, Flag, Snake, Camel, Dotted, Path, Pair, Sigil, Bracketed, Scope, Hex]);
    let plain = sum(&[TalkWord, BothWord, PlainWord, ForeignWord, CapitalWord]);
    let (code, plain, number) = (measures.share(code), measures.share(plain), measures.share(sum(&[Number])));
    measures.set(Trait::ShareCode, code);
    measures.set(Trait::SharePlain, plain);
    measures.set(Trait::ShareNumber, number);
    measures.set(Trait::FewTokens, u8::from(measures.tokens <= 2));
    measures.set(Trait::NoLetters, u8::from(!line.chars().any(char::is_alphabetic)));
}

/// What a token is.
fn classify(token: &str) -> Trait {
    if let Some(sign) = classify_signs(token) {
        return sign;
    }
    let core = token.trim_start_matches(['(', '"', '\'', '*', '_', '“', '‘', '«', '„', '¿', '¡', '`']);
    let core = core
        .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '\'', '*', '_', '…', '”', '’', '»', '“', '`', '。', '，', '？', '！']);
    if core.is_empty() {
        return Trait::Nothing;
    }
    if core.contains("://") || core.starts_with("www.") {
        return Trait::Link;
    }
    classify_word(core).unwrap_or_else(|| classify_code(token, core))
}

/// Tokens without a letter or digit: operators of code, signs of talk. `None` for all others.
fn classify_signs(token: &str) -> Option<Trait> {
    if matches!(token, ":D" | ":P" | ":p" | ";P" | "xD" | "XD" | ":-D" | ":-P" | ":o" | ":O" | "=D" | "=P" | "<3") {
        return Some(Trait::Smiley);
    }
    if token.chars().any(char::is_alphanumeric) {
        return None;
    }
    Some(match token {
        ":)" | ":-)" | ";)" | ";-)" | ":(" | ":-(" | ":/" | ":-/" | ":|" | "=)" | "^^" | "¯\\_(ツ)_/¯" | ":'(" | "(:" => Trait::Smiley,
        "=" | ":=" | "+=" | "-=" | "*=" | "/=" | "||=" | "?=" | "|=" | "&=" => Trait::Assignment,
        "-" | "–" | "—" | "..." | "*" | "." | "," | "!" | "?" | "??" | "!!" | "'" | "\"" | ":" | "~" | "->" | "=>" | "+" | "&" | "/" => {
            Trait::Nothing
        }
        _ if token.bytes().all(|byte| byte.is_ascii_punctuation()) => Trait::Operator,
        _ => Trait::Nothing,
    })
}

/// Tokens of letters: talk, or a name of code in camel case. `None` for all others.
fn classify_word(core: &str) -> Option<Trait> {
    let is_mention = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    if core.strip_prefix('@').is_some_and(is_mention) {
        return Some(Trait::Mention);
    }
    let is_of_word =
        |c: char| c.is_alphabetic() || matches!(c, '\'' | '’' | '-' | '–' | '/' | '‑' | '\u{300}'..='\u{36F}' | '\u{900}'..='\u{97F}');
    if !core.chars().all(is_of_word) || core.starts_with(['-', '/']) || core.matches('/').count() > 1 {
        return None;
    }
    if core.chars().any(|c| !c.is_ascii() && c.is_alphabetic()) {
        return Some(Trait::ForeignWord);
    }
    Some(if core.is_ascii() { talk_word(core) } else { talk_word(&core.replace('’', "'")) })
}

fn talk_word(core: &str) -> Trait {
    match words::look_up(core) {
        Word::Talk => Trait::TalkWord,
        Word::Both => Trait::BothWord,
        Word::Other if is_level(core) => Trait::LevelWord,
        Word::Other if is_camel(core) => Trait::Camel,
        Word::Other if core.starts_with(|c: char| c.is_ascii_uppercase()) => Trait::CapitalWord,
        Word::Other => Trait::PlainWord,
    }
}

fn is_level(core: &str) -> bool {
    matches!(
        core,
        "INFO" | "WARN" | "WARNING" | "ERROR" | "DEBUG" | "TRACE" | "FATAL" | "CRITICAL" | "NOTICE" | "SEVERE" | "FAIL" | "FAILED"
    )
}

fn is_camel(core: &str) -> bool {
    core.bytes().zip(core.bytes().skip(1)).any(|(left, right)| left.is_ascii_lowercase() && right.is_ascii_uppercase())
}

/// Tokens with something between the letters.
fn classify_code(token: &str, core: &str) -> Trait {
    let has = |mark: char| core.contains(mark);
    if is_clock_time(core) {
        Trait::ClockTime
    } else if is_number(core) {
        Trait::Number
    } else if is_hex(core) {
        Trait::Hex
    } else if is_flag(token) {
        Trait::Flag
    } else if is_call(core) {
        Trait::Call
    } else if has('=') || (has(':') && (token.contains('"') || token.contains('\''))) {
        Trait::Pair
    } else if core.contains("::") || core.contains("->") || core.contains("=>") {
        Trait::Scope
    } else if core.starts_with(['$', '%', '&', '@', '\\', '#']) && core.len() > 2 {
        if is_issue(core) { Trait::Nothing } else { Trait::Sigil }
    } else if core.contains(['{', '}', '[', ']', '<', '>', '|', ';', '\\', '^', '`', '"', '(', ')', '$', '&']) {
        Trait::Bracketed
    } else if is_path(core) {
        Trait::Path
    } else if has('_') {
        Trait::Snake
    } else if has('.') {
        classify_dotted(core)
    } else if is_camel(core) {
        Trait::Camel
    } else {
        Trait::Nothing
    }
}

fn is_issue(core: &str) -> bool {
    core.starts_with('#') && core.chars().skip(1).all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

fn is_clock_time(core: &str) -> bool {
    let parts = core.trim_start_matches('[').trim_end_matches([']', 'Z']).split([':', '.', ',', 'T']);
    core.matches(':').count() == 2
        && parts.clone().count() >= 3
        && parts.clone().all(|part| part.bytes().all(|b| b.is_ascii_digit() || b == b'-' || b == b'+'))
}

fn is_number(core: &str) -> bool {
    let core = core.trim_start_matches(['+', '-', '$', '€', '£', '~', '<', '>', '#', '≈', '±', '[']).trim_end_matches(']');
    let digits = core.bytes().filter(u8::is_ascii_digit).count();
    let letters = core.bytes().filter(u8::is_ascii_alphabetic).count();
    let others =
        core.bytes().filter(|b| !b.is_ascii_alphanumeric()).all(|b| matches!(b, b'.' | b',' | b':' | b'/' | b'-' | b'%' | b'+' | 0x80..));
    core.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && others
        && (letters == 0 || (letters <= 3 && digits > 0 && letters <= digits + 1))
}

fn is_hex(core: &str) -> bool {
    let prefixed = core.strip_prefix("0x").or_else(|| core.strip_prefix("0X"));
    let digits = prefixed.unwrap_or(core);
    let is_all_hex = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_all_hex && (prefixed.is_some() || (digits.len() >= 7 && digits.bytes().any(|byte| byte.is_ascii_digit())))
}

fn is_flag(token: &str) -> bool {
    let name = token.trim_start_matches('-');
    let dashes = token.len() - name.len();
    (1..=2).contains(&dashes) && name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.ends_with('-')
}

/// `name(…`; not `function(s)` or `word(optional)`.
fn is_call(core: &str) -> bool {
    let Some((name, inside)) = core.split_once('(') else { return false };
    let inside = inside.split(')').next().unwrap_or_default();
    let is_name = name.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '>' | '!' | ']'));
    let is_plural = (1..=3).contains(&inside.len()) && inside.bytes().all(|byte| byte.is_ascii_lowercase()) && core.ends_with(inside);
    is_name && !is_plural
}

fn is_path(core: &str) -> bool {
    let slashes = core.matches('/').count();
    let starts = core.starts_with('/') || core.starts_with("./") || core.starts_with("../") || core.starts_with("~/");
    let is_windows = core.as_bytes().get(1) == Some(&b':') && core.contains('\\');
    (starts && core.len() > 2) || slashes >= 2 || is_windows || (slashes == 1 && core.contains(['_', '.']))
}

/// `file.py` and `np.array`, but not `e.g`, `done.Now` or `1.2`.
fn classify_dotted(core: &str) -> Trait {
    let is_abbreviation = core.split('.').all(|part| part.chars().count() <= 1);
    let is_run_on = core.split('.').skip(1).any(|part| part.starts_with(|c: char| c.is_uppercase()))
        && core
            .split('.')
            .next()
            .is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_lowercase()) && words::look_up(part) != Word::Other);
    let is_name = core.split('.').all(|part| part.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-')));
    if !is_abbreviation && !is_run_on && is_name { Trait::Dotted } else { Trait::Nothing }
}
