//! When the half-year is: 26 weeks of a team in Zurich, with its holidays.
//!
//! All of it lies at fixed dates, so that a demo prints the same on every day it is run.

use crate::base::clock::{Instant, SignedDuration};
use jiff::civil::{Date, Weekday, date};
use jiff::tz::TimeZone;

/// The Monday on which the half-year begins.
pub const FIRST_DAY: Date = date(2026, 5, 18);
/// How long it lasts.
pub const WEEKS: u64 = 26;
const DAYS_A_WEEK: u64 = 7;
const DAYS: u64 = WEEKS * DAYS_A_WEEK;
/// The team's zone. Its clocks change on 2026-10-25, inside the half-year.
pub const ZONE: &str = "Europe/Zurich";

/// Weekdays on which nobody works: Whit Monday, and the Friday before the national day.
const DAYS_OFF: [Date; 2] = [date(2026, 5, 25), date(2026, 7, 31)];
/// The summer weeks (counted from 0) in which half of the team is away.
const SUMMER_WEEKS: std::ops::Range<u64> = 10..13;

/// When people are at work, in minutes after midnight: somewhat wider than the hours of the team's calendar.
pub(super) const OPENS: u32 = 8 * 60 + 40;
pub(super) const CLOSES: u32 = 17 * 60 + 20;

/// The days of the half-year, with their midnights in the team's zone.
pub(super) struct Days {
    midnights: Vec<Instant>,
}

/// A day of the half-year, counted from 0.
pub(super) type Day = u64;

/// When the last delivery was sent at the latest: the Monday after the last week, after its look at 06:00.
pub fn ends() -> Instant {
    let monday = civil(DAYS);
    midnight(monday).saturating_add(SignedDuration::from_hours(7)).unwrap_or(Instant::MAX)
}

/// The start of the first day.
pub fn begins() -> Instant {
    midnight(FIRST_DAY)
}

/// The civil date of a day.
pub(super) fn civil(day: Day) -> Date {
    let days = i64::try_from(day).unwrap_or(0);
    FIRST_DAY.saturating_add(SignedDuration::from_hours(24 * days))
}

/// The day of a civil date; 0 for one before the half-year.
pub(super) fn day_of(date: Date) -> Day {
    u64::try_from(FIRST_DAY.duration_until(date).as_hours() / 24).unwrap_or(0)
}

/// The team's zone, from the bundled database.
pub fn zone() -> TimeZone {
    TimeZone::get(ZONE).unwrap_or(TimeZone::UTC)
}

fn midnight(date: Date) -> Instant {
    date.to_zoned(zone()).map_or(Instant::MAX, |zoned| zoned.timestamp())
}

/// Whether the team works on this day at all.
pub(super) fn is_workday(day: Day) -> bool {
    let date = civil(day);
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) && !DAYS_OFF.contains(&date)
}

/// Whether half of the team is on holiday.
pub(super) fn is_summer(week: u64) -> bool {
    SUMMER_WEEKS.contains(&week)
}

/// The working days of a week.
pub(super) fn workdays(week: u64) -> Vec<Day> {
    (0..5).map(|n| week * DAYS_A_WEEK + n).filter(|day| is_workday(*day)).collect()
}

/// The week of a day, both counted from 0.
pub(super) const fn week_of(day: Day) -> u64 {
    day / DAYS_A_WEEK
}

impl Days {
    pub(super) fn new() -> Self {
        // A margin after the end: what was waiting there falls outside, and is dropped by the story.
        Self { midnights: (0..DAYS + 4 * DAYS_A_WEEK).map(|day| midnight(civil(day))).collect() }
    }

    /// `minutes` after midnight of `day`.
    pub(super) fn at(&self, day: Day, minutes: f64) -> Instant {
        let start = usize::try_from(day).ok().and_then(|day| self.midnights.get(day)).copied().unwrap_or(Instant::MAX);
        start.saturating_add(seconds(minutes)).unwrap_or(Instant::MAX)
    }

    /// The day that `at` falls on.
    pub(super) fn day(&self, at: Instant) -> Day {
        self.midnights.partition_point(|start| *start <= at).saturating_sub(1) as Day
    }

    /// The instant `minutes` of working time after `from`: nights, weekends and days off do not count.
    pub(super) fn after(&self, from: Instant, minutes: f64) -> Instant {
        let mut left = minutes;
        let mut day = self.day(from);
        let mut now = from;
        while usize::try_from(day).is_ok_and(|day| day < self.midnights.len()) {
            let opens = self.at(day, f64::from(OPENS));
            let closes = self.at(day, f64::from(CLOSES));
            now = now.max(opens);
            if is_workday(day) && now < closes {
                let open_for = now.duration_until(closes).as_secs_f64() / 60.0;
                if left <= open_for {
                    return now.saturating_add(seconds(left)).unwrap_or(Instant::MAX);
                }
                left -= open_for;
            }
            day += 1;
        }
        Instant::MAX
    }
}

/// Whole seconds: the git hosts send no fractions.
#[expect(clippy::cast_possible_truncation, reason = "a half-year has few seconds")]
fn seconds(minutes: f64) -> SignedDuration {
    SignedDuration::from_secs((minutes * 60.0) as i64)
}

/// `at` and `seconds` more.
pub(super) fn later(at: Instant, seconds: u64) -> Instant {
    at.saturating_add(SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX))).unwrap_or(Instant::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_half_year_starts_on_a_monday_and_ends_before_one() {
        assert_eq!(FIRST_DAY.weekday(), Weekday::Monday);
        assert_eq!(civil(DAYS), date(2026, 11, 16));
        assert_eq!(ends().to_string(), "2026-11-16T06:00:00Z", "an hour after the last look, in winter time");
        assert_eq!(day_of(civil(120)), 120);
    }

    #[test]
    fn working_time_skips_the_weekend_and_the_change_of_clocks() {
        let days = Days::new();
        let friday = day_of(date(2026, 10, 23));
        let from = days.at(friday, f64::from(CLOSES) - 10.0);
        let found = days.after(from, 20.0);
        assert_eq!(found, days.at(friday + 3, f64::from(OPENS) + 10.0));
        assert_eq!(found.to_string(), "2026-10-26T07:50:00Z", "08:50 in winter time");
        assert_eq!(days.day(found), friday + 3);
    }
}
