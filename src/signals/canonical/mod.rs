//! Canonical history: signals as CSV or JSON lines, for `backtest` and `import`.
//!
//! One row is one [`Signal`], one transition of one thing. CSV has a header line that names its columns, in any order;
//! JSON lines have one object for each line. An empty cell, a `null` and an absent column are the same: nothing said.
//! Columns that are not in the table below are ignored, unless one looks like a misspelt name of a column that is missing.
//! A column that comes twice is refused: nobody could say which of the two is meant.
//!
//! | kind | transition | required | may have |
//! |---|---|---|---|
//! | `message` | `posted`, `edited`, `deleted` | `at`, `kind`, `source`, `id`, `transition` | `actor`, `actor_kind`, `url`, `thread`, `text` |
//! | `change` | `opened`, `opened_draft`, `reopened`, `ready_for_review`, `converted_to_draft`, `updated`, `retitled`, `merged`, `closed` | `at`, `kind`, `source`, `id`, `transition` | `actor`, `actor_kind`, `url`, `title`, `ref`, `sha` |
//! | `review` | `approved`, `changes_requested`, `commented`, `dismissed` | `at`, `kind`, `source`, `id`, `transition`, `parent` | `actor`, `actor_kind`, `url` |
//! | `run` | `started`, `completed` | `at`, `kind`, `source`, `id`, `transition`, `workflow` | `actor`, `actor_kind`, `url`, `ref`, `sha`, `parent`, `conclusion`, `attempt` |
//! | `deploy` | `created`, `started`, `succeeded`, `failed`, `retired` | `at`, `kind`, `source`, `id`, `transition`, `environment` | `actor`, `actor_kind`, `url`, `ref`, `sha` |
//! | `incident` | `opened`, `resolved` | `at`, `kind`, `source`, `id`, `transition` | `actor`, `actor_kind`, `url`, `title`, `parent` |
//!
//! - `at`: the tool's own time, RFC 3339 with a zone: `2026-03-02T09:00:00Z`.
//! - `source`: the channel's id, or `owner/name` (`group/subgroup/name`) of the repository. A direct message is no source.
//! - `id`: the thing's id in its source: a message's timestamp, a change's number, a run's id.
//! - `actor`: any lasting name of who did it; the author of a change is the actor of its opening. `actor_kind`: `human`,
//!   `bot` or `unknown`; where nothing is said, a name ending in `[bot]` is a bot, any other name a human.
//! - `ref`: the branch. `sha`: the head commit, and for `merged` the merge commit.
//! - `parent`: the number of the change that was reviewed or run; of an incident, the id of the deployment it came from.
//! - `conclusion`: how a run ended; a `completed` run must say it. `attempt`: 1 where nothing is said.
//! - `thread`: the id of the thread's first message, where the message is an answer.
//!
//! Never: a row with a body, a diff or a commit message; there is no column for one. What does not survive the way
//! through this format: the pre-filter's score (computed anew) and the tool's own word on whether an environment is
//! production (the environment's name decides).

mod objects;
mod read;
mod record;
mod table;
#[cfg(test)]
mod tests;
mod write;

#[expect(unused_imports, reason = "named in the documentation of this module")]
use crate::signals::Signal;
use crate::signals::{
    ChangeTransition, DeployTransition, IncidentTransition, MessageTransition, ReviewTransition, RunTransition, SignalKind,
};
pub use read::{Problem, Reading, parse, records};
pub use record::{Column, Record, Wrong};
pub use write::{to_csv, to_json_lines};

/// What some programs begin a file with.
const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// The two ways to write canonical history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    JsonLines,
}

impl Format {
    /// The format of a file, by its extension, else by its first character.
    pub fn of(file_name: &str, text: &str) -> Self {
        let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        let extension = file_name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        match extension.as_deref() {
            Some("csv") => Self::Csv,
            Some("jsonl" | "ndjson" | "json") => Self::JsonLines,
            _ if text.trim_start().starts_with('{') => Self::JsonLines,
            _ => Self::Csv,
        }
    }
}

/// Which columns a kind has.
pub struct KindFields {
    pub kind: SignalKind,
    /// The words its `transition` may be.
    pub transitions: fn() -> Vec<&'static str>,
    /// Required beside [`REQUIRED`].
    pub required: &'static [Column],
    /// Allowed beside [`OPTIONAL`].
    pub optional: &'static [Column],
}

/// What every row must say.
pub const REQUIRED: &[Column] = &[Column::At, Column::Kind, Column::Source, Column::Id, Column::Transition];
/// What every row may say.
pub const OPTIONAL: &[Column] = &[Column::Actor, Column::ActorKind, Column::Url];

/// The table of the documentation, and what the reader checks against.
pub const FIELDS: &[KindFields] = &[
    KindFields {
        kind: SignalKind::Message,
        transitions: || MessageTransition::ALL.iter().map(|word| word.as_str()).collect(),
        required: &[],
        optional: &[Column::Thread, Column::Text],
    },
    KindFields {
        kind: SignalKind::Change,
        transitions: || ChangeTransition::ALL.iter().map(|word| word.as_str()).collect(),
        required: &[],
        optional: &[Column::Title, Column::Ref, Column::Sha],
    },
    KindFields {
        kind: SignalKind::Review,
        transitions: || ReviewTransition::ALL.iter().map(|word| word.as_str()).collect(),
        required: &[Column::Parent],
        optional: &[],
    },
    KindFields {
        kind: SignalKind::Run,
        transitions: || RunTransition::ALL.iter().map(|word| word.as_str()).collect(),
        required: &[Column::Workflow],
        optional: &[Column::Ref, Column::Sha, Column::Parent, Column::Conclusion, Column::Attempt],
    },
    KindFields {
        kind: SignalKind::Deploy,
        transitions: || DeployTransition::ALL.iter().map(|word| word.as_str()).collect(),
        required: &[Column::Environment],
        optional: &[Column::Ref, Column::Sha],
    },
    KindFields {
        kind: SignalKind::Incident,
        transitions: || IncidentTransition::ALL.iter().map(|word| word.as_str()).collect(),
        required: &[],
        optional: &[Column::Title, Column::Parent],
    },
];

/// The row of [`FIELDS`] for a kind.
pub fn fields_of(kind: SignalKind) -> Option<&'static KindFields> {
    FIELDS.iter().find(|fields| fields.kind == kind)
}

/// [`FIELDS`] as the table of the documentation, in Markdown.
pub fn table() -> String {
    let code = |words: &mut dyn Iterator<Item = &'static str>| words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let names = |first: &'static [Column], then: &'static [Column]| code(&mut first.iter().chain(then).map(|column| column.as_str()));
    let mut rows = vec!["| kind | transition | required | may have |".to_owned(), "|---|---|---|---|".to_owned()];
    rows.extend(FIELDS.iter().map(|fields| {
        let transitions = code(&mut (fields.transitions)().into_iter());
        let (required, optional) = (names(REQUIRED, fields.required), names(OPTIONAL, fields.optional));
        format!("| `{}` | {transitions} | {required} | {optional} |", fields.kind)
    }));
    rows.join("\n")
}
