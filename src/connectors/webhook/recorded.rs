//! A recorded payload of the generic endpoint, made ready to be sent again: it names its kind itself.

use crate::connectors::{Recorded, json};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Only its presence is read.
#[derive(Deserialize)]
struct Shape {
    kind: Option<IgnoredAny>,
}

pub(super) fn recorded(payload: &[u8]) -> Recorded {
    match json::read_bytes::<Shape>(payload) {
        Ok(Shape { kind: Some(_) }) => Recorded::Event { kind: None, body: payload.to_vec() },
        _ => Recorded::NotAnEvent,
    }
}
