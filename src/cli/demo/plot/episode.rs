//! The episodes: where and when something goes wrong.

use crate::cli::demo::calendar::{Day, day_of};
use crate::cli::demo::places::{BERTH_API, BERTH_DEV, RepoRef, RoomRef, SKIPPER_APP, SKIPPER_DEV};
use crate::cli::demo::planted::{Plant, Planted};
use jiff::civil::{Date, date};

/// Days on which an episode lasts: from the first to the last, both included.
#[derive(Clone, Copy)]
pub(super) struct Span {
    from: Date,
    to: Date,
}

impl Span {
    pub(super) fn first(self) -> Day {
        day_of(self.from)
    }

    pub(super) fn last(self) -> Day {
        day_of(self.to)
    }

    pub(super) fn contains(self, day: Day) -> bool {
        (self.first()..=self.last()).contains(&day)
    }
}

/// Merging stalls: what would be merged in these days is merged afterwards.
pub(super) struct Stall {
    pub(super) plant: Plant,
    pub(super) repo: RepoRef,
    pub(super) span: Span,
    pub(super) room: RoomRef,
}

pub(super) static STALLS: [Stall; 2] = [
    Stall { plant: Plant::AgeingBerth, repo: &BERTH_API, span: Span { from: date(2026, 8, 31), to: date(2026, 9, 15) }, room: &BERTH_DEV },
    Stall {
        plant: Plant::AgeingSkipper,
        repo: &SKIPPER_APP,
        span: Span { from: date(2026, 10, 19), to: date(2026, 11, 3) },
        room: &SKIPPER_DEV,
    },
];

/// Reviews become slow: who would look at a change looks at it later, though changes go on.
pub(super) struct Slowness {
    pub(super) plant: Plant,
    pub(super) repo: RepoRef,
    pub(super) span: Span,
    pub(super) room: RoomRef,
    /// How many times as long a change waits for its first look.
    pub(super) factor: f64,
}

pub(super) static SLOWNESS: Slowness = Slowness {
    plant: Plant::PickupBerth,
    repo: &BERTH_API,
    span: Span { from: date(2026, 9, 16), to: date(2026, 10, 9) },
    room: &BERTH_DEV,
    factor: 4.0,
};

/// A workflow fails and then passes on the same commit.
pub(super) struct Flakes {
    pub(super) plant: Plant,
    pub(super) repo: RepoRef,
    pub(super) workflow: &'static str,
    pub(super) span: Span,
    pub(super) room: RoomRef,
}

pub(super) static FLAKES: [Flakes; 2] = [
    Flakes {
        plant: Plant::FlakySkipper,
        repo: &SKIPPER_APP,
        workflow: "end-to-end",
        span: Span { from: date(2026, 6, 22), to: date(2026, 7, 3) },
        room: &SKIPPER_DEV,
    },
    Flakes {
        plant: Plant::FlakyBerth,
        repo: &BERTH_API,
        workflow: "integration",
        span: Span { from: date(2026, 10, 12), to: date(2026, 10, 23) },
        room: &BERTH_DEV,
    },
];

/// Questions stay without an answer.
pub(super) struct Silence {
    pub(super) plant: Plant,
    pub(super) room: RoomRef,
    pub(super) span: Span,
}

pub(super) static SILENCES: [Silence; 2] = [
    Silence { plant: Plant::QuestionsBerth, room: &BERTH_DEV, span: Span { from: date(2026, 7, 13), to: date(2026, 7, 21) } },
    Silence { plant: Plant::QuestionsSkipper, room: &SKIPPER_DEV, span: Span { from: date(2026, 9, 28), to: date(2026, 10, 6) } },
];

/// Deploys to production fail, or are taken back.
pub(super) struct Breakage {
    pub(super) plant: Plant,
    pub(super) repo: RepoRef,
    pub(super) span: Span,
}

pub(super) static BREAKAGES: [Breakage; 1] =
    [Breakage { plant: Plant::FailuresSkipper, repo: &SKIPPER_APP, span: Span { from: date(2026, 9, 7), to: date(2026, 9, 25) } }];

/// Whether deploys of `repo` are planted to fail on `day`.
pub(super) fn breaks_on(planted: &Planted, repo: RepoRef, day: Day) -> bool {
    BREAKAGES.iter().any(|breakage| planted.has(breakage.plant) && breakage.repo.id == repo.id && breakage.span.contains(day))
}

/// Conversations that come back to one topic: one on each of these days.
pub(super) struct Recurrence {
    pub(super) plant: Plant,
    pub(super) room: RoomRef,
    pub(super) days: &'static [Date],
}

pub(super) static RECURRENCES: [Recurrence; 1] = [Recurrence {
    plant: Plant::ConversationBerth,
    room: &BERTH_DEV,
    days: &[date(2026, 6, 2), date(2026, 6, 5), date(2026, 6, 10), date(2026, 6, 16)],
}];

/// The stall that is planted in `repo` on `day`.
pub(super) fn stall_on(planted: &Planted, repo: RepoRef, day: Day) -> Option<&'static Stall> {
    STALLS.iter().find(|stall| planted.has(stall.plant) && stall.repo.id == repo.id && stall.span.contains(day))
}

/// How many times as long a change of `repo` waits for its first look that is ready on `day`.
pub(super) fn slowness_on(planted: &Planted, repo: RepoRef, day: Day) -> f64 {
    let is_slow = planted.has(SLOWNESS.plant) && SLOWNESS.repo.id == repo.id && SLOWNESS.span.contains(day);
    if is_slow { SLOWNESS.factor } else { 1.0 }
}

/// Where people talk about an episode that is planted, and when.
pub(super) fn talked_about(planted: &Planted) -> Vec<(Plant, RoomRef, Span)> {
    let stalls = STALLS.iter().map(|stall| (stall.plant, stall.room, stall.span));
    let flakes = FLAKES.iter().map(|flakes| (flakes.plant, flakes.room, flakes.span));
    let slow = [(SLOWNESS.plant, SLOWNESS.room, SLOWNESS.span)];
    stalls.chain(flakes).chain(slow).filter(|(plant, ..)| planted.has(*plant)).collect()
}
