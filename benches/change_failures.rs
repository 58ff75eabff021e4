//! The simulation that sets the thresholds of D7 (change failures). It calls the detector's own [`judge`] with its own windows.
//!
//! A repository is deployed to production by a Poisson process, `rate` a week; each deploy fails with a probability of its own.
//! Nothing else happens, or from the fourth week of a quarter on more fail. The table shows what share of such repositories the
//! detector would tell something at one of the thirteen Mondays of the quarter, at each stop of the dial. Seeds are fixed: the same
//! arguments print the same table.
//!
//! `cargo bench --bench change_failures -- [repositories in a cell]`

#![expect(clippy::print_stdout, reason = "it prints a table")]

use smartretro::base::dial::Dial;
use smartretro::detection::change_failures::{BASELINE_DAYS, Count, WINDOW_DAYS, chance_max, judge};

const REPOSITORIES: u64 = 10_000;
/// Deploys a week: 10, 20, 40 and 80 in a window.
const RATES: [f64; 4] = [2.5, 5.0, 10.0, 20.0];
const WEEK: f64 = 7.0;
/// The looks in which alarms are counted: the Mondays of a quarter.
const LOOKS: usize = 13;
/// After which of these looks more fail.
const CHANGE_AFTER: usize = 3;
/// In how many looks after that it should be found: four weeks, and eight.
const SOON: usize = 4;
const LATER: usize = 8;
/// How much of a week's level is left in the next, where it drifts.
const DRIFT_KEPT: f64 = 0.6;

/// How deploys fail.
#[derive(Clone, Copy)]
struct Model {
    name: &'static str,
    /// The probability that a deploy fails, before and after the change.
    before: f64,
    after: f64,
    /// How the weeks of a repository differ.
    weeks: Weeks,
    /// Whether the product was connected at the first look, and knows nothing from before.
    is_just_connected: bool,
}

#[derive(Clone, Copy)]
enum Weeks {
    Alike,
    /// Each draws its probability from a beta distribution with so many deploys' worth of certainty.
    Differ(f64),
    /// The logarithm of the odds wanders from week to week: AR(1), with this deviation in the long run.
    Drift(f64),
}

const fn unchanged(name: &'static str, fails: f64) -> Model {
    changed(name, fails, fails)
}

const fn changed(name: &'static str, before: f64, after: f64) -> Model {
    Model { name, before, after, weeks: Weeks::Alike, is_just_connected: false }
}

const fn uneven(name: &'static str, certainty: f64, fails: f64) -> Model {
    Model { weeks: Weeks::Differ(certainty), ..unchanged(name, fails) }
}

fn main() {
    let repositories = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(REPOSITORIES);
    let stops = Dial::ALL.map(|dial| format!("{dial} {}", chance_max(dial))).join(", ");
    println!("Repositories in a cell: {repositories}. Rates: 2.5 / 5 / 10 / 20 deploys a week. Chance at most: {stops}.");
    println!("\n### Nothing changed: share of repositories told something in a quarter, %");
    println!("| deploys that fail | Quiet | Normal | Verbose | chance for 1 % |\n|---|---|---|---|---|");
    let quiet = [
        unchanged("2 %", 0.02),
        unchanged("5 %", 0.05),
        unchanged("10 %", 0.1),
        unchanged("15 %", 0.15),
        unchanged("20 %", 0.2),
        unchanged("40 %", 0.4),
        uneven("2 %, good and bad weeks", 20.0, 0.02),
        uneven("5 %, good and bad weeks", 20.0, 0.05),
        uneven("10 %, good and bad weeks", 20.0, 0.1),
        uneven("20 %, good and bad weeks", 20.0, 0.2),
        uneven("5 %, very good and very bad weeks", 10.0, 0.05),
        uneven("10 %, very good and very bad weeks", 10.0, 0.1),
        Model { weeks: Weeks::Drift(0.5), ..unchanged("5 %, drifting", 0.05) },
        Model { weeks: Weeks::Drift(0.5), ..unchanged("10 %, drifting", 0.1) },
        Model { is_just_connected: true, ..unchanged("5 %, just connected", 0.05) },
        Model { is_just_connected: true, ..unchanged("10 %, just connected", 0.1) },
        Model { is_just_connected: true, ..unchanged("20 %, just connected", 0.2) },
        Model { is_just_connected: true, ..unchanged("40 %, just connected", 0.4) },
        Model { is_just_connected: true, ..uneven("10 %, good and bad weeks, just connected", 20.0, 0.1) },
    ];
    for model in quiet {
        let peaks = RATES.map(|rate| least_chances(model, rate, repositories));
        let quarter = |dial| cells(&peaks, |looks| is_told(looks, 0..LOOKS, dial));
        println!(
            "| {} | {} | {} |",
            model.name,
            Dial::ALL.map(quarter).join(" | "),
            peaks.each_ref().map(|looks| of_one_percent(looks)).join(" / ")
        );
    }
    println!("\n### More fails from the fourth week on: share of repositories told so, %");
    println!("| deploys that fail | Quiet, within 4 weeks | within 8 | Normal, within 4 | within 8 | Verbose, within 4 | within 8 |");
    println!("|---|---|---|---|---|---|---|");
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
        let peaks = RATES.map(|rate| least_chances(model, rate, repositories));
        let within = |dial, looks: usize| cells(&peaks, |chances| is_told(chances, CHANGE_AFTER + 1..CHANGE_AFTER + 1 + looks, dial));
        let told = Dial::ALL.map(|dial| format!("{} | {}", within(dial, SOON), within(dial, LATER)));
        println!("| {} | {} |", model.name, told.join(" | "));
    }
}

/// What a repository's looks say, each [`judge`]'s chance: 1 where it is silent at every stop of the dial.
type Looks = [f64; LOOKS];

fn is_told(looks: &Looks, which: std::ops::Range<usize>, dial: Dial) -> bool {
    looks.iter().take(which.end).skip(which.start).any(|chance| *chance <= chance_max(dial))
}

fn cells(rates: &[Vec<Looks>], is_told: impl Fn(&Looks) -> bool) -> String {
    let share = |all: &Vec<Looks>| 100.0 * number(all.iter().filter(|looks| is_told(looks)).count()) / number(all.len().max(1));
    rates.iter().map(|all| format!("{:.1}", share(all))).collect::<Vec<_>>().join(" / ")
}

/// The largest chance at which one repository in a hundred is told something.
fn of_one_percent(all: &[Looks]) -> String {
    let mut least: Vec<f64> = all.iter().map(|looks| looks.iter().copied().fold(1.0, f64::min)).collect();
    least.sort_by(f64::total_cmp);
    least.get(all.len() / 100).map_or_else(String::new, |chance| format!("{chance:.4}"))
}

/// The looks of each repository. Two threads share them.
fn least_chances(model: Model, rate: f64, repositories: u64) -> Vec<Looks> {
    let run = |from: u64, to: u64| (from..to).map(|repository| looks(model, rate, repository)).collect::<Vec<Looks>>();
    std::thread::scope(|scope| {
        let other = scope.spawn(|| run(repositories / 2, repositories));
        let mut own = run(0, repositories / 2);
        own.extend(other.join().unwrap_or_default());
        own
    })
}

fn looks(model: Model, rate: f64, repository: u64) -> Looks {
    let deploys = deploys(&mut Random(repository.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ rate.to_bits()), model, rate);
    let connected_at = if model.is_just_connected { first_look() - days(WINDOW_DAYS) } else { 0.0 };
    std::array::from_fn(|look| {
        let at = first_look() + WEEK * number(look);
        let from = at - days(WINDOW_DAYS);
        let before = count(&deploys, (from - days(BASELINE_DAYS)).max(connected_at), from);
        judge(before, count(&deploys, from, at)).unwrap_or(1.0)
    })
}

/// The day of the first look: when there is as much history as is looked at.
fn first_look() -> f64 {
    days(BASELINE_DAYS + WINDOW_DAYS)
}

/// The deploys of a repository: the day of each, and whether it failed.
fn deploys(random: &mut Random, model: Model, rate: f64) -> Vec<(f64, bool)> {
    let end = first_look() + WEEK * number(LOOKS - 1);
    let changes_at = first_look() + WEEK * number(CHANGE_AFTER);
    let (mut now, mut week, mut deploys) = (0.0, -1.0, Vec::new());
    let (mut before, mut after) = (model.before, model.after);
    let mut level = match model.weeks {
        Weeks::Drift(deviation) => deviation * random.normal(),
        Weeks::Alike | Weeks::Differ(_) => 0.0,
    };
    loop {
        now += random.exponential() * WEEK / rate;
        if now >= end {
            return deploys;
        }
        while week < (now / WEEK).floor() {
            week += 1.0;
            match model.weeks {
                Weeks::Alike => {}
                Weeks::Differ(certainty) => (before, after) = (random.beta(model.before, certainty), random.beta(model.after, certainty)),
                Weeks::Drift(deviation) => {
                    level = DRIFT_KEPT.mul_add(level, (1.0 - DRIFT_KEPT * DRIFT_KEPT).sqrt() * deviation * random.normal());
                    (before, after) = (shifted(model.before, level), shifted(model.after, level));
                }
            }
        }
        deploys.push((now, random.uniform() < if now < changes_at { before } else { after }));
    }
}

/// A probability whose odds are so much larger, by their logarithm.
fn shifted(probability: f64, level: f64) -> f64 {
    let odds = probability / (1.0 - probability) * level.exp();
    odds / (1.0 + odds)
}

/// The deploys of a stretch, by its weeks.
fn count(deploys: &[(f64, bool)], from: f64, to: f64) -> Count {
    let inside = deploys.iter().filter(|(at, _)| from <= *at && *at < to);
    #[expect(clippy::cast_possible_truncation, reason = "a few weeks")]
    let week = |at: f64| ((at - from) / WEEK).floor() as i64;
    Count::of(inside.map(|(at, failed)| (week(*at), *failed)))
}

#[expect(clippy::cast_precision_loss, reason = "a few months")]
const fn days(days: i64) -> f64 {
    days as f64
}

#[expect(clippy::cast_precision_loss, reason = "some thousand repositories")]
const fn number(count: usize) -> f64 {
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

    fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
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
