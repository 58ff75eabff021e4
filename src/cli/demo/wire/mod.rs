//! The way the tools write what happened: whole envelopes, with every field that a real delivery has.

mod github_change;
mod github_deploy;
mod github_event;
mod github_piece;
mod github_run;
mod github_words;
mod json;
mod rich_text;
mod slack;

use super::DemoDelivery;
use super::scene::{Scene, What};
use github_piece::Pieces;

/// Writes scenes; holds the large pieces that every delivery of a repository repeats.
pub(super) struct Writer {
    pieces: Pieces,
}

impl Writer {
    pub(super) fn new() -> Self {
        Self { pieces: Pieces::new() }
    }

    /// The delivery that tells `scene`.
    pub(super) fn write(&self, scene: &Scene) -> DemoDelivery {
        let told = match &scene.what {
            What::Posted(_) | What::Edited { .. } | What::Deleted(_) => None,
            what => github_event::write(&self.pieces, scene.at, what),
        };
        match told {
            Some((kind, body)) => DemoDelivery { at: scene.at, connector: "github", kind: Some(kind), body: body.into_bytes() },
            None => DemoDelivery { at: scene.at, connector: "slack", kind: None, body: slack::write(scene).into_bytes() },
        }
    }
}
