//! Times and numbers as people read them, in the zone of the team they belong to.

use crate::base::clock::{Instant, SignedDuration};
use jiff::tz::TimeZone;

/// An instant for a `<time>` element: exact for machines, readable for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    pub machine: String,
    pub words: String,
}

/// `9 March 2026, 06:00 UTC`.
pub fn moment(at: Instant, zone: &TimeZone) -> Moment {
    Moment { machine: at.to_string(), words: at.to_zoned(zone.clone()).strftime("%-d %B %Y, %H:%M %Z").to_string() }
}

/// `9 March 2026`, for a `<time>` element: a day in UTC, whatever the zone of whoever reads it.
pub fn whole_day(at: Instant) -> Moment {
    let words = day(at, &TimeZone::UTC);
    Moment { machine: at.strftime("%Y-%m-%d").to_string(), words }
}

/// `9 March 2026`.
pub fn day(at: Instant, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%-d %B %Y").to_string()
}

/// `9 Mar`.
pub fn short_day(at: Instant, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%-d %b").to_string()
}

/// `just now`, `5 minutes ago`, `3 days ago`; rounded down.
pub fn ago(at: Instant, now: Instant) -> String {
    let passed = now.duration_since(at);
    let minutes = passed.as_mins();
    if passed < SignedDuration::from_mins(1) {
        return "just now".to_owned();
    }
    let (number, one, many) = match minutes {
        ..60 => (minutes, "minute ago", "minutes ago"),
        60..1440 => (minutes / 60, "hour ago", "hours ago"),
        _ => (minutes / 1440, "day ago", "days ago"),
    };
    count(number.unsigned_abs(), one, many)
}

/// `40 seconds`, `5 minutes`, `2 hours`; rounded up.
pub fn duration(seconds: u64) -> String {
    match seconds {
        ..60 => count(seconds.max(1), "second", "seconds"),
        60..3600 => count(seconds.div_ceil(60), "minute", "minutes"),
        _ => count(seconds.div_ceil(3600), "hour", "hours"),
    }
}

/// `1 source`, `12,345 sources`.
pub fn count(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// `12,345`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A link that a page may hold, with the host it leads to: `https`, or `http` for a tool inside one's own network.
/// Anything else (`javascript:`, `data:`, a relative path) is no link.
pub fn outside_link(url: &str) -> Option<(String, String)> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let host = rest.split(['/', '?', '#']).next()?;
    let is_plain = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
    let is_clean = url.bytes().all(|b| b.is_ascii_graphic());
    (is_plain && is_clean).then(|| (url.to_owned(), host.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_in_the_zone_of_the_team() {
        let at: Instant = "2026-03-09T05:00:00Z".parse().unwrap();
        let zone = TimeZone::get("Europe/Zurich").unwrap();
        assert_eq!(moment(at, &zone).words, "9 March 2026, 06:00 CET");
        assert_eq!(moment(at, &zone).machine, "2026-03-09T05:00:00Z");
        assert_eq!(whole_day(at), Moment { machine: "2026-03-09".to_owned(), words: "9 March 2026".to_owned() });
    }

    #[test]
    fn what_passed_is_rounded_down() {
        let now: Instant = "2026-03-09T05:00:00Z".parse().unwrap();
        let before = |text: &str| ago(text.parse().unwrap(), now);
        assert_eq!(before("2026-03-09T04:59:01Z"), "just now");
        assert_eq!(before("2026-03-09T04:59:00Z"), "1 minute ago");
        assert_eq!(before("2026-03-09T03:01:00Z"), "1 hour ago");
        assert_eq!(before("2026-03-06T05:01:00Z"), "2 days ago");
        assert_eq!(before("2026-03-09T05:09:00Z"), "just now", "a tool's clock may run ahead");
    }

    #[test]
    fn a_wait_is_rounded_up() {
        let said = [0, 40, 60, 61, 3600, 3601].map(duration);
        assert_eq!(said, ["1 second", "40 seconds", "1 minute", "2 minutes", "1 hour", "2 hours"]);
    }

    #[test]
    fn a_number_is_grouped_by_thousands() {
        assert_eq!(
            (grouped(0), grouped(999), grouped(1000), grouped(1_234_567)),
            ("0".into(), "999".into(), "1,000".into(), "1,234,567".into())
        );
    }

    #[test]
    fn only_a_web_address_becomes_a_link() {
        assert_eq!(outside_link("https://github.com/a/b/pull/1").map(|link| link.1).as_deref(), Some("github.com"));
        assert!(outside_link("http://git.internal:3000/a").is_some());
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "/patterns",
            "//evil.example",
            "https://",
            "https://a@evil.example/",
            "https://x/\u{202E}",
            "https://x/ y",
            " https://x/",
        ] {
            assert_eq!(outside_link(bad), None, "{bad}");
        }
    }
}
