//! The simulation that sets the threshold of D2 (ageing changes). It calls the detector's own [`judge`].
//!
//! A team opens changes by a Poisson process, `rate` a week; each stays open for a lognormal time. Nothing else happens, or
//! one thing does: changes take longer, or nothing is finished for two weeks. The table shows what share of such teams the
//! detector would tell something, at each stop of the dial. Time runs in working hours, a look at the start of each working
//! day of eight. Seeds are fixed: the same arguments print the same table.
//!
//! `cargo bench --bench ageing_changes -- [teams in a cell]`

#![expect(clippy::print_stdout, reason = "it prints a table")]

mod random;

use random::Random;
use smartretro::base::dial::Dial;
use smartretro::detection::ageing_changes::{LOOKS, LOOKS_MIN, RUNNING, Verdict, deviations, judge};

const TEAMS: u64 = 4000;
const RATES: [f64; 3] = [8.0, 15.0, 30.0];
const WEEK_HOURS: f64 = 40.0;
const DAY_HOURS: f64 = 8.0;
/// A year before the first look, so that the open changes are those of a team that has worked for long.
const BURN_IN_HOURS: f64 = 52.0 * WEEK_HOURS;
/// The quarter in which alarms are counted.
const QUARTER: usize = 65;
/// The look of the quarter at which something happens: the start of its fourth week.
const CHANGE_AT: usize = 15;
/// How long nothing is finished.
const STOP_HOURS: f64 = 2.0 * WEEK_HOURS;
/// Looks in which a stop must be found: the two weeks and the three looks after.
const STOP_LOOKS: usize = 14;

/// What happens to a team.
#[derive(Clone, Copy, PartialEq)]
enum Event {
    Nothing,
    /// From one moment on everything takes this many times as long.
    Slower(f64),
    /// For two weeks nothing is finished.
    Stop,
}

/// How a team works.
#[derive(Clone, Copy)]
struct Model {
    name: &'static str,
    /// The median time a change is open, in working hours, and the deviation of its logarithm.
    median: f64,
    sigma: f64,
    /// The logarithm of the median wanders from week to week: AR(1), 0.6, innovation 0.15.
    drifts: bool,
    /// Changes come 1 to 4 at a time.
    comes_in_batches: bool,
    /// The share of changes that are left lying, 12 weeks on average.
    abandoned: f64,
    /// The product is connected at the first look and sees no change that was opened before.
    is_just_connected: bool,
}

const PLAIN: Model = Model {
    name: "median 8 h, sigma 1.5",
    median: 8.0,
    sigma: 1.5,
    drifts: false,
    comes_in_batches: false,
    abandoned: 0.0,
    is_just_connected: false,
};

fn main() {
    let teams = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(TEAMS);
    println!("Teams in a cell: {teams}. Rates: 8 / 15 / 30 changes a week. k: {}.", stops().map(|(_, k)| k.to_string()).join(" / "));
    println!("\n## Nothing changed: share of teams told something in a quarter, %");
    heading();
    let unchanged = [
        PLAIN,
        Model { name: "median 8 h, sigma 1", sigma: 1.0, ..PLAIN },
        Model { name: "median 8 h, sigma 2", sigma: 2.0, ..PLAIN },
        Model { name: "median 3 h, sigma 1.5", median: 3.0, ..PLAIN },
        Model { name: "median 24 h, sigma 1.5", median: 24.0, ..PLAIN },
        Model { name: "plain, with drift", drifts: true, ..PLAIN },
        Model { name: "plain, in batches", comes_in_batches: true, ..PLAIN },
        Model { name: "plain, 5 % abandoned", abandoned: 0.05, ..PLAIN },
        Model { name: "plain, just connected", is_just_connected: true, ..PLAIN },
        Model { name: "sigma 2, just connected", is_just_connected: true, sigma: 2.0, ..PLAIN },
        Model { name: "median 24 h, just connected", is_just_connected: true, median: 24.0, ..PLAIN },
    ];
    for model in unchanged {
        row(model.name, model, Event::Nothing, teams);
    }
    println!("\n## Something changed: share of teams told within the quarter (a stop: within two weeks and three looks), %");
    heading();
    let changed =
        [PLAIN, Model { name: "median 8 h, sigma 1", sigma: 1.0, ..PLAIN }, Model { name: "median 3 h, sigma 1.5", median: 3.0, ..PLAIN }];
    for model in changed {
        row(&format!("{}, twice as long", model.name), model, Event::Slower(2.0), teams);
        row(&format!("{}, three times as long", model.name), model, Event::Slower(3.0), teams);
        row(&format!("{}, nothing finished for 2 weeks", model.name), model, Event::Stop, teams);
    }
}

fn stops() -> [(Dial, f64); 3] {
    Dial::ALL.map(|dial| (dial, deviations(dial)))
}

fn heading() {
    println!("| team | Quiet 8 / 15 / 30 | Normal | Verbose | k for 1 % |\n|---|---|---|---|---|");
}

/// One row of the table: each rate's share at each stop, and the k at which one team in a hundred is told something.
fn row(name: &str, model: Model, event: Event, teams: u64) {
    let peaks: Vec<Vec<f64>> = RATES.iter().map(|rate| peaks(model, event, *rate, teams)).collect();
    let cells = stops().map(|(_, k)| peaks.iter().map(|peaks| format!("{:.1}", share_over(peaks, k))).collect::<Vec<_>>().join(" / "));
    let one_percent: Vec<String> = peaks.iter().map(|peaks| format!("{:.2}", upper(peaks, 0.01))).collect();
    println!("| {name} | {} | {} |", cells.join(" | "), one_percent.join(" / "));
}

fn share_over(peaks: &[f64], k: f64) -> f64 {
    let over = u32::try_from(peaks.iter().filter(|peak| **peak > k).count()).unwrap_or(u32::MAX);
    let all = u32::try_from(peaks.len()).unwrap_or(u32::MAX);
    100.0 * f64::from(over) / f64::from(all.max(1))
}

/// The value that this share of `peaks` (in rising order) lies above.
fn upper(peaks: &[f64], share: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand teams")]
    let index = ((1.0 - share) * peaks.len() as f64) as usize;
    peaks.get(index).copied().unwrap_or(f64::NAN)
}

/// For each team, the highest k at which it would be told something; in rising order. Two threads share the teams.
fn peaks(model: Model, event: Event, rate: f64, teams: u64) -> Vec<f64> {
    let half = teams / 2;
    let run = |from: u64, to: u64| (from..to).map(|team| peak(model, event, rate, team)).collect::<Vec<f64>>();
    let mut peaks = std::thread::scope(|scope| {
        let other = scope.spawn(|| run(half, teams));
        let mut own = run(0, half);
        own.extend(other.join().unwrap_or_default());
        own
    });
    peaks.sort_by(f64::total_cmp);
    peaks
}

/// The highest k at which the detector finds too many on [`RUNNING`] looks running, in the looks that count.
fn peak(model: Model, event: Event, rate: f64, team: u64) -> f64 {
    let before = if model.is_just_connected { LOOKS_MIN } else { LOOKS + RUNNING - 1 };
    let counted_from = before + if event == Event::Nothing { 0 } else { CHANGE_AT };
    let looks = if event == Event::Stop { counted_from + STOP_LOOKS } else { before + QUARTER };
    let ages = open_ages(&mut Random::seeded(team), model, event, rate, (before, looks));
    let excess: Vec<f64> = (0..looks)
        .map(|look| {
            let earlier = ages.get(look.saturating_sub(LOOKS)..look).unwrap_or_default();
            let verdict = judge(earlier, ages.get(look).map_or(&[][..], Vec::as_slice)).filter(Verdict::is_enough);
            verdict.map_or(f64::NEG_INFINITY, |verdict| verdict.excess())
        })
        .collect();
    let running = excess.windows(RUNNING).skip((counted_from + 1).saturating_sub(RUNNING));
    running.map(|looks| looks.iter().copied().fold(f64::INFINITY, f64::min)).fold(f64::NEG_INFINITY, f64::max)
}

/// The open ages at each look, in working hours.
fn open_ages(random: &mut Random, model: Model, event: Event, rate: f64, (before, looks): (usize, usize)) -> Vec<Vec<f64>> {
    let begin = if model.is_just_connected { 0.0 } else { BURN_IN_HOURS };
    let at: Vec<f64> = (0..looks).map(|look| DAY_HOURS.mul_add(number(look), begin)).collect();
    let end = at.last().copied().unwrap_or(begin);
    let event_at = DAY_HOURS.mul_add(number(before + CHANGE_AT), begin);
    let mut ages = vec![Vec::new(); looks];
    let (mut now, mut left, mut wander, mut week) = (0.0, 0_u32, 0.15 / 0.8 * random.normal(), 0.0);
    loop {
        if left == 0 {
            // A batch holds 2.5 changes on average.
            let gap = if model.comes_in_batches { 2.5 } else { 1.0 };
            now += random.exponential() * WEEK_HOURS / rate * gap;
            left = if model.comes_in_batches { 1 + random.below(4) } else { 1 };
        }
        left -= 1;
        if now >= end {
            return ages;
        }
        while week + WEEK_HOURS <= now {
            week += WEEK_HOURS;
            wander = 0.6f64.mul_add(wander, 0.15 * random.normal());
        }
        let drift = if model.drifts { wander } else { 0.0 };
        let lasts = model.median * model.sigma.mul_add(random.normal(), drift).exp();
        let is_left_lying = random.uniform() < model.abandoned;
        let lasts = if is_left_lying { random.exponential() * 12.0 * WEEK_HOURS } else { lasts };
        let done = finished(now, now + lasts, event, event_at);
        let first = at.partition_point(|look| *look < now);
        for (look, ages) in at.iter().zip(ages.iter_mut()).skip(first).take_while(|(look, _)| **look < done) {
            ages.push(look - now);
        }
    }
}

/// When a change that was opened at `now` and would be finished at `done` is finished after what happens.
fn finished(now: f64, done: f64, event: Event, event_at: f64) -> f64 {
    match event {
        Event::Slower(times) if done > event_at => {
            let rest_from = now.max(event_at);
            times.mul_add(done - rest_from, rest_from)
        }
        Event::Stop if done > event_at => done + STOP_HOURS,
        Event::Nothing | Event::Slower(_) | Event::Stop => done,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred looks")]
const fn number(count: usize) -> f64 {
    count as f64
}
