//! The console in process: a house with people in it, and what they see. The sweeps walk the map that is mounted, so that no
//! route can be left out.

mod access;
mod installing;
mod markup;
mod people;
mod rights;
mod trying;
mod weeks;

use crate::analysis;
use crate::audit::Actor;
use crate::auth::account::{self, Email, NewAccount};
use crate::auth::{Role, sign_in};
use crate::base::clock::{Clock, Instant, SignedDuration, Window};
use crate::base::dial::Dial;
use crate::base::id::{ConnectionId, MemberId, PatternId, PersonId};
use crate::base::subject::Cohort;
use crate::base::text::Slug;
use crate::capture::Desk;
use crate::connectors::{connector, new_connection};
use crate::crypto::keys::Kek;
use crate::detection::candidate::{Candidate, Chart, Estimate, Evidence, Facts, FlakyFacts, Point, Unit};
use crate::http::cookies::{SESSION, VISIT};
use crate::http::csrf::FormToken;
use crate::http::headers::{self, IsEncrypted};
use crate::http::map::Gate;
use crate::http::request_id;
use crate::orgs::connections;
use crate::orgs::{organisation, sources, unheard};
use crate::patterns;
use crate::privacy::commitments::Latest;
use crate::signals::place::Place;
use crate::store::{OrgDb, Store};
use crate::web::routes;
use actix_web::App;
use actix_web::body::to_bytes;
use actix_web::cookie::Cookie;
use actix_web::dev::ServiceResponse;
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::{Data, scope};
use std::sync::Arc;

const NOW: &str = "2026-03-09T09:00:00Z";
const PASSWORD: &str = "correct horse battery staple";
const HOST: &str = "retro.acme.example";
/// Routes that answer whoever comes.
const OPEN: [&str; 4] = ["/assets/{name}", "/sign-in", "/sign-out", "/join/{token}"];

/// An organisation with an owner, who is in the team `payments`, and a member, who is in none.
struct House {
    store: Store,
    clock: Clock,
    org: OrgDb,
    owner: MemberId,
    desk: Arc<Desk>,
    sign_in: Data<sign_in::Desk>,
    promises: Data<Latest>,
    _folder: tempfile::TempDir,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stepped(NOW.parse().unwrap());
        let store = Store::create(&folder.path().join("data"), &Kek::generate().unwrap(), &clock, true).unwrap();
        let owner = account_of("owner", clock.now());
        let (org, owner) = organisation::found(&store, &clock, "Acme", owner, Actor::Operator).unwrap();
        let house = Self {
            store,
            clock,
            org,
            owner,
            desk: Arc::new(Desk::new(patterns::forget)),
            sign_in: Data::new(sign_in::Desk::default()),
            promises: Data::new(Latest::default()),
            _folder: folder,
        };
        house.add_member();
        house
    }

    fn add_member(&self) {
        let (now, id) = (self.clock.now(), self.org.id());
        let member = account_of("member", now);
        let number = member.member();
        self.store.main().write(move |tx| member.insert(tx, id, Role::Member, Actor::Operator, now)).unwrap();
        self.org.write(move |tx| account::give_role(tx, number, Role::Member, Actor::Operator, now)).unwrap();
    }

    /// The cookie of a fresh session.
    fn session(&self, who: &str) -> String {
        let email = format!("{who}@acme.example");
        let visitor = sign_in::Visitor { network: "127.0.0.1", device: "Firefox on Linux" };
        let token = self.sign_in.sign_in(self.store.main(), (&email, PASSWORD), visitor, self.clock.now()).unwrap();
        token.reveal().to_owned()
    }

    async fn ask(&self, request: TestRequest) -> Seen {
        let app = App::new()
            .app_data(Data::new(self.store.clone()))
            .app_data(Data::from(Arc::clone(&self.desk)))
            .app_data(Data::new(self.clock.clone()))
            .app_data(self.sign_in.clone())
            .app_data(Data::new(IsEncrypted(true)))
            .app_data(self.promises.clone())
            .service(scope("").wrap(from_fn(headers::harden)).wrap(from_fn(request_id::number)).configure(routes::mount));
        let request = request.insert_header((header::HOST, HOST)).peer_addr(([127, 0, 0, 1], 4000).into());
        Seen::of(call_service(&init_service(app).await, request.to_request()).await).await
    }

    async fn get(&self, path: &str, session: Option<&str>) -> Seen {
        self.ask(with_session(TestRequest::get().uri(path), session)).await
    }

    /// Posts a form as our own page would.
    async fn post(&self, path: &str, session: &str, fields: &str) -> Seen {
        let body = format!("csrf={}&{fields}", FormToken::of(session));
        let request = TestRequest::post().uri(path).insert_header(("sec-fetch-site", "same-origin"));
        self.ask(with_session(form(request, body), Some(session))).await
    }

    /// A pattern of the owner's team.
    fn pattern(&self) -> PatternId {
        let (now, actor) = (self.clock.now(), Actor::Member(self.owner));
        let wish = new_connection(connector("github").unwrap(), "Code");
        let connection = connections::create(&self.org, wish, actor, now).unwrap().connection.id;
        let switch = sources::Switch {
            connection,
            external_id: "acme/web".to_owned(),
            place_kind: "repository",
            as_written: "acme/web".to_owned(),
            label: None,
            is_subscribed: true,
            team: Slug::parse("payments"),
        };
        let team = sources::switch(&self.org, switch, Some(self.owner), actor, now).unwrap().team;
        let cleared = analysis::analyse(candidate(connection, now), &|_| false).unwrap_or_else(|_| panic!("the sample was dropped"));
        self.org.write(move |tx| patterns::record(tx, team, cleared, patterns::PatternIds::Random)).unwrap()
    }
}

fn account_of(who: &str, now: Instant) -> NewAccount {
    let email = Email::parse(&format!("{who}@acme.example")).unwrap();
    NewAccount::prepare(&email, who, PASSWORD, now).unwrap_or_else(|error| panic!("{error:?}"))
}

fn with_session(request: TestRequest, session: Option<&str>) -> TestRequest {
    match session {
        Some(session) => request.cookie(Cookie::new(SESSION, session.to_owned())),
        None => request,
    }
}

fn form(request: TestRequest, body: String) -> TestRequest {
    request.insert_header((header::CONTENT_TYPE, "application/x-www-form-urlencoded")).set_payload(body)
}

fn candidate(connection: ConnectionId, at: Instant) -> Candidate {
    let share = Estimate { value: 0.5, low: 0.25, high: 0.75 };
    let window = Window::days_before(at, 14);
    let run = |number: i64| Evidence {
        id: format!("run:acme/web:{number}"),
        kind: "run".to_owned(),
        url: format!("https://github.com/acme/web/actions/runs/{number}"),
        at: at - SignedDuration::from_hours(number),
    };
    Candidate {
        detector: "flaky_pipeline",
        number: "D11",
        version: 1,
        connection: Some(connection),
        scope: Place::from_external_id("acme/web").unwrap(),
        at,
        window,
        baseline: Window { to: window.from, ..Window::days_before(window.from, 90) },
        dial: Dial::Quiet,
        facts: Facts::FlakyPipeline(FlakyFacts { flakes: 6, runs: 12, share, usual_share: None, workflows: 1, days: 14 }),
        chart: Chart {
            title: "Flaky runs".to_owned(),
            unit: Unit::Share,
            points: vec![Point { at, value: 0.5, limit: None }],
            told: 1,
            usual: None,
            limit: 0.1,
        },
        evidence: (1..=4).map(run).collect(),
        sources_total: 6,
        parameters: Vec::new(),
        cohort: Cohort::of(5, (1..=3).map(|n| Some(PersonId::from_bytes([n; 16])))).unwrap(),
        strength: 1.0,
    }
}

/// An answer, read to its end.
struct Seen {
    status: StatusCode,
    location: String,
    cookies: Vec<String>,
    policy: String,
    body: String,
}

impl Seen {
    async fn of(response: ServiceResponse) -> Self {
        let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let cookies = response.headers().get_all(header::SET_COOKIE).map(|value| value.to_str().unwrap().to_owned()).collect();
        let (status, location, policy) = (response.status(), text(header::LOCATION), text(header::CONTENT_SECURITY_POLICY));
        let body = to_bytes(response.into_body()).await.unwrap_or_default();
        Self { status, location, cookies, policy, body: String::from_utf8_lossy(&body).into_owned() }
    }

    fn nonce(&self) -> &str {
        self.policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or_default()
    }

    /// The page without what differs from request to request.
    fn lasting(&self) -> String {
        let request_id = self.body.split("<code>").nth(1).and_then(|rest| rest.split("</code>").next()).unwrap_or(self.nonce());
        self.body.replace(self.nonce(), "").replace(request_id, "")
    }
}

/// A line of the map.
#[derive(Debug)]
struct Route {
    path: String,
    method: Method,
    gate: Gate,
}

impl Route {
    fn uri(&self) -> String {
        self.path.replace("{id}", "01900000-0000-7000-8000-000000000000").replace("{name}", "none.css").replace("{token}", "none")
    }

    fn request(&self) -> TestRequest {
        TestRequest::default().method(self.method.clone()).uri(&self.uri())
    }
}

/// Every route of the map.
fn map() -> Vec<Route> {
    let rows = routes::map().rows("").into_iter();
    rows.map(|row| Route { path: row.path.into_owned(), method: row.method.parse().unwrap(), gate: row.gate }).collect()
}
