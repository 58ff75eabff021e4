//! Blocks that say themselves where they begin and end: fences, `<pre>`, `{code}`, PEM.
//!
//! They go whole, whatever they hold. Readers disagree about fences: for Markdown a fence is closed by a line of its own, for
//! Slack by the next three backticks wherever they are. What either takes for a block is cut. A block that is never closed
//! reaches to the end.

use super::pasted;
use crate::capture::redact::{Kind, Removed};
use std::borrow::Cow;
use std::ops::Range;

/// Fewest backticks or tildes of a fence.
const FENCE_BYTES_MIN: usize = 3;
/// Deeper than this a line of tildes is a compiler's underlining.
const TILDE_INDENT_MAX: usize = 3;

/// Pairs of marks, whether case matters not, and whether an unclosed one reaches to the end of the text.
const PAIRS: &[(&str, &str, bool)] = &[
    ("<pre", "</pre>", true),
    ("<code", "</code>", false),
    ("<script", "</script>", true),
    ("<style", "</style>", true),
    ("<samp", "</samp>", false),
    ("<kbd", "</kbd>", false),
    ("<tt>", "</tt>", false),
    ("{code}", "{code}", true),
    ("{code:", "{code}", true),
    ("{noformat}", "{noformat}", true),
    ("{noformat:", "{noformat}", true),
    ("[code]", "[/code]", true),
    ("[code=", "[/code]", true),
    ("#+begin_src", "#+end_src", true),
    ("#+begin_example", "#+end_example", true),
    ("\\begin{verbatim}", "\\end{verbatim}", true),
    ("\\begin{lstlisting}", "\\end{lstlisting}", true),
    ("\\begin{minted}", "\\end{minted}", true),
];

/// A stretch of text that goes.
struct Block {
    bytes: Range<usize>,
    kind: Kind,
}

/// Cuts every block out of `text`.
pub(super) fn cut<'a>(text: &'a str, removed: &mut Removed) -> Cow<'a, str> {
    if !text.contains("```") && !text.contains("~~~") && !text.contains(['<', '{', '[', '#', '\\']) && !text.contains("-----BEGIN") {
        return Cow::Borrowed(text);
    }
    let mut blocks = Vec::new();
    fenced_as_in_chat(text, &mut blocks);
    fenced_as_in_markdown(text, &mut blocks);
    between_pairs(text, &mut blocks);
    pem(text, &mut blocks);
    if blocks.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(without(text, blocks, removed)) }
}

fn without(text: &str, mut blocks: Vec<Block>, removed: &mut Removed) -> String {
    blocks.sort_by_key(|block| (block.bytes.start, usize::MAX - block.bytes.end));
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for block in blocks {
        if block.bytes.start >= done && block.bytes.end > block.bytes.start {
            out.push_str(text.get(done..block.bytes.start).unwrap_or_default());
            out.push_str(block.kind.placeholder());
            removed.add(block.kind);
        }
        done = done.max(block.bytes.end);
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

fn block(text: &str, bytes: Range<usize>) -> Block {
    let kind = text.get(bytes.clone()).map_or(Kind::Code, pasted::kind_of);
    Block { bytes, kind }
}

/// Runs of at least three backticks, in pairs, wherever they stand.
fn fenced_as_in_chat(text: &str, blocks: &mut Vec<Block>) {
    let mut opened: Option<usize> = None;
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find("```")).map(|found| at + found) {
        let end = start + run_length(text.get(start..).unwrap_or_default(), b'`');
        match opened.take() {
            Some(from) => blocks.push(block(text, from..end)),
            None => opened = Some(start),
        }
        at = end;
    }
    // An odd last run may be what closes a Markdown block with a run inside; if it opens one, that one is found there too.
    if let Some(from) = opened
        && !is_alone_on_its_line(text, from)
    {
        blocks.push(block(text, from..text.len()));
    }
}

fn run_length(text: &str, mark: u8) -> usize {
    text.bytes().take_while(|byte| *byte == mark).count()
}

fn is_alone_on_its_line(text: &str, from: usize) -> bool {
    let before = text.get(..from).and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
    let after = text.get(from..).and_then(|after| after.split('\n').next()).unwrap_or_default();
    unquoted(before).is_empty() && after.trim_end().bytes().all(|byte| byte == b'`')
}

/// Lines that begin with a fence, up to a line that is one, or ends in one.
fn fenced_as_in_markdown(text: &str, blocks: &mut Vec<Block>) {
    let mut opened: Option<(usize, u8, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = unquoted(line);
        let start = at + (line.trim_end().len() - content.len());
        let end = at + line.trim_end().len();
        at += line.len();
        match opened {
            Some((from, mark, length)) if closes(content, mark, length) => {
                blocks.push(block(text, from..end));
                opened = None;
            }
            Some(_) => {}
            None => opened = opens(line, content).map(|(mark, length)| (start, mark, length)),
        }
    }
    if let Some((from, ..)) = opened {
        blocks.push(block(text, from..text.len()));
    }
}

/// A line without what a quote or a list puts in front of it, and without trailing space.
fn unquoted(line: &str) -> &str {
    let content = line.trim_end().trim_start_matches([' ', '\t', '>', '|']);
    let item = content.strip_prefix("- ").or_else(|| content.strip_prefix("* "));
    let numbered = content.split_once(". ").filter(|(number, _)| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
    item.or(numbered.map(|(_, rest)| rest)).unwrap_or(content).trim_start()
}

fn opens(line: &str, content: &str) -> Option<(u8, usize)> {
    let mark = *content.as_bytes().first()?;
    let length = run_length(content, mark);
    let info = content.get(length..).unwrap_or_default();
    let is_fence = match mark {
        b'`' => !info.contains('`'),
        b'~' => line.bytes().take_while(u8::is_ascii_whitespace).count() <= TILDE_INDENT_MAX && !info.contains(['~', '^']),
        _ => false,
    };
    (is_fence && length >= FENCE_BYTES_MIN).then_some((mark, length))
}

fn closes(content: &str, mark: u8, length: usize) -> bool {
    let run = content.bytes().rev().take_while(|byte| *byte == mark).count();
    run >= length && (run == content.len() || mark == b'`')
}

fn between_pairs(text: &str, blocks: &mut Vec<Block>) {
    let lower = text.to_ascii_lowercase();
    for (open, close, reaches_end) in PAIRS {
        let mut at = 0;
        while let Some(start) = lower.get(at..).and_then(|rest| rest.find(open)).map(|found| at + found) {
            let inner = start + open.len();
            let is_tag =
                !open.starts_with('<') || open.ends_with('>') || lower.get(inner..).is_some_and(|rest| rest.starts_with(['>', ' ', '\n']));
            if !is_tag {
                at = inner;
                continue;
            }
            let Some(end) = lower.get(inner..).and_then(|rest| rest.find(close)).map(|found| inner + found + close.len()) else {
                // Without a closing mark in the rest there is none for a later opening one either.
                if *reaches_end {
                    blocks.push(block(text, start..text.len()));
                }
                break;
            };
            blocks.push(block(text, start..end));
            at = end;
        }
    }
}

/// Keys and certificates as RFC 7468 frames them.
fn pem(text: &str, blocks: &mut Vec<Block>) {
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find("-----BEGIN ")).map(|found| at + found) {
        let footer = text.get(start..).and_then(|rest| rest.find("-----END ")).map(|found| start + found + "-----END ".len());
        let end = footer.map_or(text.len(), |footer| {
            let tail = text.get(footer..).unwrap_or_default();
            footer + tail.find("-----").map_or_else(|| tail.find('\n').unwrap_or(tail.len()), |found| found + FENCE_DASHES)
        });
        blocks.push(Block { bytes: start..end, kind: Kind::Secret });
        at = end;
    }
}

/// Dashes on either side of a PEM label.
const FENCE_DASHES: usize = 5;
