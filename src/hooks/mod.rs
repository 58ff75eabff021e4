//! Where deliveries come in: one route, `POST /hooks/{connector}/{connection}`, and no other.

mod admission;
mod receive;

pub use admission::Admission;
pub use receive::receive;
