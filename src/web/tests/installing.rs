//! Installing a tool, and its end: what is shown of a secret, and what is taken for a source.

use super::*;

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
