//! The first page, the promises and the log, as each role meets them.

use super::*;

/// What a page says, without its tags.
fn plain(page: &str) -> String {
    let texts = page.split('<').filter_map(|part| part.split_once('>')).flat_map(|(_, text)| text.split_whitespace());
    texts.collect::<Vec<_>>().join(" ")
}

#[actix_web::test]
async fn the_first_page_shows_what_stands_out_and_what_became_of_it() {
    let house = House::new();
    let owner = house.session("owner");
    let path = format!("/patterns/{}", house.pattern());
    let page = plain(&house.get("/", Some(&owner)).await.body);
    assert!(page.contains("1 pattern stands out in your team payments, new this week."), "{page}");
    assert!(page.contains("In 14 days, 6 times a workflow failed and then passed on the same commit"), "{page}");
    assert!(page.contains("acme/web On team payments, since 9 March 2026"), "{page}");
    assert!(!page.contains("Nothing stood out"), "{page}");
    house.post(&format!("{path}/status"), &owner, "status=addressed").await;
    let page = plain(&house.get("/", Some(&owner)).await.body);
    assert!(page.contains("Nothing stands out in your team payments this week."), "{page}");
    assert!(page.contains("Nothing stood out; here is what was looked at"), "{page}");
    assert!(page.contains("Nothing came from 1 source in the last 7 days."), "{page}");
    assert!(page.contains("Too early Your team marked it as addressed on 9 March 2026."), "{page}");
}

#[actix_web::test]
async fn who_is_in_no_team_is_told_so_and_sees_nothing_of_one() {
    let house = House::new();
    house.pattern();
    let page = house.get("/", Some(&house.session("member"))).await.body;
    assert!(page.contains("You are in no team"), "{page}");
    for hidden in ["acme/web", "Waiting for you", "/checklist", "/notices", "sources are on", "What changed"] {
        assert!(!page.contains(hidden), "{hidden}: {page}");
    }
}

#[actix_web::test]
async fn what_waits_for_an_owner_is_on_their_first_page_and_nobody_elses() {
    let house = House::new();
    house.pattern();
    let page = plain(&house.get("/", Some(&house.session("owner"))).await.body);
    assert!(page.contains("Getting started: 3 things are left. Next: Keep a copy of the master key."), "{page}");
    assert!(page.contains("The readers of 1 source have yet to be told"), "{page}");
}

#[actix_web::test]
async fn every_promise_is_listed_and_none_that_is_not_built_is_said_to_hold() {
    let house = House::new();
    let seen = house.get("/trust", Some(&house.session("member"))).await;
    let page = plain(&seen.body);
    for promise in crate::privacy::commitments::PROMISES {
        assert!(seen.body.contains(&format!("id=\"{}\"", promise.id)), "{}", promise.id);
    }
    assert!(page.contains("P2 No private conversation between people is read. Holds"), "{page}");
    assert!(page.contains("with date and owner. Not built yet"), "{page}");
    assert!(page.contains("No certification was started, and none is claimed."));
    assert!(!page.contains("Broken") && !seen.body.contains("href=\"/audit\""), "{page}");
}

#[actix_web::test]
async fn the_log_names_who_did_what_and_never_who_asked_for_somebody_to_step_out() {
    let house = House::new();
    let owner = house.session("owner");
    house.pattern();
    house.post("/opt-outs", &house.session("member"), "connector=github&handle=octocat").await;
    let member = house.session("member");
    assert_eq!(house.get("/audit", Some(&member)).await.status, StatusCode::FORBIDDEN);
    assert_eq!(house.post("/connections", &member, "name=x").await.status, StatusCode::FORBIDDEN);
    let page = plain(&house.get("/audit", Some(&owner)).await.body);
    assert!(page.contains("owner The github connection “Code”"), "{page}");
    assert!(page.contains("9 March 2026 not written down A person stepped out. person.stepped_out"), "{page}");
    let refused = plain(&house.get("/audit?about=access", Some(&owner)).await.body);
    assert!(refused.contains("member ") && refused.contains("access.refused"), "a member who tried more than they may is in it: {refused}");
    let stepped = plain(&house.get("/audit?about=stepping-out", Some(&owner)).await.body);
    assert!(stepped.contains("person.stepped_out") && !stepped.contains("connection.created"), "{stepped}");
    assert!(plain(&house.get("/audit?before=1", Some(&owner)).await.body).contains("No entry"));
    assert_eq!(house.get("/audit?about=salaries", Some(&owner)).await.status, StatusCode::BAD_REQUEST);
}

#[actix_web::test]
async fn the_head_of_an_earlier_day_can_be_compared() {
    let house = House::new();
    let owner = house.session("owner");
    let root = |page: &str, id: &str| {
        page.split(&format!("<code id=\"{id}\">")).nth(1).and_then(|rest| rest.split('<').next()).unwrap().to_owned()
    };
    let before = house.get("/audit", Some(&owner)).await.body;
    let size = plain(&before).split("All ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    house.pattern();
    let after = house.get(&format!("/audit?size={size}"), Some(&owner)).await.body;
    assert_ne!(root(&before, "root"), root(&after, "root"));
    assert_eq!(root(&before, "root"), root(&after, "earlier"));
}
