//! The first defence against forged requests: a browser says where a request comes from.
//!
//! Never trusts silence: a request that changes something and says nothing about its origin is refused.

use crate::http::problem::Problem;
use actix_web::http::header::{self, HeaderMap, HeaderName};

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses a request that another site sent, or that does not say who did.
///
/// `Sec-Fetch-Site` is set by the browser and out of a page's reach (W3C Fetch Metadata). Browsers leave it out over
/// plain HTTP beyond loopback, and old ones always do; then `Origin` has to name the very host that was asked (RFC 6454).
pub fn require_same(headers: &HeaderMap) -> Result<(), Problem> {
    let is_same = match text(headers, FETCH_SITE) {
        Some(site) => site == "same-origin",
        None => origin_is_host(headers),
    };
    if is_same {
        Ok(())
    } else {
        Err(Problem::forbidden("This request came from another site, so nothing was changed. Open the page here and try again."))
    }
}

fn origin_is_host(headers: &HeaderMap) -> bool {
    let (Some(origin), Some(host)) = (text(headers, header::ORIGIN), text(headers, header::HOST)) else {
        return false;
    };
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    authority.is_some_and(|authority| !authority.is_empty() && authority.eq_ignore_ascii_case(host))
}

/// The one value of a header; `None` where it is absent, doubled or not text.
fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name);
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn allows(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        require_same(&headers).is_ok()
    }

    #[test]
    fn only_the_same_origin_may_change_anything() {
        assert!(allows(&[("sec-fetch-site", "same-origin")]));
        assert!(allows(&[("origin", "https://retro.example:8443"), ("host", "retro.example:8443")]));
        for refused in [
            &[][..],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://retro.example"), ("host", "retro.example")],
            &[("origin", "https://evil.example"), ("host", "retro.example")],
            &[("origin", "https://retro.example.evil"), ("host", "retro.example")],
            &[("origin", "null"), ("host", "retro.example")],
            &[("origin", "https://"), ("host", "")],
            &[("origin", "https://retro.example")],
            &[("origin", "https://retro.example"), ("origin", "https://evil.example"), ("host", "retro.example")],
        ] {
            assert!(!allows(refused), "{refused:?}");
        }
    }
}
