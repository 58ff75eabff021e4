//! The release channel: a train a week, led by one person, and the app that reports builds.

use super::Stage;
use super::change::Change;
use super::talk::{moment, with_micros};
use super::topics::slots;
use crate::cli::demo::calendar::{WEEKS, is_summer, is_workday, later, workdays};
use crate::cli::demo::people::present;
use crate::cli::demo::places::{RELEASES, REPOS};
use crate::cli::demo::scene::{Said, Speaker};
use crate::cli::demo::splitmix::Key;
use crate::cli::demo::text::{Deck, lines};

const LINES: &str = include_str!("../lines/releases_talk.txt");
/// The weekdays of a release, from 0 (Monday).
const RELEASE_WEEKDAYS: [u64; 2] = [1, 3];
/// The minute of the day at which a release starts, goes on and ends, and how far each may be put off.
const STEPS: [(&str, f64, f64); 4] = [("start", 600.0, 25.0), ("middle", 680.0, 25.0), ("middle", 835.0, 25.0), ("end", 900.0, 25.0)];
/// The same for a remark on any other day.
const BETWEEN: [(&str, f64, f64); 1] = [("between", 560.0, 420.0)];

pub(super) fn tell(stage: &mut Stage) {
    let mut decks: Vec<(&str, Deck<&'static str>)> = ["start", "middle", "end", "between"]
        .into_iter()
        .map(|name| (name, Deck::new(Key::of("releases").with(name), lines(LINES, Some(name)))))
        .collect();
    for week in 0..WEEKS {
        for day in workdays(week) {
            let key = Key::of("release").at(day);
            let Some(who) = key.with("who").pick(&present(RELEASES.crew, day)).copied() else { continue };
            let is_release = RELEASE_WEEKDAYS.contains(&(day % 7)) && !(is_summer(week) && day % 7 == 3);
            let steps: &[(&str, f64, f64)] = if is_release { &STEPS } else { &BETWEEN };
            for (place, (name, minute, spread)) in steps.iter().enumerate() {
                let key = key.at(place as u64);
                if !is_release && !key.with("between").chance(0.6) {
                    continue;
                }
                let at = moment(stage, day, minute + spread * key.with("minute").unit(), key);
                let line = decks.iter_mut().find(|(known, _)| known == name).and_then(|(_, deck)| deck.deal().copied());
                if let Some(text) = line.and_then(|line| slots(stage, &RELEASES, who, at, key).fill(line)) {
                    stage.says(Said::new(at, &RELEASES, who, text));
                }
            }
        }
    }
    reports(stage);
}

/// The app's messages: the last build of main of each day.
fn reports(stage: &mut Stage) {
    for day in (0..WEEKS * 7).filter(|day| is_workday(*day)) {
        for repo in REPOS {
            let merged = stage.changes.iter().filter(|change| change.repo.id == repo.id).filter_map(Change::merged);
            let of_day = merged.filter(|(at, ..)| stage.days.day(*at) == day);
            let Some((at, _, sha)) = of_day.max_by_key(|(at, ..)| *at) else { continue };
            let said = Said {
                at: with_micros(later(at, 900), Key::of("report").with(sha)),
                room: &RELEASES,
                speaker: Speaker::CiApp,
                text: format!(":white_check_mark: {} main is green at {}", repo.name, sha.get(..7).unwrap_or_default()),
                thread: None,
                file: None,
            };
            stage.says(said);
        }
    }
}
