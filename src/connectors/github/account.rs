//! A GitHub login, however a person hands it over.

/// Longest login, in bytes, as GitHub allows it.
const LOGIN_BYTES_MAX: usize = 39;

/// The login in `text`, in lower case: by itself, with an `@`, or as the address of its profile page. Letters, digits and
/// hyphens, and the underscore before an enterprise's short code. A bot's login is none: a bot is never a person.
pub(super) fn login(text: &str) -> Option<String> {
    let text = text.trim();
    let login = linked(text).unwrap_or(text).trim_start_matches('@').to_ascii_lowercase();
    let is_login = login.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    let has_letter = login.bytes().any(|byte| byte.is_ascii_alphanumeric());
    (is_login && has_letter && login.len() <= LOGIN_BYTES_MAX).then_some(login)
}

/// The only part of a profile's path.
fn linked(text: &str) -> Option<&str> {
    let (_, path) = text.strip_prefix("https://")?.split_once('/')?;
    Some(path.split(['?', '#']).next()?.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_found_however_it_is_written() {
        for text in ["octo-cat", " Octo-Cat ", "@octo-cat", "https://github.com/octo-cat", "https://git.acme.example/Octo-Cat/?tab=stars"] {
            assert_eq!(login(text).as_deref(), Some("octo-cat"), "{text}");
        }
        assert_eq!(login("ana_acme").as_deref(), Some("ana_acme"), "of an enterprise's own users");
    }

    #[test]
    fn what_is_no_login_is_refused() {
        let long = "a".repeat(LOGIN_BYTES_MAX + 1);
        for text in ["", "@", "-", "Ana Lima", "ana@acme.example", "acme/web", "https://github.com/acme/web", "renovate[bot]", "ána", &long]
        {
            assert_eq!(login(text), None, "{text}");
        }
    }
}
