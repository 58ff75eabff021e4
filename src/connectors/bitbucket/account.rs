//! A person at Bitbucket, however they hand themselves over: by the id of their account or their nickname in Cloud, by their
//! user name in Data Center.

/// Longest name, in bytes: Data Center allows 255 characters.
const NAME_BYTES_MAX: usize = 255;
/// Where the hyphens of an id stand: 8, 4, 4, 4 and 12 hex digits.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];
const UUID_BYTES: usize = 36;

/// The account that `text` means, in lower case: an id with its braces as Cloud writes it, else a name. Either by itself, with
/// an `@`, or as the address of its profile page.
pub(super) fn account(text: &str) -> Option<String> {
    let text = text.trim();
    let name = linked(text).unwrap_or(text).trim_start_matches('@').to_lowercase().replace("%7b", "{").replace("%7d", "}");
    if let Some(id) = uuid(&name).or_else(|| uuid(&format!("{{{name}}}"))) {
        return Some(id);
    }
    let is_name = name.chars().any(char::is_alphanumeric) && !name.contains(['/', '{', '}']) && !name.contains(char::is_control);
    (is_name && name.len() <= NAME_BYTES_MAX).then_some(name)
}

/// The id of an account as Cloud writes it, in lower case; `None` where it is none.
pub(super) fn uuid(text: &str) -> Option<String> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    let is_placed = |(at, byte): (usize, u8)| if HYPHENS.contains(&at) { byte == b'-' } else { byte.is_ascii_hexdigit() };
    (inner.len() == UUID_BYTES && inner.bytes().enumerate().all(is_placed)).then(|| text.to_ascii_lowercase())
}

/// What a profile's path ends with: `{…}` in Cloud, `users/ana` in Data Center.
fn linked(text: &str) -> Option<&str> {
    let (_, path) = text.strip_prefix("https://")?.split_once('/')?;
    let path = path.split(['?', '#']).next()?.trim_end_matches('/');
    Some(path.rsplit_once("users/").map_or(path, |(_, name)| name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_however_it_is_written() {
        let id = "{a54f16da-24e9-4d7f-a3a7-b1ba2cd98aa3}";
        for text in [
            id,
            "a54f16da-24e9-4d7f-a3a7-b1ba2cd98aa3",
            " {A54F16DA-24e9-4d7f-a3a7-b1ba2cd98aa3} ",
            "https://bitbucket.org/%7Ba54f16da-24e9-4d7f-a3a7-b1ba2cd98aa3%7D/",
        ] {
            assert_eq!(account(text).as_deref(), Some(id), "{text}");
        }
        for text in ["ana.lima", "@Ana.Lima", "https://git.acme.example/users/ana.lima", "https://acme.example/bitbucket/users/Ana.Lima/"] {
            assert_eq!(account(text).as_deref(), Some("ana.lima"), "{text}");
        }
        assert_eq!(account("Ána Lima").as_deref(), Some("ána lima"), "a nickname is what its owner likes");
    }

    #[test]
    fn what_is_no_account_is_refused() {
        let long = "a".repeat(NAME_BYTES_MAX + 1);
        for text in ["", "@", "-", "acme/web", "https://bitbucket.org/acme/web", "{a54f16da}", "a\nb", &long] {
            assert_eq!(account(text), None, "{text}");
        }
    }
}
