//! What the slots of a line stand for on a given day in a given channel.

use super::Stage;
use super::change::Change;
use super::changes::parts;
use crate::base::clock::{Instant, SignedDuration};
use crate::cli::demo::calendar::{Day, week_of};
use crate::cli::demo::people::{Who, present};
use crate::cli::demo::places::{BERTH_API, BERTH_DEV, REPOS, RepoRef, RoomRef, SKIPPER_APP, SKIPPER_DEV};
use crate::cli::demo::scene::Account;
use crate::cli::demo::splitmix::Key;
use crate::cli::demo::text::Slots;

/// How long a change is something to talk about.
const NEWS_DAYS: i64 = 6;
/// The number of the first week's release.
const FIRST_RELEASE: u64 = 21;
const WEEKDAYS: [&str; 5] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];

/// The slots for `who` writing in `room` at `at`.
///
/// Only what never moves is spoken of: a change's number and title, not its state, so that an episode changes no word elsewhere.
pub(super) fn slots(stage: &Stage, room: RoomRef, who: Who, at: Instant, key: Key) -> Slots {
    let day = stage.days.day(at);
    let since = at.saturating_sub(SignedDuration::from_hours(24 * NEWS_DAYS)).unwrap_or(at);
    let is_news = |change: &&Change| since < change.opened_at && change.opened_at < at && concerns(room, change.repo);
    let recent: Vec<&Change> = stage.changes.iter().filter(is_news).collect();
    let by_team = |change: &&&Change| matches!(change.author, Account::Human(author) if room.crew.contains(&author));
    let own: Vec<&Change> = recent.iter().filter(|change| change.author == Account::Human(who)).copied().collect();
    let others: Vec<&Change> = recent.iter().filter(by_team).filter(|change| change.author != Account::Human(who)).copied().collect();
    let parts: Vec<&str> =
        REPOS.iter().filter(|repo| repo.crew.contains(&who) && concerns(room, repo)).flat_map(|repo| parts(repo)).collect();
    let mut here = present(room.crew, day);
    here.retain(|other| *other != who);
    Slots {
        part: key.with("part").pick(&parts).map(|part| (*part).to_owned()).unwrap_or_default(),
        name: key.with("name").pick(&here).map(|other| other.first_name().to_owned()).unwrap_or_default(),
        pr: key.with("pr").pick(&others).map(|change| link(change, false)).unwrap_or_default(),
        own: key.with("own").pick(&own).map(|change| link(change, true)).unwrap_or_default(),
        n: (12 + key.with("n").below(380)).to_string(),
        ver: version(day),
        day: key.with("weekday").pick(&WEEKDAYS).map(|name| (*name).to_owned()).unwrap_or_default(),
    }
}

/// Whether a channel is about a repository; the common channels are about all of them.
fn concerns(room: RoomRef, repo: RepoRef) -> bool {
    match room.id {
        id if id == BERTH_DEV.id => repo.id == BERTH_API.id,
        id if id == SKIPPER_DEV.id => repo.id == SKIPPER_APP.id,
        _ => true,
    }
}

/// A link as the chat writes it.
fn link(change: &Change, has_title: bool) -> String {
    let page = format!("{}/pull/{}", change.repo.html_url(), change.number);
    if has_title { format!("<{page}|{} #{}>", change.title, change.number) } else { format!("<{page}|#{}>", change.number) }
}

/// The release of the half of the week: one train for everything.
fn version(day: Day) -> String {
    format!("2026.{}.{}", FIRST_RELEASE + week_of(day), day % 7 / 3)
}
