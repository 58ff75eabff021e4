//! What the cases in `cannot/` do wrong, done right: it shows that they fail for what they do, not for how they are built.

use smartretro::base::id::TeamId;
use smartretro::base::secret::Secret;
use smartretro::base::subject::{Cohort, Subject};
use smartretro::connectors::delivery::Delivery;
use smartretro::signals::place::{Channel, Place};

fn measure<S: Subject>(_of: &S) {}

fn main() {
    measure(&TeamId::from_bytes([0; 16]));
    let channel = Channel::parse("C024BE91L").map(Place::Channel);
    channel.iter().for_each(measure);
    let secret = Secret::new("x".to_owned());
    let words = format!("{secret:?} {:?}", Delivery::new(Vec::new(), Vec::new()));
    let _ = serde_json::to_string(&words);
    let _ = Cohort::of(9, None);
}
