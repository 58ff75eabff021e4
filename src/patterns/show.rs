//! What a member may see: the patterns of their own teams.

use crate::auth::Principal;
use crate::base::clock::Instant;
use crate::base::error::{Code, Fault};
use crate::base::id::{ConnectionId, MemberId, PatternId, TeamId};
use crate::detection::candidate::Evidence;
use crate::orgs::{sources, teams};
use crate::patterns::{Details, Status, sql};
use crate::signals::place::Place;
use crate::store::{OrgDb, Read};

/// A pattern in a list.
#[derive(Clone, Debug)]
pub struct Summary {
    pub id: PatternId,
    pub team: TeamId,
    pub detector: String,
    /// The connection over which the scope is heard.
    pub connection: ConnectionId,
    pub scope: Place,
    /// What people call the scope, where an admin said so.
    pub scope_label: Option<String>,
    pub title: String,
    pub statement: String,
    pub status: Status,
    pub surfaced_at: Instant,
    /// The last look at which its condition held.
    pub last_seen_at: Instant,
    /// When a person closed it, or when it lapsed.
    pub closed_at: Option<Instant>,
    pub sources: usize,
    /// What its sources were drawn from.
    pub sources_total: usize,
}

/// A pattern, whole.
#[derive(Clone, Debug)]
pub struct Pattern {
    pub summary: Summary,
    /// Numbers, chart, windows, why it was surfaced, what would make it go away, options.
    pub details: Details,
    /// In the order of their times.
    pub evidence: Vec<Evidence>,
    /// Oldest first.
    pub decisions: Vec<Decision>,
}

/// What a person decided.
#[derive(Clone, Debug)]
pub struct Decision {
    pub at: Instant,
    pub status: Status,
    pub by: MemberId,
    pub note: Option<String>,
}

/// The patterns of the teams that whoever asks is a member of, newest first.
pub fn list(org: &OrgDb, who: &Principal) -> Result<Vec<Summary>, Fault> {
    org.read(|reader| {
        let mut found = Vec::new();
        for team in teams::of_member(reader, who.member())? {
            found.extend(sql::summaries(reader, org.id(), team)?);
        }
        for summary in &mut found {
            name_scope(reader, summary)?;
        }
        found.sort_by_key(|summary| std::cmp::Reverse((summary.surfaced_at, summary.id)));
        Ok(found)
    })
}

/// One pattern; `None` for one that does not exist and for one of another team.
pub fn show(org: &OrgDb, who: &Principal, id: PatternId) -> Result<Option<Pattern>, Fault> {
    org.read(|reader| {
        let Some((mut summary, details)) = sql::pattern(reader, org.id(), id)? else {
            return Ok(None);
        };
        if !teams::of_member(reader, who.member())?.contains(&summary.team) {
            return Ok(None);
        }
        name_scope(reader, &mut summary)?;
        let details =
            serde_json::from_str(&details).map_err(|error| Fault::new(Code::Damaged, "A stored pattern cannot be read").because(error))?;
        let (evidence, decisions) = (sql::evidence(reader, id)?, sql::decisions(reader, id)?);
        Ok(Some(Pattern { summary, details, evidence, decisions }))
    })
}

/// Puts what people call the scope in place of the tool's id.
fn name_scope(reader: &impl Read, summary: &mut Summary) -> Result<(), Fault> {
    let label = sources::label(reader, summary.connection, summary.scope.external_id())?;
    if let Some(label) = &label {
        summary.title = summary.title.replace(summary.scope.external_id(), label);
        summary.statement = summary.statement.replace(summary.scope.external_id(), label);
    }
    summary.scope_label = label;
    Ok(())
}
