//! [`WebAddress`]: where people and tools reach this installation. A scheme, a host and perhaps a port; never a path, a name before an `@`, or
//! a query.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// Longest host name in characters (RFC 1035, 2.3.4).
const HOST_CHARS_MAX: usize = 253;

/// An origin (RFC 6454) in its one spelling: lower case, no port where it is the scheme's own, no slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAddress {
    scheme: Scheme,
    /// As it stands in a URL: an IPv6 address in brackets.
    host: String,
    port: Option<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

impl Scheme {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    const fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

impl WebAddress {
    /// `None` where `text` is not `https://HOST[:PORT]`, or `http://` and the same with a host that is this very machine.
    pub fn parse(text: &str) -> Option<Self> {
        let address = Self::parse_any(text.trim().trim_end_matches('/'))?;
        (address.scheme == Scheme::Https || address.is_loopback()).then_some(address)
    }

    /// An `Origin` header: any scheme and host of the web, spelled as browsers spell it or otherwise.
    pub fn parse_origin(text: &str) -> Option<Self> {
        Self::parse_any(text)
    }

    fn parse_any(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let scheme = [Scheme::Http, Scheme::Https].into_iter().find(|known| scheme.eq_ignore_ascii_case(known.as_str()))?;
        let (host, port) = if let Some(rest) = rest.strip_prefix('[') {
            let (address, after) = rest.split_once(']')?;
            let address: Ipv6Addr = address.parse().ok()?;
            (format!("[{address}]"), after.strip_prefix(':').or_else(|| after.is_empty().then_some(""))?.to_owned())
        } else {
            let (host, port) = rest.split_once(':').unwrap_or((rest, ""));
            (host.to_ascii_lowercase(), port.to_owned())
        };
        let port = match port.as_str() {
            "" if rest.ends_with(':') => return None,
            "" => None,
            digits if digits.bytes().all(|b| b.is_ascii_digit()) => Some(digits.parse::<u16>().ok().filter(|port| *port != 0)?),
            _ => return None,
        };
        (host.starts_with('[') || is_host(&host)).then(|| Self { scheme, host, port: port.filter(|port| *port != scheme.port()) })
    }

    /// The host as it stands in a URL.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The host without the brackets of an IPv6 address, as a certificate names it.
    pub fn bare_host(&self) -> &str {
        self.host.trim_start_matches('[').trim_end_matches(']')
    }

    /// What the `Host` header holds: host and port.
    pub fn authority(&self) -> String {
        self.port.map_or_else(|| self.host.clone(), |port| format!("{}:{port}", self.host))
    }

    pub const fn is_https(&self) -> bool {
        matches!(self.scheme, Scheme::Https)
    }

    /// Whether it leads to the very machine it is opened on.
    pub fn is_loopback(&self) -> bool {
        let name = self.bare_host();
        name == "localhost" || name.ends_with(".localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

/// Letters, digits, hyphens and points, no part empty: a name or an IPv4 address.
fn is_host(host: &str) -> bool {
    host.len() <= HOST_CHARS_MAX
        && host.split('.').all(|part| {
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
                && !part.starts_with('-')
                && !part.ends_with('-')
        })
}

impl fmt::Display for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.as_str(), self.authority())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_spelling() {
        for (written, meant) in [
            ("https://Retro.Acme.example/", "https://retro.acme.example"),
            (" https://retro.acme.example:443 ", "https://retro.acme.example"),
            ("HTTPS://retro.acme.example:8443", "https://retro.acme.example:8443"),
            ("https://[2001:DB8:0::1]:8443", "https://[2001:db8::1]:8443"),
            ("http://localhost:8080", "http://localhost:8080"),
            ("http://127.0.0.1", "http://127.0.0.1"),
            ("http://[::1]:80", "http://[::1]"),
        ] {
            assert_eq!(WebAddress::parse(written).map(|address| address.to_string()).as_deref(), Some(meant), "{written}");
        }
    }

    #[test]
    fn what_is_no_origin_or_not_encrypted_on_its_way_is_none() {
        for bad in [
            "",
            "retro.acme.example",
            "http://retro.acme.example",
            "ftp://retro.acme.example",
            "https://",
            "https://a/b",
            "https://a?b",
            "https://a#b",
            "https://me@a",
            "https://a:",
            "https://a:0",
            "https://a:65536",
            "https://a:8o",
            "https://a..b",
            "https://-a",
            "https://a b",
            "https://[::1",
            "https://[::1]x",
            "https://[nothing]",
            "https://ä.example",
        ] {
            assert_eq!(WebAddress::parse(bad), None, "{bad}");
        }
    }
}
