//! A recorded CDEvent, made ready to be sent again, as it is: by itself, or in the envelope of CloudEvents.

use crate::connectors::{Recorded, json};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Only presence is read.
#[derive(Deserialize)]
struct Shape {
    context: Option<IgnoredAny>,
    subject: Option<IgnoredAny>,
    specversion: Option<IgnoredAny>,
    data: Option<IgnoredAny>,
}

pub(super) fn recorded(payload: &[u8]) -> Recorded {
    let is_event = json::read_bytes::<Shape>(payload).is_ok_and(|shape| {
        let is_bare = shape.context.is_some() && shape.subject.is_some();
        is_bare || (shape.specversion.is_some() && shape.data.is_some())
    });
    if is_event { Recorded::Event { kind: None, body: payload.to_vec() } } else { Recorded::NotAnEvent }
}
