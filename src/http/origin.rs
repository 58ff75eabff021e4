//! The first defence against forged requests: a browser says where a request comes from.
//!
//! Never trusts silence: a request that changes something and says nothing about its origin is refused.

use crate::base::url::WebAddress;
use crate::http::headers::IsEncrypted;
use crate::http::problem::Problem;
use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::web::Data;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The address that people and tools use, where the operator named one (`public_url`). The `Host` header is a caller's own word, and a proxy
/// may hand on any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicAddress(pub Option<WebAddress>);

impl PublicAddress {
    fn of(req: &HttpRequest) -> Option<&WebAddress> {
        req.app_data::<Data<Self>>().and_then(|data| data.0.as_ref())
    }
}

/// Where this installation is reached: as the operator says; else under the name by which this very request came.
pub fn address(req: &HttpRequest) -> String {
    if let Some(public) = PublicAddress::of(req) {
        return public.to_string();
    }
    let is_encrypted = req.app_data::<Data<IsEncrypted>>().is_none_or(|data| data.0);
    let scheme = if is_encrypted { "https" } else { "http" };
    format!("{scheme}://{}", text(req.headers(), header::HOST).unwrap_or("localhost"))
}

/// Refuses a request that another site sent, or that does not say who did.
pub fn require_same(req: &HttpRequest) -> Result<(), Problem> {
    check(req.headers(), PublicAddress::of(req))
}

/// `Sec-Fetch-Site` is set by the browser and out of a page's reach (W3C Fetch Metadata). Browsers leave it out over
/// plain HTTP beyond loopback, and old ones always do; then `Origin` has to name the very host that was asked (RFC 6454).
///
/// Where there is a public address, an `Origin` has to be that one: a page of a name that somebody else pointed at this machine is of the same
/// origin as itself. A console that is opened on this very machine, by an address that leads nowhere else, goes on to work.
fn check(headers: &HeaderMap, public: Option<&WebAddress>) -> Result<(), Problem> {
    let site = text(headers, FETCH_SITE);
    let is_same = match site {
        Some(site) => site == "same-origin",
        None => headers.contains_key(header::ORIGIN) && (public.is_some() || origin_is_host(headers)),
    };
    if !is_same {
        return Err(Problem::forbidden("This request came from another site, so nothing was changed. Open the page here and try again."));
    }
    if public.is_none_or(|public| is_from(headers, public, site.is_some())) {
        return Ok(());
    }
    Err(Problem::forbidden(
        "This page was not opened under the public address of this installation (public_url), so nothing was changed. Open it there and try again.",
    ))
}

fn origin_is_host(headers: &HeaderMap) -> bool {
    let (Some(origin), Some(host)) = (text(headers, header::ORIGIN), text(headers, header::HOST)) else {
        return false;
    };
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    authority.is_some_and(|authority| !authority.is_empty() && authority.eq_ignore_ascii_case(host))
}

/// Whether the page that sent this stood at the public address or at one of this machine. A browser that says `same-origin` may leave out
/// `Origin`, or hide it: it does where a proxy has set `Referrer-Policy: no-referrer` (Fetch, 'append a request Origin header'). Then the host
/// that was asked speaks for it. Without the browser's word a hidden one proves nothing: a frame in a sandbox sends it too.
fn is_from(headers: &HeaderMap, public: &WebAddress, is_vouched_for: bool) -> bool {
    let is_hidden = !headers.contains_key(header::ORIGIN) || text(headers, header::ORIGIN) == Some("null");
    if is_vouched_for && is_hidden {
        let host = text(headers, header::HOST).unwrap_or_default();
        return host.eq_ignore_ascii_case(&public.authority());
    }
    let origin = text(headers, header::ORIGIN).and_then(WebAddress::parse_origin);
    origin.is_some_and(|origin| origin == *public || (origin.is_loopback() && origin_is_host(headers)))
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
        check(&headers, None).is_ok()
    }

    fn allows_at(public: &str, pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        check(&headers, WebAddress::parse(public).as_ref()).is_ok()
    }

    #[test]
    fn where_there_is_a_public_address_only_that_one_and_this_machine_may_change_anything() {
        let public = "https://retro.example";
        for allowed in [
            &[("sec-fetch-site", "same-origin"), ("origin", "https://retro.example"), ("host", "inside:8443")][..],
            &[("origin", "https://retro.example"), ("host", "inside:8443")],
            &[("sec-fetch-site", "same-origin"), ("host", "retro.example")],
            &[("sec-fetch-site", "same-origin"), ("origin", "null"), ("host", "retro.example")],
            &[("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:8443"), ("host", "127.0.0.1:8443")],
        ] {
            assert!(allows_at(public, allowed), "{allowed:?}");
        }
        for refused in [
            &[("sec-fetch-site", "same-origin"), ("origin", "https://rebound.example"), ("host", "rebound.example")][..],
            &[("origin", "https://rebound.example"), ("host", "rebound.example")],
            &[("sec-fetch-site", "same-origin"), ("host", "rebound.example")],
            &[("sec-fetch-site", "same-origin"), ("origin", "null"), ("host", "rebound.example")],
            &[("origin", "null"), ("host", "retro.example")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://retro.example"), ("host", "retro.example")],
            &[("origin", "http://retro.example"), ("host", "retro.example")],
            &[("origin", "http://127.0.0.1:9999"), ("host", "127.0.0.1:8443")],
            &[("origin", "https://retro.example"), ("origin", "https://retro.example"), ("host", "retro.example")],
            &[("host", "retro.example")],
        ] {
            assert!(!allows_at(public, refused), "{refused:?}");
        }
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
