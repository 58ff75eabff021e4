//! What the deliveries of one connection said about its places: the strictest word ever said wins.
//!
//! Pure. A delivery that says nothing about its place is judged by what was said before; where nothing was, it is refused
//! ([`PlaceClaim::Silent`]). A place is never forgotten back to open: a channel that was private yesterday holds messages
//! of people who were not told.

use super::PlaceClaim;
use std::collections::HashMap;

/// The places of one connection, by the ids of its tool.
#[derive(Clone, Debug, Default)]
pub struct Places(HashMap<String, PlaceClaim>);

impl Places {
    /// What was said of the place before; [`PlaceClaim::Silent`] where nothing was.
    pub fn known(&self, place_id: &str) -> PlaceClaim {
        self.0.get(place_id).copied().unwrap_or(PlaceClaim::Silent)
    }

    /// Takes in what a delivery says of a place, and answers what holds of it from now on, this delivery included.
    pub fn learn(&mut self, place_id: &str, claim: PlaceClaim) -> PlaceClaim {
        let held = self.known(place_id).and(claim);
        if held != PlaceClaim::Silent {
            self.0.insert(place_id.to_owned(), held);
        }
        held
    }
}

impl PlaceClaim {
    /// What holds when both were said: the stricter.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.max(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_judged_by_what_was_said_before() {
        let mut places = Places::default();
        assert_eq!(places.learn("C1", PlaceClaim::Silent), PlaceClaim::Silent);
        assert_eq!(places.learn("C1", PlaceClaim::Open), PlaceClaim::Open);
        assert_eq!(places.learn("C1", PlaceClaim::Silent), PlaceClaim::Open);
        assert_eq!(places.known("C2"), PlaceClaim::Silent, "each place for itself");
    }

    #[test]
    fn the_strictest_word_stays() {
        let mut places = Places::default();
        for (said, holds) in [
            (PlaceClaim::Open, PlaceClaim::Open),
            (PlaceClaim::Private, PlaceClaim::Private),
            (PlaceClaim::Open, PlaceClaim::Private),
            (PlaceClaim::Open, PlaceClaim::Private),
            (PlaceClaim::Silent, PlaceClaim::Private),
            (PlaceClaim::Shared, PlaceClaim::Shared),
            (PlaceClaim::Private, PlaceClaim::Shared),
            (PlaceClaim::Group, PlaceClaim::Group),
            (PlaceClaim::Direct, PlaceClaim::Direct),
            (PlaceClaim::Silent, PlaceClaim::Direct),
        ] {
            assert_eq!(places.learn("C1", said), holds);
        }
    }
}
