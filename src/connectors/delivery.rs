//! One webhook request as it came: raw bytes and headers. Wiped from memory when dropped, never printed.

use super::json;
use std::cell::OnceCell;
use std::fmt;

/// Largest body that is taken, in bytes. The largest git-host payloads are capped by their senders at 25 MiB, but those
/// are pushes, which are never read; what is read stays below 1 MiB with a wide margin.
pub const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Raw bytes and headers of one request.
pub struct Delivery {
    headers: Vec<(String, String)>,
    body: Body,
    /// Looked at once: several structs are read from one body.
    is_deep: OnceCell<bool>,
}

/// The bytes as they came.
enum Body {
    /// They are UTF-8.
    Text(String),
    Other(Vec<u8>),
}

impl Delivery {
    /// Header names are compared without case. A header that is not text does not belong in `headers`.
    pub fn new(headers: Vec<(String, String)>, body: Vec<u8>) -> Self {
        let body = String::from_utf8(body).map_or_else(|error| Body::Other(error.into_bytes()), Body::Text);
        Self { headers, body, is_deep: OnceCell::new() }
    }

    /// The one value of a header; `None` where it is absent or given more than once (a signature given twice is no signature).
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }

    /// Whether a header is given, once or more often.
    pub(super) fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(key, _)| key.eq_ignore_ascii_case(name))
    }

    pub fn body(&self) -> &[u8] {
        match &self.body {
            Body::Text(text) => text.as_bytes(),
            Body::Other(bytes) => bytes,
        }
    }

    /// The body where JSON may be read from it: UTF-8, and no deeper than anything that is read.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.body {
            Body::Text(text) => (!*self.is_deep.get_or_init(|| json::is_deep(text.as_bytes()))).then_some(text),
            Body::Other(_) => None,
        }
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        let body = std::mem::replace(&mut self.body, Body::Other(Vec::new()));
        wipe(match body {
            Body::Text(text) => text.into_bytes(),
            Body::Other(bytes) => bytes,
        });
    }
}

/// Overwrites a body. `zeroize` writes each byte by itself, ten times as slow as a fill that the barrier keeps the compiler from leaving out.
fn wipe(mut bytes: Vec<u8>) {
    bytes.fill(0);
    zeroize::optimization_barrier(bytes.as_slice());
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Delivery({} bytes)", self.body().len())
    }
}
