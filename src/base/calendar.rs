//! A team's working time: its zone, its working days and hours. Never a person's.

use crate::base::clock::{Instant, SignedDuration};
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;

/// When detectors look: 06:00 in the team's zone (DECISIONS, 'Time and looks').
const LOOK_AT: Time = Time::constant(6, 0, 0, 0);

/// Most days running that are no working days: a week has one at least.
const DAYS_OFF_MAX: u32 = 7;

/// The working week of a team.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
    working_days: Vec<Weekday>,
    opens: Time,
    closes: Time,
}

impl Default for Calendar {
    /// Monday to Friday, 9 to 17, UTC.
    fn default() -> Self {
        Self::in_zone(TimeZone::UTC)
    }
}

impl Calendar {
    /// Monday to Friday, 9 to 17, in `zone`.
    pub fn in_zone(zone: TimeZone) -> Self {
        Self {
            zone,
            working_days: vec![Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday],
            opens: Time::constant(9, 0, 0, 0),
            closes: Time::constant(17, 0, 0, 0),
        }
    }

    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The team's civil date at `at`.
    pub fn date(&self, at: Instant) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    pub fn is_working_day(&self, date: Date) -> bool {
        self.working_days.contains(&date.weekday())
    }

    /// The look instant of a civil date; where 06:00 does not exist that day, the first instant after the gap.
    pub fn look_on(&self, date: Date) -> Instant {
        self.at(date, LOOK_AT)
    }

    /// Every look instant in `(after, until]`, in order: one for each day, working or not.
    pub fn looks(&self, after: Instant, until: Instant) -> Vec<Instant> {
        let mut looks = Vec::new();
        let mut date = self.date(after);
        let last = self.date(until);
        while date <= last {
            let at = self.look_on(date);
            if after < at && at <= until {
                looks.push(at);
            }
            match date.tomorrow() {
                Ok(next) => date = next,
                Err(_) => break,
            }
        }
        looks
    }

    /// Whether the look at `at` falls on a working day.
    pub fn is_working_look(&self, at: Instant) -> bool {
        self.is_working_day(self.date(at))
    }

    /// The last look on a working day that is not after `at`.
    pub fn working_look_until(&self, at: Instant) -> Option<Instant> {
        self.look_until(at, |date| self.is_working_day(date))
    }

    /// The last look on a Monday that is not after `at`.
    pub fn monday_look_until(&self, at: Instant) -> Option<Instant> {
        self.look_until(at, |date| date.weekday() == Weekday::Monday)
    }

    fn look_until(&self, at: Instant, is_one: impl Fn(Date) -> bool) -> Option<Instant> {
        let mut date = self.date(at);
        for _ in 0..=DAYS_OFF_MAX {
            let look = self.look_on(date);
            if look <= at && is_one(date) {
                return Some(look);
            }
            date = date.yesterday().ok()?;
        }
        None
    }

    /// Whether the look at `at` falls on a Monday.
    pub fn is_monday_look(&self, at: Instant) -> bool {
        self.date(at).weekday() == Weekday::Monday
    }

    /// The working time between two instants; zero when `to` is not after `from`.
    pub fn working_time(&self, from: Instant, to: Instant) -> SignedDuration {
        let mut total = SignedDuration::ZERO;
        let mut date = self.date(from);
        let last = self.date(to);
        while date <= last {
            if self.is_working_day(date) {
                let start = self.at(date, self.opens).max(from);
                let end = self.at(date, self.closes).min(to);
                if start < end {
                    total = total.saturating_add(start.duration_until(end));
                }
            }
            match date.tomorrow() {
                Ok(next) => date = next,
                Err(_) => break,
            }
        }
        total
    }

    /// When work opens and closes on a civil date; `None` on a day that is no working day.
    pub fn hours_on(&self, date: Date) -> Option<(Instant, Instant)> {
        self.is_working_day(date).then(|| (self.at(date, self.opens), self.at(date, self.closes)))
    }

    /// The length of a full working day.
    pub fn working_day(&self) -> SignedDuration {
        self.opens.duration_until(self.closes)
    }

    fn at(&self, date: Date, time: Time) -> Instant {
        self.zone.to_ambiguous_zoned(date.to_datetime(time)).compatible().map_or(Instant::MAX, |zoned| zoned.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap_or(Instant::MIN)
    }

    #[test]
    fn a_weekend_holds_no_working_time() {
        let calendar = Calendar::default();
        let worked = calendar.working_time(at("2026-03-06T16:00:00Z"), at("2026-03-09T10:00:00Z"));
        assert_eq!(worked, SignedDuration::from_hours(2), "Friday 16-17 and Monday 9-10");
    }

    #[test]
    fn the_last_working_look_skips_the_weekend() {
        let calendar = Calendar::default();
        let last = |at: &str| calendar.working_look_until(at.parse().unwrap()).map(|look| look.to_string());
        assert_eq!(last("2026-11-09T06:00:00Z").as_deref(), Some("2026-11-09T06:00:00Z"), "a Monday, at the look");
        assert_eq!(last("2026-11-09T05:59:59Z").as_deref(), Some("2026-11-06T06:00:00Z"));
        assert_eq!(last("2026-11-08T12:00:00Z").as_deref(), Some("2026-11-06T06:00:00Z"));
    }

    #[test]
    fn the_last_look_on_a_monday_may_be_a_week_ago() {
        let calendar = Calendar::default();
        let last = |at: &str| calendar.monday_look_until(at.parse().unwrap()).map(|look| look.to_string());
        assert_eq!(last("2026-11-09T06:00:00Z").as_deref(), Some("2026-11-09T06:00:00Z"));
        assert_eq!(last("2026-11-09T05:59:59Z").as_deref(), Some("2026-11-02T06:00:00Z"));
        assert_eq!(last("2026-11-15T12:00:00Z").as_deref(), Some("2026-11-09T06:00:00Z"));
    }

    #[test]
    fn a_look_falls_on_each_day_once_across_the_change_of_clocks() {
        let zone = TimeZone::get("Europe/Zurich").unwrap_or(TimeZone::UTC);
        let calendar = Calendar::in_zone(zone);
        let looks = calendar.looks(at("2026-03-27T00:00:00Z"), at("2026-03-30T23:00:00Z"));
        let hours: Vec<String> = looks.iter().map(ToString::to_string).collect();
        assert_eq!(
            hours,
            ["2026-03-27T05:00:00Z", "2026-03-28T05:00:00Z", "2026-03-29T04:00:00Z", "2026-03-30T04:00:00Z"],
            "06:00 in the zone, before and after the clocks change"
        );
    }
}
