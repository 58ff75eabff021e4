//! The demo: a sample organisation, whose half-year is told in the tools' own deliveries.

pub mod calendar;
pub mod canary;
pub(super) mod command;
#[cfg(test)]
mod corpus_test;
#[cfg(test)]
mod pattern_test;
pub mod people;
pub mod places;
pub mod planted;
mod plot;
mod scene;
#[cfg(test)]
mod shape_test;
mod splitmix;
pub mod story;
mod text;
mod wire;

pub use planted::{Plant, Planted};
pub use story::{DemoDelivery, half_year};
