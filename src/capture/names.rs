//! The names that are cut out of text, opened once and kept until someone new is seen or someone steps out.

use crate::base::error::Fault;
use crate::base::id::OrgId;
use crate::capture::redact::{Account, Names, SOMEONE};
use crate::people::identity::{self, KnownName};
use crate::people::{Lookups, OptOuts};
use crate::store::OrgDb;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Known names by organisation and tool.
#[derive(Default)]
pub(super) struct KnownNames(Mutex<HashMap<(OrgId, &'static str), Entry>>);

struct Entry {
    identities: u64,
    opt_outs: Arc<OptOuts>,
    names: Names,
}

impl KnownNames {
    /// The names that deliveries of this tool are cleared of, as of now.
    pub(super) fn of(&self, org: &OrgDb, connector: &'static str, opt_outs: &Arc<OptOuts>) -> Result<Names, Fault> {
        let identities = identity::count(org)?;
        let is_same = |entry: &Entry| Arc::ptr_eq(&entry.opt_outs, opt_outs) || entry.opt_outs == *opt_outs;
        if let Some(entry) = self.entries().get_mut(&(org.id(), connector))
            && entry.identities == identities
            && is_same(entry)
        {
            // Next time one look at the address says so.
            entry.opt_outs = Arc::clone(opt_outs);
            return Ok(entry.names.clone());
        }
        // Opened while nobody waits: where several do at once, each of their answers holds.
        let names = open(org, connector, opt_outs)?;
        self.entries().insert((org.id(), connector), Entry { identities, opt_outs: Arc::clone(opt_outs), names: names.clone() });
        Ok(names)
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<(OrgId, &'static str), Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn open(org: &OrgDb, connector: &'static str, opt_outs: &Arc<OptOuts>) -> Result<Names, Fault> {
    let lookups = Arc::new(Lookups::of(org)?);
    let known = org.read(|reader| identity::known_names(reader, &lookups))?;
    let (own_lookups, own_opt_outs) = (Arc::clone(&lookups), Arc::clone(opt_outs));
    let accounts = known.into_iter().map(|name| account(name, connector));
    let unknown = move |name: &str| {
        // Nobody with this name was seen yet; they may have stepped out all the same.
        let stepped_out = own_opt_outs.includes(&own_lookups, connector, name, None);
        if stepped_out { SOMEONE.to_owned() } else { own_lookups.pseudonym(connector, name) }
    };
    Ok(if opt_outs.is_empty() {
        Names::new(accounts, unknown)
    } else {
        let opt_outs = Arc::clone(opt_outs);
        Names::asking(accounts, unknown, move |word| opt_outs.includes_name(&lookups, word))
    })
}

/// An account of another tool is known here by what it is called, not by its id.
fn account(name: KnownName, connector: &str) -> Account {
    let external_id = if name.connector == connector { name.external_id } else { format!("{}\0{}", name.connector, name.external_id) };
    Account { external_id, called: vec![name.handle.reveal().clone()], pseudonym: name.pseudonym, stepped_out: name.has_stepped_out }
}

impl fmt::Debug for KnownNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KnownNames(..)")
    }
}
