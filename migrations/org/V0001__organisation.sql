-- One organisation: who may do what, what it reads, what it heard, what it was told, and what was done.
-- Instants are microseconds since the Unix epoch; ids are 16 bytes unless said otherwise.

CREATE TABLE organisation (
    id         BLOB PRIMARY KEY,
    name       TEXT NOT NULL,
    -- what environments are called that are production, divided by commas; no value: as everybody calls them
    production TEXT,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE role (
    member_id BLOB PRIMARY KEY,
    role      TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'privacy_officer', 'facilitator', 'member'))
) STRICT, WITHOUT ROWID;

CREATE TABLE team (
    id         BLOB PRIMARY KEY,
    slug       TEXT NOT NULL UNIQUE,
    zone       TEXT NOT NULL,
    dial       TEXT NOT NULL CHECK (dial IN ('quiet', 'normal', 'verbose')),
    created_at INTEGER NOT NULL,
    -- the last look whose detectors ran
    looked_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE team_member (
    team_id   BLOB NOT NULL REFERENCES team (id),
    member_id BLOB NOT NULL,
    is_facilitator INTEGER NOT NULL,
    -- whoever is in the team may know since when somebody sees its patterns
    added_at  INTEGER NOT NULL,
    PRIMARY KEY (team_id, member_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE api_token (
    -- SHA-256 of the token; the token itself is nowhere
    token_hash   BLOB PRIMARY KEY,
    -- what its holder sees of it in a list
    id           BLOB NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    member_id    BLOB NOT NULL,
    scopes       TEXT NOT NULL,
    -- the token that made it, with which it ends; no value: a session, or somebody at the machine
    made_with    BLOB,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    -- rounded down: a call must not cost a commit
    last_used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX api_token_of_member ON api_token (member_id);

-- Links by which people join. What is over is kept a while, so that whoever opens the link late is told so.
CREATE TABLE invitation (
    id         BLOB PRIMARY KEY,
    -- SHA-256 of the link's token; the token itself is nowhere
    token_hash BLOB NOT NULL UNIQUE,
    email      TEXT NOT NULL,
    role       TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'privacy_officer', 'facilitator', 'member')),
    team_id    BLOB REFERENCES team (id),
    invited_by BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- when it was accepted or revoked; no value: it is open until it expires
    ended_at   INTEGER
) STRICT, WITHOUT ROWID;

-- What a person said to have done, where nothing else can know.
CREATE TABLE confirmation (
    what TEXT PRIMARY KEY CHECK (what IN ('key_copy')),
    at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What an admin connected. `number` is the connection's own eight bytes.
CREATE TABLE connection (
    number     BLOB PRIMARY KEY,
    connector  TEXT NOT NULL,
    name       TEXT NOT NULL,
    base_url   TEXT,
    -- the tool's id of the workspace whose message was kept first: no other is heard over this connection
    workspace  TEXT,
    -- sealed with the organisation's key for secrets, bound to the connection; empty once it is removed
    secret     BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    -- what was captured keeps its own time, and needs the names of its sources
    removed_at INTEGER
) STRICT, WITHOUT ROWID;

-- The strictest thing ever said about a place, found by a keyed hash: most of these places nobody ever switched on, so not
-- even their ids are kept.
CREATE TABLE place_claim (
    connection BLOB NOT NULL REFERENCES connection (number) ON DELETE CASCADE,
    lookup     BLOB NOT NULL,
    claim      TEXT NOT NULL,
    PRIMARY KEY (connection, lookup)
) STRICT, WITHOUT ROWID;

-- The switch of each channel and repository. No row means: off.
CREATE TABLE source (
    connection    BLOB NOT NULL REFERENCES connection (number) ON DELETE CASCADE,
    external_id   TEXT NOT NULL,
    place_kind    TEXT NOT NULL CHECK (place_kind IN ('channel', 'repository', 'service')),
    -- what people call it, where an admin said so
    label         TEXT,
    is_subscribed INTEGER NOT NULL,
    team_id       BLOB NOT NULL REFERENCES team (id),
    -- when the source came to this team from another; no value: it was the first
    moved_at      INTEGER,
    -- the last stretch in shadow mode: what comes is counted, and nothing of it is kept. When it is over the source is off
    shadow_from   INTEGER,
    shadow_until  INTEGER,
    changed_at    INTEGER NOT NULL,
    PRIMARY KEY (connection, external_id),
    CHECK ((shadow_from IS NULL) = (shadow_until IS NULL)),
    CHECK (NOT (is_subscribed AND shadow_until IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- What would have become of the signals of a source in shadow mode. Counts by day, and nothing else.
CREATE TABLE shadow_tally (
    connection  BLOB NOT NULL,
    external_id TEXT NOT NULL,
    -- in the zone of the source's team, such as 2026-03-09
    day         TEXT NOT NULL,
    -- captured, stopped_locally, refused, passes, seen
    what        TEXT NOT NULL,
    -- the kind, the reason, the stop of the dial, the sort of thing
    which       TEXT NOT NULL,
    n           INTEGER NOT NULL,
    PRIMARY KEY (connection, external_id, day, what, which),
    FOREIGN KEY (connection, external_id) REFERENCES source (connection, external_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- What the readers of a source are to be told last, and whether a person says that it was posted.
CREATE TABLE notice (
    connection  BLOB NOT NULL,
    external_id TEXT NOT NULL,
    change      TEXT NOT NULL CHECK (change IN ('starts', 'changes', 'stops')),
    -- what starts, what it changed to, what stopped
    mode        TEXT NOT NULL CHECK (mode IN ('shadow', 'on')),
    due_at      INTEGER NOT NULL,
    -- when the source began to be listened to, in whatever mode
    since_at    INTEGER NOT NULL,
    -- it was read before, since then: what was kept is kept still, whatever becomes of the source
    is_after_reading INTEGER NOT NULL DEFAULT 0,
    -- whoever switched it, whom readers may ask; no value: somebody at the machine
    by_member   BLOB,
    posted_at   INTEGER,
    posted_by   BLOB,
    -- SHA-256 of what the readers were told is read, never read and kept
    told        BLOB,
    PRIMARY KEY (connection, external_id),
    FOREIGN KEY (connection, external_id) REFERENCES source (connection, external_id) ON DELETE CASCADE,
    CHECK ((posted_at IS NULL) = (posted_by IS NULL) AND (posted_at IS NULL) = (told IS NULL))
) STRICT, WITHOUT ROWID;

-- Stretches in which nobody listened: to a source while it was off; without one, to any, while the appliance was down.
CREATE TABLE unheard (
    connection  BLOB REFERENCES connection (number) ON DELETE CASCADE,
    external_id TEXT,
    from_at     INTEGER NOT NULL,
    -- no value: it goes on
    to_at       INTEGER,
    CHECK ((connection IS NULL) = (external_id IS NULL))
) STRICT;
CREATE INDEX unheard_of_source ON unheard (connection, external_id);

-- When the appliance last said that it listens.
CREATE TABLE heartbeat (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    at   INTEGER NOT NULL
) STRICT;

-- An account in a tool, found by keyed hash; what it is called lies sealed.
CREATE TABLE identity (
    lookup    BLOB PRIMARY KEY,
    person_id BLOB NOT NULL,
    handle    BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_of_person ON identity (person_id);

-- Keyed hashes of the names of those who stepped out. No time, no name, no actor: nobody's business.
CREATE TABLE opt_out (
    lookup    BLOB NOT NULL,
    receipt   BLOB NOT NULL,
    PRIMARY KEY (lookup, receipt)
) STRICT, WITHOUT ROWID;

CREATE TABLE signal (
    id          INTEGER PRIMARY KEY,
    connection  BLOB NOT NULL,
    place_kind  TEXT NOT NULL,
    place_id    TEXT NOT NULL,
    kind        TEXT NOT NULL,
    external_id TEXT NOT NULL,
    transition  TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    person_id   BLOB,
    actor_kind  TEXT NOT NULL,
    url         TEXT,
    -- redacted
    title       TEXT,
    -- redacted, of messages only
    text        TEXT,
    branch      TEXT,
    sha         TEXT,
    -- the thread of a message, the change of a review or run, the deployment of an incident
    parent      TEXT,
    workflow    TEXT,
    environment TEXT,
    production  INTEGER,
    conclusion  TEXT,
    attempt     INTEGER,
    -- the pre-filter's scores of this signal: of being a question, of being worth a look
    question    REAL NOT NULL,
    score       REAL NOT NULL
) STRICT;
CREATE UNIQUE INDEX signal_once ON signal (connection, place_id, kind, external_id, transition, occurred_at);
CREATE INDEX signal_at ON signal (connection, place_id, occurred_at);
CREATE INDEX signal_of_person ON signal (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX signal_with_text ON signal (received_at) WHERE text IS NOT NULL;

-- Deliveries that were captured: the second each tells of, and the SHA-256 of its own name, 16 bytes in all.
CREATE TABLE delivery_seen (
    key         BLOB PRIMARY KEY,
    received_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_seen_at ON delivery_seen (received_at);

-- Counts without content.
CREATE TABLE tally (
    -- captured, scored, stopped_locally, refused, withheld
    what  TEXT NOT NULL,
    -- the kind, the reason, the detector
    which TEXT NOT NULL,
    n     INTEGER NOT NULL,
    PRIMARY KEY (what, which)
) STRICT, WITHOUT ROWID;

CREATE TABLE connection_tally (
    connection BLOB NOT NULL REFERENCES connection (number) ON DELETE CASCADE,
    reason     TEXT NOT NULL,
    n          INTEGER NOT NULL,
    last_at    INTEGER NOT NULL,
    PRIMARY KEY (connection, reason)
) STRICT, WITHOUT ROWID;

CREATE TABLE pattern (
    id           BLOB PRIMARY KEY,
    team_id      BLOB NOT NULL REFERENCES team (id),
    detector     TEXT NOT NULL,
    -- two connections may each have a place of one id
    connection   BLOB NOT NULL,
    place_kind   TEXT NOT NULL,
    place_id     TEXT NOT NULL,
    title        TEXT NOT NULL,
    statement    TEXT NOT NULL,
    -- the rest of the finding, as JSON: numbers, chart, why, what would make it go away, options
    finding      TEXT NOT NULL,
    dial         TEXT NOT NULL,
    status       TEXT NOT NULL CHECK (status IN ('open', 'acknowledged', 'addressed', 'dismissed', 'lapsed')),
    surfaced_at  INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    closed_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX pattern_by_team ON pattern (team_id, surfaced_at);
CREATE UNIQUE INDEX pattern_one_open ON pattern (team_id, detector, connection, place_kind, place_id) WHERE closed_at IS NULL;

CREATE TABLE evidence (
    pattern_id  BLOB NOT NULL REFERENCES pattern (id) ON DELETE CASCADE,
    connection  BLOB NOT NULL,
    -- the name of the thing on its connection: kind:place:external id
    signal_key  TEXT NOT NULL,
    kind        TEXT NOT NULL,
    url         TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    PRIMARY KEY (pattern_id, connection, signal_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_by_key ON evidence (connection, signal_key);

-- What people decided. There is no row without a person.
CREATE TABLE decision (
    pattern_id BLOB NOT NULL REFERENCES pattern (id) ON DELETE CASCADE,
    decided_at INTEGER NOT NULL,
    status     TEXT NOT NULL,
    by_member  BLOB NOT NULL,
    note       TEXT,
    PRIMARY KEY (pattern_id, decided_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_entry (
    seq       INTEGER PRIMARY KEY AUTOINCREMENT,
    leaf      BLOB NOT NULL,
    leaf_hash BLOB NOT NULL,
    salt      BLOB,
    detail    TEXT
) STRICT;

CREATE TRIGGER audit_entry_leaf_is_final BEFORE UPDATE OF seq, leaf, leaf_hash ON audit_entry
BEGIN
    SELECT RAISE(ABORT, 'an audit leaf is final');
END;

CREATE TRIGGER audit_entry_stays BEFORE DELETE ON audit_entry
BEGIN
    SELECT RAISE(ABORT, 'an audit entry stays');
END;
