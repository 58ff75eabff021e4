//! Where deliveries come in: one route, `POST /hooks/{connector}/{connection}`, and no other.

mod receive;

pub use receive::receive;
