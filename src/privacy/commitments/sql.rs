//! What the live checks ask of the real files. Counts and names of columns; nothing that anybody wrote.

use crate::base::clock::Instant;
use crate::base::error::Fault;
#[cfg(test)]
use crate::base::id::OrgId;
#[cfg(test)]
use crate::store::Tx;
use crate::store::{Read, row};

/// Sources that are on, or in shadow mode at `now`, and of which the last thing that the log says is not that. A leaf whose detail was
/// erased speaks for one of them.
pub(super) fn sources_without_leaf(reader: &impl Read, now: Instant) -> Result<u64, Fault> {
    let unsaid = reader.one(
        "SELECT count(*) FROM source WHERE (is_subscribed OR shadow_until > ?1) AND coalesce((
             SELECT instr(CAST(leaf AS TEXT), iif(is_subscribed, '\"act\":\"source.switched_on\"', '\"act\":\"source.shadowed\"'))
             FROM audit_entry
             WHERE instr(CAST(leaf AS TEXT), '\"act\":\"source.') > 0
               AND instr(detail, ' ' || source.external_id || ' on connection ') > 0
               AND instr(detail, lower(hex(source.connection)) || ' ') > 0
             ORDER BY seq DESC LIMIT 1), 0) = 0",
        (now.as_microsecond(),),
        |row| row::count(row, 0),
    )?;
    let erased = reader.one(
        "SELECT count(*) FROM audit_entry WHERE detail IS NULL
           AND (instr(CAST(leaf AS TEXT), '\"act\":\"source.switched_on\"') > 0 OR instr(CAST(leaf AS TEXT), '\"act\":\"source.shadowed\"') > 0)",
        (),
        |row| row::count(row, 0),
    )?;
    Ok(unsaid.saturating_sub(erased))
}

/// Sources that are on, or in shadow mode at `now`.
pub(super) fn sources_heard(reader: &impl Read, now: Instant) -> Result<u64, Fault> {
    let at = (now.as_microsecond(),);
    reader.one("SELECT count(*) FROM source WHERE is_subscribed OR shadow_until > ?1", at, |row| row::count(row, 0))
}

/// Those of them of which no notice ever fell due.
pub(super) fn sources_without_notice(reader: &impl Read, now: Instant) -> Result<u64, Fault> {
    reader.one(
        "SELECT count(*) FROM source WHERE (is_subscribed OR shadow_until > ?1) AND NOT EXISTS (
             SELECT 1 FROM notice WHERE notice.connection = source.connection AND notice.external_id = source.external_id)",
        (now.as_microsecond(),),
        |row| row::count(row, 0),
    )
}

/// Those of them whose notice nobody has said to be posted.
pub(super) fn sources_untold(reader: &impl Read, now: Instant) -> Result<u64, Fault> {
    reader.one(
        "SELECT count(*) FROM source JOIN notice ON notice.connection = source.connection AND notice.external_id = source.external_id
         WHERE (is_subscribed OR shadow_until > ?1) AND posted_at IS NULL",
        (now.as_microsecond(),),
        |row| row::count(row, 0),
    )
}

/// Signals of places that no admin ever switched.
pub(super) fn signals_of_no_source(reader: &impl Read) -> Result<u64, Fault> {
    reader.one(
        "SELECT count(*) FROM signal WHERE NOT EXISTS (
             SELECT 1 FROM source WHERE source.connection = signal.connection AND source.external_id = signal.place_id)",
        (),
        |row| row::count(row, 0),
    )
}

pub(super) fn signals(reader: &impl Read) -> Result<u64, Fault> {
    reader.one("SELECT count(*) FROM signal", (), |row| row::count(row, 0))
}

/// Signals of Slack's direct and group conversations, which its ids tell (`D` and `G`), and sources that ever were on or counted.
pub(super) fn private_places(reader: &impl Read) -> Result<u64, Fault> {
    reader.one(
        "SELECT (SELECT count(*) FROM signal JOIN connection ON connection.number = signal.connection
                 WHERE connector = 'slack' AND substr(place_id, 1, 1) IN ('D', 'G'))
              + (SELECT count(*) FROM source JOIN connection ON connection.number = source.connection
                 WHERE connector = 'slack' AND (is_subscribed OR shadow_until IS NOT NULL) AND substr(external_id, 1, 1) IN ('D', 'G'))
              + (SELECT count(*) FROM signal WHERE place_kind NOT IN ('channel', 'repository'))",
        (),
        |row| row::count(row, 0),
    )
}

/// Signals whose author stepped out.
pub(super) fn signals_of_stepped_out(reader: &impl Read) -> Result<u64, Fault> {
    reader.one(
        "SELECT count(*) FROM signal WHERE person_id IN (
             SELECT person_id FROM identity JOIN opt_out ON opt_out.lookup = identity.lookup)",
        (),
        |row| row::count(row, 0),
    )
}

/// Leaves of somebody's stepping out that say who asked for it, or at what time of the day.
pub(super) fn opt_outs_named(reader: &impl Read) -> Result<u64, Fault> {
    reader.one(
        "SELECT count(*) FROM audit_entry WHERE instr(CAST(leaf AS TEXT), '\"act\":\"person.stepped_out\"') > 0
           AND instr(CAST(leaf AS TEXT), 'T00:00:00Z\",\"actor\":\"withheld\"') = 0",
        (),
        |row| row::count(row, 0),
    )
}

pub(super) fn opt_outs(reader: &impl Read) -> Result<u64, Fault> {
    reader.one("SELECT count(DISTINCT receipt) FROM opt_out", (), |row| row::count(row, 0))
}

pub(super) fn patterns(reader: &impl Read) -> Result<u64, Fault> {
    reader.one("SELECT count(*) FROM pattern", (), |row| row::count(row, 0))
}

/// Patterns that still stand open and have nothing to show for it.
pub(super) fn patterns_without_evidence(reader: &impl Read) -> Result<u64, Fault> {
    reader.one(
        "SELECT count(*) FROM pattern WHERE closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM evidence WHERE evidence.pattern_id = pattern.id)",
        (),
        |row| row::count(row, 0),
    )
}

/// Patterns that somebody is said to have decided on, without a decision that names who.
pub(super) fn patterns_without_decision(reader: &impl Read) -> Result<u64, Fault> {
    reader.one(
        "SELECT count(*) FROM pattern WHERE status IN ('acknowledged', 'addressed', 'dismissed')
           AND NOT EXISTS (SELECT 1 FROM decision WHERE decision.pattern_id = pattern.id AND length(by_member) = 16)",
        (),
        |row| row::count(row, 0),
    )
}

pub(super) fn decisions(reader: &impl Read) -> Result<u64, Fault> {
    reader.one("SELECT count(*) FROM decision", (), |row| row::count(row, 0))
}

/// For each stop of the dial, the most patterns that a team was shown within one week, in microseconds.
pub(super) fn most_patterns_in(reader: &impl Read, week_us: i64) -> Result<Vec<(String, u64)>, Fault> {
    reader.all(
        "SELECT dial, max(n) FROM (
             SELECT first.dial AS dial, (SELECT count(*) FROM pattern AS other WHERE other.team_id = first.team_id AND other.dial = first.dial
                 AND other.surfaced_at >= first.surfaced_at AND other.surfaced_at < first.surfaced_at + ?1) AS n
             FROM pattern AS first) GROUP BY dial",
        (week_us,),
        |row| Ok((row.get(0)?, row::count(row, 1)?)),
    )
}

/// The stop of the dial of every team.
pub(super) fn dials(reader: &impl Read) -> Result<Vec<String>, Fault> {
    reader.all("SELECT dial FROM team", (), |row| row.get(0))
}

/// Every column of every table: table, column, type.
pub(super) fn columns(reader: &impl Read) -> Result<Vec<(String, String, String)>, Fault> {
    reader.all(
        "SELECT tables.name, columns.name, columns.type FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
         WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%' ORDER BY 1, 2",
        (),
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}

/// The tools of the connections.
pub(super) fn connectors(reader: &impl Read) -> Result<Vec<String>, Fault> {
    reader.all("SELECT DISTINCT connector FROM connection WHERE removed_at IS NULL", (), |row| row.get(0))
}

/// How many signals were counted under one word.
pub(super) fn counted(reader: &impl Read, what: &str) -> Result<u64, Fault> {
    reader.one("SELECT coalesce(sum(n), 0) FROM tally WHERE what = ?1", (what,), |row| row::count(row, 0))
}

/// What somebody would do to a log to hide an act. The database itself must refuse each.
pub(super) const TAMPERING: [&str; 3] = [
    "UPDATE audit_entry SET leaf = x'00' WHERE seq = 1",
    "UPDATE audit_entry SET seq = 99 WHERE seq = 1",
    "DELETE FROM audit_entry WHERE seq = 1",
];

/// What would break each promise: put into a file by hand, as no code of ours would.
#[cfg(test)]
pub(super) fn plant(tx: &Tx<'_>, statements: &'static [&'static str]) -> Result<(), Fault> {
    statements.iter().try_for_each(|statement| tx.run(statement, ()).map(drop))
}

/// Makes a plain database, as no code of ours would.
#[cfg(test)]
pub(super) fn make_plain(path: &std::path::Path) {
    rusqlite::Connection::open(path).and_then(|plain| plain.execute_batch("CREATE TABLE signal (text TEXT)")).unwrap();
}

/// The wrapped key of an organisation's file.
#[cfg(test)]
pub(super) fn wrapped_key(reader: &impl Read, org: OrgId) -> Result<Vec<u8>, Fault> {
    reader.one("SELECT wrapped FROM org_key WHERE org_id = ?1 AND purpose = 'file'", (org.as_bytes(),), |row| row.get(0))
}

#[cfg(test)]
pub(super) fn put_wrapped_key(tx: &Tx<'_>, org: OrgId, wrapped: &[u8]) -> Result<(), Fault> {
    tx.run("UPDATE org_key SET wrapped = ?2 WHERE org_id = ?1 AND purpose = 'file'", (org.as_bytes(), wrapped)).map(drop)
}

#[cfg(test)]
pub(super) mod planted {
    const TEAM: &str = "INSERT INTO team (id, slug, zone, dial, created_at, looked_at) VALUES (x'01', 'web', 'UTC', 'quiet', 0, 0)";
    const CHAT: &str =
        "INSERT INTO connection (number, connector, name, secret, created_at) VALUES (x'0102030405060708', 'slack', 'Chat', x'00', 0)";
    const SIGNAL: &str = "INSERT INTO signal (connection, place_kind, place_id, kind, external_id, transition, occurred_at, received_at, person_id, actor_kind, question, score)
         VALUES (x'0102030405060708', 'channel', 'C0OPEN', 'message', '1', 'posted', 0, 0, x'07', 'human', 0, 0)";
    const SOURCE: &str = "INSERT INTO source (connection, external_id, place_kind, is_subscribed, team_id, changed_at) VALUES (x'0102030405060708', 'C0OPEN', 'channel', 1, x'01', 0)";
    const NOTICE: &str = "INSERT INTO notice (connection, external_id, change, mode, due_at, since_at) VALUES (x'0102030405060708', 'C0OPEN', 'starts', 'on', 0, 0)";
    const PATTERN: &str = "INSERT INTO pattern (id, team_id, detector, connection, place_kind, place_id, title, statement, finding, dial, status, surfaced_at, last_seen_at)
         VALUES (x'01', x'01', 'd', x'0102030405060708', 'channel', 'C0OPEN', 't', 's', '{}', 'quiet', 'open', 0, 0)";

    pub(in super::super) const SOURCE_WITHOUT_LEAF: &[&str] = &[TEAM, CHAT, SOURCE, NOTICE];
    /// It was switched on by an admin once, off again, and on by hand.
    pub(in super::super) const SOURCE_SWITCHED_OFF_LAST: &[&str] = &[
        TEAM,
        CHAT,
        "INSERT INTO audit_entry (leaf, leaf_hash, salt, detail) VALUES
             (CAST('{\"act\":\"source.switched_on\"}' AS BLOB), x'00', x'00', 'Reading of C0OPEN on connection 000102030405060708 was switched on for the team web.'),
             (CAST('{\"act\":\"source.switched_off\"}' AS BLOB), x'00', x'00', 'Reading of C0OPEN on connection 000102030405060708 was switched off.')",
        SOURCE,
        NOTICE,
    ];
    pub(in super::super) const SHADOW_WITHOUT_LEAF: &[&str] = &[
        TEAM,
        CHAT,
        "INSERT INTO source (connection, external_id, place_kind, is_subscribed, team_id, shadow_from, shadow_until, changed_at) VALUES (x'0102030405060708', 'C0OPEN', 'channel', 0, x'01', 0, 9000000000000000, 0)",
        NOTICE,
    ];
    pub(in super::super) const SOURCE_WITHOUT_NOTICE: &[&str] = &[
        TEAM,
        CHAT,
        "INSERT INTO audit_entry (leaf, leaf_hash, salt, detail) VALUES
             (CAST('{\"act\":\"source.switched_on\"}' AS BLOB), x'00', x'00', 'Reading of C0OPEN on connection 000102030405060708 was switched on for the team web.')",
        SOURCE,
    ];
    pub(in super::super) const SIGNAL_OF_NO_SOURCE: &[&str] = &[CHAT, SIGNAL];
    pub(in super::super) const DIRECT_MESSAGE: &[&str] = &[
        CHAT,
        "INSERT INTO signal (connection, place_kind, place_id, kind, external_id, transition, occurred_at, received_at, actor_kind, question, score)
         VALUES (x'0102030405060708', 'channel', 'D0DIRECT', 'message', '1', 'posted', 0, 0, 'human', 0, 0)",
    ];
    pub(in super::super) const DIRECT_MESSAGES_COUNTED: &[&str] = &[
        TEAM,
        CHAT,
        "INSERT INTO source (connection, external_id, place_kind, is_subscribed, team_id, shadow_from, shadow_until, changed_at) VALUES (x'0102030405060708', 'G0GROUP', 'channel', 0, x'01', 0, 9000000000000000, 0)",
    ];
    pub(in super::super) const COLUMN_FOR_CODE: &[&str] = &["ALTER TABLE signal ADD COLUMN diff TEXT"];
    pub(in super::super) const KEPT_OF_STEPPED_OUT: &[&str] = &[
        CHAT,
        SIGNAL,
        "INSERT INTO identity (lookup, person_id) VALUES (x'0a', x'07')",
        "INSERT INTO opt_out (lookup, receipt) VALUES (x'0a', x'0b')",
    ];
    pub(in super::super) const OPT_OUT_WITH_A_NAME: &[&str] = &["INSERT INTO audit_entry (leaf, leaf_hash, salt, detail) VALUES
             (CAST('{\"v\":1,\"at\":\"2026-03-02T00:00:00Z\",\"actor\":\"member:1\",\"act\":\"person.stepped_out\"}' AS BLOB), x'00', x'00', 'x')"];
    pub(in super::super) const PATTERN_WITHOUT_EVIDENCE: &[&str] = &[TEAM, PATTERN];
    pub(in super::super) const LOG_WITHOUT_LOCK: &[&str] = &["DROP TRIGGER audit_entry_stays"];
    pub(in super::super) const LOUD_WEEK: &[&str] = &[
        TEAM,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4)
         INSERT INTO pattern (id, team_id, detector, connection, place_kind, place_id, title, statement, finding, dial, status, surfaced_at, last_seen_at)
         SELECT CAST(CAST(i AS TEXT) AS BLOB), x'01', 'd' || i, x'0102030405060708', 'channel', 'C0OPEN', 't', 's', '{}', 'quiet', 'open', i, i FROM n",
    ];
    pub(in super::super) const NUMBER_OF_A_PERSON: &[&str] = &["ALTER TABLE identity ADD COLUMN reply_hours REAL"];
    pub(in super::super) const NUMBER_OF_SOMEBODY_INVITED: &[&str] = &["ALTER TABLE invitation ADD COLUMN promise REAL"];
    pub(in super::super) const TABLE_OF_PEOPLE: &[&str] = &["CREATE TABLE ranking (member_id BLOB, place INTEGER) STRICT"];
    pub(in super::super) const DECIDED_BY_NOBODY: &[&str] = &[TEAM, PATTERN, "UPDATE pattern SET status = 'dismissed', closed_at = 1"];
    pub(in super::super) const UNKNOWN_TOOL: &[&str] =
        &["INSERT INTO connection (number, connector, name, secret, created_at) VALUES (x'0102030405060709', 'mailbox', 'Mail', x'00', 0)"];
    pub(in super::super) const KEPT_WITHOUT_SCORE: &[&str] = &["INSERT INTO tally (what, which, n) VALUES ('captured', 'message', 3)"];
}
