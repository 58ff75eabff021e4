//! What every page of the gallery keeps to.

use crate::web::gallery::{NONCE, pages};

/// The opening tags of a page with their attributes, as text.
fn tags(page: &str) -> Vec<&str> {
    page.split('<').skip(1).filter(|tag| !tag.starts_with(['/', '!'])).map(|tag| tag.split('>').next().unwrap()).collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()
}

/// Where the gallery lies afterwards, for `tests/browser` to look at in a real browser.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/gallery");

#[test]
fn the_gallery_lies_where_a_browser_can_look_at_it() {
    drop(std::fs::remove_dir_all(FOLDER));
    std::fs::create_dir_all(FOLDER).unwrap();
    for (name, page) in pages() {
        std::fs::write(std::path::Path::new(FOLDER).join(format!("{name}.html")), page).unwrap();
    }
}

#[test]
fn every_form_that_changes_something_carries_a_token() {
    for (name, page) in pages() {
        for form in page.split("<form ").skip(1) {
            let form = form.split("</form>").next().unwrap();
            assert!(form.starts_with("method=\"post\"") || form.contains(" method=\"post\""), "{name}: a form without POST: {form}");
            assert!(form.contains("<input type=\"hidden\" name=\"csrf\" value=\"5f1c\">"), "{name}: {form}");
        }
    }
}

#[test]
fn every_input_has_a_label_and_every_reference_leads_somewhere() {
    for (name, page) in pages() {
        let tags = tags(&page);
        let ids: Vec<&str> = tags.iter().filter_map(|tag| attribute(tag, "id")).collect();
        for (at, id) in ids.iter().enumerate() {
            assert!(!ids[at + 1..].contains(id), "{name}: id {id} twice");
        }
        for tag in &tags {
            let is_input = ["input ", "select ", "textarea "].iter().any(|kind| tag.starts_with(kind));
            if is_input && attribute(tag, "type") != Some("hidden") {
                let id = attribute(tag, "id").unwrap_or_else(|| panic!("{name}: {tag} has no id"));
                assert!(page.contains(&format!("<label for=\"{id}\">")), "{name}: {id} has no label");
            }
            for reference in ["aria-describedby", "aria-labelledby", "for", "data-copies"] {
                for id in attribute(tag, reference).unwrap_or_default().split_whitespace() {
                    assert!(ids.contains(&id), "{name}: {reference} of {tag} leads nowhere");
                }
            }
            if let Some(id) = attribute(tag, "href").and_then(|href| href.strip_prefix('#')) {
                assert!(ids.contains(&id), "{name}: #{id} leads nowhere");
            }
        }
    }
}

#[test]
fn no_page_needs_inline_script_or_style_and_none_reaches_out() {
    for (name, page) in pages() {
        for tag in tags(&page) {
            let outside_quotes: String = tag.split('"').step_by(2).collect();
            let attributes: Vec<&str> = outside_quotes.split_whitespace().skip(1).collect();
            assert!(!attributes.iter().any(|attribute| attribute.starts_with("style=")), "{name}: {tag}");
            assert!(!attributes.iter().any(|attribute| attribute.starts_with("on")), "{name}: {tag}");
            assert!(!tag.starts_with("style"), "{name}: {tag}");
            if tag.starts_with("script") {
                assert_eq!(attribute(tag, "nonce"), Some(NONCE), "{name}: {tag}");
                assert!(attribute(tag, "src").is_some_and(|src| src.starts_with("/assets/")), "{name}: {tag}");
            }
            if tag.starts_with("link") || tag.starts_with("img") {
                assert!(attribute(tag, "href").is_some_and(|href| href.starts_with("/assets/")), "{name}: {tag}");
            }
            let leaves = attribute(tag, "href").is_some_and(|href| href.contains("://"));
            if leaves {
                assert_eq!(attribute(tag, "rel"), Some("noopener noreferrer"), "{name}: {tag}");
                assert_eq!(attribute(tag, "target"), Some("_blank"), "{name}: {tag}");
            }
        }
    }
}

#[test]
fn every_page_has_one_heading_a_title_a_language_and_a_way_past_the_navigation() {
    for (name, page) in pages() {
        assert_eq!(page.matches("<h1>").count(), 1, "{name}");
        assert!(page.contains("<html lang=\"en\">"), "{name}");
        assert!(!page.contains("<title> "), "{name} has no title");
        assert!(page.contains("<a class=\"skip\" href=\"#main\">") && page.contains("<main id=\"main\""), "{name}");
        assert!(page.contains("class=\"sandbox\""), "{name} hides that this is a sandbox");
    }
}

#[test]
fn what_people_typed_stays_text() {
    for (name, page) in pages() {
        assert!(!page.contains("<script>alert") && !page.contains("<img"), "{name}");
    }
}
