//! Whole lines that were pasted without a fence.
//!
//! Each line is judged alone, and then by its neighbours: a line that could be either goes when what stands around it goes,
//! and a comment between two statements is part of the code. A sentence between two pieces of code stays.

use super::line::Line;
use super::measure::{Measures, Trait, measure};
use super::weigh::{Likeness, likeness, weigh};
use super::{adjacent, inline, shapes};
use crate::capture::redact::{Kind, Removed};
use std::borrow::Cow;

/// Blank lines over which neighbours are still neighbours: some tools double every line end.
const BLANKS_MAX: usize = 2;
/// Longest stretch of undecided lines between two pieces of code that goes with them.
const GAP_LINES_MAX: usize = 12;
/// A stretch of which this many lines are code and no more than as many are not is one paste.
const PASTE_LINES_MIN: usize = 3;

/// A line and what was found about it.
pub(super) struct Judged<'a> {
    pub(super) line: Line<'a>,
    likeness: Likeness,
    pub(super) kind: Option<Kind>,
    pub(super) goes: bool,
}

impl Judged<'_> {
    /// The line goes, as one of this kind.
    pub(super) fn take(&mut self, kind: Kind) {
        self.kind = Some(kind);
        self.likeness = Likeness::Sure;
        self.goes = true;
    }
}

/// Cuts pasted lines out of `text`; each run of them leaves one placeholder.
pub(super) fn cut<'a>(text: &'a str, removed: &mut Removed) -> Cow<'a, str> {
    let mut lines: Vec<Judged<'_>> = text.split('\n').map(|raw| judge(Line::new(raw))).collect();
    open_spans(&mut lines);
    adjacent::mark(&mut lines);
    if lines.iter().all(|line| !line.goes && line.likeness < Likeness::Likely) {
        return Cow::Borrowed(text);
    }
    spread(&mut lines);
    if lines.iter().any(|line| line.goes) { Cow::Owned(rewrite(&lines, removed)) } else { Cow::Borrowed(text) }
}

/// The kind of what `block` holds, by the shapes of its lines.
pub(super) fn kind_of(block: &str) -> Kind {
    strongest(block.split('\n').map(|raw| shapes::kind_of(Line::new(raw).body)))
}

/// Traces and diffs are told by few of their lines; a log or code by most of them.
fn strongest(kinds: impl Iterator<Item = Option<Kind>>) -> Kind {
    let (mut trace, mut diff, mut log, mut code) = (0, 0, 0, 0);
    for kind in kinds {
        match kind {
            Some(Kind::Trace) => trace += 1,
            Some(Kind::Diff) => diff += 1,
            Some(Kind::Log) => log += 1,
            _ => code += 1,
        }
    }
    if diff > 0 && diff >= trace {
        Kind::Diff
    } else if trace > 0 && trace * 4 >= log + code {
        Kind::Trace
    } else if log * 2 > code {
        Kind::Log
    } else {
        Kind::Code
    }
}

fn judge(line: Line<'_>) -> Judged<'_> {
    if line.is_blank() || line.is_placeholder() {
        return Judged { line, likeness: Likeness::Talk, kind: None, goes: false };
    }
    let masked = inline::masked(line.body);
    let content = inline::masked(line.content());
    let kind = shapes::kind_of(&masked).or_else(|| if line.is_item { shapes::kind_of(&content) } else { None });
    let indent = if line.is_item { 0 } else { line.indent };
    let measures = measure(&content, indent);
    let likeness = match kind {
        Some(_) => Likeness::Sure,
        None if is_code_without_talk(&content, &measures) => Likeness::Sure,
        None => likeness(weigh(&measures)),
    };
    let is_talk = is_chat_only(&measures) || (likeness < Likeness::Likely && is_short_talk(&measures));
    let likeness = if is_talk { Likeness::Talk } else { likeness };
    Judged { line, likeness, kind, goes: likeness == Likeness::Sure }
}

/// A line of links and mentions has no words to go by, and is no code.
fn is_chat_only(measures: &Measures) -> bool {
    let chat = measures.count(Trait::Link) + measures.count(Trait::Mention) + measures.count(Trait::Nothing);
    usize::from(chat) == measures.tokens && measures.count(Trait::Link) + measures.count(Trait::Mention) > 0
}

/// A shape that talk has by chance, in a line that is no talk.
fn is_code_without_talk(content: &str, measures: &Measures) -> bool {
    let talk = [Trait::TalkWord, Trait::ForeignWord, Trait::Mention, Trait::Smiley, Trait::EndsAsQuestion];
    talk.iter().all(|of| measures.count(*of) == 0) && shapes::is_faint(content)
}

/// "look at this", "and then": a few words of talk and nothing of code.
fn is_short_talk(measures: &Measures) -> bool {
    measures.count(Trait::TalkWord) > 0 && measures.count(Trait::ShareCode) == 0 && measures.count(Trait::IndentedMuch) == 0
}

/// A single backtick that is closed on a later line was meant as a fence.
fn open_spans(lines: &mut [Judged<'_>]) {
    let is_odd = |line: &Judged<'_>| line.line.body.matches('`').count() % 2 == 1;
    let mut opened: Option<usize> = None;
    for at in 0..lines.len() {
        let Some(line) = lines.get(at) else { break };
        if line.line.is_blank() && opened.is_some_and(|from| at - from > BLANKS_MAX) {
            opened = None;
        }
        if !is_odd(line) {
            continue;
        }
        let Some(from) = opened.take() else {
            opened = Some(at);
            continue;
        };
        let begins = lines.get(from).is_some_and(|line| line.line.body.starts_with('`'));
        let ends = lines.get(at).is_some_and(|line| line.line.body.ends_with('`'));
        if begins && ends {
            for line in lines.iter_mut().take(at + 1).skip(from) {
                line.goes = true;
            }
        }
    }
}

/// Lets what goes take its neighbours along.
fn spread(lines: &mut [Judged<'_>]) {
    let sure = lines.iter().filter(|line| line.goes).count();
    let others = lines.iter().filter(|line| !line.goes && !line.line.is_blank()).count();
    let is_mostly_paste = sure >= PASTE_LINES_MIN && sure >= others;
    let filled: Vec<usize> = (0..lines.len()).filter(|at| lines.get(*at).is_some_and(|line| !line.line.is_blank())).collect();
    loop {
        let before = lines.iter().filter(|line| line.goes).count();
        take_neighbours(lines, &filled, is_mostly_paste);
        fill_gaps(lines, &filled, is_mostly_paste);
        if lines.iter().filter(|line| line.goes).count() == before {
            return;
        }
    }
}

/// One sweep down and one up: likely lines beside code, and undecided lines right beside it, are code.
fn take_neighbours(lines: &mut [Judged<'_>], filled: &[usize], is_mostly_paste: bool) {
    let mut sweep = |order: &mut dyn Iterator<Item = &usize>| {
        let mut before: Option<usize> = None;
        for at in order {
            let goes_before = before.and_then(|before| lines.get(before)).is_some_and(|line| line.goes);
            let distance = before.map_or(0, |before| before.abs_diff(*at)).saturating_sub(1);
            if let Some(line) = lines.get_mut(*at)
                && !line.goes
                && !line.line.is_placeholder()
                && goes_before
                && distance <= BLANKS_MAX
            {
                line.goes = match line.likeness {
                    Likeness::Sure | Likeness::Likely => true,
                    Likeness::Unsure => distance == 0 || is_mostly_paste,
                    Likeness::Talk => false,
                };
            }
            before = Some(*at);
        }
    };
    sweep(&mut filled.iter());
    sweep(&mut filled.iter().rev());
}

/// What lies between two pieces of code and is not talk is code.
fn fill_gaps(lines: &mut [Judged<'_>], filled: &[usize], is_mostly_paste: bool) {
    let mut gap: Vec<usize> = Vec::new();
    let mut is_after_code = false;
    for at in filled {
        let Some(line) = lines.get(*at) else { continue };
        if !line.goes {
            gap.push(*at);
            continue;
        }
        let is_contiguous = gap.first().zip(gap.last()).is_some_and(|(first, last)| last - first + 1 == gap.len() && *at == last + 1);
        let talk = gap.iter().filter(|at| lines.get(**at).is_some_and(|line| line.likeness == Likeness::Talk)).count();
        let is_inside =
            is_after_code && gap.len() <= GAP_LINES_MAX && (talk == 0 || (is_mostly_paste && is_contiguous && talk * 4 <= gap.len()));
        if is_inside {
            for inside in &gap {
                if let Some(line) = lines.get_mut(*inside)
                    && !line.line.is_placeholder()
                {
                    line.goes = true;
                }
            }
        }
        gap.clear();
        is_after_code = true;
    }
}

/// Puts a placeholder in place of each run, with the blank lines inside it.
fn rewrite(lines: &[Judged<'_>], removed: &mut Removed) -> String {
    let mut out = String::new();
    let mut run: Vec<Option<Kind>> = Vec::new();
    let mut blanks = 0;
    for line in lines {
        if line.goes {
            run.push(line.kind);
            blanks = 0;
        } else if line.line.is_blank() && !run.is_empty() {
            blanks += 1;
        } else {
            end_run(&mut out, &mut run, &mut blanks, removed);
            out.push_str(line.line.raw);
            out.push('\n');
        }
    }
    end_run(&mut out, &mut run, &mut blanks, removed);
    out.pop();
    out
}

fn end_run(out: &mut String, run: &mut Vec<Option<Kind>>, blanks: &mut usize, removed: &mut Removed) {
    if run.is_empty() {
        return;
    }
    let kind = strongest(run.drain(..));
    removed.add(kind);
    out.push_str(kind.placeholder());
    for _ in 0..=*blanks {
        out.push('\n');
    }
    *blanks = 0;
}
