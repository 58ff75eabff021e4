//! A team's working time as a number that runs on: how much of it lies between two instants, and when a given amount of it
//! has passed.
//!
//! [`Calendar`] answers the same for two instants by walking the days between them; this table is walked once and then
//! searched, because a look asks for it hundreds of times.

use crate::base::calendar::Calendar;
use crate::base::clock::{Instant, SignedDuration, Window};

/// The working days of a stretch of time.
#[derive(Clone, Debug)]
pub struct WorkClock {
    days: Vec<Day>,
    total: SignedDuration,
}

#[derive(Clone, Debug)]
struct Day {
    opens: Instant,
    closes: Instant,
    /// The working time of the days before.
    before: SignedDuration,
}

impl WorkClock {
    /// Working time outside of the days that `window` touches does not count.
    pub fn new(calendar: &Calendar, window: Window) -> Self {
        let mut days = Vec::new();
        let mut total = SignedDuration::ZERO;
        let last = calendar.date(window.to);
        let mut date = calendar.date(window.from);
        while date <= last {
            if let Some((opens, closes)) = calendar.hours_on(date) {
                days.push(Day { opens, closes, before: total });
                total = total.saturating_add(opens.duration_until(closes));
            }
            match date.tomorrow() {
                Ok(next) => date = next,
                Err(_) => break,
            }
        }
        Self { days, total }
    }

    /// The working time from the beginning of the table until `at`.
    pub fn until(&self, at: Instant) -> SignedDuration {
        let begun = self.days.partition_point(|day| day.opens <= at);
        let Some(day) = begun.checked_sub(1).and_then(|index| self.days.get(index)) else {
            return SignedDuration::ZERO;
        };
        day.before.saturating_add(day.opens.duration_until(day.closes.min(at)))
    }

    /// The working time between two instants; zero when `to` is not after `from`.
    pub fn between(&self, from: Instant, to: Instant) -> SignedDuration {
        self.until(to).saturating_sub(self.until(from)).max(SignedDuration::ZERO)
    }

    /// The first instant at which `worked` of working time has passed since `from`; `None` where that lies beyond the table.
    pub fn after(&self, from: Instant, worked: SignedDuration) -> Option<Instant> {
        if worked <= SignedDuration::ZERO {
            return Some(from);
        }
        let target = self.until(from).saturating_add(worked);
        if target > self.total {
            return None;
        }
        let index = self.days.partition_point(|day| day.before < target).checked_sub(1)?;
        let day = self.days.get(index)?;
        day.opens.checked_add(target.saturating_sub(day.before)).ok()
    }
}

/// A duration in hours.
pub fn hours(duration: SignedDuration) -> f64 {
    duration.as_secs_f64() / 3600.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn clock(from: &str, to: &str) -> WorkClock {
        WorkClock::new(&Calendar::default(), Window { from: at(from), to: at(to) })
    }

    #[test]
    fn two_working_days_after_a_friday_afternoon_is_tuesday_afternoon() {
        let clock = clock("2026-03-01T00:00:00Z", "2026-03-31T00:00:00Z");
        let asked = at("2026-03-06T15:00:00Z");
        assert_eq!(clock.after(asked, SignedDuration::from_hours(16)), Some(at("2026-03-10T15:00:00Z")));
        let weekend = at("2026-03-07T12:00:00Z");
        assert_eq!(clock.after(weekend, SignedDuration::from_hours(16)), Some(at("2026-03-10T17:00:00Z")));
        assert_eq!(clock.after(asked, SignedDuration::from_hours(1000)), None, "beyond the table");
    }

    #[test]
    fn a_working_day_is_eight_hours_long_across_the_change_of_clocks() {
        let zone = TimeZone::get("Europe/Zurich").unwrap();
        let calendar = Calendar::in_zone(zone);
        let window = Window { from: at("2026-03-20T00:00:00Z"), to: at("2026-04-05T00:00:00Z") };
        let clock = WorkClock::new(&calendar, window);
        // Friday 12:00 +01:00 to Monday 12:00 +02:00, the clocks having moved on Sunday.
        assert_eq!(clock.between(at("2026-03-27T11:00:00Z"), at("2026-03-30T10:00:00Z")), SignedDuration::from_hours(8));
    }

    proptest! {
        #[test]
        fn the_table_agrees_with_the_calendar(from in 0_i64..5_000_000, length in 0_i64..5_000_000) {
            let start = at("2026-02-01T00:00:00Z");
            let zone = TimeZone::get("America/New_York").unwrap();
            let calendar = Calendar::in_zone(zone);
            let from = start + SignedDuration::from_secs(from);
            let to = from + SignedDuration::from_secs(length);
            let clock = WorkClock::new(&calendar, Window { from: start, to: at("2026-08-01T00:00:00Z") });
            prop_assert_eq!(clock.between(from, to), calendar.working_time(from, to));
        }

        #[test]
        fn after_is_the_way_back_from_between(from in 0_i64..5_000_000, seconds in 1_i64..1_000_000) {
            let clock = clock("2026-02-01T00:00:00Z", "2027-02-01T00:00:00Z");
            let from = at("2026-02-01T00:00:00Z") + SignedDuration::from_secs(from);
            let worked = SignedDuration::from_secs(seconds);
            let end = clock.after(from, worked).unwrap();
            prop_assert_eq!(clock.between(from, end), worked);
            prop_assert!(clock.between(from, end - SignedDuration::from_secs(1)) < worked);
        }
    }
}
