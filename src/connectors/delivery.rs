//! One webhook request as it came: raw bytes and headers. Wiped from memory when dropped, never printed.

use std::fmt;
use zeroize::Zeroize;

/// Largest body that is taken, in bytes. The largest git-host payloads are capped by their senders at 25 MiB, but those
/// are pushes, which are never read; what is read stays below 1 MiB with a wide margin.
pub const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Raw bytes and headers of one request.
pub struct Delivery {
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Delivery {
    /// Header names are compared without case. A header that is not text does not belong in `headers`.
    pub const fn new(headers: Vec<(String, String)>, body: Vec<u8>) -> Self {
        Self { headers, body }
    }

    /// The one value of a header; `None` where it is absent or given more than once (a signature given twice is no signature).
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }

    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        self.body.zeroize();
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Delivery({} bytes)", self.body.len())
    }
}
