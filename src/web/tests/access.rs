//! Who gets in, what a forged request gets, what a stranger sees.

use super::*;
use crate::ops::founding::Place as Where;
use crate::ops::set_up::{Answers, SetUp};
use crate::web::pages::set_ups::Finish;

#[actix_web::test]
async fn every_route_but_the_open_ones_sends_a_stranger_to_the_sign_in_page() {
    let house = House::new();
    assert!(map().len() >= 15, "the map was not read: {:?}", map());
    for route in map() {
        let is_open = OPEN.contains(&route.path.as_str());
        assert_eq!(route.gate == Gate::Open, is_open, "{route:?}");
        if !is_open {
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
async fn a_name_that_could_not_be_obeyed_is_sent_back_with_where_to_find_a_better_one() {
    let house = House::new();
    let session = house.session("member");
    let seen = house.post("/opt-outs", &session, "connector=slack&handle=%40carolzzz").await;
    assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(seen.body.contains("Copy member ID"), "{}", seen.body);
    assert!(house.get("/opt-outs", Some(&session)).await.body.contains(">0</span> requests"), "nobody stepped out");
    assert_eq!(house.post("/opt-outs", &session, "connector=slack&handle=u0carol1").await.status, StatusCode::CREATED);
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

#[actix_web::test]
async fn between_the_two_servers_of_a_first_start_nobody_is_sent_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let place = Where { data: folder.path().join("data"), key_file: folder.path().join("master.key"), is_sandbox: false };
    let (set_up, token) = SetUp::new(place, Clock::stepped(NOW.parse().unwrap())).unwrap();
    let answers = Answers { organisation: "Acme", email: "ana@acme.example", password: PASSWORD };
    set_up.found(token.reveal(), answers, sign_in::Visitor { network: "192.0.2.1", device: "" }).unwrap();
    let app = App::new().app_data(Data::new(set_up)).app_data(Data::new(Finish(Box::new(|| ())))).configure(crate::web::set_up::mount);
    let app = init_service(app).await;
    for (asked, sent) in [("//evil.example/x", "/"), ("/checklist", "/checklist")] {
        let seen = Seen::of(call_service(&app, TestRequest::get().uri(asked).to_request()).await).await;
        assert_eq!((seen.status, seen.location.as_str()), (StatusCode::SEE_OTHER, sent), "{asked}");
    }
}
