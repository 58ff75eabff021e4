//! Conversations that come back to one topic: planted threads of three people, by turns.

use super::Stage;
use super::episode::{RECURRENCES, Recurrence};
use super::talk::{moment, with_micros};
use crate::cli::demo::calendar::{OPENS, day_of};
use crate::cli::demo::people::present;
use crate::cli::demo::scene::Said;
use crate::cli::demo::splitmix::Key;
use crate::cli::demo::text::{Thread, threads};

/// Minutes between two messages of such a thread: median and longest.
const NEXT: f64 = 6.0;
const NEXT_MAX: f64 = 40.0;

pub(super) fn tell(stage: &mut Stage) {
    for recurrence in &RECURRENCES {
        if stage.planted.has(recurrence.plant) {
            for (place, thread) in threads(include_str!("../lines/recurring.txt")).iter().enumerate() {
                come_back(stage, recurrence, place, thread);
            }
        }
    }
}

/// One of the conversations: whoever is next begins it, and the next after them go on.
fn come_back(stage: &mut Stage, recurrence: &Recurrence, place: usize, thread: &Thread) {
    let Some(day) = recurrence.days.get(place).map(|date| day_of(*date)) else { return };
    let key = Key::of("recurrence").with(recurrence.plant.as_str()).at(place as u64);
    let here = present(recurrence.room.crew, day);
    let mut speakers = here.iter().copied().cycle().skip(2 * place);
    let Some(first) = speakers.next() else { return };
    let at = moment(stage, day, f64::from(OPENS) + 60.0 + 240.0 * key.with("minute").unit(), key);
    stage.says(Said::new(at, recurrence.room, first, thread.question));
    let mut now = at;
    for (n, (reply, by)) in thread.replies.iter().zip(speakers).enumerate() {
        let key = key.with("reply").at(n as u64);
        now = with_micros(stage.days.after(now, key.spread(NEXT, 0.7).clamp(1.0, NEXT_MAX)), key);
        stage.says(Said { thread: Some((at, first)), ..Said::new(now, recurrence.room, by, reply.text) });
    }
}
