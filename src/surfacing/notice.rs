//! The notice to those who write in a source: what is read of it, how long it is kept, whom to ask, and the way out.
//!
//! Its facts are those of the connector's disclosure, the very lines an admin reads before switching a source on, so the two
//! cannot say different things. The words are plain and hold no mention; who posts them through an API escapes them as the tool
//! wants.

use crate::base::clock::Instant;
use crate::connectors::{Connector, Disclosure, Markup};
use crate::crypto::hash;
use crate::orgs::notices::{Change, Notice, Told};
use crate::orgs::sources::Mode;
use jiff::tz::TimeZone;

/// What is kept of any source, whatever the tool, and for how long.
pub const KEPT_OF_ANY: [(&str, &str); 2] = [
    (
        "Patterns: a statement with numbers, links to sources, and single words that several people have in common",
        "without a limit; they hold no sentence of anyone",
    ),
    ("What is turned away", "never kept; counted by reason"),
];

const PURPOSE: &str = "It looks for patterns in how the team works, for the team’s retrospective. It speaks of teams, channels and repositories, never of a \
     person; it recommends, and people decide.";
const COUNTING: &str = "Each message or event is looked at in memory, and what it says is forgotten at once. Only counts by day stay: how many would have been \
     taken in, turned away and scored. Nobody is counted as a person.";

/// What the words need that the notice does not know.
#[derive(Clone, Copy, Debug, Default)]
pub struct Surroundings<'a> {
    /// The name of whoever switched the source, where it is known.
    pub contact: Option<&'a str>,
    /// Where a person steps out, if readers can reach it.
    pub way_out: Option<&'a str>,
}

/// Whether the readers of this source have yet to be told something: of a change, or, where a newer version of the product reads or
/// keeps something else than they were told, of that.
pub fn is_due(notice: &Notice, tool: &dyn Connector, now: Instant) -> bool {
    notice.posted.is_none_or(|posted| notice.mode(now) != Mode::Off && posted.told != told(tool))
}

/// What readers are told, as a digest of its facts and not of its wording.
pub fn told(tool: &dyn Connector) -> Told {
    let Disclosure { reads, never, kept, .. } = tool.disclosure();
    let kept = kept.iter().chain(&KEPT_OF_ANY).flat_map(|(what, how_long)| [*what, *how_long]);
    let lines = |lines: &'static [&'static str]| lines.iter().copied().chain([""]);
    let parts: Vec<&[u8]> = lines(reads).chain(lines(never)).chain(kept).map(str::as_bytes).collect();
    hash::in_domain("notice", &parts)
}

/// The whole text, to be posted where the readers of the source are.
pub fn compose(notice: &Notice, tool: &dyn Connector, around: Surroundings<'_>, now: Instant) -> String {
    let words = Words { notice, tool, around, zone: TimeZone::get(&notice.zone).unwrap_or(TimeZone::UTC) };
    // A shadow that ran out has stopped, though nobody stopped it.
    let has_run_out = notice.due.mode == Mode::Shadow && notice.mode(now) == Mode::Off;
    let paragraphs = match (notice.due.change, notice.due.mode) {
        (Change::Stops, _) => words.stops(notice.due.at),
        _ if has_run_out => words.stops(notice.shadow.map_or(notice.due.at, |shadow| shadow.to)),
        (_, Mode::Shadow) => words.counts(),
        _ => words.reads(),
    };
    paragraphs.join("\n\n")
}

struct Words<'a> {
    notice: &'a Notice,
    tool: &'a dyn Connector,
    around: Surroundings<'a>,
    zone: TimeZone,
}

impl Words<'_> {
    fn reads(&self) -> Vec<String> {
        let (place, day, team) = (self.place(), self.day(self.notice.due.at), &self.notice.team_slug);
        let first = match self.notice.due.change {
            Change::Changes => format!("How SmartRetro listens to {place} has changed: since {day} it reads it for the team {team}."),
            _ => format!("Since {day} SmartRetro reads {place} for the team {team}.{}", self.before()),
        };
        let Disclosure { reads, never, .. } = self.tool.disclosure();
        vec![
            format!("{first} {PURPOSE}"),
            self.list("What is read:", reads.iter().map(|line| (*line).to_owned())),
            self.list("What is never read:", never.iter().map(|line| (*line).to_owned())),
            self.list("What is kept, and how long:", self.kept()),
            self.whom_to_ask(),
            self.way_out("From then on nothing that you write is taken in, and what was kept of you is deleted."),
        ]
    }

    fn counts(&self) -> Vec<String> {
        let (place, day) = (self.place(), self.day(self.notice.due.at));
        let until = self.notice.shadow.map(|shadow| self.day(shadow.to)).unwrap_or_default();
        let first = match self.notice.due.change {
            Change::Changes => format!("How SmartRetro listens to {place} has changed: since {day} it counts, on trial, until {until}."),
            _ => format!("Since {day} SmartRetro counts in {place}, on trial, until {until}.{}", self.before()),
        };
        let Disclosure { reads, never, .. } = self.tool.disclosure();
        let mut paragraphs = vec![
            format!("{first} {COUNTING}"),
            "The trial ends by itself. If it is to be read after that, a person switches it on, and you are told here.".to_owned(),
            self.list("What it looks at:", reads.iter().map(|line| (*line).to_owned())),
            self.list("What it never looks at:", never.iter().map(|line| (*line).to_owned())),
        ];
        let and_then = if self.notice.due.is_after_reading {
            paragraphs.push(self.list("What was read before and kept stays no longer than this:", self.kept()));
            "From then on nothing that you write is counted either, and what was kept of you is deleted."
        } else {
            "From then on nothing that you write is counted either."
        };
        paragraphs.extend([self.whom_to_ask(), self.way_out(and_then)]);
        paragraphs
    }

    /// Since when it listened before readers were told; empty where there is no such time.
    fn before(&self) -> String {
        let since = self.day(self.notice.due.since);
        if since == self.day(self.notice.due.at) { String::new() } else { format!(" It had listened before that, since {since}.") }
    }

    fn stops(&self, at: Instant) -> Vec<String> {
        let (place, since, day) = (self.place(), self.day(self.notice.due.since), self.day(at));
        let is_shadow = self.notice.due.mode == Mode::Shadow;
        let is_anything_kept = !is_shadow || self.notice.due.is_after_reading;
        let did = if is_shadow { "counts in" } else { "reads" };
        let mut paragraphs = vec![format!("Since {day} SmartRetro no longer {did} {place}. It had listened since {since}.")];
        if is_shadow {
            let counted = "Of what was said while it counted nothing was kept: only counts by day, and they are deleted after 35 days.";
            paragraphs.push(counted.to_owned());
        }
        if is_anything_kept {
            let what = if is_shadow { "What was read before that and kept" } else { "What was kept until then" };
            paragraphs.push(self.list(&format!("{what} stays no longer than this:"), self.kept()));
        }
        paragraphs.push(self.whom_to_ask());
        if is_anything_kept {
            paragraphs.push(self.way_out("Then what was kept of you is deleted now."));
        }
        paragraphs
    }

    fn kept(&self) -> impl Iterator<Item = String> {
        let lines = self.tool.disclosure().kept.iter().chain(&KEPT_OF_ANY);
        lines.map(|(what, how_long)| format!("{what}: {how_long}"))
    }

    fn list(&self, heading: &str, lines: impl Iterator<Item = String>) -> String {
        let (between, bullet) = match self.tool.markup() {
            Markup::Lines => ("\n", "•"),
            Markup::Markdown => ("\n\n", "-"),
        };
        let lines: Vec<String> = lines.map(|line| format!("{bullet} {line}")).collect();
        format!("{heading}{between}{}", lines.join("\n"))
    }

    fn place(&self) -> String {
        let name = self.notice.label.as_deref().unwrap_or(&self.notice.external_id);
        match self.tool.markup() {
            Markup::Lines => name.to_owned(),
            Markup::Markdown => format!("`{}`", name.replace('`', "'")),
        }
    }

    fn whom_to_ask(&self) -> String {
        match self.around.contact {
            Some(name) => format!("Questions: ask {name}."),
            None => "Questions: ask whoever runs SmartRetro here.".to_owned(),
        }
    }

    fn way_out(&self, and_then: &str) -> String {
        let whom = self.around.contact.unwrap_or("them");
        let how = match self.around.way_out {
            Some(url) => format!("at {url}, or by asking {whom}"),
            None => format!("by asking {whom}"),
        };
        format!("You can step out at any time, {how}; you need not give a reason, and nobody is told that you did. {and_then}")
    }

    /// `9 March 2026`, in the zone of the team.
    fn day(&self, at: Instant) -> String {
        at.to_zoned(self.zone.clone()).strftime("%-d %B %Y").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::Window;
    use crate::base::id::{ConnectionId, MemberId, OrgId};
    use crate::connectors::connector;
    use crate::orgs::notices::{Due, Posted};

    fn at(text: &str) -> Instant {
        format!("2026-03-{text}Z").parse().unwrap()
    }

    fn notice(connector: &str, change: Change, mode: Mode) -> Notice {
        let shadow = (mode == Mode::Shadow).then(|| Window { from: at("02T09:00:00"), to: at("16T09:00:00") });
        let by = Some(MemberId::from_bytes([1; 16]));
        Notice::sample(
            Due { change, mode, at: at("09T09:00:00"), since: at("02T09:00:00"), is_after_reading: false, by },
            (ConnectionId::new(OrgId::from_bytes([7; 16]), [1; 8]), connector),
            if connector == "slack" { ("C0HELP", Some("#help")) } else { ("acme/web", None) },
            (mode == Mode::On && change != Change::Stops, shadow),
        )
    }

    fn text(connector_name: &str, change: Change, mode: Mode) -> String {
        let around = Surroundings { contact: Some("Ana"), way_out: Some("https://retro.acme.example/opt-outs") };
        let found = notice(connector_name, change, mode);
        compose(&found, connector(connector_name).unwrap(), around, at("09T10:00:00"))
    }

    #[test]
    fn readers_are_told_what_is_read_how_long_it_is_kept_whom_to_ask_and_the_way_out() {
        for tool in ["slack", "github"] {
            let words = text(tool, Change::Starts, Mode::On);
            let disclosure = connector(tool).unwrap().disclosure();
            let kept = disclosure.kept.iter().flat_map(|(what, how_long)| [what, how_long]);
            for line in disclosure.reads.iter().chain(disclosure.never).chain(kept) {
                assert!(words.contains(line), "{tool}: {line}\n{words}");
            }
            for part in ["Since 9 March 2026", "for the team web", "ask Ana", "https://retro.acme.example/opt-outs", "step out"] {
                assert!(words.contains(part), "{tool}: {part}\n{words}");
            }
        }
    }

    #[test]
    fn readers_are_told_that_a_pattern_may_hold_words_they_share() {
        // As the detector of conversations that come back to one topic quotes them.
        let words = text("slack", Change::Starts, Mode::On);
        assert!(words.contains("single words that several people have in common") && !words.contains("no text of anyone"), "{words}");
    }

    #[test]
    fn a_trial_says_when_it_ends_and_promises_nothing_about_what_is_kept() {
        let words = text("slack", Change::Starts, Mode::Shadow);
        assert!(words.contains("on trial, until 16 March 2026") && words.contains("ends by itself"), "{words}");
        assert!(!words.contains("35 days") && !words.contains("400 days"), "{words}");
    }

    #[test]
    fn an_end_is_told_with_its_beginning_and_so_is_a_trial_that_ran_out() {
        let words = text("slack", Change::Stops, Mode::On);
        assert!(words.contains("Since 9 March 2026 SmartRetro no longer reads #help. It had listened since 2 March 2026."), "{words}");
        assert!(words.contains("stays no longer than this:\n• Text of messages"), "{words}");
        let over = notice("slack", Change::Starts, Mode::Shadow);
        let words = compose(&over, connector("slack").unwrap(), Surroundings::default(), at("20T09:00:00"));
        assert!(words.contains("Since 16 March 2026 SmartRetro no longer counts in #help"), "{words}");
    }

    #[test]
    fn a_change_is_told_as_one() {
        let words = text("github", Change::Changes, Mode::On);
        assert!(words.starts_with("How SmartRetro listens to `acme/web` has changed: since 9 March 2026 it reads it"), "{words}");
    }

    #[test]
    fn lists_are_written_as_the_tool_shows_them() {
        assert!(text("slack", Change::Starts, Mode::On).contains("What is read:\n• Messages"));
        assert!(text("github", Change::Starts, Mode::On).contains("What is read:\n\n- Pull requests"));
    }

    #[test]
    fn a_notice_is_due_until_it_is_posted_and_again_when_a_newer_version_reads_something_else() {
        let tool = connector("slack").unwrap();
        let mut found = notice("slack", Change::Starts, Mode::On);
        let now = at("10T09:00:00");
        assert!(is_due(&found, tool, now));
        let posted = |told| Some(Posted { at: now, by: MemberId::from_bytes([1; 16]), told });
        found.posted = posted(told(tool));
        assert!(!is_due(&found, tool, now));
        found.posted = posted([0; 32]);
        assert!(is_due(&found, tool, now));
        let mut over = notice("slack", Change::Stops, Mode::On);
        over.posted = posted([0; 32]);
        assert!(!is_due(&over, tool, now), "what is off reads nothing new");
        assert_ne!(told(tool), told(connector("github").unwrap()));
    }
}
