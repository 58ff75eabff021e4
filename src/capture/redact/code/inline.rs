//! Code inside sentences: between backticks, or a call, an assignment, an error in the middle of talk.
//!
//! What stands between backticks goes, always, be it a single name: whoever put them there says that it is code. Behind the
//! beginning of a definition or a statement all goes to the end of the line ([`embedded`]).

use super::shapes::embedded;
use crate::capture::redact::shape::{ascii_shape, shape};
use crate::capture::redact::{Kind, Removed};
use regex::{Captures, Regex};
use std::borrow::Cow;
use std::sync::LazyLock;

/// Backticks around something, on one line.
static SPAN: LazyLock<Regex> = LazyLock::new(|| outside_links(r"``[^`\n](?:[^\n]*?[^`\n])?``|`[^`\n]+`"));
static QUOTED: LazyLock<Regex> = LazyLock::new(|| {
    shape(r"``[^`\n](?:[^\n]*?[^`\n])?``|`[^`\n]+`|\[(?:[a-z]{3,6} removed|email|phone|address|channel|group|link|date|cut|someone)\]")
});
/// The beginnings of [`embedded`], and the rest of their lines.
static EMBEDDED: LazyLock<Regex> = LazyLock::new(|| {
    let beginnings: Vec<String> = embedded::ROWS.iter().map(|(shape, _)| format!("(?:{shape})")).collect();
    outside_links(&format!(r"(?:{})[^\n]*", beginnings.join("|")))
});
/// What is in every line with one of them.
const MARKS_OF_EMBEDDED: [char; 6] = ['(', '{', ':', '=', '<', '*'];
/// `SomethingError: what went wrong`, and what compilers say in a sentence, in the middle of a line: up to the end of a quotation or of the sentence.
static ERROR: LazyLock<Regex> = LazyLock::new(|| {
    outside_links(
        r#"\bThe (?:import|type|method|constructor) \S+ (?:cannot be resolved|is (?:undefined|not visible))|(?:[A-Za-z_][\w.]*\.)?[A-Z][a-z]\w*(?:Error|Exception|Interrupt|Warning|Failure)(?:\(\w*\))?: *(?:["“][^"”\n]*["”]|'[^'\n]*'(?:\s|$)|[^\n]*?(?:[.!?](?:\s|$)|$))"#,
    )
});
/// `name(arguments)` with up to two levels of brackets, and what is called on its result.
static CALL: LazyLock<Regex> = LazyLock::new(|| {
    outside_links(concat!(
        r"(?:[A-Za-z_$][\w$]*(?:\.|::|->))*[A-Za-z_$][\w$]*!?\((?P<inside>[^()\n]*(?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)[^()\n]*)*)\)",
        r"(?:(?:\.|::|->|\?\.)[A-Za-z_]\w*(?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\))?|\[[^\]\n]*\])*;?",
    ))
});
/// `name = value`, `--flag=value`, `NAME=value`, `a == b`, `a -> b`, `array[0]`, `${x}`, `x += 1`.
static EXPRESSION: LazyLock<Regex> = LazyLock::new(|| {
    outside_links(concat!(
        r#"--?[A-Za-z][\w-]*=(?:"[^"\n]*"|'[^'\n]*'|\S+)"#,
        r#"|[A-Za-z_][\w.\[\]]* ?(?:==|!=|===|!==|\+=|-=|\*=|:=|<-|&&|\|\|) ?(?:"[^"\n]*"|'[^'\n]*'|\S+)"#,
        r#"|[A-Za-z_][\w.]*=(?:"[^"\n]*"|'[^'\n]*'|[^\s,;.]\S*)"#,
        r#"|[A-Za-z_][\w.]* = (?:"[^"\n]*"|'[^'\n]*'|[\w.]*[\d_.\[({]\S*|\w+[;)])"#,
        r"|\$\{[^}\n]*\}|[A-Za-z_]\w*\[[\w:,'\x22 -]*\](?:\.\w+)*|</?[A-Za-z][\w:-]*(?:\s+[\w:-]+=[^<>\n]*)?\s*/?>",
        r"|\{\s*[\w'\x22]+\s*:[^{}\n]*\}",
    ))
});

/// `pattern`, or else a link, which is taken whole so that nothing inside it is found.
fn outside_links(pattern: &str) -> Regex {
    ascii_shape(&format!(r#"(?P<link>[A-Za-z][A-Za-z0-9+.-]{{1,20}}://[^\s<>"`]+)|{pattern}"#))
}

/// `line` with each span between backticks and each placeholder become one plain word: what is quoted, or was cut, says
/// nothing about what is around it.
pub(super) fn masked(line: &str) -> Cow<'_, str> {
    if line.contains(['`', '[']) { QUOTED.replace_all(line, "it") } else { Cow::Borrowed(line) }
}

/// Cuts code out of the sentences of `text`.
pub(super) fn cut<'a>(text: &'a str, removed: &mut Removed) -> Cow<'a, str> {
    let mut text = Cow::Borrowed(text);
    if text.contains('`') {
        replace(&mut text, &SPAN, |found| (!found.trim_matches(['`', ' ']).is_empty()).then_some(Kind::Code), removed);
    }
    if text.contains(MARKS_OF_EMBEDDED) || text.contains("elect") || text.contains("SELECT") || text.contains("else") {
        replace(&mut text, &EMBEDDED, |_| Some(Kind::Code), removed);
    }
    if text.contains(": ") {
        replace(&mut text, &ERROR, |_| Some(Kind::Trace), removed);
    }
    if text.contains('(') {
        replace(&mut text, &CALL, |found| is_call(found).then_some(Kind::Code), removed);
    }
    if text.contains(['=', '<', '[', '{', '|', '&']) {
        replace(&mut text, &EXPRESSION, |_| Some(Kind::Code), removed);
    }
    text
}

fn replace(text: &mut Cow<'_, str>, shape: &Regex, kind_of: impl Fn(&str) -> Option<Kind>, removed: &mut Removed) {
    let changed = match shape.replace_all(text, |found: &Captures<'_>| {
        let whole = found.get(0).map_or("", |whole| whole.as_str());
        match kind_of(whole) {
            Some(kind) if found.name("link").is_none() => {
                removed.add(kind);
                kind.placeholder().to_owned()
            }
            _ => whole.to_owned(),
        }
    }) {
        Cow::Owned(changed) => changed,
        Cow::Borrowed(_) => return,
    };
    *text = Cow::Owned(changed);
}

/// `name(x, y)`, `name()`; not `function(s)` or `word(an aside in prose)`.
fn is_call(found: &str) -> bool {
    let Some((name, inside)) = found.split_once('(') else { return false };
    let inside = inside.trim_end_matches([')', ';']);
    let is_plural = (1..=3).contains(&inside.len())
        && inside.bytes().all(|byte| byte.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_aside = inside.contains(' ') && !inside.contains(['=', '\'', '"', '_', ',', '.', '[', '{', '<', '>', '*', '(']);
    !is_plural && !is_aside
}
