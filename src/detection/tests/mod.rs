//! Detectors against histories made by hand, and what all of them must hold.

mod ageing;
pub(crate) mod conformance;
mod conversing;
mod failures;
mod flaky;
mod looks;
mod pickup;
mod scale;
mod slowdown;
pub(crate) mod story;
mod unanswered;
