//! Each published promise: its sentence, what holds it, the test that guards it, and a live check against this very installation.
//!
//! A live check exercises the real path in a throw-away organisation ([`trial`]) and looks, without changing anything, at the real
//! files through a [`Glance`]. Nothing of it touches what belongs to the customer. A promise that nothing holds yet is listed as such: it is never
//! said to hold.

mod keeping;
mod latest;
mod propose;
mod reading;
mod rows;
mod sql;
#[cfg(test)]
mod tests;
mod trial;

pub use latest::Latest;

use crate::base::clock::{Clock, Instant};
use crate::base::error::{Code, Fault};
use crate::base::id::OrgId;
use crate::store::{Glance, Seen};
use serde::Serialize;

/// What a live check is handed: the real files, the time, and who is told.
pub struct Scene<'a> {
    pub(super) glance: &'a Glance,
    pub(super) now: Instant,
    pub(super) to: Audience,
}

impl Scene<'_> {
    /// The files of the organisations that may be spoken of. One that cannot be read makes a whole check fail: it may be the one in which a
    /// promise is broken.
    fn orgs(&self) -> Result<Vec<&Seen>, Fault> {
        let mut readable = Vec::new();
        for (_, seen) in self.glance.orgs().iter().filter(|(id, _)| self.to.may_hear_of(*id)) {
            readable.push(seen.as_ref().map_err(|fault| Fault::new(fault.code(), fault.to_string()))?);
        }
        Ok(readable)
    }

    /// Every database.
    fn files(&self) -> Result<Vec<&Seen>, Fault> {
        Ok(std::iter::once(self.glance.main()).chain(self.orgs()?).collect())
    }
}

/// Who reads the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Whoever runs the installation, and may know where its files lie.
    Operator,
    /// Whoever is signed in to this organisation: of what went wrong inside they learn the code alone, and of other organisations nothing,
    /// not even that there are any.
    MembersOf(OrgId),
}

impl Audience {
    fn may_hear_of(self, org: OrgId) -> bool {
        match self {
            Self::Operator => true,
            Self::MembersOf(own) => own == org,
        }
    }
}

/// What a live check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// In words, with numbers.
    Yes(String),
    No(String),
}

/// How a promise is checked on a live installation.
type LiveCheck = fn(&Scene<'_>) -> Result<Held, Fault>;

/// A published promise.
pub struct Promise {
    /// Stable: scripts may rest on it.
    pub id: &'static str,
    pub sentence: &'static str,
    pub held_by: &'static str,
    /// Where its test lies.
    pub test: &'static str,
    /// How anybody can see it for themselves.
    pub how: &'static str,
    /// `None` where nothing holds it yet.
    check: Option<LiveCheck>,
}

/// Every promise there is, in order.
pub static PROMISES: &[Promise] = &[
    Promise {
        id: "P1",
        sentence: "A source is silent to us until an admin switches it on, and its readers are told; all else is refused at the door.",
        held_by: "capture::consent has one maker of what is taken in, and it asks for the source; a notice falls due in the commit of the switch",
        test: "tests/commitments/cannot/take_in_without_consent.rs",
        how: "Send a delivery of a source that is off: `smartretro replay` answers refused (not_subscribed).",
        check: Some(reading::silent_until_switched_on),
    },
    Promise {
        id: "P2",
        sentence: "No private conversation between people is read.",
        held_by: "signals::place has no word for one; kind and place are read before any text",
        test: "tests/commitments/cannot/be_in_a_direct_message.rs",
        how: "Write a direct message to somebody in a connected workspace, then search the pages of the database for its words.",
        check: Some(reading::no_private_conversation),
    },
    Promise {
        id: "P3",
        sentence: "No code at rest: of a change only its title, times and states are kept, and code pasted into text is cut out.",
        held_by: "signals::Change has no field for it; capture::redact::gate is the only way to the store",
        test: "tests/commitments/cannot/keep_code.rs",
        how: "Pipe a message with code into `smartretro redact -`, and read the tables in migrations/org.",
        check: Some(reading::no_code_at_rest),
    },
    Promise {
        id: "P4",
        sentence: "A model only by the customer’s own contract and key.",
        held_by: "this edition has no way to a model: patterns are worded inside the process",
        test: "none yet",
        how: "There is no setting and no code for a model’s address: search the source for one.",
        check: None,
    },
    Promise {
        id: "P5",
        sentence: "A person can step out, and taking in, analysing and showing obey in every tool together.",
        held_by: "all gates are handed people::OptOuts, and what was kept goes in the same commit",
        test: "tests/app/opt_outs.rs",
        how: "Step out on the page “Step out”, then search the pages of the database for your words.",
        check: Some(reading::a_person_can_step_out),
    },
    Promise {
        id: "P6",
        sentence: "No pattern without links to what it rests on.",
        held_by: "analysis::gate drops a finding with fewer than three sources",
        test: "tests/commitments/cannot/tell_what_no_gate_has_cleared.rs",
        how: "Open any pattern and follow its sources.",
        check: Some(propose::provenance),
    },
    Promise {
        id: "P7",
        sentence: "A log that cannot be rewritten unnoticed, with each administrative act.",
        held_by: "an administrative table opens only to audit::Audited, which comes with the leaf; leaves are hashed into a tree",
        test: "tests/commitments/cannot/act_without_a_leaf.rs",
        how: "Write down the head that this check prints, and compare it when the log has grown.",
        check: Some(keeping::a_log_that_stands),
    },
    Promise {
        id: "P8",
        sentence: "Quiet first: it speaks rarely unless a team’s dial asks for more.",
        held_by: "base::dial starts at Quiet and bounds new patterns a week",
        test: "src/detection/tests/looks.rs",
        how: "Count the patterns of a week on the page of patterns.",
        check: Some(propose::quiet_first),
    },
    Promise {
        id: "P9",
        sentence: "People are never measured, ranked, assessed or predicted.",
        held_by: "base::subject::Subject is sealed, and a person is none; no table has a number about a person",
        test: "tests/commitments/cannot/measure_a_person.rs",
        how: "Read the tables in migrations/: no column beside a person’s id is a number about them.",
        check: Some(keeping::no_measure_of_a_person),
    },
    Promise {
        id: "P10",
        sentence: "Machines propose, people dispose.",
        held_by: "deciding verbs take auth::Human, made from a live session or a member’s own token alone",
        test: "tests/commitments/cannot/decide_without_a_human.rs",
        how: "Try to decide on a pattern with a token that lacks the scope `decide`.",
        check: Some(propose::people_decide),
    },
    Promise {
        id: "P11",
        sentence: "Only the tools that were connected are read: there is no reader for mailboxes, calendars, documents or screens.",
        held_by: "connectors::CONNECTORS is a closed list, and a delivery needs a connection of its tool",
        test: "src/connectors/conformance.rs",
        how: "The README lists every connector and every route; there is no other way in.",
        check: Some(reading::only_connected_tools),
    },
    Promise {
        id: "P12",
        sentence: "Encrypted on disk, one file and key per organisation, and on every wire.",
        held_by: "store::cipher hands each file its own key; plain HTTP is bound to this machine",
        test: "tests/app/canaries.rs",
        how: "Open a file of the data directory with sqlite3: it is no database without its key.",
        check: Some(keeping::encrypted),
    },
    Promise {
        id: "P13",
        sentence: "The local filter comes first: signals are scored inside the process, and nearly all end there.",
        held_by: "capture::store takes only what prefilter has scored; nothing else in the process opens a connection outward",
        test: "tests/tidy/walls.rs",
        how: "Run it without a route to the internet: everything works.",
        check: Some(reading::local_filter_first),
    },
    Promise {
        id: "P14",
        sentence: "Plain status: each certification is not started, in progress, or attested, with date and owner.",
        held_by: "nothing yet: this edition claims no certification anywhere",
        test: "none yet",
        how: "No page and no document claims one.",
        check: None,
    },
];

/// A line of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    pub id: &'static str,
    /// `null` for a promise that nothing holds yet.
    pub holds: Option<bool>,
    pub evidence: String,
    pub checked_at: String,
    pub promise: &'static str,
    pub held_by: &'static str,
    pub test: &'static str,
    /// How to check it oneself.
    pub how: &'static str,
}

/// Checks every promise, or the one of this id, against the installation that `glance` shows.
///
/// A check that cannot be carried out does not hold, and says why.
pub fn verify(glance: &Glance, only: Option<&str>, clock: &Clock, to: Audience) -> Vec<Row> {
    let scene = Scene { glance, now: clock.now(), to };
    PROMISES
        .iter()
        .filter(|promise| only.is_none_or(|id| promise.id.eq_ignore_ascii_case(id)))
        .map(|promise| row(promise, &scene))
        .collect()
}

/// Whether there is a promise of this id.
pub fn is_known(id: &str) -> bool {
    PROMISES.iter().any(|promise| promise.id.eq_ignore_ascii_case(id))
}

fn row(promise: &Promise, scene: &Scene<'_>) -> Row {
    let (holds, evidence) = match promise.check.map(|check| check(scene)) {
        None => (None, format!("Not built yet: {}.", promise.held_by)),
        Some(Ok(Held::Yes(evidence))) => (Some(true), evidence),
        Some(Ok(Held::No(evidence))) => (Some(false), evidence),
        Some(Err(fault)) => (Some(false), unchecked(&fault, scene.to)),
    };
    Row {
        id: promise.id,
        holds,
        evidence,
        checked_at: scene.now.to_string(),
        promise: promise.sentence,
        held_by: promise.held_by,
        test: promise.test,
        how: promise.how,
    }
}

fn unchecked(fault: &Fault, to: Audience) -> String {
    match to {
        Audience::Operator => format!("It could not be checked: {fault}."),
        Audience::MembersOf(_) => {
            format!(
                "It could not be checked ({}). Whoever runs this installation learns the reason by `smartretro verify`.",
                fault.code().as_str()
            )
        }
    }
}

/// Goes on only where `holds`; else the promise is broken, and `words` say how.
macro_rules! must {
    ($holds:expr, $($words:tt)+) => {
        if !$holds {
            return Ok(Held::No(format!($($words)+)));
        }
    };
}
use must;

/// Something that the trial itself needs and does not find.
fn impossible(words: &'static str) -> Fault {
    Fault::new(Code::Internal, words)
}
