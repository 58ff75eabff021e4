//! Where they work: three repositories, four channels, and places that nobody switched on.

use super::people::{ANNIKA, BASTIEN, CHIARA, DENIZ, EMEKA, FREYA, GORAN, HANA, TEAM, Who};

/// The sample organisation at GitHub. Invented; its links lead nowhere.
pub const GITHUB_ORG: &str = "quaywise-demo";
pub(super) const GITHUB_ORG_ID: u64 = 190_270_008;
/// The workspace's host: what a Slack connection is given as its base URL.
pub const SLACK_BASE_URL: &str = "https://quaywise-demo.slack.com";
pub(super) const SLACK_TEAM_ID: &str = "T07QDTEAM01";
/// The chat app through which deliveries come.
pub(super) const SLACK_APP_ID: &str = "A07QDRETRO1";
/// The team that all sources belong to.
pub const TEAM_SLUG: &str = "quayside";

/// A connection that the demo makes.
pub struct DemoConnection {
    pub connector: &'static str,
    pub name: &'static str,
    pub base_url: Option<&'static str>,
}

pub const CONNECTIONS: [DemoConnection; 2] = [
    DemoConnection { connector: "github", name: "GitHub quaywise-demo", base_url: None },
    DemoConnection { connector: "slack", name: "Slack quaywise-demo", base_url: Some(SLACK_BASE_URL) },
];

/// The sources to switch on: connector and external id. Every other place stays as it is, off.
pub const SOURCES: [(&str, &str); 7] = [
    ("github", "quaywise-demo/berth-api"),
    ("github", "quaywise-demo/skipper-app"),
    ("github", "quaywise-demo/harbour-infra"),
    ("slack", CREW.id),
    ("slack", BERTH_DEV.id),
    ("slack", SKIPPER_DEV.id),
    ("slack", RELEASES.id),
];

/// What people call a place: a channel's name with its sign. A repository is called by its full name.
pub fn label(external_id: &str) -> Option<String> {
    [&CREW, &BERTH_DEV, &SKIPPER_DEV, &RELEASES].into_iter().find(|room| room.id == external_id).map(|room| format!("#{}", room.name))
}

/// A repository, its workflows and the people who work in it.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Repo {
    pub(super) name: &'static str,
    pub(super) id: u64,
    pub(super) description: &'static str,
    pub(super) language: &'static str,
    pub(super) crew: &'static [Who],
    /// The number that its first change of the half-year has.
    pub(super) first_number: u64,
    pub(super) workflows: &'static [Workflow],
    /// How many changes people opened in each of the 26 weeks.
    pub(super) weekly: [u8; 26],
    /// The weekdays of its deployments, from 0 (Monday).
    pub(super) deploy_days: &'static [u64],
}

/// A workflow: a file with jobs.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Workflow {
    pub(super) name: &'static str,
    pub(super) file: &'static str,
    pub(super) id: u64,
    /// The usual length of a run.
    pub(super) minutes: u32,
    /// Whether it also runs on the main branch after a merge.
    pub(super) on_main: bool,
}

pub(super) type RepoRef = &'static Repo;
pub(super) type WorkflowRef = &'static Workflow;

pub(super) static BERTH_API: Repo = Repo {
    name: "berth-api",
    id: 901_774_120,
    description: "Bookings, tariffs and tides for harbours",
    language: "Rust",
    crew: &[&ANNIKA, &BASTIEN, &DENIZ, &EMEKA, &GORAN, &HANA],
    first_number: 412,
    workflows: &[
        Workflow { name: "checks", file: "checks.yml", id: 118_204_001, minutes: 7, on_main: true },
        Workflow { name: "integration", file: "integration.yml", id: 118_204_002, minutes: 13, on_main: false },
    ],
    weekly: [5, 4, 6, 5, 5, 6, 5, 5, 6, 4, 3, 2, 3, 4, 5, 8, 9, 6, 5, 5, 6, 7, 6, 5, 5, 4],
    deploy_days: &[1, 3],
};
pub(super) static SKIPPER_APP: Repo = Repo {
    name: "skipper-app",
    id: 901_774_388,
    description: "What skippers see: find a berth, book it, moor",
    language: "TypeScript",
    crew: &[&CHIARA, &FREYA, &HANA, &EMEKA, &BASTIEN, &ANNIKA],
    first_number: 287,
    workflows: &[
        Workflow { name: "build", file: "build.yml", id: 118_207_011, minutes: 6, on_main: true },
        Workflow { name: "end-to-end", file: "end-to-end.yml", id: 118_207_012, minutes: 17, on_main: false },
    ],
    weekly: [5, 4, 5, 5, 6, 7, 6, 5, 5, 4, 3, 3, 2, 4, 5, 5, 5, 6, 5, 6, 5, 5, 8, 9, 6, 5],
    deploy_days: &[0, 1, 2, 3],
};
pub(super) static HARBOUR_INFRA: Repo = Repo {
    name: "harbour-infra",
    id: 901_774_655,
    description: "Clusters, buckets, alarms",
    language: "HCL",
    crew: &[&GORAN, &DENIZ, &ANNIKA, &CHIARA],
    first_number: 96,
    workflows: &[Workflow { name: "plan", file: "plan.yml", id: 118_209_021, minutes: 4, on_main: true }],
    weekly: [2, 1, 3, 2, 2, 3, 2, 2, 3, 2, 1, 1, 1, 2, 3, 2, 2, 3, 2, 3, 2, 2, 3, 2, 3, 2],
    deploy_days: &[4],
};

pub(super) static REPOS: [RepoRef; 3] = [&BERTH_API, &SKIPPER_APP, &HARBOUR_INFRA];

impl Repo {
    pub(super) fn full_name(&self) -> String {
        format!("{GITHUB_ORG}/{}", self.name)
    }

    pub(super) fn html_url(&self) -> String {
        format!("https://github.com/{GITHUB_ORG}/{}", self.name)
    }
}

/// A place of the chat, whatever kind it is.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Room {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    /// What a delivery says in `channel_type`.
    pub(super) kind: &'static str,
    pub(super) crew: &'static [Who],
}

pub(super) type RoomRef = &'static Room;

pub(super) static CREW: Room = Room { id: "C07QDCREW01", name: "crew", kind: "channel", crew: &TEAM };
pub(super) static BERTH_DEV: Room = Room { id: "C07QDBERTH2", name: "berth-dev", kind: "channel", crew: BERTH_API.crew };
pub(super) static SKIPPER_DEV: Room = Room { id: "C07QDSKIPP3", name: "skipper-dev", kind: "channel", crew: SKIPPER_APP.crew };
pub(super) static RELEASES: Room = Room { id: "C07QDRELEA4", name: "releases", kind: "channel", crew: &TEAM };

/// A public channel that nobody switched on.
pub(super) static LUNCH: Room = Room { id: "C07QDLUNCH5", name: "lunch", kind: "channel", crew: &TEAM };
/// A private channel.
pub(super) static HIRING: Room = Room { id: "C07QDHIRIN6", name: "hiring-loop", kind: "group", crew: &TEAM };
/// A direct message between two people.
pub(super) static DIRECT: Room = Room { id: "D07QDDIREC7", name: "direct", kind: "im", crew: &TEAM };
/// A group message of three.
pub(super) static GROUP: Room = Room { id: "G07QDGROUP8", name: "mpdm", kind: "mpim", crew: &TEAM };
