//! The window against what was usual before it, as bars.
//!
//! The drawing holds no text, so that it may stretch to any width; its words stand beside it in the page, and its numbers
//! in a table under it.

use std::fmt::Write;

/// The view box. Its units are stretched to the page; only their ratio to each other matters.
const WIDTH: u32 = 1000;
const HEIGHT: u32 = 100;
/// The part of a bar's place that stays empty, so that neighbours can be told apart.
const GAP: f64 = 0.25;

/// A number for each step of time.
#[derive(Clone, Debug)]
pub struct Series {
    /// What is counted, and per what: `Flaky runs a day`.
    pub caption: String,
    /// The heading of the numbers.
    pub unit: &'static str,
    pub points: Vec<Point>,
    /// What was usual before the window.
    pub usual: Option<f64>,
}

/// One step of time.
#[derive(Clone, Debug)]
pub struct Point {
    pub label: String,
    pub value: f64,
    pub is_window: bool,
}

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
    pub usual_y: Option<String>,
    pub legend: Vec<Key>,
    pub unit: &'static str,
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
}

impl Chart {
    /// Draws `series`; `None` where there is nothing to draw.
    pub fn of(series: Series) -> Option<Self> {
        let (first, last) = (series.points.first()?.label.clone(), series.points.last()?.label.clone());
        let values = series.points.iter().map(|point| point.value);
        if values.clone().chain(series.usual).any(|value| !value.is_finite() || value < 0.0) {
            return None;
        }
        let top = values.chain(series.usual).fold(0.0, f64::max).ceil().max(1.0);
        let y = |value: f64| f64::from(HEIGHT) * (1.0 - value / top);
        let slot = f64::from(WIDTH) / series.points.iter().map(|_| 1.0).sum::<f64>();
        let mut left = 0.0;
        let mut bars = Vec::with_capacity(series.points.len());
        for point in &series.points {
            bars.push(Bar {
                x: length(left + slot * GAP / 2.0),
                y: length(y(point.value)),
                width: length(slot * (1.0 - GAP)),
                height: length(f64::from(HEIGHT) - y(point.value)),
                is_window: point.is_window,
            });
            left += slot;
        }
        Some(Self {
            alternative: alternative(&series),
            top: number(top),
            first,
            last,
            width: WIDTH,
            height: HEIGHT,
            bars,
            usual_y: series.usual.map(|usual| length(y(usual))),
            legend: legend(&series),
            unit: series.unit,
            rows: series.points.into_iter().map(|point| Row { label: point.label, value: number(point.value) }).collect(),
            caption: series.caption,
        })
    }
}

fn alternative(series: &Series) -> String {
    let mut words = format!("{}.", series.caption);
    for (name, is_window) in [("In the window", true), ("Before it", false)] {
        let values = || series.points.iter().filter(|point| point.is_window == is_window).map(|point| point.value);
        if values().next().is_some() {
            let _ = write!(words, " {name}: {} to {}.", number(values().fold(f64::MAX, f64::min)), number(values().fold(0.0, f64::max)));
        }
    }
    if let Some(usual) = series.usual {
        let _ = write!(words, " Usual: {}.", number(usual));
    }
    words.push_str(" Each number is in the table below.");
    words
}

fn legend(series: &Series) -> Vec<Key> {
    let has = |is_window: bool| series.points.iter().any(|point| point.is_window == is_window);
    let mut keys = Vec::new();
    if has(true) {
        keys.push(Key { mark: "window", words: "The time this is about".to_owned() });
    }
    if has(false) {
        keys.push(Key { mark: "before", words: "Before it".to_owned() });
    }
    if let Some(usual) = series.usual {
        keys.push(Key { mark: "usual", words: format!("Usual: {}", number(usual)) });
    }
    keys
}

/// At most one decimal, none where it would be a zero.
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// A tenth of a unit is far below a pixel.
fn length(value: f64) -> String {
    format!("{value:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(values: &[f64], usual: Option<f64>) -> Series {
        let points = values.iter().enumerate().map(|(day, value)| Point { label: format!("day {day}"), value: *value, is_window: day > 0 });
        Series { caption: "Open changes".to_owned(), unit: "Changes", points: points.collect(), usual }
    }

    #[test]
    fn the_tallest_bar_reaches_the_top_and_none_leaves_the_box() {
        let chart = Chart::of(series(&[0.0, 2.0, 4.0], Some(1.0))).unwrap();
        let heights: Vec<&str> = chart.bars.iter().map(|bar| bar.height.as_str()).collect();
        assert_eq!((heights, chart.top.as_str(), chart.usual_y.as_deref()), (vec!["0.0", "50.0", "100.0"], "4", Some("75.0")));
        let last = chart.bars.last().unwrap();
        let right: f64 = last.x.parse::<f64>().unwrap() + last.width.parse::<f64>().unwrap();
        assert!(right <= f64::from(WIDTH), "{right}");
    }

    #[test]
    fn the_words_say_what_the_drawing_shows() {
        let chart = Chart::of(series(&[0.0, 2.0, 4.5], Some(1.25))).unwrap();
        assert_eq!(
            chart.alternative,
            "Open changes. In the window: 2 to 4.5. Before it: 0 to 0. Usual: 1.2. Each number is in the table below."
        );
        assert_eq!(chart.rows.iter().map(|row| row.value.as_str()).collect::<Vec<_>>(), ["0", "2", "4.5"]);
    }

    #[test]
    fn nothing_and_nonsense_are_not_drawn() {
        assert!(Chart::of(series(&[], None)).is_none());
        assert!(Chart::of(series(&[f64::NAN], None)).is_none());
        assert!(Chart::of(series(&[1.0], Some(-1.0))).is_none());
        assert!(Chart::of(series(&[0.0, 0.0], None)).is_some(), "a quiet time is worth showing");
    }
}
