//! A GitLab account, however a person hands it over, and which accounts are no person's.

/// Longest username, in bytes, as GitLab allows it.
const USERNAME_BYTES_MAX: usize = 255;
/// Hex digits behind the name of a token's own account (`SecureRandom.hex`).
const BOT_DIGITS: usize = 32;

/// The username or user ID in `text`, in lower case: by itself, with an `@`, or as the address of its profile page. Letters,
/// digits, hyphens, underscores and dots. The account of a token is none: a bot is never a person.
pub(super) fn named(text: &str) -> Option<String> {
    let text = text.trim();
    let name = linked(text).unwrap_or(text).trim_start_matches('@').to_ascii_lowercase();
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let has_letter = name.bytes().any(|byte| byte.is_ascii_alphanumeric());
    (is_name && has_letter && !name.starts_with('-') && name.len() <= USERNAME_BYTES_MAX && !is_bot(&name)).then_some(name)
}

/// The only part of a profile's path.
fn linked(text: &str) -> Option<&str> {
    let (_, path) = text.strip_prefix("https://")?.split_once('/')?;
    Some(path.split(['?', '#']).next()?.trim_end_matches('/'))
}

/// Whether GitLab itself made up this username, for the token of a project or a group: `project_{id}_bot_{32 hex digits}`
/// (GitLab Docs, 'Project access tokens', 'Bot users for projects').
pub(super) fn is_bot(username: &str) -> bool {
    let digits = of_token(username).and_then(|rest| rest.strip_prefix('_'));
    digits.is_some_and(|digits| digits.len() == BOT_DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Whether a username looks like that of a token: before GitLab 16 it ended in `_bot` or `_bot2`, which anybody might choose.
pub(super) fn is_like_a_bot(username: &str) -> bool {
    of_token(username).is_some()
}

/// What stands behind `project_{id}_bot` or `group_{id}_bot`.
fn of_token(username: &str) -> Option<&str> {
    let rest = username.strip_prefix("project_").or_else(|| username.strip_prefix("group_"))?;
    let (id, rest) = rest.split_once("_bot")?;
    (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "project_123_bot_4ffca233d8298ea194b44c0d8fbe4ca3";

    #[test]
    fn an_account_is_found_however_it_is_written() {
        for text in
            ["ana.lima", " Ana.Lima ", "@ana.lima", "https://gitlab.com/ana.lima", "https://gitlab.acme.example/Ana.Lima/?tab=stars"]
        {
            assert_eq!(named(text).as_deref(), Some("ana.lima"), "{text}");
        }
        assert_eq!(named("51").as_deref(), Some("51"), "a user ID");
        assert_eq!(named("_ana").as_deref(), Some("_ana"));
    }

    #[test]
    fn what_is_no_account_is_refused() {
        let long = "a".repeat(USERNAME_BYTES_MAX + 1);
        for text in ["", "@", "-ana", "._", "Ana Lima", "ana@acme.example", "acme/web", "https://gitlab.com/acme/web", "ána", TOKEN, &long]
        {
            assert_eq!(named(text), None, "{text}");
        }
    }

    #[test]
    fn only_a_name_that_gitlab_made_up_is_a_bots() {
        assert!(is_bot(TOKEN) && is_bot(&TOKEN.replace("project", "group")));
        for name in ["project_123_bot", "project_123_bot2", "project_123_bot_deploys"] {
            assert!(!is_bot(name) && is_like_a_bot(name), "{name}");
        }
        for name in ["project_x_bot", "project__bot", "bot", "robot", "ana_bot", "my_project_123_bot", "service_account_1"] {
            assert!(!is_bot(name) && !is_like_a_bot(name), "{name}");
        }
    }
}
