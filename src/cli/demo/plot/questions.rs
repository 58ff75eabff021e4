//! Questions with their threads. Nearly all are answered within hours; in a planted silence more are asked, and stay open.

use super::Stage;
use super::episode::{SILENCES, Silence};
use super::talk::{moment, with_micros};
use super::topics::slots;
use crate::cli::demo::calendar::{Day, OPENS, WEEKS, is_summer, is_workday, week_of};
use crate::cli::demo::people::present;
use crate::cli::demo::places::{BERTH_DEV, CREW, RELEASES, RoomRef, SKIPPER_DEV};
use crate::cli::demo::scene::Said;
use crate::cli::demo::splitmix::Key;
use crate::cli::demo::text::{Deck, Thread, lines, threads};

/// The share of questions that nobody answers in any team.
const USUALLY_OPEN: f64 = 0.02;
/// Working minutes until the first answer: median and longest. Half a day at most.
const FIRST_ANSWER: f64 = 18.0;
const FIRST_ANSWER_MAX: f64 = 260.0;
/// Minutes between two messages of a thread: median and longest.
const NEXT: f64 = 5.0;
const NEXT_MAX: f64 = 90.0;
/// What somebody says who waits for an answer, and after how many working minutes. It is no answer.
const ASKED_AGAIN: &str = "Bringing this up again, I am still stuck here";
const ASKED_AGAIN_AFTER: f64 = 560.0;

/// A channel's questions: how likely there is one more on a day.
struct Asking {
    room: RoomRef,
    deck: Deck<Thread>,
    chances: &'static [f64],
}

impl Asking {
    fn new(room: RoomRef, source: &'static str, chances: &'static [f64]) -> Self {
        Self { room, deck: Deck::new(Key::of("questions").with(room.id), threads(source)), chances }
    }
}

pub(super) fn tell(stage: &mut Stage) {
    let asking = [
        Asking::new(&BERTH_DEV, include_str!("../lines/threads_berth.txt"), &[0.9, 0.35]),
        Asking::new(&SKIPPER_DEV, include_str!("../lines/threads_skipper.txt"), &[0.9, 0.35]),
        Asking::new(&CREW, include_str!("../lines/threads_crew.txt"), &[0.35]),
        Asking::new(&RELEASES, include_str!("../lines/threads_releases.txt"), &[0.25]),
    ];
    for mut about in asking {
        for day in (0..WEEKS * 7).filter(|day| is_workday(*day)) {
            for (n, chance) in about.chances.iter().enumerate() {
                let key = Key::of("question").with(about.room.id).at(day).at(n as u64);
                let chance = if is_summer(week_of(day)) { chance / 2.0 } else { *chance };
                if key.with("asked").chance(chance)
                    && let Some(thread) = about.deck.deal()
                {
                    ask(stage, about.room, thread, day, key);
                }
            }
        }
    }
    for silence in &SILENCES {
        if stage.planted.has(silence.plant) {
            stay_open(stage, silence);
        }
    }
}

/// A question and, nearly always, its answers.
fn ask(stage: &mut Stage, room: RoomRef, thread: &Thread, day: Day, key: Key) {
    let mut here = present(room.crew, day);
    let Some(asker) = key.with("asker").pick(&here).copied() else { return };
    let at = moment(stage, day, f64::from(OPENS) + 25.0 + 380.0 * key.with("minute").unit(), key);
    let slots = slots(stage, room, asker, at, key);
    let Some(question) = slots.fill(thread.question) else { return };
    stage.says(Said::new(at, room, asker, question));
    if key.with("open").chance(USUALLY_OPEN) {
        return;
    }
    here.retain(|who| *who != asker);
    let order = key.with("others").shuffled(here.len());
    let mut now = at;
    for (n, reply) in thread.replies.iter().enumerate() {
        let key = key.with("reply").at(n as u64);
        let wait = match n {
            0 => key.spread(FIRST_ANSWER, 1.1).clamp(1.0, FIRST_ANSWER_MAX),
            _ => key.spread(NEXT, 0.9).clamp(0.4, NEXT_MAX),
        };
        now = with_micros(stage.days.after(now, wait), key);
        let other = order.get(n % order.len().max(1)).and_then(|place| here.get(*place)).copied();
        if let Some((by, text)) = Some(asker).filter(|_| reply.is_by_asker).or(other).zip(slots.fill(reply.text)) {
            stage.says(Said { thread: Some((at, asker)), ..Said::new(now, room, by, text) });
        }
    }
}

/// The questions of a planted silence: by turns from everyone in the channel, one or two a day.
fn stay_open(stage: &mut Stage, silence: &Silence) {
    let questions = lines(include_str!("../lines/unanswered.txt"), Some(silence.room.name));
    let open: Vec<Day> = (silence.span.first()..=silence.span.last()).filter(|day| is_workday(*day)).collect();
    for (n, question) in questions.iter().enumerate() {
        let key = Key::of("silence").with(silence.room.id).at(n as u64);
        let Some(day) = open.get(n * open.len() / questions.len().max(1)).copied() else { continue };
        let here = present(silence.room.crew, day);
        let Some(asker) = here.get(n % here.len().max(1)).copied() else { continue };
        let at = moment(stage, day, f64::from(OPENS) + 40.0 + 420.0 * key.with("minute").unit(), key);
        stage.says(Said::new(at, silence.room, asker, *question));
        if n % 3 == 1 {
            let again = with_micros(stage.days.after(at, ASKED_AGAIN_AFTER), key.with("again"));
            stage.says(Said { thread: Some((at, asker)), ..Said::new(again, silence.room, asker, ASKED_AGAIN) });
        }
    }
}
