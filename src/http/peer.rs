//! Who is at the other end of the wire, for throttles only.

use actix_web::HttpRequest;
use actix_web::http::header::X_FORWARDED_FOR;
use actix_web::web::Data;

/// Whether a proxy on this machine stands before us and says whom it serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IsProxied(pub bool);

/// The caller's address. Behind a proxy it is the last one in `X-Forwarded-For`: the one that the proxy itself added;
/// those before it are the caller's own words.
pub fn address(req: &HttpRequest) -> String {
    let is_proxied = req.app_data::<Data<IsProxied>>().is_some_and(|data| data.0);
    let forwarded =
        || req.headers().get_all(X_FORWARDED_FOR).last()?.to_str().ok()?.rsplit(',').next()?.trim().parse::<std::net::IpAddr>().ok();
    let direct = || req.peer_addr().map(|address| address.ip());
    let address = if is_proxied { forwarded().or_else(direct) } else { direct() };
    address.map(|address| address.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn seen(is_proxied: bool) -> String {
        let req = TestRequest::get()
            .peer_addr(([127, 0, 0, 1], 4000).into())
            .app_data(Data::new(IsProxied(is_proxied)))
            .insert_header((X_FORWARDED_FOR, "203.0.113.9, 198.51.100.7"))
            .to_http_request();
        address(&req)
    }

    #[test]
    fn a_caller_is_believed_about_its_address_only_through_a_proxy() {
        assert_eq!(seen(false), "127.0.0.1");
        assert_eq!(seen(true), "198.51.100.7", "the proxy's own word, not the caller's");
    }
}
