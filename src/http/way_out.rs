//! Where a person steps out, as an address that others can open.

use crate::base::url::WebAddress;
use crate::http::origin;
use actix_web::HttpRequest;

/// The page on which people step out, at the public address, or under the name by which this very request was made; `None` where only this machine knows that
/// name, or it is no plain one: it is going to be posted where others read.
pub fn way_out(req: &HttpRequest) -> Option<String> {
    posted(&origin::address(req))
}

fn posted(address: &str) -> Option<String> {
    let address = WebAddress::parse_origin(address).filter(|address| !address.is_loopback())?;
    Some(format!("{address}/opt-outs"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_name_that_others_can_reach_is_posted() {
        for open in ["retro.acme.example", "retro.acme.example:8443", "10.0.0.7:8443", "[2001:db8::1]:8443"] {
            assert_eq!(posted(&format!("https://{open}")), Some(format!("https://{open}/opt-outs")));
        }
        for kept in ["", "localhost:8443", "127.0.0.1", "[::1]:8443", "a.localhost", "evil.example/x?", "a b", "<script>"] {
            assert_eq!(posted(&format!("https://{kept}")), None, "{kept}");
        }
    }
}
