//! The half-year as deliveries, in the order in which they were sent.

use super::calendar::ends;
use super::planted::Planted;
use super::plot::scenes;
use super::scene::Scene;
use super::wire::Writer;
use crate::base::clock::Instant;

/// One delivery of the half-year, unsigned.
pub struct DemoDelivery {
    /// When it was sent.
    pub at: Instant,
    /// `github` or `slack`.
    pub connector: &'static str,
    /// The event's name where the tool sends it in a header.
    pub kind: Option<&'static str>,
    /// JSON text.
    pub body: Vec<u8>,
}

/// All deliveries, sorted by time.
///
/// Each is written when it is asked for: together they are about 80 MB, alone 2 to 25 kB.
pub fn half_year(planted: &Planted) -> impl ExactSizeIterator<Item = DemoDelivery> + use<> {
    let writer = Writer::new();
    sorted_scenes(planted).into_iter().map(move |scene| writer.write(&scene))
}

/// What happens, sorted by time. What would happen after the end does not.
pub(super) fn sorted_scenes(planted: &Planted) -> Vec<Scene> {
    let end = ends();
    let mut scenes = scenes(planted);
    scenes.retain(|scene| scene.at < end);
    // Stable: what happens in the same second stays in the order of its plan.
    scenes.sort_by_key(|scene| scene.at);
    scenes
}
