//! The console behind its doors: who gets in, what a forged request gets, what a stranger sees. The sweeps read the map in
//! `routes.rs` itself, so that no route can be left out.

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
use crate::http::request_id;
use crate::orgs::connections;
use crate::orgs::{organisation, sources, unheard};
use crate::patterns;
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
const OPEN: [&str; 3] = ["/assets/{name}", "/sign-in", "/sign-out"];

/// An organisation with an owner, who is in the team `payments`, and a member, who is in none.
struct House {
    store: Store,
    clock: Clock,
    org: OrgDb,
    owner: MemberId,
    desk: Arc<Desk>,
    sign_in: Data<sign_in::Desk>,
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
        let token = self.sign_in.sign_in(self.store.main(), (&email, PASSWORD), "127.0.0.1", self.clock.now()).unwrap();
        token.reveal().to_owned()
    }

    async fn ask(&self, request: TestRequest) -> Seen {
        let app = App::new()
            .app_data(Data::new(self.store.clone()))
            .app_data(Data::from(Arc::clone(&self.desk)))
            .app_data(Data::new(self.clock.clone()))
            .app_data(self.sign_in.clone())
            .app_data(Data::new(IsEncrypted(true)))
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
        let cleared = analysis::analyse(candidate(connection, now)).unwrap_or_else(|_| panic!("the sample was dropped"));
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
    path: &'static str,
    method: Method,
    is_guarded: bool,
}

impl Route {
    fn uri(&self) -> String {
        self.path.replace("{id}", "01900000-0000-7000-8000-000000000000").replace("{name}", "none.css")
    }

    fn request(&self) -> TestRequest {
        TestRequest::default().method(self.method.clone()).uri(&self.uri())
    }
}

/// Every route of the map, read from its source.
fn map() -> Vec<Route> {
    let lines = include_str!("routes.rs").lines().filter_map(|line| line.trim().strip_prefix(".route(\""));
    let route = |line: &'static str| {
        let (path, guard) = line.split_once("\", ").unwrap();
        let method = if guard.contains("post()") { Method::POST } else { Method::GET };
        Route { path, method, is_guarded: guard.starts_with("needs(") || guard.starts_with("signed_in(") }
    };
    lines.map(route).collect()
}

#[actix_web::test]
async fn every_route_but_the_open_ones_sends_a_stranger_to_the_sign_in_page() {
    let house = House::new();
    assert!(map().len() >= 15, "the map was not read: {:?}", map());
    for route in map() {
        assert_eq!(route.is_guarded, !OPEN.contains(&route.path), "{route:?}");
        if route.is_guarded {
            for request in [route.request(), with_session(route.request(), Some("no-such-session"))] {
                let seen = house.ask(request).await;
                assert_eq!(seen.status, StatusCode::SEE_OTHER, "{route:?}");
                assert!(seen.location.starts_with("/sign-in"), "{route:?}: {}", seen.location);
            }
        }
    }
}

#[actix_web::test]
async fn every_form_refuses_a_request_that_our_own_page_did_not_make() {
    let house = House::new();
    let session = house.session("owner");
    let token = FormToken::of(&session);
    for route in map().into_iter().filter(|route| route.method == Method::POST) {
        let forged = [
            ("another site", "cross-site", format!("csrf={token}")),
            ("a neighbour", "same-site", format!("csrf={token}")),
            ("no token", "same-origin", String::new()),
            ("another's token", "same-origin", format!("csrf={}", FormToken::of("another session"))),
        ];
        for (name, site, body) in forged {
            let request = form(route.request().insert_header(("sec-fetch-site", site)), body);
            let seen = house.ask(with_session(request, Some(&session))).await;
            assert_eq!(seen.status, StatusCode::FORBIDDEN, "{name}: {route:?}");
        }
        let silent = house.ask(with_session(form(route.request(), format!("csrf={token}")), Some(&session))).await;
        assert_eq!(silent.status, StatusCode::FORBIDDEN, "silent about its origin: {route:?}");
    }
    assert_eq!(house.get("/", Some(&session)).await.status, StatusCode::OK, "and the session still lives");
}

#[actix_web::test]
async fn a_member_may_neither_see_nor_change_what_is_connected() {
    let house = House::new();
    let (member, owner) = (house.session("member"), house.session("owner"));
    for route in map().into_iter().filter(|route| route.path.starts_with("/connections")) {
        let request = form(route.request().insert_header(("sec-fetch-site", "same-origin")), format!("csrf={}", FormToken::of(&member)));
        let seen = house.ask(with_session(request, Some(&member))).await;
        assert_eq!(seen.status, StatusCode::FORBIDDEN, "{route:?}");
    }
    let (of_member, of_owner) = (house.get("/", Some(&member)).await, house.get("/", Some(&owner)).await);
    assert!(!of_member.body.contains("href=\"/connections"), "nor is it in the navigation");
    assert!(of_owner.body.contains("href=\"/connections"));
}

#[actix_web::test]
async fn another_teams_pattern_is_exactly_as_missing_as_a_missing_one() {
    let house = House::new();
    let pattern = house.pattern();
    let (member, owner) = (house.session("member"), house.session("owner"));
    let path = format!("/patterns/{pattern}");
    let missing = house.get("/patterns/01900000-0000-7000-8000-000000000000", Some(&member)).await;
    let hidden = house.get(&path, Some(&member)).await;
    assert_eq!((hidden.status, missing.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert_eq!(hidden.lasting(), missing.lasting());
    assert_eq!(house.post(&format!("{path}/status"), &member, "status=dismissed").await.status, StatusCode::NOT_FOUND);
    assert!(!house.get("/patterns", Some(&member)).await.body.contains(&path));
    let seen = house.get(&path, Some(&owner)).await;
    assert_eq!(seen.status, StatusCode::OK);
    assert!(seen.body.contains("href=\"https://github.com/acme/web/actions/runs/1\" target=\"_blank\" rel=\"noopener noreferrer\""));
}

#[actix_web::test]
async fn a_decision_is_written_down_and_a_closed_pattern_stays_closed() {
    let house = House::new();
    let path = format!("/patterns/{}", house.pattern());
    let owner = house.session("owner");
    let status = format!("{path}/status");
    assert_eq!(house.post(&status, &owner, "status=lapsed").await.status, StatusCode::BAD_REQUEST, "only time says that");
    let long = format!("status=dismissed&note={}", "x".repeat(501));
    let refused = house.post(&status, &owner, &long).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains(&"x".repeat(501)), "what was typed is not lost");
    let decided = house.post(&status, &owner, "status=dismissed&note=Not+<b>us</b>").await;
    assert_eq!((decided.status, decided.location.as_str()), (StatusCode::SEE_OTHER, path.as_str()));
    let shown = house.get(&path, Some(&owner)).await.body;
    assert!(shown.contains("Dismissed by owner,") && shown.contains("Not &#60;b&#62;us"), "{shown}");
    assert_eq!(house.post(&status, &owner, "status=acknowledged").await.status, StatusCode::CONFLICT);
}

#[actix_web::test]
async fn signing_in_is_bound_to_the_browser_that_asked_and_says_nothing_about_accounts() {
    let house = House::new();
    let page = house.get("/sign-in?next=/opt-outs", None).await;
    let visit = page.cookies.iter().find_map(|cookie| cookie.strip_prefix("__Host-visit=")).unwrap().split(';').next().unwrap().to_owned();
    assert!(page.body.contains(&FormToken::of(&visit).to_string()));
    let enter = async |email: &str, password: &str, visit: &str, next: &str| {
        let body = format!("csrf={}&email={email}%40acme.example&password={password}&next={next}", FormToken::of(visit));
        let request = TestRequest::post().uri("/sign-in").insert_header(("sec-fetch-site", "same-origin"));
        house.ask(form(request, body).cookie(Cookie::new(VISIT, visit.to_owned()))).await
    };
    let right = PASSWORD.replace(' ', "+");
    let (wrong, unknown) = (enter("owner", "wrong", &visit, "").await, enter("nobody", "wrong", &visit, "").await);
    assert_eq!((wrong.status, unknown.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY));
    assert_eq!(wrong.lasting().replace("owner@", "@"), unknown.lasting().replace("nobody@", "@"));
    assert!(wrong.cookies.iter().all(|cookie| !cookie.starts_with(SESSION)));
    for (next, expected) in [("%2Fopt-outs", "/opt-outs"), ("%2F%2Fevil.example", "/"), ("https%3A%2F%2Fevil.example", "/"), ("", "/")] {
        let entered = enter("owner", &right, &visit, next).await;
        assert_eq!((entered.status, entered.location.as_str()), (StatusCode::SEE_OTHER, expected), "{next}");
        let session = entered.cookies.iter().find(|cookie| cookie.starts_with(SESSION)).unwrap();
        assert!(session.contains("HttpOnly") && session.contains("Secure") && session.contains("SameSite=Lax"), "{session}");
    }
}

#[actix_web::test]
async fn a_session_ends_when_its_holder_signs_out() {
    let house = House::new();
    let owner = house.session("owner");
    let out = house.post("/sign-out", &owner, "").await;
    assert_eq!((out.status, out.location.as_str()), (StatusCode::SEE_OTHER, "/sign-in"));
    assert!(out.cookies.iter().any(|cookie| cookie.starts_with(SESSION) && cookie.contains("Max-Age=0")), "{:?}", out.cookies);
    assert_eq!(house.get("/patterns", Some(&owner)).await.status, StatusCode::SEE_OTHER, "the cookie is worth nothing now");
}

#[actix_web::test]
async fn a_page_runs_nothing_but_what_carries_its_own_nonce() {
    let house = House::new();
    let owner = house.session("owner");
    let (first, second) = (house.get("/patterns", Some(&owner)).await, house.get("/patterns", Some(&owner)).await);
    assert_ne!(first.nonce(), second.nonce());
    assert!(!first.nonce().is_empty() && first.body.contains(&format!("nonce=\"{}\"", first.nonce())));
    let missing = house.get("/nowhere", None).await;
    assert!(missing.body.contains(&format!("nonce=\"{}\"", missing.nonce())), "a problem's page too");
}

#[actix_web::test]
async fn too_many_tries_are_told_to_wait() {
    let house = House::new();
    let visit = "a-visit";
    let (mut last, mut body_of_last) = (StatusCode::OK, String::new());
    for _ in 0..9 {
        let body = format!("csrf={}&email=owner%40acme.example&password=wrong", FormToken::of(visit));
        let request = TestRequest::post().uri("/sign-in").insert_header(("sec-fetch-site", "same-origin"));
        let seen = house.ask(form(request, body).cookie(Cookie::new(VISIT, visit))).await;
        (last, body_of_last) = (seen.status, seen.body);
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    assert!(body_of_last.contains("It opens again in about "), "{body_of_last}");
}

#[actix_web::test]
async fn a_secret_is_shown_once_and_a_typed_one_is_never_sent_back() {
    let house = House::new();
    let owner = house.session("owner");
    let refused = house.post("/connections", &owner, "connector=slack&name=&secret=0123456789abcdef0123").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!refused.body.contains("0123456789abcdef0123"));
    let made = house.post("/connections", &owner, "connector=github&name=Code").await;
    assert_eq!(made.status, StatusCode::CREATED);
    let secret = made.body.split("<code id=\"secret\">").nth(1).unwrap().split('<').next().unwrap();
    assert!(secret.len() >= 32, "{secret}");
    let connection = connections::list(&house.org).unwrap().pop().unwrap();
    assert!(made.body.contains(&format!("https://{HOST}/hooks/github/{}", connection.id)));
    for path in ["/connections".to_owned(), format!("/connections/{}", connection.id), format!("/connections/{}/sources", connection.id)] {
        let seen = house.get(&path, Some(&owner)).await;
        assert_eq!(seen.status, StatusCode::OK, "{path}");
        assert!(!seen.body.contains(secret), "{path}");
    }
}

#[actix_web::test]
async fn a_direct_message_cannot_be_switched_on() {
    let house = House::new();
    let owner = house.session("owner");
    house.post("/connections", &owner, SLACK).await;
    let connection = connections::list(&house.org).unwrap().pop().unwrap().id;
    let path = format!("/connections/{connection}/sources");
    for (id, why) in [("D024BE91L", "direct message"), ("G024BE91L", "private channel"), ("%23general", "such as C0123ABCD")] {
        let refused = house.post(&path, &owner, &format!("subscribed=true&external_id={id}&team=payments")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{id}");
        assert!(refused.body.contains(why), "{id}");
    }
    let long = format!("subscribed=true&external_id=C024BE91L&team=payments&label={}", "x".repeat(81));
    assert_eq!(house.post(&path, &owner, &long).await.status, StatusCode::UNPROCESSABLE_ENTITY, "a long name is refused, not cut");
    let bad_team = house.post(&path, &owner, "subscribed=true&external_id=C024BE91L&team=No+Team").await;
    assert_eq!(bad_team.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(sources::list(&house.org, connection).unwrap().is_empty());
    let on = house.post(&path, &owner, "subscribed=true&external_id=C024BE91L&team=payments&label=%23help").await;
    assert_eq!((on.status, on.location), (StatusCode::SEE_OTHER, path.clone()));
    let off = house.post(&path, &owner, "subscribed=false&external_id=C024BE91L").await;
    assert_eq!(off.status, StatusCode::SEE_OTHER);
    let found = sources::list(&house.org, connection).unwrap();
    assert_eq!(found.iter().map(|source| (source.is_subscribed, source.team_slug.as_str())).collect::<Vec<_>>(), [(false, "payments")]);
}

#[actix_web::test]
async fn a_name_that_could_not_be_obeyed_is_sent_back_with_where_to_find_a_better_one() {
    let house = House::new();
    let session = house.session("member");
    let seen = house.post("/opt-outs", &session, "connector=slack&handle=%40carolzzz").await;
    assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(seen.body.contains("Copy member ID"), "{}", seen.body);
    assert!(house.get("/opt-outs", Some(&session)).await.body.contains(">0</span> requests"), "nobody stepped out");
    assert_eq!(house.post("/opt-outs", &session, "connector=slack&handle=u0carol1").await.status, StatusCode::CREATED);
}

const SLACK: &str = "connector=slack&name=Chat&base_url=https%3A%2F%2Facme.slack.com&secret=0123456789abcdef0123456789abcdef";

#[actix_web::test]
async fn slacks_secret_and_address_must_be_given_and_the_secret_is_not_shown() {
    let house = House::new();
    let owner = house.session("owner");
    let without = [
        ("connector=slack&name=Chat&base_url=https%3A%2F%2Facme.slack.com", "Copy it from the tool"),
        ("connector=slack&name=Chat&secret=0123456789abcdef0123456789abcdef", "Write the address"),
    ];
    for (fields, why) in without {
        let refused = house.post("/connections", &owner, fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields}");
        assert!(refused.body.contains(why), "{fields}");
    }
    let made = house.post("/connections", &owner, SLACK).await;
    assert_eq!(made.status, StatusCode::CREATED);
    assert!(!made.body.contains("0123456789abcdef0123456789abcdef") && !made.body.contains("these two"));
}

#[actix_web::test]
async fn a_form_that_is_sent_twice_makes_one_connection() {
    let house = House::new();
    let owner = house.session("owner");
    let form = house.get("/connections/new?connector=github", Some(&owner)).await.body;
    let id = form.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let fields = format!("connector=github&name=Code&id={id}");
    let (first, second) = (house.post("/connections", &owner, &fields).await, house.post("/connections", &owner, &fields).await);
    assert_eq!((first.status, second.status), (StatusCode::CREATED, StatusCode::SEE_OTHER));
    assert_eq!(second.location, format!("/connections/{id}"));
    assert_eq!(connections::list(&house.org).unwrap().len(), 1);
    let long = format!("connector=github&name={}", "x".repeat(81));
    assert_eq!(house.post("/connections", &owner, &long).await.status, StatusCode::UNPROCESSABLE_ENTITY, "a long name is refused, not cut");
}

#[actix_web::test]
async fn a_removed_connection_is_a_strangers_and_its_sources_are_off() {
    let house = House::new();
    let owner = house.session("owner");
    let pattern = house.pattern();
    let id = connections::list(&house.org).unwrap().pop().unwrap().id;
    let path = format!("/connections/{id}");
    assert_eq!(house.get(&format!("{path}/removal"), Some(&owner)).await.status, StatusCode::OK);
    let removed = house.post(&format!("{path}/removal"), &owner, "").await;
    assert_eq!((removed.status, removed.location.as_str()), (StatusCode::SEE_OTHER, "/connections"));
    assert!(connections::list(&house.org).unwrap().is_empty());
    assert!(connections::find_with_secret(&house.org, id).unwrap().is_none(), "nothing that it signs is taken any more");
    assert!(sources::list(&house.org, id).unwrap().iter().all(|source| !source.is_subscribed));
    let unheard = house.org.read(|reader| unheard::list(reader, house.org.id())).unwrap();
    assert!(
        unheard.iter().any(|stretch| stretch.of == Some((id, "acme/web".to_owned()))),
        "what happens from now on is unknown, not quiet"
    );
    assert_eq!(house.get(&path, Some(&owner)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.post(&format!("{path}/removal"), &owner, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.get(&format!("/patterns/{pattern}"), Some(&owner)).await.status, StatusCode::OK, "what was told stays");
}

#[actix_web::test]
async fn a_secret_is_replaced_and_the_old_one_proves_nothing() {
    let house = House::new();
    let owner = house.session("owner");
    house.post("/connections", &owner, SLACK).await;
    let id = connections::list(&house.org).unwrap().pop().unwrap().id;
    let path = format!("/connections/{id}/secret");
    let secret = || connections::find_with_secret(&house.org, id).unwrap().unwrap().1.reveal().clone();
    assert_eq!(house.post(&path, &owner, "secret=").await.status, StatusCode::UNPROCESSABLE_ENTITY, "Slack issues it");
    assert_eq!(secret(), "0123456789abcdef0123456789abcdef");
    assert_eq!(house.post(&path, &owner, "secret=fedcba9876543210fedcba9876543210").await.status, StatusCode::SEE_OTHER);
    assert_eq!(secret(), "fedcba9876543210fedcba9876543210");
}

#[actix_web::test]
async fn a_member_who_meets_a_problem_keeps_the_navigation_and_a_way_back() {
    let house = House::new();
    let owner = house.session("owner");
    let missing = house.get("/nowhere", Some(&owner)).await;
    assert!(missing.status == StatusCode::NOT_FOUND && missing.body.contains("href=\"/patterns\""));
    assert!(!house.get("/nowhere", None).await.body.contains("href=\"/patterns\""), "a stranger learns of no page");
    let unknown = house.get("/patterns?status=gone", Some(&owner)).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    let path = format!("/patterns/{}", house.pattern());
    house.post(&format!("{path}/status"), &owner, "status=dismissed").await;
    let closed = house.post(&format!("{path}/status"), &owner, "status=dismissed").await;
    assert!(closed.status == StatusCode::CONFLICT && closed.body.contains(&format!("href=\"{path}\"")));
}
