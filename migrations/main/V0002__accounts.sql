-- Accounts, sessions, and the audit log of the installation itself.

CREATE TABLE member (
    id         BLOB PRIMARY KEY,
    email      TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    -- argon2id, as a PHC string
    password   TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE membership (
    member_id BLOB NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    org_id    BLOB NOT NULL,
    PRIMARY KEY (member_id, org_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    -- SHA-256 of the cookie; the cookie itself is nowhere
    token_hash   BLOB PRIMARY KEY,
    -- what its holder sees of it in a list
    id           BLOB NOT NULL UNIQUE,
    member_id    BLOB NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    org_id       BLOB NOT NULL,
    -- the kind of browser and system, in words of ours; not what the browser said
    device       TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX session_of_member ON session (member_id);

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

-- The certificate that the installation signed itself.
CREATE TABLE tls_identity (
    only        INTEGER PRIMARY KEY CHECK (only = 1),
    certificate BLOB NOT NULL,
    private_key BLOB NOT NULL,
    ends_at     INTEGER NOT NULL
) STRICT;
