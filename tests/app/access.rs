//! Who may do what: every route of every door, tried by everybody over HTTP, against a table that is written down.
//!
//! The rows come from the maps that are mounted, so that no route can be left out; `tests/snapshots/access.md` is what a
//! reviewer reads, and a change of it is seen in a review.

use crate::support::{BIN, PASSWORD};
use smartretro::app;
use smartretro::audit::Actor;
use smartretro::auth::account::{self, Email, NewAccount};
use smartretro::auth::{Role, Scope, api_token};
use smartretro::base::clock::Clock;
use smartretro::base::id::OrgId;
use smartretro::crypto::keys::Kek;
use smartretro::http::map::{Gate, Row};
use smartretro::orgs::organisation;
use smartretro::store::{OrgDb, Store};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

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
        Self { folder, kek: key_file, tokens }
    }

    fn serve(&self) -> Served {
        let mut child = Command::new(BIN)
            .args(["serve", "--listen", "127.0.0.1:0", "--insecure-http", "--data"])
            .arg(self.folder.path().join("data"))
            .arg("--key-file")
            .arg(&self.kek)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let url = lines.find_map(|line| line.unwrap().strip_prefix("listening on ").map(str::to_owned)).expect("the server ended");
        // What it says is read to the end, so that it never waits for a reader.
        std::thread::spawn(move || lines.count());
        Served { child, url }
    }
}

fn account_of(who: &str) -> NewAccount {
    NewAccount::prepare(&Email::parse(&format!("{who}@acme.example")).unwrap(), who, PASSWORD, Clock::System.now()).unwrap()
}

fn add(store: &Store, org: &OrgDb, role: Role) -> smartretro::base::id::MemberId {
    let (account, now, id): (_, _, OrgId) = (account_of(role.as_str()), Clock::System.now(), org.id());
    let member = account.member();
    store.main().write(move |tx| account.insert(tx, id, role, Actor::Operator, now)).unwrap();
    org.write(move |tx| account::give_role(tx, member, role, Actor::Operator, now)).unwrap();
    member
}

struct Served {
    child: Child,
    url: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// An answer: its status, where it leads, its cookies, its body.
struct Seen {
    status: u16,
    location: String,
    cookies: Vec<String>,
    body: String,
}

impl Served {
    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Seen {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = agent.run(request.body(body.to_owned()).unwrap()).unwrap();
        let text = |value: &ureq::http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        Seen {
            status: answer.status().as_u16(),
            location: answer.headers().get("location").map(text).unwrap_or_default(),
            cookies: answer.headers().get_all("set-cookie").iter().map(text).collect(),
            body: answer.into_body().read_to_string().unwrap_or_default(),
        }
    }

    /// Signs somebody in as a browser does: the form's page first, for its cookie and its token.
    fn sign_in(&self, who: &str) -> Session {
        let page = self.ask("GET", "/sign-in", &[], "");
        let visit = cookie_in(&page, "__Host-visit").expect("a visit");
        let form = format!("csrf={}&email={who}%40acme.example&password={}", token_in(&page.body), PASSWORD.replace(' ', "+"));
        let seen = self.ask("POST", "/sign-in", &form_headers(&format!("__Host-visit={visit}")), &form);
        let cookie = format!("__Host-session={}", cookie_in(&seen, "__Host-session").expect("a session"));
        let home = self.ask("GET", "/", &[("cookie", &cookie)], "");
        Session { cookie, csrf: token_in(&home.body) }
    }

    /// Asks for a row of the map as a browser would that is signed in, or not.
    fn browse(&self, row: &Row, path: &str, session: Option<&Session>) -> Seen {
        let cookie = session.map_or("", |session| session.cookie.as_str());
        let body = session.map(|session| format!("csrf={}", session.csrf)).unwrap_or_default();
        if row.method == "GET" {
            return self.ask("GET", path, &[("cookie", cookie)], "");
        }
        self.ask(row.method, path, &form_headers(cookie), &body)
    }

    fn call(&self, row: &Row, path: &str, token: Option<&str>) -> Seen {
        let bearer = token.map(|token| format!("Bearer {token}"));
        let headers: Vec<(&str, &str)> =
            [("content-type", "application/json")].into_iter().chain(bearer.as_deref().map(|bearer| ("authorization", bearer))).collect();
        self.ask(row.method, path, &headers, "{}")
    }
}

struct Session {
    cookie: String,
    csrf: String,
}

fn form_headers(cookie: &str) -> [(&'static str, &str); 3] {
    [("cookie", cookie), ("sec-fetch-site", "same-origin"), ("content-type", "application/x-www-form-urlencoded")]
}

fn cookie_in(seen: &Seen, name: &str) -> Option<String> {
    let cookie = seen.cookies.iter().find_map(|cookie| cookie.strip_prefix(name)?.strip_prefix('='))?;
    Some(cookie.split(';').next().unwrap_or_default().to_owned())
}

fn token_in(page: &str) -> String {
    let token = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    token.expect("a form with its token").to_owned()
}

/// A path of this row, to a thing that nobody has.
fn path_to_nothing(row: &Row) -> String {
    let parts = row.path.split('/').map(|part| if part.starts_with('{') { "01900000-0000-7000-8000-000000000000" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// What the table says about a session or a token of this role, in the statuses that tell it.
fn holds(row: &Row, role: Role, seen: &Seen) -> bool {
    let is_refused = seen.status == 403;
    let is_unknown = seen.status == 401 || (seen.status == 303 && seen.location.starts_with("/sign-in") && row.path != "/sign-out");
    !is_unknown && is_refused != row.gate.admits(role)
}

/// Routes that end the session they are asked with: they are tried last.
fn ends_the_session(row: &Row) -> bool {
    row.path == "/sign-out"
}

#[test]
fn every_route_answers_everybody_as_the_table_says() {
    let house = House::new();
    let served = house.serve();
    let (mut wrong, mut tried) = (Vec::new(), 0);
    let mut rows = app::routes();
    rows.sort_by_key(ends_the_session);
    for role in ROLES {
        let session = served.sign_in(role.as_str());
        let token = house.tokens[role.as_str()].as_str();
        for row in &rows {
            let path = path_to_nothing(row);
            let is_api = row.path.starts_with(app::API);
            let seen = if is_api { served.call(row, &path, Some(token)) } else { served.browse(row, &path, Some(&session)) };
            tried += 1;
            if row.gate != Gate::Open && !holds(row, role, &seen) {
                wrong.push(format!("{} {path} as {}: {}", row.method, role.as_str(), seen.status));
            }
        }
    }
    for row in &rows {
        let path = path_to_nothing(row);
        let is_api = row.path.starts_with(app::API);
        let seen = if is_api { served.call(row, &path, None) } else { served.browse(row, &path, None) };
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
