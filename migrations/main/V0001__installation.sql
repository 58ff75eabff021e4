-- The keys of each organisation's file, wrapped by the master key. Whoever deletes all rows of an organisation has made its file
-- unreadable for good.
CREATE TABLE org_key (
    org_id BLOB NOT NULL CHECK (length(org_id) = 16),
    -- 'file': what SQLCipher encrypts the file with; 'root': what the organisation's sub-keys are derived from.
    purpose TEXT NOT NULL CHECK (purpose IN ('file', 'root')),
    -- Counts from 1; the highest is in force. A rotation keeps the former until the new file is durable.
    version INTEGER NOT NULL CHECK (version >= 1),
    -- Which master key wrapped it (a check value, not a key).
    kek_id TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    -- Microseconds since the Unix epoch.
    created_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, purpose, version)
) STRICT, WITHOUT ROWID;
