//! The plan of all changes: who opens what when, how long it waits, how it ends.
//!
//! Waiting is log-normal in working time, as it is in real teams: most changes get a first look within hours, a few wait
//! for days. In a planted stall the merge comes after it, in planted slowness the first look comes later; nothing else of the
//! change is drawn anew.

use super::change::{Change, Head};
use super::episode::{slowness_on, stall_on};
use crate::base::clock::Instant;
use crate::cli::demo::calendar::{CLOSES, Day, Days, OPENS, WEEKS, later, workdays};
use crate::cli::demo::canary;
use crate::cli::demo::people::{DEPENDABOT, OPTED_OUT, Who, present};
use crate::cli::demo::places::{BERTH_API, REPOS, RepoRef, SKIPPER_APP};
use crate::cli::demo::planted::{Plant, Planted};
use crate::cli::demo::scene::{Account, Closing, ReviewNow};
use crate::cli::demo::splitmix::Key;
use crate::cli::demo::text::{Deck, branch, lines, titles};

/// Working minutes until somebody looks: median, spread, and the longest wait (just under three days).
const FIRST_LOOK: Wait = Wait { median: 160.0, sigma: 1.0, min: 6.0, max: 1_480.0 };
/// Working minutes of the author to answer a review.
const REWORK: Wait = Wait { median: 110.0, sigma: 0.8, min: 20.0, max: 600.0 };
const SECOND_LOOK: Wait = Wait { median: 80.0, sigma: 0.9, min: 5.0, max: 600.0 };
const MERGE: Wait = Wait { median: 35.0, sigma: 0.9, min: 3.0, max: 400.0 };
const DRAFT: Wait = Wait { median: 240.0, sigma: 0.6, min: 40.0, max: 1_000.0 };
/// Working minutes after a stall until its changes are merged.
const AFTER_STALL: Wait = Wait { median: 200.0, sigma: 0.7, min: 20.0, max: 900.0 };
/// Longest run with its repetition, in minutes: nobody merges before the tests are through.
const RUNS_DONE_AFTER: u64 = 75;

/// A log-normal wait in working minutes.
struct Wait {
    median: f64,
    sigma: f64,
    min: f64,
    max: f64,
}

impl Wait {
    fn draw(&self, key: Key) -> f64 {
        key.spread(self.median, self.sigma).clamp(self.min, self.max)
    }
}

/// A change before it is given its number: when it is opened, by whom, as what.
struct Seed {
    key: Key,
    repo: RepoRef,
    author: Account,
    day: Day,
    opened_at: Instant,
    title: String,
    branch: String,
    /// Whether it is part of this half-year; one that is not keeps its number.
    is_told: bool,
}

/// All changes of the half-year, by repository and number.
pub(super) fn plan(planted: &Planted, days: &Days) -> Vec<Change> {
    let mut changes = Vec::new();
    for repo in REPOS {
        let mut seeds = opened_by_the_team(repo, days);
        seeds.extend(opened_by_the_bot(repo, days));
        seeds.extend(opened_by_the_ninth(repo, planted, days));
        seeds.sort_by_key(|seed| seed.opened_at);
        for (rank, seed) in seeds.into_iter().enumerate() {
            // Issues take numbers, too.
            let number = repo.first_number + rank as u64 + rank as u64 / 4;
            if seed.is_told {
                changes.push(grow(planted, days, seed, number));
            }
        }
    }
    changes
}

fn opened_by_the_team(repo: RepoRef, days: &Days) -> Vec<Seed> {
    let mut deck = Deck::new(Key::of("titles").with(repo.name), titles(title_lines(repo), &parts(repo)));
    let mut authors = Deck::new(Key::of("authors").with(repo.name), repo.crew.to_vec());
    let mut seeds = Vec::new();
    for (week, count) in (0..WEEKS).zip(repo.weekly) {
        let open = workdays(week);
        for n in 0..u64::from(count) {
            let key = Key::of("change").with(repo.name).at(week).at(n);
            // Spread over the week, one after the other.
            let place = (n * open.len() as u64 + key.with("day").below(open.len() as u64)) / u64::from(count);
            let day = usize::try_from(place).ok().and_then(|place| open.get(place)).or(open.last()).copied().unwrap_or(0);
            let title = deck.deal().cloned().unwrap_or_default();
            // By turns, as work is shared; who is away is passed over.
            let Some(who) = (0..repo.crew.len()).find_map(|_| authors.deal().copied().filter(|who| who.is_here(day))) else { continue };
            seeds.push(Seed {
                key,
                repo,
                author: Account::Human(who),
                day,
                opened_at: days.at(day, minute(key)),
                branch: branch(who, &title),
                title,
                is_told: true,
            });
        }
    }
    seeds
}

fn opened_by_the_bot(repo: RepoRef, days: &Days) -> Vec<Seed> {
    let bumps = lines(include_str!("../lines/bumps.txt"), None);
    let ours = bumps.iter().filter_map(|line| {
        let mut words = line.split(' ');
        let mut next = || words.next().unwrap_or_default();
        let (name, ecosystem, package, from, to) = (next(), next(), next(), next(), next());
        (name == repo.name).then_some((ecosystem, package, from, to))
    });
    ours.enumerate()
        .map(|(n, (ecosystem, package, from, to))| {
            // Every second week on a Wednesday, before anybody is there.
            let day = (2 * n as u64 + 1) * 7 + 2;
            let key = Key::of("bump").with(repo.name).with(package);
            Seed {
                key,
                repo,
                author: Account::Bot(&DEPENDABOT),
                day,
                opened_at: days.at(day, 312.0 + 20.0 * key.unit()),
                title: format!("Bump {package} from {from} to {to}"),
                branch: format!("dependabot/{ecosystem}/{package}-{to}"),
                is_told: true,
            }
        })
        .collect()
}

fn opened_by_the_ninth(repo: RepoRef, planted: &Planted, days: &Days) -> Vec<Seed> {
    let weeks = if repo.id == BERTH_API.id { 2..WEEKS } else { 0..0 };
    weeks
        .step_by(3)
        .map(|week| {
            let key = Key::of("ninth").at(week);
            let day = week * 7 + 1 + key.below(3);
            let title = canary::opted_out_title(week);
            Seed {
                key,
                repo,
                author: Account::Human(&OPTED_OUT),
                day,
                opened_at: days.at(day, minute(key)),
                branch: branch(&OPTED_OUT, &title),
                title,
                is_told: planted.has(Plant::OptedOut),
            }
        })
        .collect()
}

/// A minute of the working day, with enough of it left.
fn minute(key: Key) -> f64 {
    f64::from(OPENS) + 15.0 + key.with("minute").unit() * f64::from(CLOSES - OPENS - 60)
}

fn title_lines(repo: RepoRef) -> &'static str {
    if repo.id == BERTH_API.id {
        include_str!("../lines/titles_berth.txt")
    } else if repo.id == SKIPPER_APP.id {
        include_str!("../lines/titles_skipper.txt")
    } else {
        include_str!("../lines/titles_infra.txt")
    }
}

/// What the slot `{part}` may be in a repository.
pub(super) fn parts(repo: RepoRef) -> Vec<&'static str> {
    lines(include_str!("../lines/parts.txt"), Some(repo.name))
}

/// A change with all that becomes of it.
fn grow(planted: &Planted, days: &Days, seed: Seed, number: u64) -> Change {
    let key = seed.key;
    let sha = |n: u64| key.with("sha").at(n).hex(40);
    let reviewer = reviewer(&seed, days);
    let draft = draft(&seed, days);
    let ready_at = draft.map_or(seed.opened_at, |(_, to)| to);
    let is_bot = matches!(seed.author, Account::Bot(_));
    let is_good = is_bot || !key.with("broken").chance(0.09);
    let mut heads = vec![Head { sha: sha(0), at: seed.opened_at, is_good }];
    if !is_good {
        let fixed_at = days.after(later(seed.opened_at, 900), key.with("fix").spread(45.0, 0.5).clamp(15.0, 150.0));
        heads.push(Head { sha: sha(1), at: fixed_at, is_good: true });
    }
    let first_look = first_look(planted, days, &seed, ready_at);
    let mut reviews = Vec::new();
    let state = verdict(key.with("verdict").unit(), is_bot);
    let mut approved_at = first_look;
    if let Some(who) = reviewer {
        reviews.push(review(planted, key.with("review").at(0), who, state, first_look));
        if state != "approved" {
            let answered_at = days.after(first_look, REWORK.draw(key.with("rework")));
            heads.push(Head { sha: sha(2), at: answered_at, is_good: true });
            approved_at = days.after(answered_at, SECOND_LOOK.draw(key.with("second look")));
            reviews.push(review(planted, key.with("review").at(1), who, "approved", approved_at));
        }
    }
    heads.sort_by_key(|head| head.at);
    let runs_done = heads.last().map_or(approved_at, |head| later(head.at, RUNS_DONE_AFTER * 60));
    let merged_at = merged_at(planted, days, &seed, approved_at.max(runs_done));
    let merged_by = match seed.author {
        Account::Human(who) if !key.with("merger").chance(0.2) => Some(who),
        _ => reviewer,
    };
    let is_merged = !key.with("given up").chance(0.04);
    let merge = merged_by.filter(|_| is_merged).map(|who| (who, key.with("merge commit").hex(40)));
    Change {
        key,
        repo: seed.repo,
        number,
        author: seed.author,
        retitled: key.with("retitled").chance(0.06).then(|| (format!("WIP {}", seed.title), later(ready_at, 300))),
        title: seed.title,
        branch: seed.branch,
        body: body(planted, key, seed.author),
        base: Key::of("main").with(seed.repo.name).at(seed.day).hex(40),
        opened_at: seed.opened_at,
        draft,
        heads,
        reviews,
        asked: reviewer.filter(|_| key.with("asked").chance(0.4)),
        closing: Some(Closing { at: merged_at, merge }),
    }
}

/// When somebody looks at a change first.
fn first_look(planted: &Planted, days: &Days, seed: &Seed, ready_at: Instant) -> Instant {
    let slower = slowness_on(planted, seed.repo, days.day(ready_at));
    days.after(ready_at, slower * FIRST_LOOK.draw(seed.key.with("first look")))
}

/// When a change is merged that could be at `done_at`: in a planted stall, after it.
fn merged_at(planted: &Planted, days: &Days, seed: &Seed, done_at: Instant) -> Instant {
    let at = days.after(done_at, MERGE.draw(seed.key.with("merge")));
    match stall_on(planted, seed.repo, days.day(at)) {
        // A few are merged all the same.
        Some(stall) if !seed.key.with("lucky").chance(0.1) => {
            days.after(days.at(stall.span.last() + 1, 0.0), AFTER_STALL.draw(seed.key.with("after")))
        }
        _ => at,
    }
}

fn reviewer(seed: &Seed, days: &Days) -> Option<Who> {
    let mut crew = present(seed.repo.crew, days.day(seed.opened_at));
    crew.retain(|who| Account::Human(who) != seed.author);
    seed.key.with("reviewer").pick(&crew).copied()
}

/// From when to when a change is a draft: some are opened as one, a few are taken back.
fn draft(seed: &Seed, days: &Days) -> Option<(Instant, Instant)> {
    let key = seed.key.with("draft");
    let from = match (seed.author, key.unit()) {
        (Account::Human(_), share) if share < 0.12 => seed.opened_at,
        (Account::Human(_), share) if share < 0.14 => later(seed.opened_at, 1_500),
        _ => return None,
    };
    Some((from, days.after(from, DRAFT.draw(key.with("length")))))
}

/// What the first look ends in. Nobody argues with a bot.
fn verdict(share: f64, is_bot: bool) -> &'static str {
    match share {
        _ if is_bot => "approved",
        share if share < 0.60 => "approved",
        share if share < 0.82 => "changes_requested",
        _ => "commented",
    }
}

fn review(planted: &Planted, key: Key, by: Who, state: &'static str, at: Instant) -> ReviewNow {
    let words = lines(include_str!("../lines/reviews.txt"), None);
    let body = if state == "approved" && key.with("silent").chance(0.6) { None } else { key.with("words").pick(&words).copied() };
    let mut body = body.map(str::to_owned);
    if planted.has(Plant::Bodies) && key.with("canary").chance(0.1) {
        body = Some(canary::REVIEW_BODY.to_owned());
    }
    ReviewNow { id: 3_100_000_000 + key.with("id").below(80_000_000), by, state, body, at }
}

fn body(planted: &Planted, key: Key, author: Account) -> String {
    if planted.has(Plant::Bodies) && key.with("canary").chance(0.1) {
        return canary::CHANGE_BODY.to_owned();
    }
    match author {
        Account::Bot(_) => "Bumps a dependency. Release notes and changelog are linked below.".to_owned(),
        Account::Human(_) => {
            key.with("body").pick(&lines(include_str!("../lines/bodies.txt"), None)).map(|line| (*line).to_owned()).unwrap_or_default()
        }
    }
}
