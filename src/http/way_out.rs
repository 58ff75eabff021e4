//! Where a person steps out, as an address that others can open.

use crate::http::headers::IsEncrypted;
use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::Data;
use std::net::IpAddr;

/// The page on which people step out, under the name by which this very request was made; `None` where only this machine knows that
/// name, or it is no plain one: it is going to be posted where others read.
pub fn way_out(req: &HttpRequest) -> Option<String> {
    let host = req.headers().get(header::HOST)?.to_str().ok()?;
    let is_encrypted = req.app_data::<Data<IsEncrypted>>().is_none_or(|data| data.0);
    let scheme = if is_encrypted { "https" } else { "http" };
    may_be_posted(host).then(|| format!("{scheme}://{host}/opt-outs"))
}

fn may_be_posted(host: &str) -> bool {
    let is_plain = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
    let name = if host.starts_with('[') { host.split(']').next() } else { host.split(':').next() };
    let name = name.unwrap_or_default().trim_start_matches('[');
    let is_local = name == "localhost" || name.ends_with(".localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    is_plain && !is_local
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_name_that_others_can_reach_is_posted() {
        for open in ["retro.acme.example", "retro.acme.example:8443", "10.0.0.7:8443", "[2001:db8::1]:8443"] {
            assert!(may_be_posted(open), "{open}");
        }
        for kept in ["", "localhost:8443", "127.0.0.1", "[::1]:8443", "a.localhost", "evil.example/x?", "a b", "<script>"] {
            assert!(!may_be_posted(kept), "{kept}");
        }
    }
}
