//! Connections: one installed tool of an organisation, with its secret under seal.

use crate::audit::{self, Act, Actor};
use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::base::id::ConnectionId;
use crate::base::secret::Secret;
use crate::base::text::one_line;
use crate::crypto::{random, seal, token};
use crate::orgs::{sources, sql};
use crate::store::{OrgDb, Read, Tx};
use std::sync::Arc;

/// Longest name of a connection, in characters: one line of a table.
pub const NAME_CHARS_MAX: usize = 80;
/// Shortest secret that is taken, in bytes: 128 bits of hex. Slack's signing secrets are 32 hex digits.
pub const SECRET_BYTES_MIN: usize = 16;
/// Longest secret that is taken, in bytes.
pub const SECRET_BYTES_MAX: usize = 256;
/// Longest base address, in bytes.
const BASE_URL_BYTES_MAX: usize = 200;
/// What the seal of a secret is bound to, beside the connection.
const SEAL_LABEL: &str = "connection secret";

/// A connection, as an admin sees it.
#[derive(Clone, Debug)]
pub struct Connection {
    pub id: ConnectionId,
    pub connector: String,
    pub name: String,
    pub base_url: Option<String>,
    pub created_at: Instant,
}

/// A connection that was just made. Its secret is shown this once.
#[derive(Debug)]
pub struct Created {
    pub connection: Connection,
    pub secret: Secret<String>,
    /// Who made the secret: one that the admin brought need not be shown.
    pub made_by: SecretMaker,
}

/// Who makes the secret that a tool signs its deliveries with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretMaker {
    /// The admin enters ours in the tool. One of their own is taken too.
    Us,
    /// The tool issues it: one that we made up would never fit.
    Tool,
}

/// What an admin asks for.
#[derive(Debug)]
pub struct NewConnection {
    /// From [`reserve`], so that a form that is sent twice makes one connection; a fresh one where it is not given.
    pub id: Option<ConnectionId>,
    /// A name from the list of connectors; the door has checked it.
    pub connector: &'static str,
    pub secret_maker: SecretMaker,
    /// Whether the tool's links cannot be made without its address.
    pub needs_base_url: bool,
    pub name: String,
    /// Where the tool's pages are.
    pub base_url: Option<String>,
    /// The secret that the tool signs with; where it is not given, made here, if that is ours to do.
    pub secret: Option<Secret<String>>,
}

/// Why a connection cannot be made.
#[derive(Debug)]
pub enum ConnectError {
    NameMissing,
    /// Longer than [`NAME_CHARS_MAX`].
    NameTooLong,
    BaseUrlMissing,
    /// Not an `https://` address of a host.
    BadBaseUrl,
    /// The tool issues it, and it was not given.
    SecretMissing,
    /// Shorter than [`SECRET_BYTES_MIN`], longer than [`SECRET_BYTES_MAX`], or with a character that no tool puts into one.
    BadSecret,
    /// The reserved id was used before: the form was sent twice.
    Exists,
    Fault(Fault),
}

impl From<Fault> for ConnectError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// An id for a form: whatever is sent with it makes one connection, however often it is sent.
pub fn reserve(org: &OrgDb) -> Result<ConnectionId, Fault> {
    Ok(ConnectionId::new(org.id(), random::bytes()?))
}

/// Makes a connection. All its sources are off.
pub fn create(org: &OrgDb, wish: NewConnection, actor: Actor, now: Instant) -> Result<Created, ConnectError> {
    let name = one_line(&wish.name, NAME_CHARS_MAX + 1);
    if name.is_empty() {
        return Err(ConnectError::NameMissing);
    }
    if name.chars().count() > NAME_CHARS_MAX {
        return Err(ConnectError::NameTooLong);
    }
    let base_url =
        wish.base_url.filter(|url| !url.trim().is_empty()).map(|url| parse_base_url(&url).ok_or(ConnectError::BadBaseUrl)).transpose()?;
    if base_url.is_none() && wish.needs_base_url {
        return Err(ConnectError::BaseUrlMissing);
    }
    let (secret, made_by) = secret_of(wish.secret, wish.secret_maker)?;
    let id = match wish.id.filter(|id| id.org() == org.id()) {
        Some(id) => id,
        None => reserve(org)?,
    };
    let sealed = sealed(org, id, &secret)?;
    let connection = Connection { id, connector: wish.connector.to_owned(), name, base_url, created_at: now };
    let row = connection.clone();
    org.write(move |tx| {
        if sql::is_taken(tx, id)? {
            return Err(ConnectError::Exists);
        }
        let act = Act::ConnectionCreated { connection: id, connector: row.connector.clone(), name: row.name.clone() };
        let audited = audit::record(tx, now, actor, &act)?;
        Ok(sql::insert_connection(&audited, &row, &sealed)?)
    })?;
    Ok(Created { connection, secret, made_by })
}

/// Gives a connection another secret; from this commit on the old one proves nothing. `None` where there is no such connection.
pub fn replace_secret(
    org: &OrgDb,
    id: ConnectionId,
    (given, maker): (Option<Secret<String>>, SecretMaker),
    actor: Actor,
    now: Instant,
) -> Result<Option<Created>, ConnectError> {
    let (secret, made_by) = secret_of(given, maker)?;
    let Some(connection) = find(org, id)? else {
        return Ok(None);
    };
    let sealed = sealed(org, id, &secret)?;
    let is_replaced = org.write(move |tx| {
        if sql::connection(tx, id)?.is_none() {
            return Ok(false);
        }
        let audited = audit::record(tx, now, actor, &Act::ConnectionSecretReplaced { connection: id })?;
        sql::set_secret(&audited, id, &sealed)?;
        Ok::<_, Fault>(true)
    })?;
    Ok(is_replaced.then_some(Created { connection, secret, made_by }))
}

/// Removes a connection: its sources are off, its secret is gone, its deliveries are those of a stranger. What was captured
/// stays for its own time, and so do patterns. `false` where there is no such connection.
pub fn remove(org: &OrgDb, id: ConnectionId, actor: Actor, now: Instant) -> Result<bool, Fault> {
    if id.org() != org.id() {
        return Ok(false);
    }
    org.write(move |tx| {
        if sql::connection(tx, id)?.is_none() {
            return Ok(false);
        }
        sources::switch_all_off(tx, id, (actor.member(), actor), now)?;
        sql::set_removed(&audit::record(tx, now, actor, &Act::ConnectionRemoved { connection: id })?, id, now)?;
        Ok(true)
    })
}

/// Printable characters of ASCII: what was copied along with one, and is not seen, would make every signature wrong.
fn is_secret(text: &str) -> bool {
    (SECRET_BYTES_MIN..=SECRET_BYTES_MAX).contains(&text.len()) && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

fn secret_of(given: Option<Secret<String>>, maker: SecretMaker) -> Result<(Secret<String>, SecretMaker), ConnectError> {
    match (given, maker) {
        (Some(secret), _) if is_secret(secret.reveal()) => Ok((secret, SecretMaker::Tool)),
        (Some(_), _) => Err(ConnectError::BadSecret),
        (None, SecretMaker::Us) => Ok((token::signing_secret()?, SecretMaker::Us)),
        (None, SecretMaker::Tool) => Err(ConnectError::SecretMissing),
    }
}

fn sealed(org: &OrgDb, id: ConnectionId, secret: &Secret<String>) -> Result<Vec<u8>, Fault> {
    seal::seal(&org.subkey(SEAL_LABEL)?, id.to_string().as_bytes(), secret.reveal().as_bytes())
}

/// Every connection, oldest first.
pub fn list(org: &OrgDb) -> Result<Vec<Connection>, Fault> {
    org.read(|reader| sql::connections(reader, org.id()))
}

/// One connection; `None` for one that does not exist, here or anywhere.
pub fn find(org: &OrgDb, id: ConnectionId) -> Result<Option<Connection>, Fault> {
    if id.org() != org.id() {
        return Ok(None);
    }
    let found =
        org.known("connection", id.number(), |reader| Ok::<_, Fault>(sql::connection(reader, id)?.map(|(connection, _)| connection)))?;
    Ok(found.as_ref().clone())
}

/// One connection with the secret that its tool signs with: opened once, and wiped from memory with whatever else is remembered.
pub fn find_with_secret(org: &OrgDb, id: ConnectionId) -> Result<Option<(Connection, Secret<String>)>, Fault> {
    if id.org() != org.id() {
        return Ok(None);
    }
    let found = org.known("connection and secret", id.number(), |reader| {
        let Some((connection, sealed)) = sql::connection(reader, id)? else {
            return Ok::<_, Fault>(None);
        };
        let secret = seal::open_text(&org.subkey(SEAL_LABEL)?, id.to_string().as_bytes(), &sealed)?;
        Ok(Some((connection, secret)))
    })?;
    Ok(found.as_ref().clone())
}

/// Whether this is the secret that the connection's tool signs with.
pub fn signs_with(reader: &impl Read, org: &OrgDb, id: ConnectionId, secret: &Secret<String>) -> Result<bool, Fault> {
    let Some((_, sealed)) = sql::connection(reader, id)? else {
        return Ok(false);
    };
    Ok(seal::open_text(&org.subkey(SEAL_LABEL)?, id.to_string().as_bytes(), &sealed)?.reveal() == secret.reveal())
}

/// The workspace that a connection belongs to; `None` until a message of one was kept.
pub fn workspace(org: &OrgDb, id: ConnectionId) -> Result<Arc<Option<String>>, Fault> {
    org.known("workspace", id.number(), |reader| sql::workspace(reader, id))
}

/// Binds a connection to the workspace of the first message that is kept, and answers whether it belongs to this one. An
/// app may be installed in several workspaces with one secret: the signature does not tell them apart.
pub fn belongs_to(tx: &Tx<'_>, id: ConnectionId, workspace: &str) -> Result<bool, Fault> {
    if let Some(bound) = sql::workspace(tx, id)? {
        return Ok(bound == workspace);
    }
    sql::set_workspace(tx, id, workspace)?;
    tx.set_news();
    Ok(true)
}

/// `https://host[:port][/path]` without a slash at its end; no user, query or fragment.
fn parse_base_url(text: &str) -> Option<String> {
    let url = text.trim().trim_end_matches('/');
    let rest = url.strip_prefix("https://")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let is_host = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:".contains(&b));
    let is_path = path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-_.~".contains(&b));
    (url.len() <= BASE_URL_BYTES_MAX && is_host && is_path).then(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_long_enough_and_holds_nothing_that_is_not_seen() {
        assert!(is_secret("8f742231b10e8888") && is_secret("It's a Secret to Everybody") && is_secret(&"x".repeat(SECRET_BYTES_MAX)));
        for bad in [
            "8f742231b10e888",
            "8f742231b10e8888\u{200b}",
            "8f742231b10e8888\n",
            "8f742231\u{a0}b10e8888",
            &"x".repeat(SECRET_BYTES_MAX + 1),
        ] {
            assert!(!is_secret(bad), "{bad:?}");
        }
    }

    #[test]
    fn a_base_url_is_https_and_a_host() {
        assert_eq!(parse_base_url(" https://acme.slack.com/ ").as_deref(), Some("https://acme.slack.com"));
        assert_eq!(parse_base_url("https://git.acme.example:8443/forge").as_deref(), Some("https://git.acme.example:8443/forge"));
        for bad in
            ["http://acme.slack.com", "https://", "javascript:alert(1)", "https://a@b", "https://a/?q", "https://a/#f", "https://a b"]
        {
            assert_eq!(parse_base_url(bad), None, "{bad}");
        }
    }
}
