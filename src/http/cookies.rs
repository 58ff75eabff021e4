//! The two cookies there are, their names and attributes.
//!
//! `__Host-` makes a browser refuse them over plain HTTP, for a path, and from a neighbouring host (RFC 6265bis, 4.1.3.2).
//! Chromium counts loopback as trustworthy and keeps them there too (seen in Chromium 156 on 127.0.0.1 and localhost), so a
//! sandbox without TLS needs no weaker name.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};

/// Who is signed in.
pub const SESSION: &str = "__Host-session";
/// Binds the sign-in form to the browser that asked for it, before there is a session.
pub const VISIT: &str = "__Host-visit";

/// Longest value that is looked at: four times what this program sets.
const VALUE_BYTES_MAX: usize = 256;

/// A cookie that lives until the browser closes; the session's own end is kept by the server.
pub fn cookie(name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build(name, value).path("/").secure(true).http_only(true).same_site(SameSite::Lax).finish()
}

/// Takes a cookie away.
pub fn removal(name: &'static str) -> Cookie<'static> {
    let mut gone = cookie(name, String::new());
    gone.make_removal();
    gone
}

/// The cookie's value; `None` where it is absent, empty or longer than anything this program sets.
pub fn read(req: &HttpRequest, name: &str) -> Option<String> {
    let cookie = req.cookie(name)?;
    let value = cookie.value();
    (!value.is_empty() && value.len() <= VALUE_BYTES_MAX).then(|| value.to_owned())
}

/// The secret that forms are bound to: the session's, else that of the visit to the sign-in page.
pub fn binding(req: &HttpRequest) -> Option<String> {
    read(req, SESSION).or_else(|| read(req, VISIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_meets_the_rules_of_its_prefix() {
        let text = cookie(SESSION, "x".to_owned()).to_string();
        assert_eq!(text, "__Host-session=x; HttpOnly; SameSite=Lax; Secure; Path=/");
        assert!(removal(SESSION).to_string().contains("Max-Age=0"), "{}", removal(SESSION));
        assert!(removal(SESSION).to_string().contains("Secure"), "a browser ignores a removal that breaks the prefix's rules");
    }
}
