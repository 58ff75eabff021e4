//! What people say without waiting for an answer: stand-up notes, remarks, jokes, sighs.

use super::Stage;
use super::episode::talked_about;
use super::topics::slots;
use crate::base::clock::{Instant, SignedDuration};
use crate::cli::demo::calendar::{Day, OPENS, WEEKS, is_summer, is_workday, later, week_of};
use crate::cli::demo::people::{Who, present};
use crate::cli::demo::places::{BERTH_DEV, CREW, RoomRef, SKIPPER_DEV};
use crate::cli::demo::scene::{Said, What};
use crate::cli::demo::splitmix::Key;
use crate::cli::demo::text::{Deck, lines};

/// The share of a team that writes its stand-up note on a given day.
const STAND_UP: f64 = 0.8;
/// The share of remarks that are corrected a minute later, and of those that are taken back.
const CORRECTED: f64 = 0.03;
const TAKEN_BACK: f64 = 0.007;
/// Cards that are laid aside before a remark is given up, because a slot of theirs is empty that day.
const CARDS_ASIDE: usize = 12;
/// Over how many remarks about an episode its days are spread.
const WORDS_OF_AN_EPISODE: usize = 6;

/// A channel's remarks: how many there are on a day at least, and how many more at most.
struct Chatter {
    room: RoomRef,
    deck: Deck<&'static str>,
    least: u64,
    more: u64,
}

impl Chatter {
    fn new(room: RoomRef, source: &'static str, least: u64, more: u64) -> Self {
        Self { room, deck: Deck::new(Key::of("talk").with(room.id), lines(source, None)), least, more }
    }
}

pub(super) fn tell(stage: &mut Stage) {
    let mut notes = Deck::new(Key::of("stand-up"), lines(include_str!("../lines/standup.txt"), None));
    let mut chatter = [
        Chatter::new(&CREW, include_str!("../lines/crew.txt"), 1, 3),
        Chatter::new(&BERTH_DEV, include_str!("../lines/berth_talk.txt"), 3, 3),
        Chatter::new(&SKIPPER_DEV, include_str!("../lines/skipper_talk.txt"), 3, 3),
    ];
    for day in (0..WEEKS * 7).filter(|day| is_workday(*day)) {
        for who in present(CREW.crew, day) {
            let key = Key::of("stand-up").with(who.login).at(day);
            if key.with("writes").chance(STAND_UP) {
                let at = moment(stage, day, f64::from(OPENS) + 85.0 * key.with("minute").unit(), key);
                remark(stage, &CREW, who, at, key, &mut notes);
            }
        }
        for about in &mut chatter {
            let key = Key::of("talk").with(about.room.id).at(day);
            let count = about.least + key.with("count").below(about.more);
            for n in 0..if is_summer(week_of(day)) { count / 2 } else { count } {
                let key = key.at(n);
                let Some(who) = key.with("who").pick(&present(about.room.crew, day)).copied() else { continue };
                let at = moment(stage, day, f64::from(OPENS) + 30.0 + 450.0 * key.with("minute").unit(), key);
                remark(stage, about.room, who, at, key, &mut about.deck);
            }
        }
    }
    sighs(stage);
}

/// The next line of a deck that can be filled, said by `who`.
fn remark(stage: &mut Stage, room: RoomRef, who: Who, at: Instant, key: Key, deck: &mut Deck<&'static str>) {
    let slots = slots(stage, room, who, at, key);
    let text = (0..CARDS_ASIDE).find_map(|_| deck.deal().and_then(|line| slots.fill(line)));
    if let Some(text) = text {
        say(stage, Said::new(at, room, who, text), key);
    }
}

/// A remark, and what becomes of it.
fn say(stage: &mut Stage, said: Said, key: Key) {
    let slip = misspelt(&said.text).filter(|_| key.with("corrected").chance(CORRECTED));
    if let Some(slip) = slip {
        let before = Said { text: slip, ..said.clone() };
        stage.says(before.clone());
        stage.happens(later(said.at, 15 + key.below(120)), What::Edited { before, text: said.text });
        return;
    }
    if key.with("taken back").chance(TAKEN_BACK) {
        stage.happens(later(said.at, 40 + key.below(400)), What::Deleted(said.clone()));
    }
    stage.says(said);
}

/// `text` with two letters of a long word swapped; `None` where it has a link or no long word.
fn misspelt(text: &str) -> Option<String> {
    let word = text.split(' ').find(|word| word.len() > 6 && word.bytes().all(|b| b.is_ascii_lowercase()))?;
    let (start, end) = word.split_at(3);
    let mut letters = end.chars();
    let (first, second) = (letters.next()?, letters.next()?);
    let slip = format!("{start}{second}{first}{}", letters.as_str());
    (slip != word && !text.contains('<')).then(|| text.replacen(word, &slip, 1))
}

/// What people say about an episode while it lasts.
fn sighs(stage: &mut Stage) {
    for (plant, room, span) in talked_about(stage.planted) {
        let words = lines(include_str!("../lines/episodes.txt"), Some(plant.as_str()));
        let open: Vec<Day> = (span.first()..=span.last()).filter(|day| is_workday(*day)).collect();
        // Nobody sighs on the first days.
        let late = open.get(open.len() / 3..).unwrap_or_default();
        for (n, words) in words.iter().enumerate() {
            let key = Key::of("sigh").with(plant.as_str()).at(n as u64);
            let Some(day) = late.get(n * late.len() / WORDS_OF_AN_EPISODE).copied() else { continue };
            let here = present(room.crew, day);
            if let Some(who) = here.get(n % here.len().max(1)) {
                let at = moment(stage, day, 600.0 + 360.0 * key.unit(), key);
                stage.says(Said::new(at, room, who, *words));
            }
        }
    }
}

/// An instant to the microsecond, as no two messages share it.
pub(super) fn moment(stage: &Stage, day: Day, minute: f64, key: Key) -> Instant {
    with_micros(stage.days.at(day, minute), key)
}

/// `at` with a fraction of its second.
pub(super) fn with_micros(at: Instant, key: Key) -> Instant {
    let micros = i64::try_from(key.with("micros").below(1_000_000)).unwrap_or(0);
    at.saturating_add(SignedDuration::from_micros(micros)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_swaps_two_letters_and_spares_links() {
        assert_eq!(misspelt("I moved the fixtures so"), Some("I moved the fixutres so".to_owned()));
        assert_eq!(misspelt("see <https://example.org|the changes>"), None);
        assert_eq!(misspelt("a b"), None);
    }
}
