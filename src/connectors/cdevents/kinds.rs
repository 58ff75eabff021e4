//! Which of the CDEvents are read. The signed body names its type (`context.type`); no header does.
//!
//! A type is `dev.cdevents.<subject>.<predicate>`, and its own version behind it (CDEvents specification, 'Common Metadata': `type`).

use crate::signals::refusal::Refusal;
use crate::signals::words;

/// How the types of the specification begin; those that tools make for themselves begin with `dev.cdeventsx.`.
const PREFIX: &str = "dev.cdevents.";

words! {
    /// The events that are read.
    Kind {
        ServiceDeployed = "service.deployed",
        ServiceUpgraded = "service.upgraded",
        ServiceRolledBack = "service.rolledback",
        ServiceRemoved = "service.removed",
        IncidentDetected = "incident.detected",
        IncidentReported = "incident.reported",
        IncidentResolved = "incident.resolved",
        PipelineRunStarted = "pipelinerun.started",
        PipelineRunFinished = "pipelinerun.finished",
        TaskRunStarted = "taskrun.started",
        TaskRunFinished = "taskrun.finished",
        ChangeCreated = "change.created",
        ChangeUpdated = "change.updated",
        ChangeReviewed = "change.reviewed",
        ChangeMerged = "change.merged",
        ChangeAbandoned = "change.abandoned",
    }
}

/// The kind of this type. Of a subject that is read, another predicate (`pipelinerun.queued`, `service.published`) changes nothing that is kept;
/// other subjects (artifacts, builds, tests, branches, repositories, environments, tickets, approvals) are not read.
pub(super) fn admit(event_type: &str) -> Result<Kind, Refusal> {
    let rest = event_type.strip_prefix(PREFIX).ok_or(Refusal::KindNotRead)?;
    let mut words = rest.splitn(3, '.');
    let (subject, predicate) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let name = format!("{subject}.{predicate}");
    let is_read = |kind: &&Kind| kind.as_str().split('.').next() == Some(subject);
    Kind::parse(&name).ok_or(if Kind::ALL.iter().any(|kind| is_read(&kind)) { Refusal::NothingToKeep } else { Refusal::KindNotRead })
}

/// Whether this version of the specification is one whose fields are known: 0.2 to 0.6, drafts too.
pub(super) fn is_known_version(version: &str) -> bool {
    let mut numbers = version.split(['.', '-']);
    numbers.next() == Some("0") && numbers.next().is_some_and(|minor| ["2", "3", "4", "5", "6"].contains(&minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_its_subject_and_predicate_whatever_its_version() {
        for version in ["", ".0.1.0", ".0.3.0", ".0.4.0-draft", ".1.0.0"] {
            assert_eq!(admit(&format!("dev.cdevents.service.deployed{version}")), Ok(Kind::ServiceDeployed), "{version}");
        }
        for (event_type, expected) in [
            ("dev.cdevents.service.published.0.3.0", Refusal::NothingToKeep),
            ("dev.cdevents.pipelinerun.queued.0.3.0", Refusal::NothingToKeep),
            ("dev.cdevents.service", Refusal::NothingToKeep),
            ("dev.cdevents.environment.created.0.3.0", Refusal::KindNotRead),
            ("dev.cdevents.build.finished.0.3.0", Refusal::KindNotRead),
            ("dev.cdevents.ticket.created.0.2.0", Refusal::KindNotRead),
            ("dev.cdeventsx.service.deployed.0.3.0", Refusal::KindNotRead),
            ("com.example.service.deployed", Refusal::KindNotRead),
            ("dev.cdevents.Service.deployed.0.3.0", Refusal::KindNotRead),
            ("", Refusal::KindNotRead),
        ] {
            assert_eq!(admit(event_type), Err(expected), "{event_type}");
        }
    }

    #[test]
    fn the_versions_that_are_known_are_0_2_to_0_6() {
        for known in ["0.2.0", "0.3.0", "0.4.1", "0.5.0", "0.6.0-draft", "0.6"] {
            assert!(is_known_version(known), "{known}");
        }
        for unknown in ["0.1.2", "0.7.0", "1.2.0", "0.20.0", "draft", "0", "", "0.-2"] {
            assert!(!is_known_version(unknown), "{unknown}");
        }
    }
}
