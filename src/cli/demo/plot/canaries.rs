//! What is planted to be refused or cut out: each plant's deliveries, among those of an ordinary day.

use super::Stage;
use super::change::Change;
use super::talk::moment;
use crate::cli::demo::calendar::{Day, later};
use crate::cli::demo::canary;
use crate::cli::demo::people::{ANNIKA, BASTIEN, CHIARA, DENIZ, EMEKA, FREYA, GORAN, HANA, OPTED_OUT, Who};
use crate::cli::demo::places::{BERTH_API, BERTH_DEV, CREW, DIRECT, GROUP, HIRING, LUNCH, RELEASES, RoomRef, SKIPPER_DEV};
use crate::cli::demo::planted::Plant;
use crate::cli::demo::scene::{Account, Push, ReviewNow, Said, Scene, What};
use crate::cli::demo::splitmix::Key;

pub(super) fn tell(stage: &mut Stage) {
    for line in MESSAGES.iter().filter(|line| stage.planted.has(line.plant)) {
        let said = line.said(stage);
        stage.says(said);
    }
    if stage.planted.has(Plant::EditedMessage) {
        edited(stage);
    }
    if stage.planted.has(Plant::DeletedMessage) {
        deleted(stage);
    }
    if stage.planted.has(Plant::SharedFile) {
        let text = "The readings of the north gauge, for whoever needs them";
        let said = planned(Plant::SharedFile, (13, 1), &BERTH_DEV, &DENIZ, text).said(stage);
        stage.says(Said { file: Some(canary::FILE_WORDS.to_owned()), ..said });
    }
    let events = beside_changes(stage);
    stage.scenes.extend(events);
}

/// What stands beside some of the changes of a repository.
fn beside_changes(stage: &Stage) -> Vec<Scene> {
    let by_team = |change: &&Change| change.repo.id == BERTH_API.id && change.author != Account::Human(&OPTED_OUT);
    let some = |plant: Plant, step: usize| {
        let is_in = stage.planted.has(plant);
        stage.changes.iter().filter(by_team).step_by(step).filter(move |_| is_in)
    };
    let code = some(Plant::CodeBearingEvents, 9).flat_map(code_bearing);
    let words = some(Plant::Bodies, 11).filter_map(commented);
    let reviews = some(Plant::OptedOut, 17).map(reviewed_by_the_ninth);
    code.chain(words).chain(reviews).collect()
}

/// A message of a plant: in which week and on which weekday, both counted from 0.
struct Planned {
    plant: Plant,
    on: (u64, u64),
    room: RoomRef,
    by: Who,
    text: &'static str,
}

const fn planned(plant: Plant, on: (u64, u64), room: RoomRef, by: Who, text: &'static str) -> Planned {
    Planned { plant, on, room, by, text }
}

impl Planned {
    const fn day(&self) -> Day {
        self.on.0 * 7 + self.on.1
    }

    fn said(&self, stage: &Stage) -> Said {
        let key = Key::of("planted").with(self.plant.as_str()).with(self.text);
        let at = moment(stage, self.day(), 590.0 + 380.0 * key.unit(), key);
        Said::new(at, self.room, self.by, self.text)
    }
}

static MESSAGES: [Planned; 31] = [
    planned(Plant::DirectMessage, (2, 2), &DIRECT, &ANNIKA, "Between us, canary-direct-4f1c90, I am not happy with the plan"),
    planned(Plant::DirectMessage, (8, 3), &DIRECT, &GORAN, "Does anyone else know about canary-direct-4f1c90?"),
    planned(Plant::DirectMessage, (19, 1), &DIRECT, &FREYA, "I will tell them on Friday, canary-direct-4f1c90"),
    planned(Plant::GroupMessage, (3, 0), &GROUP, &CHIARA, "The three of us could take canary-group-b07e22"),
    planned(Plant::GroupMessage, (20, 4), &GROUP, &EMEKA, "canary-group-b07e22 stays in this group please"),
    planned(Plant::PrivateChannel, (4, 1), &HIRING, &BASTIEN, "The candidate for canary-private-91d4a8 comes on Monday"),
    planned(Plant::PrivateChannel, (16, 2), &HIRING, &HANA, "Who can take the second talk for canary-private-91d4a8?"),
    planned(Plant::UnsubscribedChannel, (5, 3), &LUNCH, &DENIZ, "Noodles today, canary-elsewhere-6c2f13"),
    planned(Plant::UnsubscribedChannel, (15, 3), &LUNCH, &FREYA, "Who joins for soup, canary-elsewhere-6c2f13?"),
    planned(Plant::PastedCode, (6, 2), &BERTH_DEV, &EMEKA, canary::PASTED_CODE[0]),
    planned(Plant::PastedCode, (9, 1), &BERTH_DEV, &HANA, canary::PASTED_CODE[1]),
    planned(Plant::PastedCode, (19, 3), &SKIPPER_DEV, &CHIARA, canary::PASTED_CODE[2]),
    planned(Plant::PastedCode, (20, 0), &SKIPPER_DEV, &BASTIEN, canary::PASTED_CODE[3]),
    planned(Plant::PastedCode, (13, 1), &BERTH_DEV, &ANNIKA, canary::PASTED_CODE[4]),
    planned(Plant::PastedCode, (13, 2), &RELEASES, &DENIZ, canary::PASTED_CODE[5]),
    planned(Plant::PastedDiff, (8, 4), &BERTH_DEV, &ANNIKA, canary::PASTED_DIFF[0]),
    planned(Plant::PastedDiff, (22, 2), &SKIPPER_DEV, &EMEKA, canary::PASTED_DIFF[1]),
    planned(Plant::Secret, (7, 2), &BERTH_DEV, &DENIZ, canary::SECRETS[0]),
    planned(Plant::Secret, (19, 2), &SKIPPER_DEV, &HANA, canary::SECRETS[1]),
    planned(Plant::Secret, (21, 1), &RELEASES, &GORAN, canary::SECRETS[2]),
    planned(Plant::OptedOut, (1, 2), &BERTH_DEV, &OPTED_OUT, "Morning from the quay, canary-stepped-out-3e92"),
    planned(Plant::OptedOut, (5, 1), &CREW, &OPTED_OUT, "I bring the ropes on Thursday, canary-stepped-out-3e92"),
    planned(Plant::OptedOut, (8, 0), &BERTH_DEV, &OPTED_OUT, "Does anyone know where canary-stepped-out-3e92 is documented?"),
    planned(Plant::OptedOut, (8, 2), &BERTH_DEV, &OPTED_OUT, "Can someone explain canary-stepped-out-3e92 to me?"),
    planned(Plant::OptedOut, (17, 0), &CREW, &OPTED_OUT, "Back from the islands, canary-stepped-out-3e92"),
    planned(Plant::OptedOut, (23, 3), &BERTH_DEV, &OPTED_OUT, "The index is ready, canary-stepped-out-3e92"),
    planned(Plant::OptedOut, (5, 2), &CREW, &FREYA, "<@U07QDIVOBR9> has the key of the boat house today"),
    planned(Plant::OptedOut, (8, 1), &BERTH_DEV, &ANNIKA, "Thanks to <@U07QDIVOBR9> the index is half as large"),
    planned(Plant::OptedOut, (16, 1), &BERTH_DEV, &GORAN, "The branch of @ivo-brandsma is on staging"),
    planned(Plant::OptedOut, (20, 2), &CREW, &HANA, "Lunch with <@U07QDIVOBR9|ivo-brandsma> at the fish place"),
    planned(Plant::OptedOut, (24, 1), &RELEASES, &BASTIEN, "The notes of ivo-brandsma are in this release"),
];

/// A message that holds a canary for half a minute.
fn edited(stage: &mut Stage) {
    let slips = [
        ((8, 2), &BERTH_DEV, &BASTIEN, "The numbers are under canary-first-text-a55d", "The numbers are in the handbook"),
        ((20, 1), &SKIPPER_DEV, &FREYA, "Wrong window, canary-first-text-a55d", "Wrong window, sorry"),
    ];
    for (on, room, by, slip, text) in slips {
        let before = planned(Plant::EditedMessage, on, room, by, slip).said(stage);
        stage.says(before.clone());
        stage.happens(later(before.at, 31), What::Edited { before, text: text.to_owned() });
    }
}

/// A message that is taken back after two minutes.
fn deleted(stage: &mut Stage) {
    let regrets = [
        planned(Plant::DeletedMessage, (8, 1), &BERTH_DEV, &HANA, "Does anybody know why canary-taken-back-0c3b is still open?"),
        planned(Plant::DeletedMessage, (18, 3), &CREW, &EMEKA, "canary-taken-back-0c3b, never mind"),
    ];
    for regret in regrets {
        let said = regret.said(stage);
        stage.says(said.clone());
        stage.happens(later(said.at, 125), What::Deleted(said));
    }
}

/// A push to the branch of a change, and a comment on a line of it.
fn code_bearing(change: &Change) -> Vec<Scene> {
    let (Account::Human(by), Some(review)) = (change.author, change.reviews.first()) else { return Vec::new() };
    let pushed_at = later(change.opened_at, 1);
    let push = Push {
        repo: change.repo,
        branch: change.branch.clone(),
        before: change.base.clone(),
        after: change.as_of(pushed_at).head,
        by,
        message: canary::COMMIT_MESSAGE.to_owned(),
        file: canary::PUSHED_FILE.to_owned(),
    };
    let commented_at = later(review.at, 1);
    let comment = What::ReviewComment {
        change: change.as_of(commented_at),
        by: review.by,
        id: review.id - 1,
        body: canary::LINE_COMMENT.to_owned(),
        hunk: canary::HUNK.to_owned(),
        path: canary::PUSHED_FILE.to_owned(),
    };
    vec![Scene { at: pushed_at, what: What::Push(push) }, Scene { at: commented_at, what: comment }]
}

/// A comment below a change.
fn commented(change: &Change) -> Option<Scene> {
    let review = change.reviews.first()?;
    let at = later(review.at, 95);
    let body = canary::COMMENT_BODY.to_owned();
    Some(Scene { at, what: What::Comment { change: change.as_of(at), by: review.by, id: review.id + 1, body } })
}

/// A review by the colleague who stepped out, of somebody else's change.
fn reviewed_by_the_ninth(change: &Change) -> Scene {
    let at = later(change.opened_at, 5_400);
    let key = Key::of("ninth reviews").at(change.number);
    let body = Some("Nice, canary-stepped-out-3e92".to_owned());
    let review = ReviewNow { id: 3_190_000_000 + key.below(9_000_000), by: &OPTED_OUT, state: "commented", body, at };
    Scene { at, what: What::Review { change: change.as_of(at), review } }
}
