//! The id of a Slack member, however a person hands it over.

/// Longest id, in bytes: Slack's have 9 to 11 characters, and promise nothing.
const ID_BYTES_MAX: usize = 64;
/// Fewest bytes of a word in capitals that is an id without a digit in it: `URSULA` is none.
const ID_BYTES_MIN: usize = 9;
/// Where a member's page stands below a workspace's address.
const MEMBER_PAGE: &str = "/team/";

/// The member id in `text`: by itself, as a mention (`<@U0123ABCD|ana>`) or in the link to a member's page.
///
/// Ids are written in capitals. In small letters `u0123abcd` is taken for an id, `ursula` and `wanda2` are not: they are handles,
/// and no delivery could be recognised by one.
pub(super) fn member_id(text: &str) -> Option<String> {
    let text = text.trim();
    let text = mentioned(text).or_else(|| linked(text)).unwrap_or(text).trim_start_matches('@');
    let id = text.to_ascii_uppercase();
    let (kind, rest) = id.split_at_checked(1)?;
    let is_plain = rest.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let is_capital = text == id && (id.len() >= ID_BYTES_MIN || rest.bytes().any(|byte| byte.is_ascii_digit()));
    let is_known_by_number = rest.starts_with(|c: char| c.is_ascii_digit());
    let is_id = matches!(kind, "U" | "W") && rest.len() >= 2 && is_plain && (is_capital || is_known_by_number);
    (is_id && id.len() <= ID_BYTES_MAX).then_some(id)
}

fn mentioned(text: &str) -> Option<&str> {
    text.strip_prefix("<@")?.strip_suffix('>')?.split('|').next()
}

fn linked(text: &str) -> Option<&str> {
    let (_, path) = text.strip_prefix("https://")?.split_once(MEMBER_PAGE)?;
    path.split(['/', '?', '#']).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_found_however_it_is_written() {
        for text in [
            "U0123ABCD",
            " u0123abcd ",
            "@U0123ABCD",
            "<@U0123ABCD>",
            "<@U0123ABCD|ana>",
            "https://acme.slack.com/team/U0123ABCD",
            "https://acme.slack.com/team/U0123ABCD?x=1",
        ] {
            assert_eq!(member_id(text).as_deref(), Some("U0123ABCD"), "{text}");
        }
        for text in ["W0123", "UJKWEPRTZ", "U0A"] {
            assert_eq!(member_id(text).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_is_no_member_id_is_refused() {
        let long = format!("U{}", "A".repeat(ID_BYTES_MAX));
        for text in [
            "",
            "U",
            "UA",
            "@carolzzz",
            "ursula",
            "URSULA",
            "wanda2",
            "W.",
            "carol@acme.example",
            "C0123ABCD",
            "D0123",
            "U0123 ABCD",
            "U0123-ABCD",
            "Ü0123",
            "<@U0123",
            &long,
        ] {
            assert_eq!(member_id(text), None, "{text}");
        }
    }
}
