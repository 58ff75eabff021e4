//! What runs when nobody is watching: the looks of the detectors, and the sweeping up.

pub mod housekeeping;
pub mod pipeline;
pub mod worker;
