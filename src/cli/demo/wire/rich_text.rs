//! The rich text that Slack sends beside the plain text of a message: the same words, cut into elements.
//!
//! Names and shapes of the fields: Slack's Block Kit reference, 'Rich text'.

use super::json::{Json, Object};
use crate::cli::demo::splitmix::Key;

const FENCE: &str = "```";
const LETTERS: &[u8] = b"abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// The blocks of `text`.
pub(super) fn blocks(text: &str, key: Key) -> Json {
    let elements: Vec<Json> = text
        .split(FENCE)
        .enumerate()
        .filter(|(_, part)| !part.is_empty())
        .map(|(n, part)| if n % 2 == 1 { preformatted(part) } else { section(part) })
        .collect();
    let block = Object::new()
        .text("type", "rich_text")
        .text("block_id", &key.with("block").letters(LETTERS, 5))
        .put("elements", &Json::list(elements))
        .end();
    Json::list([block])
}

fn preformatted(code: &str) -> Json {
    let element = plain_element(code.trim_matches('\n'));
    Object::new().text("type", "rich_text_preformatted").put("elements", &Json::list([element])).plain("border", 0).end()
}

fn section(text: &str) -> Json {
    let mut elements = Vec::new();
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('<') {
        let Some((inside, after)) = tail.split_once('>') else { break };
        if !before.is_empty() {
            elements.push(plain_element(before));
        }
        elements.push(bracketed(inside));
        rest = after;
    }
    if !rest.is_empty() {
        elements.push(plain_element(rest));
    }
    Object::new().text("type", "rich_text_section").put("elements", &Json::list(elements)).end()
}

fn plain_element(text: &str) -> Json {
    // Plain text escapes these three; the rich text has the characters themselves.
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    Object::new().text("type", "text").text("text", &text).end()
}

/// What stands between angle brackets: a member, or a link with its label.
fn bracketed(inside: &str) -> Json {
    if let Some(id) = inside.strip_prefix('@') {
        return Object::new().text("type", "user").text("user_id", id).end();
    }
    match inside.split_once('|') {
        Some((url, label)) => Object::new().text("type", "link").text("url", url).text("text", label).end(),
        None => Object::new().text("type", "link").text("url", inside).end(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_mentions_links_and_code_become_elements_of_their_own() {
        let text = "see <https://example.org/a|the page> <@U07>:\n```let x;```";
        let read: serde_json::Value = serde_json::from_slice(&blocks(text, Key::of("t")).into_bytes()).unwrap();
        let kinds: Vec<&str> = read[0]["elements"][0]["elements"].as_array().unwrap().iter().map(|e| e["type"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["text", "link", "text", "user", "text"]);
        assert_eq!(read[0]["elements"][1]["type"], "rich_text_preformatted");
        assert_eq!(read[0]["elements"][1]["elements"][0]["text"], "let x;");
    }
}
