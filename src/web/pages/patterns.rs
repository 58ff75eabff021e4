//! Patterns: what a team sees, with every source, and what it decides.

use crate::http::forms::Field;
use crate::web::chart::Chart;
use crate::web::format::Moment;
use crate::web::layout::Frame;
use askama::Template;

/// The patterns of one status.
#[derive(Template)]
#[template(path = "patterns/index.html")]
pub struct Index {
    pub frame: Frame,
    pub tabs: Vec<Tab>,
    pub patterns: Vec<Card>,
    pub empty_title: &'static str,
    pub empty_note: &'static str,
    pub empty_href: &'static str,
    pub empty_verb: &'static str,
}

/// One status to look at.
pub struct Tab {
    pub href: &'static str,
    pub label: &'static str,
    pub count: String,
    pub is_current: bool,
}

/// One pattern in the list.
pub struct Card {
    pub href: String,
    pub kind: &'static str,
    pub scope: String,
    pub title: String,
    pub statement: String,
    pub sources: String,
    pub surfaced: Moment,
}

/// One pattern, whole.
#[derive(Template)]
#[template(path = "patterns/show.html")]
pub struct Show {
    pub frame: Frame,
    pub csrf: String,
    pub kind: &'static str,
    pub scope: String,
    pub title: String,
    pub statement: String,
    pub state: &'static str,
    pub tone: &'static str,
    pub surfaced: Moment,
    pub window: String,
    pub chart: Option<Chart>,
    pub sources: Vec<Source>,
    pub sources_note: String,
    pub why: Vec<String>,
    pub goes_away: String,
    pub options: Vec<String>,
    pub decision: Option<Decision>,
    pub action: String,
    pub note: Field,
    pub note_chars_max: usize,
    pub verdicts: Vec<Verdict>,
}

impl Show {
    fn complaints(&self) -> Vec<&Field> {
        [&self.note].into_iter().filter(|field| field.is_bad()).collect()
    }
}

/// One link to what the pattern rests on.
pub struct Source {
    pub href: Option<String>,
    pub label: String,
    pub host: String,
    pub at: Moment,
}

/// What was decided before.
pub struct Decision {
    pub words: String,
    pub at: Moment,
    pub note: String,
}

/// One thing that can be decided.
#[derive(Clone, Copy, Debug)]
pub struct Verdict {
    pub status: &'static str,
    pub verb: &'static str,
    pub note: &'static str,
}

/// What a team can decide, in the words of the buttons.
pub const VERDICTS: [Verdict; 3] = [
    Verdict { status: "acknowledged", verb: "Acknowledge", note: "We see it, and will talk about it." },
    Verdict { status: "addressed", verb: "Address", note: "We did something about it." },
    Verdict { status: "dismissed", verb: "Dismiss", note: "Not true for us, or not useful." },
];
