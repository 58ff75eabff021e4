//! The sources of a connection: what may be read, chosen one by one.

use crate::http::forms::Field;
use crate::web::layout::Frame;
use askama::Template;

/// All sources of a connection, and what switching one on means.
#[derive(Template)]
#[template(path = "sources/index.html")]
pub struct Index {
    pub frame: Frame,
    pub csrf: String,
    pub connection: String,
    pub connection_href: String,
    pub action: String,
    pub lead: &'static str,
    pub place_label: &'static str,
    pub place_hint: &'static str,
    pub disclosure: DisclosureView,
    pub external_id: Field,
    pub team: Field,
    pub count: String,
    pub empty: &'static str,
    pub sources: Vec<Row>,
}

impl Index {
    fn complaints(&self) -> Vec<&Field> {
        [&self.external_id, &self.team].into_iter().filter(|field| field.is_bad()).collect()
    }
}

/// One source.
pub struct Row {
    pub name: String,
    pub external_id: String,
    pub note: String,
    pub state: &'static str,
    pub tone: &'static str,
    pub is_on: bool,
    pub team: String,
}

/// What an admin reads before switching a source on.
pub struct DisclosureView {
    pub tool: &'static str,
    pub reads: &'static [&'static str],
    pub never: &'static [&'static str],
    pub kept: &'static [Kept],
    pub scopes: &'static [&'static str],
}

/// What is kept of a source, and for how long.
pub struct Kept {
    pub what: &'static str,
    pub how_long: &'static str,
}

/// What is kept of any source, and for how long (DECISIONS, 'What is kept').
pub const KEPT: &[Kept] = &[
    Kept {
        what: "Text of messages, with code, secrets and names taken out",
        how_long: "35 days; then only time, place, thread, score and link stay",
    },
    Kept { what: "Changes, reviews, runs, deploys and incidents: title, times, states", how_long: "400 days" },
    Kept { what: "Patterns and their statements", how_long: "until the team deletes them" },
    Kept { what: "What is turned away", how_long: "never kept; counted by reason" },
];
