//! Promises about what is told, and who decides: P6, P8, P10.

use super::reading::over_orgs;
use super::rows::{CHANNEL, REPOSITORY};
use super::trial::Trial;
use super::{Held, Scene, impossible, must, sql};
use crate::analysis;
use crate::audit::Actor;
use crate::auth::{Role, Scope, account, api_token};
use crate::base::clock::{Instant, SignedDuration, Window};
use crate::base::dial::Dial;
use crate::base::error::Fault;
use crate::base::id::{MemberId, PersonId};
use crate::base::subject::Cohort;
use crate::base::text::counted;
use crate::crypto::random;
use crate::detection::candidate::{Candidate, Chart, EVIDENCE_MIN, Estimate, Evidence, Facts, FlakyFacts, Unit};
use crate::signals::place::Place;

/// The week over which new patterns are counted.
const WEEK_HOURS: i64 = 7 * 24;

/// P6.
pub(super) fn provenance(scene: &Scene<'_>) -> Result<Held, Fault> {
    for sources in 0..EVIDENCE_MIN {
        let candidate = candidate(scene.now, sources)?;
        must!(analysis::analyse(candidate, &|_| false).is_err(), "A finding with {sources} sources passed the gate.");
    }
    must!(
        analysis::analyse(candidate(scene.now, EVIDENCE_MIN)?, &|_| false).is_ok(),
        "A finding with {EVIDENCE_MIN} sources did not pass the gate."
    );
    let mut linkless = candidate(scene.now, EVIDENCE_MIN)?;
    if let Some(evidence) = linkless.evidence.first_mut() {
        evidence.url.clear();
    }
    must!(analysis::analyse(linkless, &|_| false).is_err(), "A finding with a source that has no link passed the gate.");
    let patterns = over_orgs(scene, |reader| sql::patterns(reader))?;
    let bare = over_orgs(scene, |reader| sql::patterns_without_evidence(reader))?;
    let patterns = counted(patterns, "pattern", "patterns");
    must!(bare == 0, "Of {patterns} here {} open without a source.", counted(bare, "stands", "stand"));
    Ok(Held::Yes(format!(
        "The gate dropped findings with 0 to {} sources, and one with a source without a link; of {patterns} here none stands open without a source.",
        EVIDENCE_MIN - 1
    )))
}

/// P8.
pub(super) fn quiet_first(scene: &Scene<'_>) -> Result<Held, Fault> {
    let trial = Trial::begin(scene.now)?;
    let chat = trial.connect("slack")?;
    trial.switch_on(&chat, CHANNEL)?;
    let dials = trial.org.read(|reader| sql::dials(reader))?;
    must!(dials == [Dial::Quiet.as_str()], "A new team begins at {}.", dials.join(", "));
    let week = SignedDuration::from_hours(WEEK_HOURS);
    let mut most = 0;
    for seen in scene.orgs()? {
        let week_us = i64::try_from(week.as_micros()).unwrap_or(i64::MAX);
        for (word, shown) in seen.read(|reader| sql::most_patterns_in(reader, week_us))? {
            let allowed = Dial::parse(&word).map_or(0, Dial::new_patterns_per_week) as u64;
            must!(
                shown <= allowed,
                "A team whose dial stood at {word} was shown {} within a week; {allowed} is the most.",
                counted(shown, "new pattern", "new patterns")
            );
            most = most.max(shown);
        }
    }
    Ok(Held::Yes(format!(
        "A new team begins at Quiet, with at most {} new patterns a week; the most that a team here was shown within a week is {most}. How often each detector errs stands in benches/README.md.",
        Dial::Quiet.new_patterns_per_week()
    )))
}

/// P10.
pub(super) fn people_decide(scene: &Scene<'_>) -> Result<Held, Fault> {
    let trial = Trial::begin(scene.now)?;
    let (member, now) = (MemberId::new(trial.now(), random::bytes()?), trial.now());
    trial.org.write(move |tx| account::give_role(tx, member, Role::Owner, Actor::Operator, now))?;
    let human_of = |scopes: &[Scope]| -> Result<bool, Fault> {
        let token = api_token::create(&trial.org, (member, "trial"), scopes, Actor::Operator, now)?;
        let found = api_token::resume(trial.store(), token.reveal(), now)?;
        let (principal, _) = found.ok_or_else(|| impossible("the trial's token is unknown"))?;
        Ok(principal.human().is_some())
    };
    let others: Vec<Scope> = Scope::ALL.into_iter().filter(|scope| *scope != Scope::Decide).collect();
    must!(!human_of(&others)?, "A token without the scope `decide` may decide.");
    must!(human_of(&[Scope::Decide])?, "A member’s own token with the scope `decide` may not decide.");
    let decisions = over_orgs(scene, |reader| sql::decisions(reader))?;
    let unsigned = over_orgs(scene, |reader| sql::patterns_without_decision(reader))?;
    must!(unsigned == 0, "{} decided on, and no person stands behind it.", counted(unsigned, "pattern was", "patterns were"));
    let decisions = match decisions {
        0 => "Nothing was decided here yet".to_owned(),
        1 => "The one decision here names a person".to_owned(),
        many => format!("Each of the {many} decisions here names a person"),
    };
    Ok(Held::Yes(format!(
        "A token with every scope but `decide` cannot decide. {decisions}, and no pattern was closed as decided without one."
    )))
}

/// A finding about flaky runs with so many sources, of people enough to be spoken of.
fn candidate(at: Instant, sources: usize) -> Result<Candidate, Fault> {
    let window = Window::days_before(at, 14);
    let share = Estimate { value: 0.5, low: 0.25, high: 0.75 };
    let run = |number: usize| Evidence {
        id: format!("run:{REPOSITORY}:{number}"),
        kind: "run".to_owned(),
        url: format!("https://github.com/{REPOSITORY}/actions/runs/{number}"),
        at: at - SignedDuration::from_hours(i64::try_from(number).unwrap_or(1)),
    };
    let people = (1..=3).map(|number| Some(PersonId::from_bytes([number; 16])));
    Ok(Candidate {
        detector: "flaky_pipeline",
        number: "D11",
        version: 1,
        connection: None,
        scope: Place::from_external_id(REPOSITORY).ok_or_else(|| impossible("the trial's repository is no place"))?,
        at,
        window,
        baseline: Window::days_before(window.from, 90),
        dial: Dial::Quiet,
        facts: Facts::FlakyPipeline(FlakyFacts { flakes: 6, runs: 12, share, usual_share: None, workflows: 1, days: 14 }),
        chart: Chart { title: "Flaky runs".to_owned(), unit: Unit::Share, points: Vec::new(), told: 0, usual: None, limit: 0.1 },
        evidence: (1..=sources).map(run).collect(),
        sources_total: sources,
        parameters: Vec::new(),
        cohort: Cohort::of(5, people).ok_or_else(|| impossible("the trial's group is too small"))?,
        strength: 1.0,
    })
}
