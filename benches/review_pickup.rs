//! The simulation that sets the thresholds of D1 (review pickup). It calls the detector's own [`judge`].
//!
//! A team opens changes by a Poisson process, `rate` a week; each waits a lognormal time for its first review, with a median of
//! a working day. Nothing else happens, or from the fourth week of a quarter on everything waits longer. The tables show what
//! share of such teams the detector would tell something in the 13 weekly looks of that quarter: the first where every time is
//! known at once, six authors are alike and nothing drifts but where it says so; the second as it is in a real repository, all
//! at once: what nobody has reviewed is known by its age, the level drifts from week to week, and authors differ, share the
//! work unevenly and are away for three weeks. Time runs in working hours. Seeds are fixed: the same arguments print the same
//! tables.
//!
//! `cargo bench --bench review_pickup -- [teams in a cell]`

#![expect(clippy::print_stdout, reason = "it prints tables")]

mod random;

use random::Random;
use smartretro::base::dial::Dial;
use smartretro::detection::review_pickup::{Verdict, WEEKS_MAX, evidence_min, judge};
use smartretro::detection::stats::slowdown::Timed;
use smartretro::detection::stats::survival::Lasted;

const TEAMS: u64 = 5000;
const RATES: [f64; 3] = [8.0, 15.0, 30.0];
const WEEK_HOURS: f64 = 40.0;
/// The looks of a quarter, one a week.
const QUARTER: usize = 13;
/// The looks of the quarter before everything becomes longer.
const LOOKS_BEFORE: usize = 3;
const AUTHORS: u32 = 6;
const MEDIAN_HOURS: f64 = 8.0;
const SIGMA: f64 = 1.5;
/// The drift: the logarithm of the level keeps a part of its last week's value and gets something new.
const DRIFT_KEPT: f64 = 0.6;
const DRIFT_NEW: f64 = 0.15;
/// The deviation of the logarithm of authors' medians.
const AUTHORS_SIGMA: f64 = 0.75;
const AWAY_WEEKS: usize = 3;

/// How a team works, and what is known of it.
#[derive(Clone, Copy)]
struct Model {
    name: &'static str,
    /// Weeks of history before the quarter.
    weeks_before: usize,
    drifts: bool,
    /// Authors differ, share the work unevenly, and are away in turn.
    authors_differ: bool,
    /// What waits at a look is known by its age.
    is_censored: bool,
    /// The share of changes that end without a review, after a time like that to one.
    unreviewed: f64,
}

const KNOWN: Model =
    Model { name: "8 weeks before", weeks_before: 8, drifts: false, authors_differ: false, is_censored: false, unreviewed: 0.0 };

const REAL: Model = Model { drifts: true, authors_differ: true, is_censored: true, ..KNOWN };

fn main() {
    let teams = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(TEAMS);
    let asked = Dial::ALL.map(|dial| evidence_min(dial).to_string()).join(" / ");
    println!("Teams in a cell: {teams}. Rates: 8 / 15 / 30 changes a week. Evidence asked for: {asked}, and up to 0.7 more with 26 weeks.");
    println!("\n### Every time known at once, six authors alike: share of teams told something in the quarter, %");
    heading();
    changes(KNOWN, teams);
    println!("\n### Open changes known by their age, with drift and unlike authors, all at once");
    heading();
    let real = [
        REAL,
        Model { name: "13 weeks before", weeks_before: 13, ..REAL },
        Model { name: "26 weeks before", weeks_before: 26, ..REAL },
        Model { name: "8 weeks before, 15 % never reviewed", unreviewed: 0.15, ..REAL },
    ];
    for model in real {
        changes(model, teams);
    }
}

fn heading() {
    println!("| team | Quiet 8 / 15 / 30 | weeks until told | Normal | Verbose | evidence for 1 % |\n|---|---|---|---|---|---|");
}

/// The rows of one model: nothing changed, with and without drift, and everything twice and three times as long.
fn changes(model: Model, teams: u64) {
    row("nothing changed", Model { drifts: false, ..model }, None, teams);
    row("nothing but drift", Model { drifts: true, ..model }, None, teams);
    row("twice as long", model, Some(2.0), teams);
    row("three times as long", model, Some(3.0), teams);
}

fn row(what: &str, model: Model, factor: Option<f64>, teams: u64) {
    let cells: Vec<Cell> = RATES.iter().map(|rate| Cell::of(model, factor, *rate, teams)).collect();
    let join = |of: &dyn Fn(&Cell) -> String| cells.iter().map(of).collect::<Vec<_>>().join(" / ");
    let told = |dial: Dial| join(&|cell| format!("{:.1}", cell.told(evidence_min(dial))));
    let delay = join(&|cell| cell.delay(evidence_min(Dial::Quiet)).map_or("-".to_owned(), |weeks| weeks.to_string()));
    let one_percent = join(&|cell| format!("{:.2}", cell.upper(0.01)));
    let (quiet, normal, verbose) = (told(Dial::Quiet), told(Dial::Normal), told(Dial::Verbose));
    println!("| {what}, {} | {quiet} | {delay} | {normal} | {verbose} | {one_percent} |", model.name);
}

/// The looks that count, of many teams: at each the evidence, less what more weeks ask for.
struct Cell(Vec<Vec<f64>>);

impl Cell {
    /// Two threads share the teams.
    fn of(model: Model, factor: Option<f64>, rate: f64, teams: u64) -> Self {
        let half = teams / 2;
        let run = |from: u64, to: u64| (from..to).map(|team| looks(model, factor, rate, team)).collect::<Vec<_>>();
        Self(std::thread::scope(|scope| {
            let other = scope.spawn(|| run(half, teams));
            let mut own = run(0, half);
            own.extend(other.join().unwrap_or_default());
            own
        }))
    }

    /// The share of teams that are told something where this is asked for, in per cent.
    fn told(&self, least: f64) -> f64 {
        let told = self.0.iter().filter(|looks| looks.iter().any(|evidence| *evidence >= least));
        100.0 * number(told.count()) / number(self.0.len().max(1))
    }

    /// The look at which half of those are told.
    fn delay(&self, least: f64) -> Option<usize> {
        let first = |looks: &Vec<f64>| looks.iter().position(|evidence| *evidence >= least);
        let mut delays: Vec<usize> = self.0.iter().filter_map(first).collect();
        delays.sort_unstable();
        delays.get(delays.len() / 2).map(|look| look + 1)
    }

    /// What must be asked for so that this share of teams is told something.
    fn upper(&self, share: f64) -> f64 {
        let mut peaks: Vec<f64> = self.0.iter().map(|looks| looks.iter().copied().fold(f64::NEG_INFINITY, f64::max)).collect();
        peaks.sort_by(f64::total_cmp);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand teams")]
        let index = ((1.0 - share) * number(peaks.len())) as usize;
        peaks.get(index).copied().unwrap_or(f64::NAN)
    }
}

/// What the detector finds at each look that counts: of the whole quarter, or of its part after the change.
fn looks(model: Model, factor: Option<f64>, rate: f64, team: u64) -> Vec<f64> {
    let changes = Change::all(&mut Random::seeded(team), model, factor, rate);
    let first = if factor.is_some() { LOOKS_BEFORE } else { 0 };
    let evidence = |look: usize| {
        let weeks = model.weeks_before + look + 1;
        let begin = weeks.saturating_sub(WEEKS_MAX);
        let seen = changes.iter().filter(|change| (begin..weeks).contains(&change.week));
        let times: Vec<Timed> = seen.map(|change| change.known(model, begin, weeks)).collect();
        judge(&times, weeks - begin).filter(Verdict::is_enough).map_or(f64::NEG_INFINITY, |verdict| verdict.excess())
    };
    (first..QUARTER).map(evidence).collect()
}

/// One change, as it is once everything is over.
struct Change {
    at: f64,
    week: usize,
    hours: f64,
    author: u32,
    is_reviewed: bool,
}

impl Change {
    fn all(random: &mut Random, model: Model, factor: Option<f64>, rate: f64) -> Vec<Self> {
        let weeks = model.weeks_before + QUARTER;
        let slow_from = model.weeks_before + LOOKS_BEFORE;
        let authors: Vec<Author> = (0..AUTHORS).map(|_| Author::drawn(random, weeks)).collect();
        let drift = drift(random, weeks);
        let mut changes = Vec::new();
        let mut at = 0.0;
        loop {
            at += random.exponential() * WEEK_HOURS / rate;
            let week = week_of(at);
            if week >= weeks {
                return changes;
            }
            let author = if model.authors_differ { pick(random, &authors, week) } else { random.below(AUTHORS) };
            let own = authors.get(author as usize).map_or(0.0, |author| author.log_median);
            let own = if model.authors_differ { own } else { 0.0 };
            let level = if model.drifts { drift.get(week).copied().unwrap_or(0.0) } else { 0.0 };
            let slow = factor.filter(|_| week >= slow_from).unwrap_or(1.0);
            let hours = MEDIAN_HOURS * slow * SIGMA.mul_add(random.normal(), own + level).exp();
            changes.push(Self { at, week, hours, author, is_reviewed: random.uniform() >= model.unreviewed });
        }
    }

    /// What is known of it after `weeks`, the first that counts being `begin`.
    fn known(&self, model: Model, begin: usize, weeks: usize) -> Timed {
        let age = number(weeks) * WEEK_HOURS - self.at;
        let is_waiting = model.is_censored && age < self.hours;
        let lasted = Lasted { hours: if is_waiting { age } else { self.hours }, is_open: is_waiting || !self.is_reviewed };
        Timed { week: self.week - begin, lasted, author: self.author as usize }
    }
}

struct Author {
    log_median: f64,
    share: f64,
    away_from: usize,
}

impl Author {
    fn drawn(random: &mut Random, weeks: usize) -> Self {
        let last = u32::try_from(weeks).unwrap_or(1);
        Self { log_median: AUTHORS_SIGMA * random.normal(), share: 0.3 + random.uniform(), away_from: random.below(last.max(1)) as usize }
    }

    fn share_in(&self, week: usize) -> f64 {
        if (self.away_from..self.away_from + AWAY_WEEKS).contains(&week) { 0.0 } else { self.share }
    }
}

/// Somebody who is there, by the shares of the work.
fn pick(random: &mut Random, authors: &[Author], week: usize) -> u32 {
    let mut left = random.uniform() * authors.iter().map(|author| author.share_in(week)).sum::<f64>();
    for (author, number) in authors.iter().zip(0..) {
        left -= author.share_in(week);
        if left < 0.0 {
            return number;
        }
    }
    random.below(AUTHORS)
}

/// The logarithm of each week's level.
fn drift(random: &mut Random, weeks: usize) -> Vec<f64> {
    let mut level = DRIFT_NEW / (1.0 - DRIFT_KEPT * DRIFT_KEPT).sqrt() * random.normal();
    let mut levels = Vec::with_capacity(weeks);
    for _ in 0..weeks {
        levels.push(level);
        level = DRIFT_KEPT.mul_add(level, DRIFT_NEW * random.normal());
    }
    levels
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few dozen weeks")]
fn week_of(at: f64) -> usize {
    (at / WEEK_HOURS) as usize
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand teams")]
const fn number(count: usize) -> f64 {
    count as f64
}
