//! The course of a pattern's number against what was usual and against its limit, as bars.
//!
//! Every length is a percentage of the drawing, so that it may have any width while its words keep their shape. The
//! numbers stand once more in a table under it.

use crate::detection::candidate::{Chart as Course, Estimate, Unit};
use crate::web::format;
use jiff::tz::TimeZone;
use std::fmt::Write;

/// The whole of the drawing, in either direction.
const WHOLE: f64 = 100.0;
/// The part of a bar's place that stays empty, so that neighbours can be told apart.
const GAP: f64 = 0.25;
/// The widest bar: of a few points, none should look like a wall.
const BAR_MAX: f64 = 6.0;
/// The lowest band that is seen, where what is usual hardly varies.
const BAND_MIN: f64 = 2.0;
/// Most steps of the scale.
const STEPS_MAX: u8 = 5;
/// Most days named under the bars: what fits a phone.
const DAYS_MAX: usize = 5;

/// A chart with every length computed and every word ready.
#[derive(Clone, Debug)]
pub struct Chart {
    pub caption: String,
    /// What a screen reader says in place of the drawing.
    pub alternative: String,
    /// The scale, from the bottom up.
    pub ticks: Vec<Mark>,
    /// The days that are named under the bars.
    pub days: Vec<Mark>,
    pub bars: Vec<Bar>,
    pub usual: Option<Band>,
    pub limits: Vec<Rule>,
    pub limit: Mark,
    pub legend: Vec<Key>,
    pub rows: Vec<Row>,
    /// Whether each row has a limit of its own.
    pub has_limits: bool,
}

/// Words at a place: from the top for the scale and the limit, from the left for days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub place: String,
    pub words: String,
}

/// One bar.
#[derive(Clone, Debug)]
pub struct Bar {
    pub x: String,
    pub y: String,
    pub width: String,
    pub height: String,
    pub is_window: bool,
}

/// Where values usually lie.
#[derive(Clone, Debug)]
pub struct Band {
    pub y: String,
    pub height: String,
}

/// A piece of the limit's line: level, or the step to the next piece.
#[derive(Clone, Debug)]
pub struct Rule {
    pub from_x: String,
    pub from_y: String,
    pub to_x: String,
    pub to_y: String,
}

/// One entry of the legend.
#[derive(Clone, Debug)]
pub struct Key {
    pub mark: &'static str,
    pub words: String,
}

/// One row of the table behind the chart.
#[derive(Clone, Debug)]
pub struct Row {
    pub label: String,
    pub value: String,
    pub limit: String,
    pub is_window: bool,
}

impl Chart {
    /// Draws `course`; `None` where there is nothing that can be drawn.
    pub fn of(course: &Course, zone: &TimeZone) -> Option<Self> {
        let limit_of = |limit: Option<f64>| limit.unwrap_or(course.limit);
        let all = course.points.iter().flat_map(|point| [point.value, limit_of(point.limit)]).chain([course.limit]);
        let usual = course.usual.map_or([0.0; 3], |usual| [usual.low, usual.value, usual.high]);
        let all: Vec<f64> = all.chain(usual).collect();
        if course.points.is_empty() || all.iter().any(|value| !value.is_finite() || *value < 0.0) {
            return None;
        }
        let scale = scale(all.into_iter().fold(0.0, f64::max), course.unit);
        let top = scale.last().copied().unwrap_or(1.0);
        let down = |value: f64| WHOLE - WHOLE * value / top;
        let slots = Slots::of(course.points.len());
        let told_from = course.points.len().saturating_sub(course.told);
        let (mut bars, mut rows, mut steps) = (Vec::new(), Vec::new(), Vec::new());
        for ((index, point), left) in course.points.iter().enumerate().zip(slots.lefts()) {
            let (is_window, height) = (index >= told_from, WHOLE * point.value / top);
            let x = left + (slots.slot - slots.bar) / 2.0;
            bars.push(Bar { x: length(x), y: length(WHOLE - height), width: length(slots.bar), height: length(height), is_window });
            let (value, limit) = (words_of(point.value, course.unit), words_of(limit_of(point.limit), course.unit));
            rows.push(Row { label: format::day(point.at, zone), value, limit, is_window });
            steps.push((left, down(limit_of(point.limit))));
        }
        Some(Self {
            caption: course.title.clone(),
            alternative: alternative(course, &rows),
            ticks: scale.iter().map(|value| Mark { place: length(down(*value)), words: words_of(*value, course.unit) }).collect(),
            days: days(course, &slots, zone),
            bars,
            usual: course.usual.map(|usual| band(down(usual.high), down(usual.low))),
            limits: limits(&steps),
            limit: Mark { place: length(down(course.limit)), words: format!("Limit {}", words_of(course.limit, course.unit)) },
            legend: legend(course, &rows),
            has_limits: course.points.iter().any(|point| point.limit.is_some()),
            rows,
        })
    }
}

/// The places of the bars, from left to right.
struct Slots {
    slot: f64,
    bar: f64,
    count: usize,
}

impl Slots {
    fn of(count: usize) -> Self {
        let slot = WHOLE / crate::detection::candidate::number(count.max(1));
        Self { slot, bar: (slot * (1.0 - GAP)).min(BAR_MAX), count }
    }

    fn lefts(&self) -> impl Iterator<Item = f64> {
        let slot = self.slot;
        (0..self.count).map(move |index| slot * crate::detection::candidate::number(index))
    }
}

/// Round numbers from nought to at least `highest`: steps of 1, 2 or 5 and their tens, of whole things, hours or hundredths.
fn scale(highest: f64, unit: Unit) -> Vec<f64> {
    let mut step = match unit {
        Unit::Count | Unit::Hours => 1.0,
        Unit::Share => 0.01,
    };
    for factor in [2.0, 2.5, 2.0].into_iter().cycle() {
        if step * f64::from(STEPS_MAX) >= highest {
            break;
        }
        step *= factor;
    }
    let mut ticks = vec![0.0];
    for number in 1..=STEPS_MAX {
        ticks.push(step * f64::from(number));
        if step * f64::from(number) >= highest {
            break;
        }
    }
    ticks
}

/// Some days under their bars, evenly from the last one back.
fn days(course: &Course, slots: &Slots, zone: &TimeZone) -> Vec<Mark> {
    let every = course.points.len().div_ceil(DAYS_MAX);
    let named = |index: usize| (course.points.len() - 1 - index).is_multiple_of(every);
    let mark = |(at, left): (&crate::detection::candidate::Point, f64)| Mark {
        place: length(left + slots.slot / 2.0),
        words: format::short_day(at.at, zone),
    };
    let all = course.points.iter().zip(slots.lefts()).enumerate();
    all.filter(|(index, _)| named(*index)).map(|(_, point)| mark(point)).collect()
}

fn band(top: f64, bottom: f64) -> Band {
    let height = (bottom - top).max(BAND_MIN);
    Band { y: length((bottom - height).max(0.0)), height: length(height) }
}

/// The line of the limit from the left edge to the right: level over each point, with a step where it changes.
fn limits(steps: &[(f64, f64)]) -> Vec<Rule> {
    let rule = |(from_x, from_y): (f64, f64), (to_x, to_y): (f64, f64)| Rule {
        from_x: length(from_x),
        from_y: length(from_y),
        to_x: length(to_x),
        to_y: length(to_y),
    };
    let mut rules = Vec::new();
    let mut begin: Option<(f64, f64)> = None;
    for (x, y) in steps.iter().copied() {
        match begin {
            Some((_, level)) if length(level) == length(y) => {}
            Some((from, level)) => {
                rules.push(rule((from, level), (x, level)));
                rules.push(rule((x, level), (x, y)));
                begin = Some((x, y));
            }
            None => begin = Some((x, y)),
        }
    }
    rules.extend(begin.map(|(from, level)| rule((from, level), (WHOLE, level))));
    rules
}

fn alternative(course: &Course, rows: &[Row]) -> String {
    let mut words = format!("{}.", course.title);
    for (name, is_window) in [("In the time this is about", true), ("Before it", false)] {
        let values = || course.points.iter().zip(rows).filter(|(_, row)| row.is_window == is_window).map(|(point, _)| point.value);
        if values().next().is_some() {
            let (low, high) = (values().fold(f64::MAX, f64::min), values().fold(0.0, f64::max));
            let _ = write!(words, " {name}: {}.", range(low, high, course.unit));
        }
    }
    if let Some(usual) = course.usual {
        let _ = write!(words, " Usual: {}.", usual_words(usual, course.unit));
    }
    let _ = write!(words, " Limit: {}. Each number is in the table below.", words_of(course.limit, course.unit));
    words
}

fn legend(course: &Course, rows: &[Row]) -> Vec<Key> {
    let mut keys = Vec::new();
    if rows.iter().any(|row| row.is_window) {
        keys.push(Key { mark: "window", words: "The time this is about".to_owned() });
    }
    if rows.iter().any(|row| !row.is_window) {
        keys.push(Key { mark: "before", words: "Before it".to_owned() });
    }
    if let Some(usual) = course.usual {
        keys.push(Key { mark: "usual", words: format!("Usual: {}", usual_words(usual, course.unit)) });
    }
    keys.push(Key { mark: "limit", words: format!("Limit: {}", words_of(course.limit, course.unit)) });
    keys
}

fn usual_words(usual: Estimate, unit: Unit) -> String {
    range(usual.low, usual.high, unit)
}

fn range(low: f64, high: f64, unit: Unit) -> String {
    let (low, high) = (words_of(low, unit), words_of(high, unit));
    if low == high { low } else { format!("{low} to {high}") }
}

/// A count or hours with at most one decimal, a share as a whole percentage.
fn words_of(value: f64, unit: Unit) -> String {
    let decimal = || {
        let text = format!("{value:.1}");
        text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
    };
    match unit {
        Unit::Count => decimal(),
        Unit::Hours => format!("{} h", decimal()),
        Unit::Share => format!("{:.0}%", value * 100.0),
    }
}

/// A tenth of a percent is far below a pixel.
fn length(value: f64) -> String {
    format!("{value:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::{Instant, SignedDuration};
    use crate::detection::candidate::Point;

    fn course(values: &[f64], usual: Option<(f64, f64)>, unit: Unit) -> Course {
        let start: Instant = "2026-03-01T06:00:00Z".parse().unwrap();
        let at = |day: usize| start + SignedDuration::from_hours(24 * i64::try_from(day).unwrap());
        let points = values.iter().enumerate().map(|(day, value)| Point { at: at(day), value: *value, limit: None }).collect();
        let usual = usual.map(|(low, high)| Estimate { value: f64::midpoint(low, high), low, high });
        Course { title: "Open changes".to_owned(), unit, points, told: 2, usual, limit: 3.0 }
    }

    fn draw(values: &[f64], usual: Option<(f64, f64)>) -> Option<Chart> {
        Chart::of(&course(values, usual, Unit::Count), &TimeZone::UTC)
    }

    fn number(text: &str) -> f64 {
        text.parse().unwrap()
    }

    #[test]
    fn heights_are_to_scale_and_nothing_leaves_the_box() {
        let chart = draw(&[0.0, 2.0, 4.0], Some((1.0, 2.0))).unwrap();
        let heights: Vec<f64> = chart.bars.iter().map(|bar| number(&bar.height)).collect();
        assert_eq!(heights, [0.0, 50.0, 100.0]);
        for bar in &chart.bars {
            assert!(number(&bar.x) >= 0.0 && number(&bar.x) + number(&bar.width) <= 100.0, "{bar:?}");
            assert!((number(&bar.y) + number(&bar.height) - 100.0).abs() < 0.2, "{bar:?}");
        }
        assert_eq!(chart.bars.iter().map(|bar| bar.is_window).collect::<Vec<_>>(), [false, true, true], "all that is told, and no more");
    }

    #[test]
    fn the_scale_has_round_numbers_at_their_own_heights() {
        let ticks = |highest, unit| scale(highest, unit).into_iter().map(|value| words_of(value, unit)).collect::<Vec<_>>();
        assert_eq!(ticks(0.0, Unit::Count), ["0", "1"]);
        assert_eq!(ticks(4.2, Unit::Count), ["0", "1", "2", "3", "4", "5"]);
        assert_eq!(ticks(7.0, Unit::Count), ["0", "2", "4", "6", "8"]);
        assert_eq!(ticks(31.0, Unit::Count), ["0", "10", "20", "30", "40"]);
        assert_eq!(ticks(0.17, Unit::Share), ["0%", "5%", "10%", "15%", "20%"]);
        assert_eq!(ticks(1.0, Unit::Share), ["0%", "20%", "40%", "60%", "80%", "100%"]);
        let chart = draw(&[0.0, 7.0], None).unwrap();
        assert_eq!(chart.ticks.iter().map(|tick| tick.place.as_str()).collect::<Vec<_>>(), ["100.0", "75.0", "50.0", "25.0", "0.0"]);
        assert_eq!(chart.bars[1].y, "12.5", "seven is below the line of eight");
    }

    #[test]
    fn each_point_stands_against_its_own_limit() {
        let mut course = course(&[1.0, 3.0, 4.0], None, Unit::Count);
        for (point, limit) in course.points.iter_mut().zip([2.0, 2.0, 3.0]) {
            point.limit = Some(limit);
        }
        let chart = Chart::of(&course, &TimeZone::UTC).unwrap();
        let rules: Vec<[f64; 4]> =
            chart.limits.iter().map(|rule| [&rule.from_x, &rule.from_y, &rule.to_x, &rule.to_y].map(|text| number(text))).collect();
        assert_eq!(rules, [[0.0, 50.0, 66.7, 50.0], [66.7, 50.0, 66.7, 25.0], [66.7, 25.0, 100.0, 25.0]]);
        assert_eq!(chart.rows.iter().map(|row| row.limit.as_str()).collect::<Vec<_>>(), ["2", "2", "3"]);
        assert!(chart.has_limits && chart.limit == Mark { place: "25.0".to_owned(), words: "Limit 3".to_owned() });
    }

    #[test]
    fn a_few_days_are_named_and_the_last_is_among_them() {
        let words = |count: usize| draw(&vec![1.0; count], None).unwrap().days.into_iter().map(|day| day.words).collect::<Vec<_>>();
        assert_eq!(words(3), ["1 Mar", "2 Mar", "3 Mar"]);
        assert_eq!(words(13), ["1 Mar", "4 Mar", "7 Mar", "10 Mar", "13 Mar"]);
        assert_eq!(words(30).len(), 5);
    }

    #[test]
    fn the_words_say_what_the_drawing_shows() {
        let chart = draw(&[0.0, 2.0, 4.5], Some((1.0, 2.0))).unwrap();
        assert_eq!(
            chart.alternative,
            "Open changes. In the time this is about: 2 to 4.5. Before it: 0. Usual: 1 to 2. Limit: 3. Each number is in the table below."
        );
        assert_eq!(chart.rows.iter().map(|row| row.value.as_str()).collect::<Vec<_>>(), ["0", "2", "4.5"]);
        let shares = course(&[0.0, 0.125], None, Unit::Share);
        assert_eq!(Chart::of(&shares, &TimeZone::UTC).unwrap().rows[1].value, "12%");
        let hours = Chart::of(&course(&[0.5, 7.0], None, Unit::Hours), &TimeZone::UTC).unwrap();
        assert_eq!(hours.rows.iter().map(|row| row.value.as_str()).collect::<Vec<_>>(), ["0.5 h", "7 h"]);
        assert_eq!(hours.ticks.iter().map(|tick| tick.words.as_str()).collect::<Vec<_>>(), ["0 h", "2 h", "4 h", "6 h", "8 h"]);
    }

    #[test]
    fn what_is_usual_is_seen_even_where_it_is_nothing() {
        let usual = draw(&[1.0], Some((0.0, 0.0))).unwrap().usual.unwrap();
        assert_eq!((usual.y.as_str(), usual.height.as_str()), ("98.0", "2.0"));
    }

    #[test]
    fn nothing_and_nonsense_are_not_drawn() {
        assert!(draw(&[], None).is_none());
        assert!(draw(&[f64::NAN], None).is_none());
        assert!(draw(&[1.0], Some((-1.0, 2.0))).is_none());
        assert!(draw(&[0.0, 0.0], None).is_some(), "a quiet time is worth showing");
    }
}
