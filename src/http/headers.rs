//! The headers that each answer carries, whichever door gave it.
//!
//! A page may load this program's own style sheet and images, run scripts that carry the nonce of this very answer, and
//! post to this program. It may do nothing else: no frames, no other origins, no inline script or style, no string that
//! becomes markup (Trusted Types). Everything that is not a page may do nothing at all.

use crate::base::error::Fault;
use crate::crypto::random;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use std::fmt;

/// For answers that are no pages.
const POLICY_OF_DATA: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";
/// Two years, the least that browsers' preload lists ask for is one.
const HSTS: &str = "max-age=63072000; includeSubDomains";
/// No page asks for any of these; what a browser adds later is denied by `default-src` or asks the person.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), \
    gyroscope=(), hid=(), idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), \
    publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

/// Whether what this program answers travels through TLS, by itself or by a proxy before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IsEncrypted(pub bool);

/// The number used once that lets a script of this very answer run.
#[derive(Clone, Debug)]
pub struct Nonce(String);

impl Nonce {
    /// 128 random bits, as CSP Level 3 (7.1) asks for.
    pub fn new() -> Result<Self, Fault> {
        random::bytes::<16>().map(|bytes| Self(STANDARD_NO_PAD.encode(bytes)))
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Middleware: hardens every answer. A page is one whose request was given a [`Nonce`].
pub async fn harden(req: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse, Error> {
    let is_encrypted = req.app_data::<Data<IsEncrypted>>().is_none_or(|data| data.0);
    let mut res = next.call(req).await?.map_into_boxed_body();
    let nonce = res.request().extensions().get::<Nonce>().cloned();
    set(res.headers_mut(), is_encrypted, nonce.as_ref());
    Ok(res)
}

fn set(headers: &mut HeaderMap, is_encrypted: bool, nonce: Option<&Nonce>) {
    let policy = nonce.map_or_else(|| POLICY_OF_DATA.to_owned(), policy_of_page);
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    let mut fixed = |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // Not `no-referrer`: under that a browser hides the origin of our own forms too, and they could not be told from a stranger's.
    fixed(header::REFERRER_POLICY, "same-origin");
    fixed(header::CROSS_ORIGIN_OPENER_POLICY, "same-origin");
    fixed(header::CROSS_ORIGIN_EMBEDDER_POLICY, "require-corp");
    fixed(header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin");
    fixed(header::PERMISSIONS_POLICY, PERMISSIONS);
    fixed(header::X_FRAME_OPTIONS, "DENY");
    if is_encrypted {
        fixed(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

fn policy_of_page(nonce: &Nonce) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self'; img-src 'self'; form-action 'self'; \
         frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(is_encrypted: bool, nonce: Option<&Nonce>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        set(&mut headers, is_encrypted, nonce);
        headers
    }

    fn text(headers: &HeaderMap, name: HeaderName) -> String {
        headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    }

    #[test]
    fn a_policy_never_allows_unsafe_or_foreign_sources() {
        let nonce = Nonce::new().unwrap();
        for headers in [headers(true, Some(&nonce)), headers(true, None)] {
            let policy = text(&headers, header::CONTENT_SECURITY_POLICY);
            assert!(policy.starts_with("default-src 'none'"), "{policy}");
            for bad in ["unsafe", "*", "http:", "https:", "data:", "blob:"] {
                assert!(!policy.contains(bad), "{bad} in {policy}");
            }
        }
    }

    #[test]
    fn other_sites_do_not_learn_from_where_somebody_came_and_our_own_forms_do() {
        assert_eq!(text(&headers(true, None), header::REFERRER_POLICY), "same-origin");
    }

    #[test]
    fn a_nonce_is_used_once() {
        assert_ne!(Nonce::new().unwrap().to_string(), Nonce::new().unwrap().to_string());
    }

    #[test]
    fn transport_security_is_only_promised_where_it_holds() {
        assert_eq!(text(&headers(false, None), header::STRICT_TRANSPORT_SECURITY), "");
        assert_eq!(text(&headers(true, None), header::STRICT_TRANSPORT_SECURITY), HSTS);
    }

    #[test]
    fn what_says_nothing_about_caching_is_not_cached() {
        assert_eq!(text(&headers(true, None), header::CACHE_CONTROL), "no-store");
        let mut cached = HeaderMap::new();
        cached.insert(header::CACHE_CONTROL, HeaderValue::from_static("public"));
        set(&mut cached, true, None);
        assert_eq!(text(&cached, header::CACHE_CONTROL), "public");
    }
}
