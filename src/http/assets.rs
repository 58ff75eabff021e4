//! Files that ship inside the program: named by a digest of their bytes, so that a browser may keep them for ever.

use crate::crypto::hash;
use actix_web::HttpResponse;
use actix_web::http::header;

/// A year, the longest that caches look at (RFC 9111 sets no bound; RFC 2616, 14.21 did).
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Hex digits of the digest in a name: 64 bits tell a handful of files apart.
const DIGITS: usize = 16;

/// One file.
#[derive(Clone, Debug)]
pub struct Asset {
    name: String,
    media_type: &'static str,
    bytes: &'static [u8],
}

impl Asset {
    /// A file called `stem-<digest>.extension`.
    pub fn new((stem, extension): (&str, &str), media_type: &'static str, bytes: &'static [u8]) -> Self {
        let digest: String = hex::encode(hash::sha256(bytes)).chars().take(DIGITS).collect();
        Self { name: format!("{stem}-{digest}.{extension}"), media_type, bytes }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file itself. Compressed by no one: a page's own bytes are never mixed with a secret here, but they are small.
    pub fn response(&self) -> HttpResponse {
        HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, self.media_type))
            .insert_header((header::CACHE_CONTROL, FOR_EVER))
            .body(self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_changes_with_the_bytes() {
        let name = |bytes| Asset::new(("console", "css"), "text/css", bytes).name().to_owned();
        assert_ne!(name(b"a"), name(b"b"));
        assert_eq!(name(b"a"), name(b"a"));
        let a = name(b"a");
        assert_eq!(a.strip_prefix("console-").and_then(|rest| rest.strip_suffix(".css")).map(str::len), Some(DIGITS), "{a}");
    }
}
