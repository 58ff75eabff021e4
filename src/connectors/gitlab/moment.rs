//! The ways in which GitLab writes an instant, and no other: `2013-12-03T17:15:43Z`, with a fraction since GitLab 9, and
//! `2013-12-03 17:23:34 UTC` (GitLab Docs, 'Webhook events'). An installation with a time zone of its own writes that zone's
//! offset for `Z` and `UTC`: `+02:00` and `+0200`.

use crate::base::clock::Instant;
use serde::de::{Deserialize, Deserializer, Error};

/// An instant as GitLab writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment(pub(super) Instant);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // The text stays here: an error may be printed.
        parse(&text).map(Self).ok_or_else(|| D::Error::custom("no time as GitLab writes it"))
    }
}

fn parse(text: &str) -> Option<Instant> {
    let (date, rest) = text.split_at_checked("2013-12-03".len())?;
    let (time, zone) = match rest.strip_prefix('T') {
        Some(rest) => rest.split_at(rest.find(['Z', '+', '-'])?),
        None => rest.strip_prefix(' ')?.split_once(' ')?,
    };
    let is_iso = rest.starts_with('T');
    let (second, fraction) = if is_iso { time.split_once('.').unwrap_or((time, "0")) } else { (time, "0") };
    let is_fraction = (1..=9).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if !(has_shape(date, "0000-00-00") && has_shape(second, "00:00:00") && is_fraction) {
        return None;
    }
    let offset = match (is_iso, zone) {
        (true, "Z") | (false, "UTC") => "+00:00".to_owned(),
        (true, zone) => has_shape(zone.get(1..)?, "00:00").then(|| zone.to_owned())?,
        (false, zone) => {
            let (sign, digits) = zone.split_at_checked(1).filter(|(sign, _)| matches!(*sign, "+" | "-"))?;
            let (hours, minutes) = digits.split_at_checked(2).filter(|_| has_shape(digits, "0000"))?;
            format!("{sign}{hours}:{minutes}")
        }
    };
    format!("{date}T{second}.{fraction}{offset}").parse().ok()
}

/// Whether `text` has a digit wherever `shape` has a zero, and is as `shape` elsewhere.
fn has_shape(text: &str, shape: &str) -> bool {
    let fits = |(byte, like): (u8, u8)| if like == b'0' { byte.is_ascii_digit() } else { byte == like };
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_way_of_writing_an_instant_is_read() {
        for (text, at) in [
            ("2013-12-03T17:15:43Z", "2013-12-03T17:15:43Z"),
            ("2017-09-20T08:31:45.944Z", "2017-09-20T08:31:45.944Z"),
            ("2017-09-20T08:31:45.944+02:00", "2017-09-20T06:31:45.944Z"),
            ("2017-09-20T08:31:45-05:30", "2017-09-20T14:01:45Z"),
            ("2013-12-03 17:23:34 UTC", "2013-12-03T17:23:34Z"),
            ("2021-04-28 21:50:00 +0200", "2021-04-28T19:50:00Z"),
            ("2021-04-28 21:50:00 -0730", "2021-04-29T05:20:00Z"),
        ] {
            assert_eq!(parse(text), Some(at.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn nothing_else_is() {
        for text in [
            "",
            "2013-12-03",
            "2013-12-03T17:15:43",
            "2013-12-03T17:15Z",
            "2013-12-03t17:15:43z",
            "2013-12-03T17:15:43 UTC",
            "2013-12-03T17:15:43+0200",
            "2013-12-03T17:15:43.Z",
            "2013-12-03T17:15:43.1234567890Z",
            "2013-12-03T17:15:43,5Z",
            "2013-12-03T17:15:43Z[UTC]",
            "2013-12-03T17:15:43Z ",
            "2013-12-03 17:23:34Z",
            "2013-12-03 17:23:34",
            "2013-12-03 17:23:34.5 UTC",
            "2013-12-03 17:23:34 CET",
            "2013-12-03 17:23:34 +02:00",
            "2013-12-03 17:23:34 0200",
            "2013-12-03  17:23:34 UTC",
            "+002013-12-03T17:15:43Z",
            "2013-13-03T17:15:43Z",
            "2013-02-30 17:23:34 UTC",
            "2013-12-03T25:15:43Z",
            "Tue, 03 Dec 2013 17:15:43 GMT",
            "1386090943",
            "２013-12-03T17:15:43Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn an_instant_is_read_as_it_was_written(second in 0_i64..4_000_000_000, text in "\\PC{0,30}") {
            let at = Instant::from_second(second).unwrap();
            prop_assert_eq!(parse(&at.to_string()), Some(at));
            prop_assert_eq!(parse(&at.to_string().replace('T', " ").replace('Z', " UTC")), Some(at));
            let _ = parse(&text);
        }
    }
}
