//! Trying a source out, and telling its readers: what the pages say, and who may say that they were told.

use super::*;
use crate::orgs::notices;

/// A Slack connection of the owner, and the path of its sources.
async fn chat(house: &House, owner: &str) -> (ConnectionId, String) {
    let fields = "connector=slack&name=Chat&base_url=https%3A%2F%2Facme.slack.com&secret=0123456789abcdef0123456789abcdef";
    house.post("/connections", owner, fields).await;
    let id = connections::list(&house.org).unwrap().pop().unwrap().id;
    (id, format!("/connections/{id}/sources"))
}

#[actix_web::test]
async fn a_source_is_tried_out_for_a_week_or_longer_and_then_it_is_off() {
    let house = House::new();
    let owner = house.session("owner");
    let (_, path) = chat(&house, &owner).await;
    let try_out =
        async |days: &str| house.post(&path, &owner, &format!("mode=shadow&days={days}&external_id=C024BE91L&team=payments")).await;
    for bad in ["0", "91", "-1", "a%20week"] {
        assert_eq!(try_out(bad).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
    let direct = house.post(&path, &owner, "mode=shadow&external_id=D024BE91L&team=payments").await;
    assert_eq!(direct.status, StatusCode::UNPROCESSABLE_ENTITY, "a place that is never read is not tried out either");
    assert_eq!(try_out("").await.status, StatusCode::SEE_OTHER);
    let shown = house.get(&path, Some(&owner)).await.body;
    assert!(shown.contains("0 of 1 source on, 1 in shadow mode") && shown.contains("in shadow mode until 16 March 2026"), "{shown}");
    assert_eq!(try_out("30").await.status, StatusCode::SEE_OTHER);
    assert!(house.get(&path, Some(&owner)).await.body.contains("in shadow mode until 8 April 2026"));
    house.clock.set("2026-04-09T09:00:00Z".parse().unwrap());
    let owner = house.session("owner");
    let over = house.get(&path, Some(&owner)).await.body;
    assert!(over.contains("off since 8 April 2026") && over.contains("Now it is off: nothing goes on by itself."), "{over}");
    house.clock.set("2026-05-20T09:00:00Z".parse().unwrap());
    let owner = house.session("owner");
    assert!(!house.get(&path, Some(&owner)).await.body.contains("would have brought"), "its counts are gone by then");
}

#[actix_web::test]
async fn of_many_notices_so_many_stand_on_the_page_and_the_others_follow() {
    let house = House::new();
    let owner = house.session("owner");
    let (id, path) = chat(&house, &owner).await;
    for number in 10..22 {
        house.post(&path, &owner, &format!("subscribed=true&external_id=C024BE{number}&label=%23room-{number}")).await;
    }
    let texts = |page: &str| page.matches("<textarea").count();
    let page = house.get("/notices", Some(&owner)).await.body;
    assert_eq!((texts(&page), page.contains("2 more notices are due.")), (10, true), "{page}");
    let newest = notices::list(&house.org).unwrap()[0].clone();
    let posted = format!("connection={id}&external_id={}&due_at={}", newest.external_id, newest.due.at.as_microsecond());
    assert_eq!(house.post("/notices", &owner, &posted).await.status, StatusCode::SEE_OTHER);
    let page = house.get("/notices", Some(&owner)).await.body;
    assert_eq!((texts(&page), page.contains("1 more notice is due.")), (10, true), "{page}");
}

#[actix_web::test]
async fn a_notice_is_due_on_every_page_until_a_person_who_may_says_that_it_is_posted() {
    let house = House::new();
    let (owner, member) = (house.session("owner"), house.session("member"));
    let (id, path) = chat(&house, &owner).await;
    house.post(&path, &owner, "subscribed=true&external_id=C024BE91L&team=payments&label=%23help").await;
    assert_eq!(house.get("/notices", Some(&member)).await.status, StatusCode::FORBIDDEN);
    assert!(!house.get("/", Some(&member)).await.body.contains("have yet to be told"));
    assert!(house.get("/", Some(&owner)).await.body.contains("The readers of 1 source have yet to be told"));
    assert!(house.get(&path, Some(&owner)).await.body.contains("Its readers have yet to be told"));
    let page = house.get("/notices", Some(&owner)).await.body;
    assert!(page.contains("SmartRetro reads #help for the team payments") && page.contains("readonly"), "{page}");
    assert!(page.contains(&format!("https://{HOST}/opt-outs")), "the way out is where this console is");
    let due_at = notices::list(&house.org).unwrap()[0].due.at.as_microsecond();
    let confirm = |at: i64| format!("connection={id}&external_id=C024BE91L&due_at={at}");
    assert_eq!(house.post("/notices", &member, &confirm(due_at)).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        house.post("/notices", &owner, &confirm(due_at - 1)).await.status,
        StatusCode::CONFLICT,
        "another text than stands there now"
    );
    let stranger = format!("connection={id}&external_id=C0OTHER&due_at={due_at}");
    assert_eq!(house.post("/notices", &owner, &stranger).await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.post("/notices", &owner, &confirm(due_at)).await.status, StatusCode::SEE_OTHER);
    let told = house.get("/notices", Some(&owner)).await.body;
    assert!(told.contains("No notice is due") && told.contains("posted 9 March 2026 by owner"), "{told}");
    assert!(!house.get("/", Some(&owner)).await.body.contains("have yet to be told"));
    // Two changes in one instant are two notices.
    house.post(&path, &owner, "subscribed=false&external_id=C024BE91L").await;
    let first = notices::list(&house.org).unwrap()[0].due.at;
    house.post(&path, &owner, "subscribed=true&external_id=C024BE91L").await;
    assert!(notices::list(&house.org).unwrap()[0].due.at > first);
}

#[actix_web::test]
async fn an_admin_says_what_production_is_called() {
    let house = House::new();
    house.pattern();
    let owner = house.session("owner");
    assert!(house.get("/connections", Some(&owner)).await.body.contains("value=\"production, prod, live\""));
    for bad in ["", "+,+", "pr%C3%B6d"] {
        let refused = house.post("/connections/production", &owner, &format!("environments={bad}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        assert!(refused.body.contains("Name 1 to 20 environments"), "{}", refused.body);
    }
    assert_eq!(house.post("/connections/production", &owner, "environments=Prod+EU,+,live,LIVE").await.status, StatusCode::SEE_OTHER);
    assert!(house.get("/connections", Some(&owner)).await.body.contains("value=\"prod eu, live\""));
    assert_eq!(house.leaves("organisation.production_named"), 1);
    assert_eq!(house.post("/connections/production", &house.session("member"), "environments=x").await.status, StatusCode::FORBIDDEN);
}
