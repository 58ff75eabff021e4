//! Who may do what: every route of every door, tried by everybody over HTTP, against a table that is written down.
//!
//! The rows come from the maps that are mounted, so that no route can be left out; `tests/snapshots/access.md` is what a
//! reviewer reads, and a change of it is seen in a review.

use crate::support::PASSWORD;
use crate::support::browser::{Seen, Served, Session, form_headers};
use smartretro::app;
use smartretro::audit::Actor;
use smartretro::auth::account::{self, Email, NewAccount};
use smartretro::auth::{Role, Scope, api_token};
use smartretro::base::clock::Clock;
use smartretro::base::id::{MemberId, OrgId};
use smartretro::crypto::keys::Kek;
use smartretro::http::map::{Gate, Row};
use smartretro::orgs::organisation;
use smartretro::store::{OrgDb, Store};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const TABLE: &str = "tests/snapshots/access.md";
/// The head of the table.
const HEAD: &str = "\
# Who may do what

Every route there is, with what it asks of whoever comes. `tests/app/access.rs` makes this from the maps that are mounted, and tries
every route as everybody, over HTTP. After a change of a route: `UPDATE_ACCESS=1 cargo test --test app access`, and look at what changed.

`yes`: it answers. `no`: 403. `sign in`: a page sends there (303), the API answers 401. Which team's patterns a member sees does not
follow from a role: they are shown to members and facilitators of that team alone, and are not there (404) for everybody else, owners
and admins too. A token has the part of its member's rights that its scopes name.

| route | needs | stranger | member | facilitator | privacy officer | admin | owner |
|---|---|---|---|---|---|---|---|
";
/// From the least to the most.
const ROLES: [Role; 5] = [Role::Member, Role::Facilitator, Role::PrivacyOfficer, Role::Admin, Role::Owner];

fn table() -> String {
    let mut table = HEAD.to_owned();
    for row in app::routes() {
        let needs = match row.gate {
            Gate::Open => "",
            Gate::SignedIn => "any role",
            Gate::Needs(scope) => scope.as_str(),
        };
        let stranger = if row.gate == Gate::Open { "yes" } else { "sign in" };
        let roles = ROLES.map(|role| if row.gate.admits(role) { "yes" } else { "no" }).join(" | ");
        let _ = writeln!(table, "| `{} {}` | {needs} | {stranger} | {roles} |", row.method, row.path);
    }
    table
}

#[test]
fn the_table_of_who_may_do_what_is_the_one_that_is_written_down() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(TABLE);
    if std::env::var_os("UPDATE_ACCESS").is_some() {
        std::fs::write(&file, table()).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    let (now, before): (Vec<&str>, Vec<&str>) = (written.lines().collect(), table().leak().lines().collect());
    let differs: Vec<&&str> =
        before.iter().filter(|line| !now.contains(line)).chain(now.iter().filter(|line| !before.contains(line))).collect();
    assert!(written == table(), "{TABLE} is not what is mounted; UPDATE_ACCESS=1 writes it anew: {differs:#?}");
}

/// A house of two organisations, made before it is served. In the first there is somebody of every role.
struct House {
    folder: tempfile::TempDir,
    kek: PathBuf,
    tokens: BTreeMap<&'static str, String>,
    owner: MemberId,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key_file = folder.path().join("master.key");
        let (kek, clock) = (Kek::create_file(&key_file).unwrap(), Clock::System);
        let store = Store::create(&folder.path().join("data"), &kek, &clock, true).unwrap();
        let owner = account_of("owner");
        let (org, owner) = organisation::found(&store, &clock, "Acme", owner, Actor::Operator).unwrap();
        let mut tokens = BTreeMap::new();
        let now = clock.now();
        let token =
            |org: &OrgDb, member| api_token::create(org, (member, "test"), &Scope::ALL, Actor::Operator, now).unwrap().reveal().to_owned();
        tokens.insert(Role::Owner.as_str(), token(&org, owner));
        for role in ROLES.into_iter().filter(|role| *role != Role::Owner) {
            let member = add(&store, &org, role);
            tokens.insert(role.as_str(), token(&org, member));
        }
        let other = organisation::found(&store, &clock, "Other", account_of("foreigner"), Actor::Operator).unwrap();
        tokens.insert("foreigner", token(&other.0, other.1));
        Self { folder, kek: key_file, tokens, owner }
    }

    fn serve(&self) -> Served {
        Served::start(&self.folder.path().join("data"), &self.kek, &["--insecure-http"])
    }
}

fn account_of(who: &str) -> NewAccount {
    NewAccount::prepare(&Email::parse(&format!("{who}@acme.example")).unwrap(), who, PASSWORD, Clock::System.now()).unwrap()
}

fn add(store: &Store, org: &OrgDb, role: Role) -> MemberId {
    let (account, now, id): (_, _, OrgId) = (account_of(role.as_str()), Clock::System.now(), org.id());
    let member = account.member();
    store.main().write(move |tx| account.insert(tx, id, role, Actor::Operator, now)).unwrap();
    org.write(move |tx| account::give_role(tx, member, role, Actor::Operator, now)).unwrap();
    member
}

/// What the walk asks of a server.
trait Asks {
    fn browse(&self, row: &Row, path: &str, session: Option<&Session>) -> Seen;
    fn call(&self, row: &Row, path: &str, token: Option<&str>, body: &str) -> Seen;
}

impl Asks for Served {
    /// Asks for a row of the map as a browser would that is signed in, or not.
    fn browse(&self, row: &Row, path: &str, session: Option<&Session>) -> Seen {
        let cookie = session.map_or("", |session| session.cookie.as_str());
        let body = session.map(|session| format!("csrf={}", session.csrf)).unwrap_or_default();
        if row.method == "GET" {
            return self.ask("GET", path, &[("cookie", cookie)], "");
        }
        self.ask(row.method, path, &form_headers(cookie), &body)
    }

    fn call(&self, row: &Row, path: &str, token: Option<&str>, body: &str) -> Seen {
        let bearer = token.map(|token| format!("Bearer {token}"));
        let headers: Vec<(&str, &str)> =
            [("content-type", "application/json")].into_iter().chain(bearer.as_deref().map(|bearer| ("authorization", bearer))).collect();
        self.ask(row.method, path, &headers, body)
    }
}

/// An id that nothing has.
const NOBODYS: &str = "01900000-0000-7000-8000-000000000000";

/// A path of this row, to a thing that nobody has.
fn path_to_nothing(row: &Row) -> String {
    let parts = row.path.split('/').map(|part| if part.starts_with('{') { NOBODYS } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// What the table says about a session or a token of this role, in the statuses that tell it.
fn holds(row: &Row, role: Role, seen: &Seen) -> bool {
    let is_refused = seen.status == 403;
    let is_unknown = seen.status == 401 || (seen.status == 303 && seen.location.starts_with("/sign-in") && !ends_the_session(row));
    !is_unknown && is_refused != row.gate.admits(role)
}

/// Routes that end the session they are asked with: they are tried last.
fn ends_the_session(row: &Row) -> bool {
    row.path == "/sign-out" || row.path == "/profile/removal"
}

#[test]
fn every_route_answers_everybody_as_the_table_says() {
    let house = House::new();
    let served = house.serve();
    let (mut wrong, mut tried) = (Vec::new(), 0);
    let mut rows = app::routes();
    rows.sort_by_key(ends_the_session);
    for role in ROLES {
        let session = served.sign_in(&format!("{}@acme.example", role.as_str()));
        let token = house.tokens[role.as_str()].as_str();
        for row in &rows {
            let path = path_to_nothing(row);
            let is_api = row.path.starts_with(app::API);
            let seen = if is_api { served.call(row, &path, Some(token), "{}") } else { served.browse(row, &path, Some(&session)) };
            tried += 1;
            if row.gate != Gate::Open && !holds(row, role, &seen) {
                wrong.push(format!("{} {path} as {}: {}", row.method, role.as_str(), seen.status));
            }
        }
    }
    for row in &rows {
        let path = path_to_nothing(row);
        let is_api = row.path.starts_with(app::API);
        let seen = if is_api { served.call(row, &path, None, "{}") } else { served.browse(row, &path, None) };
        let expected = match row.gate {
            Gate::Open => seen.status != 401 && !(row.method == "GET" && seen.status == 303),
            _ if is_api => seen.status == 401,
            _ => seen.status == 303 && seen.location.starts_with("/sign-in"),
        };
        tried += 1;
        if !expected {
            wrong.push(format!("{} {path} as a stranger: {} {}", row.method, seen.status, seen.location));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(tried >= 6 * 35, "only {tried} were tried");
}

/// A page without what differs from answer to answer.
fn lasting(seen: &Seen) -> (u16, String) {
    let mut body = seen.body.clone();
    for (open, close) in [("nonce=\"", "\""), ("<code>", "</code>")] {
        let parts: Vec<&str> = body.split(open).collect();
        let rest = parts.iter().skip(1).map(|part| part.split_once(close).map_or("", |(_, rest)| rest));
        body = parts.iter().take(1).copied().chain(rest).collect();
    }
    (seen.status, body)
}

#[test]
fn what_belongs_to_another_organisation_is_exactly_as_missing_as_what_is_not_there() {
    let house = House::new();
    let served = house.serve();
    let owner = house.tokens[Role::Owner.as_str()].as_str();
    let post = |path: &str, body: &str| {
        let row = Row { method: "POST", path: "".into(), gate: Gate::SignedIn };
        let seen = served.call(&row, &format!("/api/v1{path}"), Some(owner), body);
        assert_eq!(seen.status, 201, "{path}: {seen:?}");
        let made: serde_json::Value = serde_json::from_str(&seen.body).unwrap();
        made["id"].as_str().unwrap().to_owned()
    };
    let team = post("/teams", r#"{"name":"payments"}"#);
    let things = [
        ("connections", post("/connections", r#"{"connector":"github","name":"Code"}"#)),
        ("teams", team.clone()),
        ("invitations", post("/invitations", &format!(r#"{{"email":"x@acme.example","role":"member","team":"{team}"}}"#))),
        ("tokens", post("/tokens", r#"{"name":"t","scopes":["decide"]}"#)),
        ("members", house.owner.to_string()),
        ("sessions", {
            served.sign_in("owner@acme.example");
            let here = served.sign_in("owner@acme.example");
            let page = served.ask("GET", "/profile", &[("cookie", &here.cookie)], "").body;
            page.split("/profile/sessions/").nth(1).unwrap().split('/').next().unwrap().to_owned()
        }),
    ];
    let (foreigner, token) = (served.sign_in("foreigner@acme.example"), house.tokens["foreigner"].as_str());
    let mut tried = 0;
    for row in app::routes().iter().filter(|row| row.path.contains("{id}")) {
        let Some((_, id)) = things.iter().find(|(noun, _)| row.path.contains(&format!("/{noun}/{{id}}"))) else {
            assert!(row.path.contains("/patterns/"), "{}: what is that?", row.path);
            continue;
        };
        let ask = |id: &str| {
            let path = row.path.replace("{id}", id).replace("{member}", &house.owner.to_string()).replace("{external_id:.+}", "x");
            if row.path.starts_with(app::API) {
                served.call(row, &path, Some(token), r#"{"role":"member"}"#)
            } else if row.method == "GET" {
                served.ask("GET", &path, &[("cookie", &foreigner.cookie)], "")
            } else {
                let form = format!("csrf={}&role=member&name=x&member={}", foreigner.csrf, house.owner);
                served.ask(row.method, &path, &form_headers(&foreigner.cookie), &form)
            }
        };
        let missing = if id.len() == 48 { "01900000000070008000000000000000".to_owned() + "0000000000000000" } else { NOBODYS.to_owned() };
        let (theirs, none) = (ask(id), ask(&missing));
        assert!(theirs.status >= 400, "{} {}: {theirs:?}", row.method, row.path);
        assert_eq!(lasting(&theirs), lasting(&none), "{} {}", row.method, row.path);
        tried += 1;
    }
    assert!(tried >= 25, "only {tried} were tried");
}
