//! Who works there: eight invented people, a ninth who stepped out, and the bots.
//!
//! None of them exists. Ids have the tools' shapes and were made up.

use super::calendar::week_of;

/// One of the team, in both tools.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Person {
    pub name: &'static str,
    /// The login at GitHub.
    pub login: &'static str,
    pub github_id: u64,
    /// The member's id at Slack.
    pub slack_id: &'static str,
    /// How this person's branches begin.
    pub branch_prefix: &'static str,
    /// The weeks of summer holiday, from and to (exclusive), counted from 0.
    away: (u64, u64),
}

pub(super) type Who = &'static Person;

pub(super) static ANNIKA: Person = Person {
    name: "Annika Thalberg",
    login: "annika-thalberg",
    github_id: 190_284_117,
    slack_id: "U07QDANNIK1",
    branch_prefix: "annika/",
    away: (10, 12),
};
pub(super) static BASTIEN: Person = Person {
    name: "Bastien Roqueval",
    login: "broqueval",
    github_id: 190_284_203,
    slack_id: "U07QDBASTI2",
    branch_prefix: "br-",
    away: (11, 13),
};
pub(super) static CHIARA: Person = Person {
    name: "Chiara Monfredi",
    login: "chiara-mnf",
    github_id: 190_284_351,
    slack_id: "U07QDCHIAR3",
    branch_prefix: "feature/",
    away: (10, 12),
};
pub(super) static DENIZ: Person = Person {
    name: "Deniz Aksoylu",
    login: "aksoylud",
    github_id: 190_284_448,
    slack_id: "U07QDDENIZ4",
    branch_prefix: "da/",
    away: (6, 7),
};
pub(super) static EMEKA: Person = Person {
    name: "Emeka Oduwale",
    login: "emeka-o",
    github_id: 190_284_562,
    slack_id: "U07QDEMEKA5",
    branch_prefix: "emeka/",
    away: (12, 14),
};
pub(super) static FREYA: Person = Person {
    name: "Freya Lindqvarn",
    login: "flindqvarn",
    github_id: 190_284_629,
    slack_id: "U07QDFREYA6",
    branch_prefix: "fl/",
    away: (11, 13),
};
pub(super) static GORAN: Person = Person {
    name: "Goran Petrašin",
    login: "gpetrasin",
    github_id: 190_284_777,
    slack_id: "U07QDGORAN7",
    branch_prefix: "gp-",
    away: (13, 14),
};
pub(super) static HANA: Person = Person {
    name: "Hana Okurabe",
    login: "hokurabe",
    github_id: 190_284_836,
    slack_id: "U07QDHANAO8",
    branch_prefix: "hana/",
    away: (12, 13),
};
/// The ninth: works beside the team, and asked not to be read.
pub static OPTED_OUT: Person = Person {
    name: "Ivo Brandsma",
    login: "ivo-brandsma",
    github_id: 190_284_951,
    slack_id: "U07QDIVOBR9",
    branch_prefix: "ivo/",
    away: (10, 11),
};

/// The team.
pub(super) static TEAM: [Who; 8] = [&ANNIKA, &BASTIEN, &CHIARA, &DENIZ, &EMEKA, &FREYA, &GORAN, &HANA];

/// A bot at GitHub.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Bot {
    pub(super) login: &'static str,
    pub(super) github_id: u64,
}

/// The dependency bot, under its real login: connectors know it by its type and suffix.
pub(super) static DEPENDABOT: Bot = Bot { login: "dependabot[bot]", github_id: 49_699_333 };
/// The team's own deploying app.
pub(super) static DEPLOYER: Bot = Bot { login: "quaywise-deploy[bot]", github_id: 190_300_041 };

/// The chat app that reports builds.
pub(super) const CI_APP_ID: &str = "A07QDCIAPP1";
pub(super) const CI_BOT_ID: &str = "B07QDCIBOT1";
pub(super) const CI_BOT_USER: &str = "U07QDCIBOT1";

impl Person {
    /// Whether this person is at work on `day`.
    pub(super) const fn is_here(&self, day: u64) -> bool {
        let week = week_of(day);
        week < self.away.0 || self.away.1 <= week
    }

    pub(super) fn first_name(&self) -> &'static str {
        self.name.split(' ').next().unwrap_or(self.name)
    }
}

/// The people of `crew` who are at work on `day`.
pub(super) fn present(crew: &[Who], day: u64) -> Vec<Who> {
    crew.iter().copied().filter(|who| who.is_here(day)).collect()
}
