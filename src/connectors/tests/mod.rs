//! The list of connectors and the times they may claim; and the recorded payloads of the corpus.

mod corpus;

use super::*;

#[test]
fn a_time_is_plausible_up_to_ten_minutes_ahead() {
    let at = |text: &str| text.parse::<Instant>().unwrap();
    let now = at("2026-03-02T09:00:00Z");
    for (claimed, expected) in [
        ("2026-03-02T09:10:00Z", true),
        ("2026-03-02T09:10:00.000001Z", false),
        ("2007-01-01T00:00:00Z", true),
        ("2006-12-31T23:59:59.999999Z", false),
        ("9999-01-01T00:00:00Z", false),
    ] {
        assert_eq!(plausible(at(claimed), now).is_ok(), expected, "{claimed}");
    }
}

#[test]
fn a_connector_is_found_by_its_name_and_names_are_unique() {
    for known in CONNECTORS {
        let same = CONNECTORS.iter().filter(|other| other.name() == known.name()).count();
        assert_eq!(same, 1, "{}", known.name());
        assert_eq!(connector(known.name()).map(Connector::title), Some(known.title()));
    }
    assert!(connector("GitHub").is_none(), "names are lower-case, as in URLs");
}
