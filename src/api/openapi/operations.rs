//! Every operation of the API: one row each.

use crate::auth::Scope;

/// A method at a path.
pub struct Operation {
    pub method: &'static str,
    /// After that of the door.
    pub path: &'static str,
    /// Its lasting name, for generators of clients.
    pub id: &'static str,
    pub summary: &'static str,
    /// The right that token and role must have; `None`: any token will do.
    pub scope: Option<Scope>,
    /// The schema of the body that it takes.
    pub body: Option<&'static str>,
    /// The status of success, and the schema of what is answered then.
    pub done: (u16, Option<&'static str>),
    /// Statuses beside the usual ones.
    pub also: &'static [u16],
}

const fn read(path: &'static str, id: &'static str, summary: &'static str, scope: Scope, answer: &'static str) -> Operation {
    Operation { method: "GET", path, id, summary, scope: Some(scope), body: None, done: (200, Some(answer)), also: &[] }
}

/// Every operation there is.
pub static OPERATIONS: &[Operation] = &[
    read("/connections", "listConnections", "The installed tools.", Scope::ReadConnections, "Connections"),
    Operation {
        method: "POST",
        path: "/connections",
        id: "createConnection",
        summary: "Installs a tool. A secret that is made for it is in this one answer.",
        scope: Some(Scope::WriteConnections),
        body: Some("NewConnection"),
        done: (201, Some("ConnectionWithSecret")),
        also: &[409],
    },
    Operation {
        method: "DELETE",
        path: "/connections/{id}",
        id: "removeConnection",
        summary: "Removes a connection: its sources are off, its secret is gone.",
        scope: Some(Scope::WriteConnections),
        body: None,
        done: (204, None),
        also: &[],
    },
    Operation {
        method: "PUT",
        path: "/connections/{id}/secret",
        id: "replaceSecret",
        summary: "Replaces its secret.",
        scope: Some(Scope::WriteConnections),
        body: Some("NewSecret"),
        done: (200, Some("ConnectionWithSecret")),
        also: &[],
    },
    read("/connections/{id}/sources", "listSources", "Its channels or repositories.", Scope::ReadConnections, "Sources"),
    Operation {
        method: "PUT",
        path: "/connections/{id}/sources/{external_id}",
        id: "switchSource",
        summary: "Switches a source on or off, or gives it to another team.",
        scope: Some(Scope::WriteSources),
        body: Some("SourceSwitch"),
        done: (200, Some("Source")),
        also: &[],
    },
    read("/notices", "listNotices", "What the readers of each source are to be told, or were.", Scope::ReadConnections, "Notices"),
    Operation {
        method: "PUT",
        path: "/notices/{connection}/{external_id}",
        id: "confirmNotice",
        summary: "A person says that a notice was posted.",
        scope: Some(Scope::WriteSources),
        body: Some("NoticePosted"),
        done: (204, None),
        also: &[409],
    },
    read("/signals/summary", "summariseSignals", "What was captured and refused, as counts.", Scope::ReadSignals, "SignalSummary"),
    read("/patterns", "listPatterns", "The patterns of one's teams.", Scope::ReadPatterns, "Patterns"),
    read("/patterns/{id}", "showPattern", "One pattern, with its numbers and sources.", Scope::ReadPatterns, "Pattern"),
    Operation {
        method: "PUT",
        path: "/patterns/{id}/status",
        id: "decidePattern",
        summary: "A person's decision on a pattern.",
        scope: Some(Scope::Decide),
        body: Some("Decision"),
        done: (200, Some("Pattern")),
        also: &[409],
    },
    read("/people/opt-outs", "countOptOuts", "How often people stepped out; never who.", Scope::ReadOptOuts, "OptOutCount"),
    Operation {
        method: "POST",
        path: "/people/opt-outs",
        id: "stepOut",
        summary: "A person steps out, in every tool.",
        scope: Some(Scope::StepOut),
        body: Some("OptOut"),
        done: (201, Some("OptOutReceipt")),
        also: &[],
    },
    Operation {
        method: "GET",
        path: "/promises",
        id: "verifyPromises",
        summary: "Every promise with the result of its live check against this installation, at most ten minutes old.",
        scope: None,
        body: None,
        done: (200, Some("Promises")),
        also: &[],
    },
    Operation {
        method: "PUT",
        path: "/sandbox/clock",
        id: "setClock",
        summary: "In a sandbox: sets the clock, and does what has become due by then. Elsewhere it does not exist.",
        scope: Some(Scope::SetClock),
        body: Some("SandboxClock"),
        done: (200, Some("SandboxClock")),
        also: &[404],
    },
];
