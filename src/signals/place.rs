//! Where a signal happened: a channel, a repository or a service.
//!
//! Never: a direct or group message. There is no variant for one, and no constructor that takes one.

use crate::base::subject::{Subject, sealed};
use std::fmt;

/// Longest external id of a place, in bytes: twice the longest `owner/name` of a git host.
const PLACE_BYTES_MAX: usize = 256;
/// Most parts of a repository's name: a group, the 20 subgroups that GitLab nests, and the name itself.
const PARTS_MAX: usize = 22;

/// A channel, a repository or a service, by the id its tool gives it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    Channel(Channel),
    Repository(Repository),
    Service(Deployed),
}

impl Subject for Place {}
impl sealed::Sealed for Place {}

/// A channel that is open to the members of a workspace.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Channel(String);

/// A repository, as `owner/name`, or where groups are nested as `group/subgroup/name`. Of Bitbucket Data Center the owner is a project, or
/// `~` and a person whose own it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Repository(String);

/// What is deployed, run or breaks, by the name that a tool knows it by which knows no repository.
///
/// No detector looks at one alone: whose work was deployed is known by the changes of a repository.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Deployed(String);

impl Channel {
    /// The channel with this id; `None` for an empty, overlong or ill-formed id and for every id of a direct message
    /// (`D…`), whatever else is said about it.
    pub fn parse(external_id: &str) -> Option<Self> {
        let is_plain = external_id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        let fits = !external_id.is_empty() && external_id.len() <= PLACE_BYTES_MAX;
        (fits && is_plain && !external_id.starts_with('D')).then(|| Self(external_id.to_owned()))
    }
}

impl Repository {
    /// The repository with this full name; `None` unless it is a name behind one or more owners. Whether owners can be nested
    /// is for each tool's own door to say ([`Self::is_nested`]).
    pub fn parse(full_name: &str) -> Option<Self> {
        let fits = full_name.len() <= PLACE_BYTES_MAX && (2..=PARTS_MAX).contains(&full_name.split('/').count());
        // Only an owner is a person, and only where no group stands around it.
        let (owner, name) = full_name.split_once('/')?;
        let of_person = if name.contains('/') { owner } else { owner.strip_prefix('~').unwrap_or(owner) };
        (fits && is_name(of_person) && name.split('/').all(is_name)).then(|| Self(full_name.to_owned()))
    }

    /// Whether more than an owner stands before its name.
    pub fn is_nested(&self) -> bool {
        self.0.split('/').count() > 2
    }
}

impl Deployed {
    /// The service of this name; `None` for an empty, overlong or ill-formed one.
    pub fn parse(name: &str) -> Option<Self> {
        (name.len() <= PLACE_BYTES_MAX && is_name(name)).then(|| Self(name.to_owned()))
    }
}

/// A word that can stand in a path.
fn is_name(part: &str) -> bool {
    !part.is_empty() && part != "." && part != ".." && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

impl Place {
    /// The id as the tool writes it.
    pub fn external_id(&self) -> &str {
        match self {
            Self::Channel(channel) => &channel.0,
            Self::Repository(repository) => &repository.0,
            Self::Service(service) => &service.0,
        }
    }

    /// `channel`, `repository` or `service`, as it is stored and shown.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Channel(_) => "channel",
            Self::Repository(_) => "repository",
            Self::Service(_) => "service",
        }
    }

    /// A place from its stored kind and external id.
    pub fn parse(kind: &str, external_id: &str) -> Option<Self> {
        match kind {
            "channel" => Channel::parse(external_id).map(Self::Channel),
            "repository" => Repository::parse(external_id).map(Self::Repository),
            "service" => Deployed::parse(external_id).map(Self::Service),
            _ => None,
        }
    }

    /// A place from its external id alone: `owner/name` is a repository, anything else a channel.
    pub fn from_external_id(external_id: &str) -> Option<Self> {
        if external_id.contains('/') { Self::parse("repository", external_id) } else { Self::parse("channel", external_id) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.external_id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_direct_message_is_no_place() {
        assert_eq!(Place::from_external_id("D024BE91L"), None);
        assert_eq!(Place::parse("channel", "D024BE91L"), None);
        assert!(Place::from_external_id("C024BE91L").is_some());
    }

    #[test]
    fn a_repository_is_owner_and_name() {
        for bad in [
            "/", "/b", "a/", "a/..", "a b/c", "a/b?c", "~/b", "~~a/b", "a~/b", "a/~b", "~../b", "a//b", "/a/b", "a/b/", "a/../b", "a/./b",
            "a/b/c d", "~a/b/c", "a/~b/c",
        ] {
            assert_eq!(Place::from_external_id(bad), None, "{bad}");
        }
        assert!(Place::from_external_id("octo-org/web.app").is_some());
        assert!(Place::from_external_id("~ana.lima/web").is_some(), "a person's own");
        assert!(Repository::parse("a/b").is_some_and(|repository| !repository.is_nested()));
    }

    #[test]
    fn groups_may_be_nested_and_not_without_end() {
        assert!(Repository::parse("a/b/c").is_some_and(|repository| repository.is_nested()));
        let deep = |parts: usize| vec!["a"; parts].join("/");
        assert!(Repository::parse(&deep(PARTS_MAX)).is_some());
        assert_eq!(Repository::parse(&deep(PARTS_MAX + 1)), None);
        assert_eq!(Repository::parse(&format!("{}/b", "a".repeat(PLACE_BYTES_MAX))), None);
    }

    #[test]
    fn a_service_is_a_word_and_stays_one_in_the_store() {
        for bad in ["", ".", "..", "a b", "a/b", "a?b", "\u{e9}", &"a".repeat(PLACE_BYTES_MAX + 1)] {
            assert_eq!(Deployed::parse(bad), None, "{bad}");
        }
        let place = Deployed::parse("Dashboard-2.eu_west").map(Place::Service).unwrap();
        assert_eq!((place.kind(), place.external_id()), ("service", "Dashboard-2.eu_west"));
        assert_eq!(Place::parse(place.kind(), place.external_id()), Some(place));
    }
}
