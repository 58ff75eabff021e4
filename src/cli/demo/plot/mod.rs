//! What happens in the half-year: the plan, from which scenes are made.
//!
//! Never: a shared sequence of chance. Each item draws from its own name, and an episode changes only its own items.

mod canaries;
mod change;
mod changes;
mod deploys;
mod episode;
mod questions;
mod recurring;
mod releases;
mod runs;
mod talk;
mod topics;

use super::calendar::Days;
use super::planted::Planted;
use super::scene::{Said, Scene, What};
use crate::base::clock::Instant;
use change::Change;

/// What a teller needs to know, and where its scenes go.
struct Stage<'a> {
    planted: &'a Planted,
    days: Days,
    changes: Vec<Change>,
    scenes: Vec<Scene>,
}

impl Stage<'_> {
    fn happens(&mut self, at: Instant, what: What) {
        self.scenes.push(Scene { at, what });
    }

    fn says(&mut self, said: Said) {
        self.happens(said.at, What::Posted(said));
    }
}

/// Everything that happens, in no particular order.
pub(super) fn scenes(planted: &Planted) -> Vec<Scene> {
    let days = Days::new();
    let changes = changes::plan(planted, &days);
    let mut stage = Stage { planted, days, changes, scenes: Vec::new() };
    let told = stage.changes.iter().flat_map(|change| change.scenes().into_iter().chain(runs::scenes(planted, &stage.days, change)));
    stage.scenes = told.collect();
    deploys::tell(&mut stage);
    talk::tell(&mut stage);
    releases::tell(&mut stage);
    questions::tell(&mut stage);
    recurring::tell(&mut stage);
    canaries::tell(&mut stage);
    stage.scenes
}
