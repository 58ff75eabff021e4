//! A login at Gitea or Forgejo, however a person hands it over.

/// Longest login, in bytes, as both allow it.
const LOGIN_BYTES_MAX: usize = 40;

/// The login in `text`, in lower case: by itself, with an `@`, or as the address of its profile page. Letters, digits,
/// hyphens, underscores and dots (`IsValidUsername` in `modules/validation`).
pub(super) fn login(text: &str) -> Option<String> {
    let text = text.trim();
    let login = linked(text).unwrap_or(text).trim_start_matches('@').to_ascii_lowercase();
    let is_login = login.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let is_ended = |end: Option<u8>| end.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (is_login && is_ended(login.bytes().next()) && is_ended(login.bytes().last()) && login.len() <= LOGIN_BYTES_MAX).then_some(login)
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
        for text in ["ana.lima", " Ana.Lima ", "@ana.lima", "https://codeberg.org/ana.lima", "https://git.acme.example/Ana.Lima/?tab=stars"]
        {
            assert_eq!(login(text).as_deref(), Some("ana.lima"), "{text}");
        }
        assert_eq!(login("Ana_L-2").as_deref(), Some("ana_l-2"));
    }

    #[test]
    fn what_is_no_login_is_refused() {
        let long = "a".repeat(LOGIN_BYTES_MAX + 1);
        for text in ["", "@", "-", ".", "ana.", "Ana Lima", "ana@acme.example", "acme/web", "https://codeberg.org/acme/web", "ána", &long]
        {
            assert_eq!(login(text), None, "{text}");
        }
    }
}
