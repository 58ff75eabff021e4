//! The window against what was usual before it, as bars.
//!
//! The drawing holds no text, so that it may stretch to any width; its words stand beside it in the page, and its numbers
//! in a table under it.

use crate::base::clock::Window;
use crate::detection::candidate::{Chart as Course, Estimate, Unit};
use crate::web::format;
use jiff::tz::TimeZone;
use std::fmt::Write;

/// The view box. Its units are stretched to the page; only their ratio to each other matters.
const WIDTH: u32 = 1000;
const HEIGHT: u32 = 100;
/// The part of a bar's place that stays empty, so that neighbours can be told apart.
const GAP: f64 = 0.25;
/// The widest bar: of a few points, none should look like a wall.
const BAR_MAX: f64 = 60.0;
/// How far above the tallest thing the upper edge lies, so that a line at the top is seen.
const HEADROOM: f64 = 1.08;

/// A chart with every length computed and every word ready.
#[derive(Clone, Debug)]
pub struct Chart {
    pub caption: String,
    /// What a screen reader says in place of the drawing.
    pub alternative: String,
    /// The value of the upper edge.
    pub top: String,
    pub first: String,
    pub last: String,
    pub width: u32,
    pub height: u32,
    pub bars: Vec<Bar>,
    pub usual: Option<Band>,
    pub limit_y: String,
    pub legend: Vec<Key>,
    pub rows: Vec<Row>,
}

/// One bar, in units of the view box.
#[derive(Clone, Debug)]
pub struct Bar {
    pub x: String,
    pub y: String,
    pub width: String,
    pub height: String,
    pub is_window: bool,
}

/// Where values usually lie, in units of the view box.
#[derive(Clone, Debug)]
pub struct Band {
    pub y: String,
    pub height: String,
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
    pub is_window: bool,
}

impl Chart {
    /// Draws `course`, with the points inside `window` told apart; `None` where there is nothing that can be drawn.
    pub fn of(course: &Course, window: Window, zone: &TimeZone) -> Option<Self> {
        let (first, last) = (course.points.first()?, course.points.last()?);
        let values = course.points.iter().map(|point| point.value);
        let usual = course.usual.map_or([0.0; 3], |usual| [usual.low, usual.value, usual.high]);
        if values.clone().chain(usual).chain([course.limit]).any(|value| !value.is_finite() || value < 0.0) {
            return None;
        }
        let top = values.chain(usual).chain([course.limit]).fold(0.0, f64::max);
        let top = if top > 0.0 { top * HEADROOM } else { 1.0 };
        let up = |value: f64| f64::from(HEIGHT) * value / top;
        let down = |value: f64| length(f64::from(HEIGHT) - up(value));
        let slot = f64::from(WIDTH) / course.points.iter().map(|_| 1.0).sum::<f64>();
        let mut left = 0.0;
        let (mut bars, mut rows) = (Vec::new(), Vec::new());
        for point in &course.points {
            let is_window = point.at > window.from;
            let width = (slot * (1.0 - GAP)).min(BAR_MAX);
            let x = length(left + (slot - width) / 2.0);
            bars.push(Bar { x, y: down(point.value), width: length(width), height: length(up(point.value)), is_window });
            rows.push(Row { label: format::day(point.at, zone), value: words_of(point.value, course.unit), is_window });
            left += slot;
        }
        Some(Self {
            caption: course.title.clone(),
            alternative: alternative(course, &rows),
            top: words_of(top / HEADROOM, course.unit),
            first: format::short_day(first.at, zone),
            last: format::short_day(last.at, zone),
            width: WIDTH,
            height: HEIGHT,
            bars,
            usual: course.usual.map(|usual| Band { y: down(usual.high), height: length((up(usual.high) - up(usual.low)).max(1.0)) }),
            limit_y: down(course.limit),
            legend: legend(course, &rows),
            rows,
        })
    }
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

/// A count with at most one decimal, a share as a whole percentage.
fn words_of(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Count => {
            let text = format!("{value:.1}");
            text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
        }
        Unit::Share => format!("{:.0} %", value * 100.0),
    }
}

/// A tenth of a unit is far below a pixel.
fn length(value: f64) -> String {
    format!("{value:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::{Instant, SignedDuration};
    use crate::detection::candidate::Point;

    fn course(values: &[f64], usual: Option<(f64, f64)>, unit: Unit) -> (Course, Window) {
        let start: Instant = "2026-03-01T06:00:00Z".parse().unwrap();
        let at = |day: usize| start + SignedDuration::from_hours(24 * i64::try_from(day).unwrap());
        let points = values.iter().enumerate().map(|(day, value)| Point { at: at(day), value: *value }).collect();
        let usual = usual.map(|(low, high)| Estimate { value: f64::midpoint(low, high), low, high });
        let window = Window { from: start, to: at(values.len()) };
        (Course { title: "Open changes".to_owned(), unit, points, usual, limit: 3.0 }, window)
    }

    fn draw(values: &[f64], usual: Option<(f64, f64)>) -> Option<Chart> {
        let (course, window) = course(values, usual, Unit::Count);
        Chart::of(&course, window, &TimeZone::UTC)
    }

    #[test]
    fn heights_are_to_scale_and_nothing_leaves_the_box() {
        let chart = draw(&[0.0, 2.0, 4.0], Some((1.0, 2.0))).unwrap();
        let heights: Vec<f64> = chart.bars.iter().map(|bar| bar.height.parse().unwrap()).collect();
        assert!(heights[0] < 0.05 && (heights[2] - 2.0 * heights[1]).abs() < 0.2 && heights[2] < 100.0, "{heights:?}");
        for bar in &chart.bars {
            let right: f64 = bar.x.parse::<f64>().unwrap() + bar.width.parse::<f64>().unwrap();
            assert!(right <= f64::from(WIDTH) && bar.y.parse::<f64>().unwrap() >= 0.0, "{bar:?}");
        }
        assert_eq!(chart.top, "4");
    }

    #[test]
    fn the_words_say_what_the_drawing_shows() {
        let chart = draw(&[0.0, 2.0, 4.5], Some((1.0, 2.0))).unwrap();
        assert_eq!(
            chart.alternative,
            "Open changes. In the time this is about: 2 to 4.5. Before it: 0. Usual: 1 to 2. Limit: 3. Each number is in the table below."
        );
        assert_eq!(chart.rows.iter().map(|row| row.value.as_str()).collect::<Vec<_>>(), ["0", "2", "4.5"]);
        assert_eq!((chart.first.as_str(), chart.last.as_str()), ("1 Mar", "3 Mar"));
        let (shares, window) = course(&[0.0, 0.125], None, Unit::Share);
        assert_eq!(Chart::of(&shares, window, &TimeZone::UTC).unwrap().rows[1].value, "12 %");
    }

    #[test]
    fn nothing_and_nonsense_are_not_drawn() {
        assert!(draw(&[], None).is_none());
        assert!(draw(&[f64::NAN], None).is_none());
        assert!(draw(&[1.0], Some((-1.0, 2.0))).is_none());
        assert!(draw(&[0.0, 0.0], None).is_some(), "a quiet time is worth showing");
    }
}
