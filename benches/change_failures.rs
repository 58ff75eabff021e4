//! The simulation of D7 (change failures). It calls the detector's own [`judge`] with its own windows.
//!
//! A repository is deployed to production by a Poisson process, `rate` a week; each deploy fails with a probability of its own.
//! Nothing else happens, or from the fourth week of a quarter on more fail. The table shows what share of such repositories the
//! detector would tell something in the quarter of thirteen Mondays; it is the same at every stop of the dial. Seeds are fixed:
//! the same arguments print the same table.
//!
//! `cargo bench --bench change_failures -- [repositories in a cell]`

#![expect(clippy::print_stdout, reason = "it prints a table")]

use smartretro::detection::change_failures::{BASELINE_DAYS, Count, ERRORS, WINDOW_DAYS, judge};

const REPOSITORIES: u64 = 2_000;
/// Deploys a week: 10, 20, 40 and 80 in a window.
const RATES: [f64; 4] = [2.5, 5.0, 10.0, 20.0];
const WEEK: f64 = 7.0;
/// The looks in which alarms are counted: the Mondays of a quarter.
const LOOKS: u32 = 13;
/// After which of these looks more fail.
const CHANGE_AFTER: u32 = 3;
/// In how many looks after that it should be found: four weeks.
const SOON: u32 = 4;

/// How deploys fail.
#[derive(Clone, Copy)]
struct Model {
    name: &'static str,
    /// The probability that a deploy fails, before and after the change.
    before: f64,
    after: f64,
    /// How much the probability wanders: the weeks of a repository draw theirs from a beta distribution with this many deploys'
    /// worth of certainty; none where it is the same every week.
    certainty: Option<f64>,
    /// Whether the product was connected at the first look, and knows nothing from before.
    is_just_connected: bool,
}

const fn unchanged(name: &'static str, fails: f64) -> Model {
    Model { name, before: fails, after: fails, certainty: None, is_just_connected: false }
}

const fn changed(name: &'static str, before: f64, after: f64) -> Model {
    Model { name, before, after, certainty: None, is_just_connected: false }
}

fn main() {
    let repositories = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(REPOSITORIES);
    println!("Repositories in a cell: {repositories}. Rates: 2.5 / 5 / 10 / 20 deploys a week. Standard errors: {ERRORS}.");
    println!("\n## Nothing changed: share of repositories told something in a quarter, %");
    println!("| deploys that fail | in a quarter | at one look |\n|---|---|---|");
    let quiet = [
        unchanged("2 %", 0.02),
        unchanged("5 %", 0.05),
        unchanged("10 %", 0.1),
        unchanged("15 %", 0.15),
        unchanged("20 %", 0.2),
        Model { certainty: Some(20.0), ..unchanged("5 %, good and bad weeks", 0.05) },
        Model { certainty: Some(20.0), ..unchanged("10 %, good and bad weeks", 0.1) },
        Model { is_just_connected: true, ..unchanged("5 %, just connected", 0.05) },
        Model { is_just_connected: true, ..unchanged("10 %, just connected", 0.1) },
        Model { is_just_connected: true, ..unchanged("20 %, just connected", 0.2) },
    ];
    for model in quiet {
        let told = RATES.map(|rate| told(model, rate, repositories));
        println!("| {} | {} | {} |", model.name, cells(&told, |told| told.quarter), cells(&told, |told| told.one_look));
    }
    println!("\n## More fails from the fourth week on: share of repositories told so in the weeks after, %");
    println!("| deploys that fail | in ten weeks | within four |\n|---|---|---|");
    let worse = [
        changed("2 %, then 10 %", 0.02, 0.1),
        changed("5 %, then 15 %", 0.05, 0.15),
        changed("5 %, then 30 %", 0.05, 0.3),
        changed("10 %, then 20 %", 0.1, 0.2),
        changed("10 %, then 30 %", 0.1, 0.3),
        changed("10 %, then 50 %", 0.1, 0.5),
        changed("20 %, then 40 %", 0.2, 0.4),
        Model { is_just_connected: true, ..changed("10 %, then 30 %, just connected", 0.1, 0.3) },
    ];
    for model in worse {
        let told = RATES.map(|rate| told(model, rate, repositories));
        println!("| {} | {} | {} |", model.name, cells(&told, |told| told.after), cells(&told, |told| told.soon));
    }
}

/// In how many of some repositories something is told.
#[derive(Default)]
struct Told {
    all: u64,
    /// In the quarter.
    quarter: u64,
    /// At the last look of it.
    one_look: u64,
    /// At one of the looks after the change.
    after: u64,
    /// At one of the first looks after it.
    soon: u64,
}

fn cells(told: &[Told], count: impl Fn(&Told) -> u64) -> String {
    let share = |told: &Told| format!("{:.1}", 100.0 * number(count(told)) / number(told.all.max(1)));
    told.iter().map(share).collect::<Vec<_>>().join(" / ")
}

fn told(model: Model, rate: f64, repositories: u64) -> Told {
    let mut told = Told { all: repositories, ..Told::default() };
    for repository in 0..repositories {
        let deploys = deploys(&mut Random(repository.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ rate.to_bits()), model, rate);
        let holds = |look: u32| {
            let at = first_look() + WEEK * f64::from(look);
            let from = at - days(WINDOW_DAYS);
            let before = if model.is_just_connected { first_look() - days(WINDOW_DAYS) } else { from - days(BASELINE_DAYS) };
            judge(count(&deploys, before.max(from - days(BASELINE_DAYS)), from), count(&deploys, from, at))
        };
        told.quarter += u64::from((0..LOOKS).any(holds));
        told.one_look += u64::from(holds(LOOKS - 1));
        told.after += u64::from((CHANGE_AFTER + 1..LOOKS).any(holds));
        told.soon += u64::from((CHANGE_AFTER + 1..=CHANGE_AFTER + SOON).any(holds));
    }
    told
}

/// The day of the first look: when there is as much history as is looked at.
fn first_look() -> f64 {
    days(BASELINE_DAYS + WINDOW_DAYS)
}

/// The deploys of a repository: the day of each, and whether it failed.
fn deploys(random: &mut Random, model: Model, rate: f64) -> Vec<(f64, bool)> {
    let end = first_look() + WEEK * f64::from(LOOKS - 1);
    let changes_at = first_look() + WEEK * f64::from(CHANGE_AFTER);
    let (mut now, mut week, mut deploys) = (0.0, -1.0, Vec::new());
    let (mut before, mut after) = (model.before, model.after);
    loop {
        now += random.exponential() * WEEK / rate;
        if now >= end {
            return deploys;
        }
        let of = (now / WEEK).floor();
        if let Some(certainty) = model.certainty.filter(|_| of > week) {
            week = of;
            (before, after) = (random.beta(model.before, certainty), random.beta(model.after, certainty));
        }
        deploys.push((now, random.uniform() < if now < changes_at { before } else { after }));
    }
}

fn count(deploys: &[(f64, bool)], from: f64, to: f64) -> Count {
    let inside = deploys.iter().filter(|(at, _)| from <= *at && *at < to);
    inside
        .fold(Count::default(), |count, (_, failed)| Count { failures: count.failures + usize::from(*failed), deploys: count.deploys + 1 })
}

#[expect(clippy::cast_precision_loss, reason = "a few months")]
const fn days(days: i64) -> f64 {
    days as f64
}

#[expect(clippy::cast_precision_loss, reason = "some thousand repositories")]
const fn number(count: u64) -> f64 {
    count as f64
}

/// `SplitMix64` (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014). Not for secrets: it makes tables
/// that can be printed again.
struct Random(u64);

impl Random {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Over the open interval from 0 to 1.
    fn uniform(&mut self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
        let bits = (self.next() >> 11) as f64;
        (bits + 0.5) / 9_007_199_254_740_992.0
    }

    fn exponential(&mut self) -> f64 {
        -self.uniform().ln()
    }

    /// A beta distribution with this mean and this sum of its parameters.
    fn beta(&mut self, mean: f64, certainty: f64) -> f64 {
        let (a, b) = (mean * certainty, (1.0 - mean) * certainty);
        let (x, y) = (self.gamma(a), self.gamma(b));
        x / (x + y)
    }

    /// A gamma distribution of this shape: whole parts as sums of exponentials, the rest by Jöhnk's method ("Erzeugung von
    /// betaverteilten und gammaverteilten Zufallszahlen", 1964).
    fn gamma(&mut self, shape: f64) -> f64 {
        let mut sum = 0.0;
        let mut left = shape;
        while left >= 1.0 {
            sum += self.exponential();
            left -= 1.0;
        }
        if left <= f64::EPSILON {
            return sum;
        }
        loop {
            let (x, y) = (self.uniform().powf(1.0 / left), self.uniform().powf(1.0 / (1.0 - left)));
            if x + y <= 1.0 {
                return self.exponential().mul_add(x / (x + y), sum);
            }
        }
    }
}
