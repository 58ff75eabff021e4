//! Who is at the other end of the wire, for throttles and seats only.

use actix_web::HttpRequest;
use actix_web::http::header::X_FORWARDED_FOR;
use actix_web::web::Data;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// Bits of an IPv6 address that belong to whoever holds the line behind it: a subscriber has at least a /64 (RFC 6177), and can take
/// a new address in it for each request.
const HOST_BITS: u32 = 64;

/// Whether a proxy on this machine stands before us and says whom it serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IsProxied(pub bool);

/// As much of an address as one party cannot change at will: an IPv4 address, or the /64 of an IPv6 address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network(IpAddr);

impl Network {
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(address) => Self(Ipv6Addr::from_bits(address.to_bits() >> HOST_BITS << HOST_BITS).into()),
            address @ IpAddr::V4(_) => Self(address),
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The caller's network. Behind a proxy it is that of the last address in `X-Forwarded-For`: the one that the proxy itself added;
/// those before it are the caller's own words.
pub fn network(req: &HttpRequest) -> String {
    let is_proxied = req.app_data::<Data<IsProxied>>().is_some_and(|data| data.0);
    let forwarded = || req.headers().get_all(X_FORWARDED_FOR).last()?.to_str().ok()?.rsplit(',').next()?.trim().parse::<IpAddr>().ok();
    let direct = || req.peer_addr().map(|address| address.ip());
    let address = if is_proxied { forwarded().or_else(direct) } else { direct() };
    address.map(|address| Network::of(address).to_string()).unwrap_or_default()
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
        network(&req)
    }

    #[test]
    fn a_caller_is_believed_about_its_address_only_through_a_proxy() {
        assert_eq!(seen(false), "127.0.0.1");
        assert_eq!(seen(true), "198.51.100.7", "the proxy's own word, not the caller's");
    }

    #[test]
    fn addresses_that_one_party_can_choose_are_one_network() {
        let network = |address: &str| Network::of(address.parse().unwrap()).to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:203.0.113.9"), network("203.0.113.9"), "the same client on a socket that speaks both");
        assert_ne!(network("203.0.113.9"), network("203.0.113.10"));
    }
}
