//! What a detector suspects: numbers, a chart and sources.
//!
//! Never: a person, a text, a title; of texts at most single words that several people used. What is here may be stored beside a pattern and shown to the whole team.

use crate::base::clock::{Instant, Window};
use crate::base::dial::Dial;
use crate::base::id::ConnectionId;
use crate::base::subject::Cohort;
use crate::signals::place::Place;
use crate::signals::{Signal, SignalKind};
use serde::ser::{Serialize, SerializeStruct, Serializer};

/// Fewest sources of a pattern.
pub const EVIDENCE_MIN: usize = 3;
/// Most sources of a pattern: what a person can look through.
pub const EVIDENCE_MAX: usize = 20;

/// A suspected pattern.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Candidate {
    /// [`super::About::id`].
    pub detector: &'static str,
    /// [`super::About::number`].
    pub number: &'static str,
    /// [`super::About::version`].
    pub version: u32,
    /// The connection over which the scope is heard; `None` where the history came from files. All evidence is from there.
    #[serde(skip)]
    pub connection: Option<ConnectionId>,
    #[serde(serialize_with = "place_text")]
    pub scope: Place,
    /// The look that found it.
    pub at: Instant,
    /// What the numbers are about.
    pub window: Window,
    /// What they are compared with.
    pub baseline: Window,
    #[serde(serialize_with = "dial_word")]
    pub dial: Dial,
    pub facts: Facts,
    pub chart: Chart,
    /// At least [`EVIDENCE_MIN`], at most [`EVIDENCE_MAX`]; no person behind more than a third of them; in order of time.
    pub evidence: Vec<Evidence>,
    /// Everything that counts and can be opened: what `evidence` was drawn from.
    pub sources_total: usize,
    /// The numbers the detector was set to, for whoever wants to check the answer.
    pub parameters: Vec<Parameter>,
    #[serde(serialize_with = "cohort_sizes")]
    pub cohort: Cohort,
    /// How far the observed value lies over its limit, as a ratio: which pattern goes first where only some may.
    pub strength: f64,
}

/// The numbers of a pattern, one set for each detector.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Facts {
    AgeingChanges(AgeingFacts),
    ChangeFailures(ChangeFailureFacts),
    FlakyPipeline(FlakyFacts),
    ReviewPickup(PickupFacts),
    UnansweredQuestions(UnansweredFacts),
    ConversationPattern(ConversationFacts),
}

impl Facts {
    /// Words of people that these facts hold.
    pub fn words(&self) -> &[String] {
        match self {
            Self::ConversationPattern(facts) => &facts.terms,
            _ => &[],
        }
    }
}

/// Open changes that have waited longer than is usual.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct AgeingFacts {
    /// Open changes that have waited longer than [`Self::line_hours`].
    pub older: usize,
    /// All open changes that are ready for review.
    pub open: usize,
    /// The age that 85 % of open changes did not pass at the earlier looks, in working hours.
    pub line_hours: f64,
    /// The same in working days of this team.
    pub line_days: f64,
    /// How many were that old at an earlier look: the mean, and the range that four of five looks fell into.
    pub usual: Estimate,
    /// How many were open at an earlier look: the mean.
    pub usual_open: f64,
    /// The count above which this is no longer usual, at this stop of the dial.
    pub limit: f64,
    /// Earlier looks that were compared with.
    pub looks: usize,
    /// Looks running at which it held.
    pub running: usize,
}

/// Deploys to production that failed.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct ChangeFailureFacts {
    pub failures: usize,
    pub deploys: usize,
    /// Failures per deploy, 0 to 1, with its 99 % interval.
    pub share: Estimate,
    /// The share that is usual here: of the baseline, counted together with a few deploys that are assumed.
    pub usual_share: f64,
    pub usual_failures: usize,
    pub usual_deploys: usize,
    /// The fewest failures of so many deploys that are more than usual.
    pub limit: usize,
    /// Of the failures, those that reported it, whose environment went back to an older version, of which a change was taken
    /// back, and that an incident names; each counts once, under the first that holds.
    pub reported: usize,
    pub went_back: usize,
    pub reverted: usize,
    pub incidents: usize,
    pub days: i64,
    pub usual_days: i64,
}

/// Runs that failed and then passed on the same code.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct FlakyFacts {
    pub flakes: usize,
    pub runs: usize,
    /// Flakes per run, 0 to 1, with its 95 % interval.
    pub share: Estimate,
    /// The share in the weeks before; `None` where there were no runs.
    pub usual_share: Option<f64>,
    /// Distinct workflows among the flakes.
    pub workflows: usize,
    pub days: i64,
}

/// Changes that wait longer for their first review than they did.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct PickupFacts {
    /// How many times as long they wait.
    pub ratio: Estimate,
    /// For how many weeks by now.
    pub weeks: usize,
    /// The weeks before that, which it is compared with.
    pub weeks_before: usize,
    /// The changes that became ready for review in those weeks, and in the weeks before.
    pub changes: usize,
    pub changes_before: usize,
    /// Those of `changes` that nobody is known to have reviewed.
    pub unreviewed: usize,
    /// The working hours in which half of them were reviewed; `None` where that is still to come.
    pub median_hours: Option<f64>,
    /// The same in the weeks before.
    pub usual_hours: f64,
    /// How strong the evidence is, and how strong it must be at this stop of the dial with so many weeks.
    pub evidence: f64,
    pub evidence_min: f64,
    /// Someone of the team stepped out: a review of theirs cannot be seen.
    pub reviews_may_be_unseen: bool,
}

/// Questions that nobody else answered in time.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct UnansweredFacts {
    /// Questions that became overdue in the window.
    pub overdue: usize,
    /// Those of them that have no answer yet.
    pub still_waiting: usize,
    /// Questions whose time for an answer was over in the window, answered or not.
    pub due: usize,
    /// After how many working hours a question counts as overdue.
    pub limit_hours: f64,
    /// The same in working days of this team.
    pub limit_days: f64,
    /// First replies that the limit was learned from; `None` where there were too few and the least limit holds.
    pub learned_from: Option<usize>,
    pub days: i64,
    /// Someone of the team stepped out: an answer of theirs cannot be seen.
    pub answers_may_be_unseen: bool,
}

/// Conversations that came back to one topic.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct ConversationFacts {
    /// [`crate::prefilter::Kind`] as a word.
    pub kind: String,
    /// The words that they share, as they were written most often; at least two, none of them a name.
    pub terms: Vec<String>,
    pub conversations: usize,
    /// Distinct days on which they began.
    pub on_days: usize,
    /// All conversations of the window that passed the pre-filter.
    pub passed: usize,
    pub days: i64,
}

/// A number with the range it may well lie in.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Estimate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

/// What a small chart shows: the course of one number, its usual band and its limit.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Chart {
    /// What a point counts, for the axis and for those who do not see the chart.
    pub title: String,
    pub unit: Unit,
    /// In order of time; the last is the look that found it.
    pub points: Vec<Point>,
    /// How many of the last points are what the words speak of.
    pub told: usize,
    /// Where the points of the baseline usually lie.
    pub usual: Option<Estimate>,
    /// The line that a point must pass to matter: that of the last, where each has its own.
    pub limit: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Count,
    /// Working hours.
    Hours,
    /// 0 to 1.
    Share,
}

#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Point {
    pub at: Instant,
    pub value: f64,
    /// Where each point is judged by a line of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
}

/// One source.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Evidence {
    /// [`Signal::key`].
    pub id: String,
    /// [`SignalKind`] as a word.
    pub kind: String,
    /// Where a signed-in member can look at it.
    pub url: String,
    pub at: Instant,
}

impl Evidence {
    /// The source that a signal is; `None` where nobody could open it.
    pub fn of(signal: &Signal) -> Option<Self> {
        let url = signal.url.clone().filter(|url| !url.is_empty())?;
        let kind: SignalKind = signal.event.kind();
        Some(Self { id: signal.key(), kind: kind.as_str().to_owned(), url, at: signal.occurred_at })
    }
}

/// A setting of the detector.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Parameter {
    pub name: &'static str,
    pub value: f64,
}

/// A count as a number to calculate with. Counts here are of changes, runs and messages: far below 2^52.
#[expect(clippy::cast_precision_loss, reason = "counts of signals stay far below 2^52")]
pub const fn number(count: usize) -> f64 {
    count as f64
}

fn place_text<S: Serializer>(place: &Place, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(place)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
fn dial_word<S: Serializer>(dial: &Dial, serializer: S) -> Result<S::Ok, S::Error> {
    dial.as_str().serialize(serializer)
}

fn cohort_sizes<S: Serializer>(cohort: &Cohort, serializer: S) -> Result<S::Ok, S::Error> {
    let mut sizes = serializer.serialize_struct("Cohort", 2)?;
    sizes.serialize_field("active", &cohort.active())?;
    sizes.serialize_field("contributors", &cohort.contributors())?;
    sizes.end()
}
