//! What is planted in the half-year, each with a switch of its own.
//!
//! Nine episodes in which something goes wrong for the team, and thirteen things that must never come out again. With
//! nothing planted the half-year is the twin: the same people, the same work, nothing to say.

use crate::signals::words;

words! {
    /// Something that was put into the half-year on purpose.
    Plant {
        /// Nothing is merged in `berth-api` in September.
        AgeingBerth = "ageing_berth",
        /// Nothing is merged in `skipper-app` at the turn of October.
        AgeingSkipper = "ageing_skipper",
        /// The integration tests of `berth-api` fail and pass on the same commit in October.
        FlakyBerth = "flaky_berth",
        /// The end-to-end tests of `skipper-app` do so in June.
        FlakySkipper = "flaky_skipper",
        /// Changes of `berth-api` wait longer for a first look from mid-September on.
        PickupBerth = "pickup_berth",
        /// Questions in `#berth-dev` stay without an answer in July.
        QuestionsBerth = "questions_berth",
        /// Questions in `#skipper-dev` do so in the first days of October.
        QuestionsSkipper = "questions_skipper",
        /// Deploys of `skipper-app` to production fail, or are taken back, in September.
        FailuresSkipper = "failures_skipper",
        /// Conversations in `#berth-dev` come back to one tool in June.
        ConversationBerth = "conversation_berth",
        /// A message between two people.
        DirectMessage = "direct_message",
        /// A message among three.
        GroupMessage = "group_message",
        /// A message in a private channel.
        PrivateChannel = "private_channel",
        /// A message in a public channel that nobody switched on.
        UnsubscribedChannel = "unsubscribed_channel",
        /// Code in a message, fenced and unfenced.
        PastedCode = "pasted_code",
        /// A diff in a message.
        PastedDiff = "pasted_diff",
        /// A push with its commits, and a review comment with its hunk: kinds that are refused unread.
        CodeBearingEvents = "code_bearing_events",
        /// Words in the bodies of changes and reviews.
        Bodies = "bodies",
        /// A cloud key and two tokens in messages.
        Secret = "secret",
        /// A colleague who stepped out: what they write, what they change, where they are named.
        OptedOut = "opted_out",
        /// A message whose first text was replaced.
        EditedMessage = "edited_message",
        /// A message that was taken back.
        DeletedMessage = "deleted_message",
        /// A file shared in a channel, with the preview that the tool makes of it.
        SharedFile = "shared_file",
    }
}

/// A plant in which something goes wrong for the team.
#[derive(Clone, Copy, Debug)]
pub struct Episode {
    pub plant: Plant,
    /// The number of the detector that must see it.
    pub detector: &'static str,
    /// The external id of the repository or channel that it is about.
    pub scope: &'static str,
}

const fn episode(plant: Plant, detector: &'static str, scope: &'static str) -> Episode {
    Episode { plant, detector, scope }
}

/// Every episode: each makes one pattern, and nothing else makes any.
pub const EPISODES: [Episode; 9] = [
    episode(Plant::AgeingBerth, "D2", "quaywise-demo/berth-api"),
    episode(Plant::AgeingSkipper, "D2", "quaywise-demo/skipper-app"),
    episode(Plant::FlakyBerth, "D11", "quaywise-demo/berth-api"),
    episode(Plant::FlakySkipper, "D11", "quaywise-demo/skipper-app"),
    episode(Plant::PickupBerth, "D1", "quaywise-demo/berth-api"),
    episode(Plant::QuestionsBerth, "D12", "C07QDBERTH2"),
    episode(Plant::QuestionsSkipper, "D12", "C07QDSKIPP3"),
    episode(Plant::FailuresSkipper, "D7", "quaywise-demo/skipper-app"),
    episode(Plant::ConversationBerth, "D17", "C07QDBERTH2"),
];

/// Which of the plants are in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted(Vec<Plant>);

impl Planted {
    /// Everything: what `demo` shows.
    pub fn all() -> Self {
        Self(Plant::ALL.to_vec())
    }

    /// Nothing: the twin.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// Everything but the plant of this name; `None` where there is none.
    pub fn without(name: &str) -> Option<Self> {
        Plant::parse(name).map(|plant| Self::all().minus(plant))
    }

    /// The same without one more plant.
    #[must_use]
    pub fn minus(mut self, plant: Plant) -> Self {
        self.0.retain(|other| *other != plant);
        self
    }

    pub fn has(&self, plant: Plant) -> bool {
        self.0.contains(&plant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_plant_can_be_taken_out_by_its_name() {
        for plant in Plant::ALL {
            let rest = Planted::without(plant.as_str()).unwrap();
            assert!(!rest.has(*plant));
            assert_eq!(rest.0.len(), Plant::ALL.len() - 1);
            assert!(Planted::all().has(*plant));
            assert!(!Planted::none().has(*plant));
        }
        assert_eq!(Planted::without("nothing"), None);
    }
}
