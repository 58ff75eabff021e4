//! The words for what the rooms count and name, as pages say them.

use crate::capture::{Glimpse, refusals};
use crate::connectors::Unverified;
use crate::detection::detector;
use crate::signals::SignalKind;
use crate::signals::refusal::Refusal;
use crate::web::format;

/// Why a delivery was turned away, as the heading of a count. A word that is not known here is a reason of a newer
/// version: it is counted, and says so.
pub fn reason(word: &str) -> &'static str {
    if word == refusals::DUPLICATE {
        return "It was delivered before";
    }
    Refusal::parse(word).map(refused).or_else(|| unverified(word)).unwrap_or("Another reason")
}

const fn refused(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::DirectMessage => "A direct message: never read",
        Refusal::GroupMessage => "A group message: never read",
        Refusal::PrivateChannel => "A private channel: not read",
        Refusal::SharedChannel => "A channel shared with another organisation or with guests: not read",
        Refusal::OtherWorkspace => "From another workspace than the first message of this connection",
        Refusal::UnknownPlace => "Nothing says that its place is a channel or a repository",
        Refusal::NotSubscribed => "Its source is not switched on",
        Refusal::Shadow => "Its source is in shadow mode: counted, and not kept",
        Refusal::OptedOut => "Its author stepped out",
        Refusal::CarriesCode => "It carries source code: never read",
        Refusal::KindNotRead => "This kind of event is not read",
        Refusal::NothingToKeep => "It changes nothing that is kept",
        Refusal::BotMessage => "Chat by a bot",
        Refusal::NotAnEvent => "Not an event, such as the tool’s own test",
        Refusal::Malformed => "It could not be read",
        Refusal::AbsurdTime => "Its time cannot be right",
        Refusal::AlreadyGone => "It changes something that was deleted",
    }
}

fn unverified(word: &str) -> Option<&'static str> {
    let all = [
        (Unverified::MissingSignature, "It was not signed"),
        (Unverified::BadSignature, "Its signature does not fit: compare the secret in the tool"),
        (Unverified::StaleTimestamp, "It was signed too long ago: compare the clocks"),
    ];
    all.into_iter().find(|(reason, _)| reason.as_str() == word).map(|(_, words)| words)
}

/// `1 message`, `12 pull request events`.
pub fn signals(kind: SignalKind, n: u64) -> String {
    let (one, many) = match kind {
        SignalKind::Message => ("message", "messages"),
        SignalKind::Change => ("pull request event", "pull request events"),
        SignalKind::Review => ("review", "reviews"),
        SignalKind::Run => ("workflow run event", "workflow run events"),
        SignalKind::Deploy => ("deployment event", "deployment events"),
        SignalKind::Incident => ("incident event", "incident events"),
    };
    format::count(n, one, many)
}

/// `a`, `a and b`, `a, b and c`.
pub fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// What kind of pattern a detector finds.
pub fn kind(detector_id: &str) -> &'static str {
    match detector(detector_id).map(|detector| detector.about().number) {
        Some("D1") => "Review pickup",
        Some("D2") => "Ageing changes",
        Some("D7") => "Change failures",
        Some("D11") => "Flaky pipeline",
        Some("D12") => "Unanswered questions",
        Some("D17") => "Recurring conversation",
        _ => "Pattern",
    }
}

/// What a source is called in a list, from its key (`kind:place:external id`), what people call its place, and what is still
/// kept of it.
pub fn source(key: &str, place: &str, glimpse: &Glimpse) -> String {
    let (kind, id) = kind_and_id(key);
    let named = |plain: String, name: &Option<String>| name.as_ref().map_or(plain.clone(), |name| format!("{plain}: {name}"));
    match kind {
        "change" => named(format!("Pull request {id}"), &glimpse.title),
        "review" => format!("A review in {place}"),
        "run" => match &glimpse.workflow {
            Some(workflow) => format!("{workflow}, run {id}"),
            None => format!("Run {id} in {place}"),
        },
        "deploy" => format!("A deployment of {place}"),
        "incident" => format!("An incident in {place}"),
        _ => glimpse.first_words.as_ref().map_or_else(|| format!("A message in {place}"), |words| format!("“{words}”")),
    }
}

/// What happened at the time that stands beside a source.
pub fn happened(key: &str) -> &'static str {
    match kind_and_id(key).0 {
        "change" => "opened",
        "review" => "reviewed",
        "run" => "failed",
        "deploy" => "deployed",
        "incident" => "began",
        _ => "written",
    }
}

/// Whether a thing waits from then on, so that its age is worth a word.
pub fn waits(key: &str) -> bool {
    matches!(kind_and_id(key).0, "change" | "message")
}

fn kind_and_id(key: &str) -> (&str, &str) {
    let mut parts = key.splitn(3, ':');
    let (kind, _, id) = (parts.next().unwrap_or_default(), parts.next(), parts.next().unwrap_or_default());
    (kind, id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detection::DETECTORS;
    use std::collections::HashSet;

    #[test]
    fn every_reason_has_words_of_its_own() {
        let reasons = Refusal::ALL.iter().map(|refusal| refusal.as_str()).chain([
            refusals::DUPLICATE,
            "missing_signature",
            "bad_signature",
            "stale_timestamp",
        ]);
        let mut seen = HashSet::new();
        for word in reasons {
            assert!(seen.insert(reason(word)) && reason(word) != "Another reason", "{word}");
        }
    }

    #[test]
    fn every_detector_has_a_name_for_people() {
        for detector in DETECTORS {
            assert_ne!(kind(detector.id()), "Pattern", "{}", detector.id());
        }
    }

    #[test]
    fn a_source_is_named_by_what_is_kept_of_it() {
        let nothing = Glimpse::default();
        assert_eq!(source("change:acme/web:42", "acme/web", &nothing), "Pull request 42");
        assert_eq!(source("run:acme/web:77", "acme/web", &nothing), "Run 77 in acme/web");
        assert_eq!(source("message:C01:17.0001", "#help", &nothing), "A message in #help");
        let words = |text: &str| Some(text.to_owned());
        let kept = Glimpse { title: words("Faster builds"), workflow: words("checks"), first_words: words("Who knows why?") };
        assert_eq!(source("change:acme/web:42", "acme/web", &kept), "Pull request 42: Faster builds");
        assert_eq!(source("run:acme/web:77", "acme/web", &kept), "checks, run 77");
        assert_eq!(source("message:C01:17.0001", "#help", &kept), "“Who knows why?”");
    }
}
