//! Members, teams, invitations, one's own page: who may change whom, and what ends what.

use super::*;
use crate::audit;
use crate::auth::roles;
use crate::base::id::TeamId;
use crate::members::roster;
use crate::orgs::team_members;

impl House {
    /// Somebody else of this role, called after it.
    pub(super) fn add(&self, who: &str, role: Role) -> MemberId {
        let (now, id, account) = (self.clock.now(), self.org.id(), account_of(who, self.clock.now()));
        let member = account.member();
        self.store.main().write(move |tx| account.insert(tx, id, role, Actor::Operator, now)).unwrap();
        self.org.write(move |tx| account::give_role(tx, member, role, Actor::Operator, now)).unwrap();
        member
    }

    pub(super) fn member_called(&self, who: &str) -> MemberId {
        roster::list(&self.store, &self.org).unwrap().into_iter().find(|member| member.name == who).unwrap().id
    }

    pub(super) fn role_of(&self, member: MemberId) -> Option<Role> {
        self.org.read(|reader| roles::of(reader, member)).unwrap()
    }

    /// The link of an invitation to `email`, made by the holder of `session`.
    pub(super) async fn invite(&self, session: &str, email: &str, role: &str) -> String {
        let made = self.post("/invitations", session, &format!("email={email}%40acme.example&role={role}&team=")).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let link = made.body.split("<code id=\"link\">").nth(1).unwrap().split('<').next().unwrap();
        link.strip_prefix(&format!("https://{HOST}")).unwrap().to_owned()
    }

    /// Fills in the form behind a link as a stranger does.
    pub(super) async fn join(&self, path: &str, email: &str) -> Seen {
        let visit = "a-visit";
        let body = format!("csrf={}&name=Newcomer&email={email}%40acme.example&password=a+long+enough+password", FormToken::of(visit));
        let request = TestRequest::post().uri(path).insert_header(("sec-fetch-site", "same-origin"));
        self.ask(form(request, body).cookie(Cookie::new(VISIT, visit))).await
    }

    /// How many leaves of this act the organisation's log holds.
    pub(super) fn leaves(&self, act: &str) -> usize {
        let needle = format!("\"act\":\"{act}\"");
        self.org.read(|reader| audit::entries(reader)).unwrap().iter().filter(|(leaf, _)| leaf.contains(&needle)).count()
    }
}

#[actix_web::test]
async fn an_admin_cannot_make_an_owner_and_the_try_is_written_down() {
    let house = House::new();
    house.add("admin", Role::Admin);
    let (admin, member, owner) = (house.session("admin"), house.member_called("member"), house.owner);
    let give = async |to: &str, role: &str| house.post(&format!("/members/{to}/role"), &admin, &format!("role={role}")).await.status;
    assert_eq!(give(&member.to_string(), "facilitator").await, StatusCode::SEE_OTHER);
    assert_eq!(house.role_of(member), Some(Role::Facilitator));
    assert_eq!(house.leaves("access.refused"), 0);
    assert_eq!(give(&member.to_string(), "owner").await, StatusCode::FORBIDDEN);
    assert_eq!(give(&owner.to_string(), "member").await, StatusCode::FORBIDDEN, "nor unmake one");
    assert_eq!(house.post(&format!("/members/{owner}/removal"), &admin, "").await.status, StatusCode::FORBIDDEN);
    let invited = house.post("/invitations", &admin, "email=x%40acme.example&role=owner&team=").await;
    assert_eq!(invited.status, StatusCode::FORBIDDEN);
    assert_eq!(house.leaves("access.refused"), 4);
    assert_eq!((house.role_of(member), house.role_of(owner)), (Some(Role::Facilitator), Some(Role::Owner)));
    assert_eq!(give("01900000-0000-7000-8000-000000000000", "member").await, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn a_form_that_the_pages_of_a_member_do_not_have_is_refused_and_written_down() {
    let house = House::new();
    let member = house.session("member");
    let own = house.member_called("member");
    assert_eq!(house.post(&format!("/members/{own}/role"), &member, "role=owner").await.status, StatusCode::FORBIDDEN);
    assert_eq!(house.role_of(own), Some(Role::Member));
    assert_eq!(house.leaves("access.refused"), 1);
    let request =
        form(TestRequest::post().uri(&format!("/members/{own}/role")).insert_header(("sec-fetch-site", "cross-site")), String::new());
    assert_eq!(house.ask(with_session(request, Some(&member))).await.status, StatusCode::FORBIDDEN);
    assert_eq!(house.leaves("access.refused"), 1, "what another site made the browser send is none of their doing");
    for _ in 0..40 {
        house.post(&format!("/members/{own}/role"), &member, "role=owner").await;
    }
    assert_eq!(house.leaves("access.refused"), 20, "a disk is not filled by it");
}

#[actix_web::test]
async fn the_last_owner_can_neither_leave_nor_be_demoted() {
    let house = House::new();
    let owner = house.session("owner");
    let own = house.owner;
    for (path, body) in
        [(format!("/members/{own}/role"), "role=admin"), (format!("/members/{own}/removal"), ""), ("/profile/removal".to_owned(), "")]
    {
        let seen = house.post(&path, &owner, body).await;
        assert_eq!(seen.status, StatusCode::CONFLICT, "{path}");
        assert!(seen.body.contains("only owner"), "{path}: {}", seen.body);
    }
    let second = house.add("second", Role::Owner);
    assert_eq!(house.post(&format!("/members/{own}/role"), &owner, "role=member").await.status, StatusCode::SEE_OTHER);
    assert_eq!((house.role_of(own), house.role_of(second)), (Some(Role::Member), Some(Role::Owner)));
    assert_eq!(house.post("/profile/removal", &owner, "").await.location, "/sign-in", "who is none may go");
    assert_eq!(house.get("/profile", Some(&owner)).await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn who_is_removed_is_out_at_once_with_all_that_was_theirs() {
    let house = House::new();
    house.add("admin", Role::Admin);
    let (owner, admin, gone) = (house.session("owner"), house.session("admin"), house.member_called("admin"));
    let link = house.invite(&admin, "newcomer", "member").await;
    let token =
        crate::auth::api_token::create(&house.org, (gone, "t"), &crate::auth::Scope::ALL, Actor::Operator, house.clock.now()).unwrap();
    let resumes = || crate::auth::api_token::resume(&house.store, token.reveal(), house.clock.now()).unwrap().is_some();
    assert!(resumes());
    assert_eq!(house.post(&format!("/members/{gone}/removal"), &owner, "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.get("/members", Some(&admin)).await.status, StatusCode::SEE_OTHER, "the session");
    assert!(!resumes(), "the token");
    assert_eq!(house.get(&link, None).await.status, StatusCode::GONE, "the invitation");
    assert!(account::name_of(house.store.main(), gone).unwrap().is_none(), "the account");
    let visitor = sign_in::Visitor { network: "127.0.0.1", device: "" };
    assert!(house.sign_in.sign_in(house.store.main(), ("admin@acme.example", PASSWORD), visitor, house.clock.now()).is_err());
    assert_eq!(house.get(&format!("/members/{gone}"), Some(&owner)).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn a_team_is_seen_by_its_own_and_looked_after_by_its_facilitators() {
    let house = House::new();
    let (owner, member) = (house.session("owner"), house.session("member"));
    let led = house.add("lead", Role::Facilitator);
    let lead = house.session("lead");
    let made = house.post("/teams", &owner, "name=payments").await;
    let (team, someone) = (made.location.clone(), house.member_called("member"));
    let put = async |session: &str, who: MemberId, facilitator: &str| {
        house.post(&format!("{team}/members"), session, &format!("member={who}&facilitator={facilitator}")).await.status
    };
    assert_eq!(house.get(&team, Some(&member)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(put(&lead, someone, "false").await, StatusCode::NOT_FOUND, "a facilitator of other teams knows nothing of this one");
    assert_eq!(put(&owner, led, "false").await, StatusCode::SEE_OTHER);
    assert_eq!(put(&lead, someone, "false").await, StatusCode::FORBIDDEN, "in it, and not its facilitator");
    assert_eq!(put(&owner, led, "true").await, StatusCode::SEE_OTHER);
    assert_eq!(put(&lead, someone, "false").await, StatusCode::SEE_OTHER);
    assert_eq!(put(&lead, someone, "true").await, StatusCode::CONFLICT, "a member's role does not let them facilitate");
    assert!(house.get(&team, Some(&member)).await.body.contains("in it since 9 March 2026"));
    assert_eq!(house.post(&format!("{team}/members/removal"), &member, &format!("member={led}")).await.status, StatusCode::FORBIDDEN);
    let left = house.post(&format!("{team}/members/removal"), &member, &format!("member={someone}")).await;
    assert_eq!((left.status, left.location.as_str()), (StatusCode::SEE_OTHER, "/teams"), "anybody may leave");
    assert_eq!(house.post(&format!("/members/{led}/role"), &owner, "role=member").await.status, StatusCode::SEE_OTHER);
    let id: TeamId = team.strip_prefix("/teams/").unwrap().parse().unwrap();
    let in_it = house.org.read(|reader| team_members::list(reader, id)).unwrap();
    assert_eq!(
        in_it.iter().find(|in_it| in_it.member == led).map(|in_it| in_it.is_facilitator),
        Some(false),
        "with the role goes the lead"
    );
}

#[actix_web::test]
async fn a_team_keeps_what_it_has_under_another_name() {
    let house = House::new();
    let owner = house.session("owner");
    house.pattern();
    let team = house.get("/teams", Some(&owner)).await.body.split("href=\"/teams/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(house.post("/teams", &owner, "name=web").await.status, StatusCode::SEE_OTHER);
    let path = format!("/teams/{team}");
    assert_eq!(house.post(&path, &owner, "name=web").await.status, StatusCode::UNPROCESSABLE_ENTITY, "taken");
    assert_eq!(house.post(&path, &owner, "name=Web+Shop").await.status, StatusCode::UNPROCESSABLE_ENTITY, "no name");
    assert_eq!(house.post(&path, &owner, "name=ledger").await.status, StatusCode::SEE_OTHER);
    assert!(house.get(&path, Some(&owner)).await.body.contains("<h1>ledger</h1>"));
    assert!(house.get("/patterns", Some(&owner)).await.body.contains("acme/web"));
}

#[actix_web::test]
async fn an_admin_outside_a_team_sees_no_pattern_of_it() {
    let house = House::new();
    house.add("admin", Role::Admin);
    let (admin, pattern) = (house.session("admin"), house.pattern());
    let missing = house.get("/patterns/01900000-0000-7000-8000-000000000000", Some(&admin)).await;
    let hidden = house.get(&format!("/patterns/{pattern}"), Some(&admin)).await;
    assert_eq!((hidden.status, hidden.lasting()), (StatusCode::NOT_FOUND, missing.lasting()));
    assert!(!house.get("/", Some(&admin)).await.body.contains("acme/web"), "nor on the first page");
    assert!(house.get("/teams", Some(&admin)).await.body.contains("payments"), "that there is a team is no secret to who runs it");
}

#[actix_web::test]
async fn an_invitation_lets_the_one_it_is_for_join_once() {
    let house = House::new();
    let owner = house.session("owner");
    let link = house.invite(&owner, "newcomer", "facilitator").await;
    let offered = house.get(&link, None).await;
    assert!(offered.status == StatusCode::OK && offered.body.contains("Join Acme"), "{}", offered.body);
    assert!(!offered.body.contains("newcomer"), "the page does not say for whom it is");
    let other = house.join(&link, "somebody").await;
    assert_eq!(other.status, StatusCode::FORBIDDEN);
    let joined = house.join(&link, "newcomer").await;
    assert_eq!((joined.status, joined.location.as_str()), (StatusCode::SEE_OTHER, "/"), "{}", joined.body);
    let session = joined.cookies.iter().find_map(|cookie| cookie.strip_prefix("__Host-session=")).unwrap().split(';').next().unwrap();
    assert_eq!(house.get("/members", Some(session)).await.status, StatusCode::OK);
    assert_eq!(house.role_of(house.member_called("Newcomer")), Some(Role::Facilitator));
    assert_eq!((house.get(&link, None).await.status, house.join(&link, "newcomer").await.status), (StatusCode::GONE, StatusCode::GONE));
    assert_eq!(house.get("/join/nothing", None).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn an_invitation_ends_when_it_is_revoked_replaced_or_a_week_old() {
    let house = House::new();
    let owner = house.session("owner");
    let first = house.invite(&owner, "newcomer", "member").await;
    let second = house.invite(&owner, "newcomer", "member").await;
    assert_eq!(house.get(&first, None).await.status, StatusCode::GONE, "a second one replaces it");
    let page = house.get("/members", Some(&owner)).await.body;
    let action = page.split("action=\"/invitations/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(house.post(&format!("/invitations/{action}"), &owner, "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.join(&second, "newcomer").await.status, StatusCode::GONE);
    let third = house.invite(&owner, "newcomer", "member").await;
    house.clock.set(house.clock.now() + SignedDuration::from_hours(24 * 7));
    assert_eq!((house.get(&third, None).await.status, house.join(&third, "newcomer").await.status), (StatusCode::GONE, StatusCode::GONE));
}

#[actix_web::test]
async fn guesses_at_the_address_of_an_invitation_have_to_wait() {
    let house = House::new();
    let owner = house.session("owner");
    let link = house.invite(&owner, "newcomer", "member").await;
    let mut last = StatusCode::OK;
    for guess in 0..9 {
        last = house.join(&link, &format!("guess{guess}")).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    house.clock.set(house.clock.now() + SignedDuration::from_mins(16));
    assert_eq!(house.join(&link, "newcomer").await.status, StatusCode::SEE_OTHER, "the one it is for is not kept out for good");
}

#[actix_web::test]
async fn every_session_dies_when_the_password_is_changed() {
    let house = House::new();
    let (here, elsewhere) = (house.session("owner"), house.session("owner"));
    let change = async |present: &str, new: &str| {
        house.post("/profile/password", &here, &format!("present={}&new={new}", present.replace(' ', "+"))).await
    };
    assert_eq!(change("not the password", "another+long+password").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(change(PASSWORD, "short").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(house.get("/patterns", Some(&elsewhere)).await.status, StatusCode::OK, "nothing was changed so far");
    let changed = change(PASSWORD, "another+long+password").await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER);
    for dead in [&here, &elsewhere] {
        assert_eq!(house.get("/patterns", Some(dead)).await.status, StatusCode::SEE_OTHER);
    }
    let fresh = changed.cookies.iter().find_map(|cookie| cookie.strip_prefix("__Host-session=")).unwrap().split(';').next().unwrap();
    assert_eq!(house.get("/patterns", Some(fresh)).await.status, StatusCode::OK);
    let visitor = sign_in::Visitor { network: "127.0.0.1", device: "" };
    let sign_in =
        |password: &str| house.sign_in.sign_in(house.store.main(), ("owner@acme.example", password), visitor, house.clock.now()).is_ok();
    assert!(!sign_in(PASSWORD) && sign_in("another long password"));
}

#[actix_web::test]
async fn sessions_are_listed_and_end_one_by_one_or_all_others() {
    let house = House::new();
    let (here, second, third, stranger) = (house.session("owner"), house.session("owner"), house.session("owner"), house.session("member"));
    let page = house.get("/profile", Some(&here)).await.body;
    assert_eq!(page.matches("Firefox on Linux").count() - page.matches(": Firefox on Linux").count(), 3, "{page}");
    assert!(page.contains("this browser") && page.contains("30 minutes") && page.contains("12 hours"), "{page}");
    let action = page.split("action=\"/profile/sessions/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let path = format!("/profile/sessions/{action}");
    assert_eq!(house.post(&path, &stranger, "").await.status, StatusCode::NOT_FOUND, "another's session is as if there were none");
    assert_eq!(house.post(&path, &here, "").await.status, StatusCode::SEE_OTHER);
    let live = async |session: &str| house.get("/patterns", Some(session)).await.status == StatusCode::OK;
    assert_ne!(live(&second).await, live(&third).await, "one of the two others ended");
    assert_eq!(house.post("/profile/sessions/removal", &here, "").await.status, StatusCode::SEE_OTHER);
    assert_eq!((live(&here).await, live(&second).await, live(&third).await, live(&stranger).await), (true, false, false, true));
}

#[actix_web::test]
async fn a_profile_is_corrected_and_its_former_values_are_nowhere() {
    let house = House::new();
    let owner = house.session("owner");
    assert_eq!(house.post("/profile", &owner, "name=+").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(house.post("/profile", &owner, "name=Ana+Ferreira").await.status, StatusCode::SEE_OTHER);
    let email = async |email: &str, password: &str| {
        house.post("/profile/email", &owner, &format!("email={email}&password={}", password.replace(' ', "+"))).await.status
    };
    assert_eq!(email("ana%40new.example", "wrong").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(email("member%40acme.example", PASSWORD).await, StatusCode::UNPROCESSABLE_ENTITY, "taken");
    assert_eq!(email("ana%40new.example", PASSWORD).await, StatusCode::SEE_OTHER);
    let shown = house.get("/profile", Some(&owner)).await.body;
    assert!(shown.contains("value=\"Ana Ferreira\"") && shown.contains("value=\"ana@new.example\""));
    let log = house.store.main().read(|reader| audit::entries(reader)).unwrap();
    let details: Vec<String> = log.into_iter().map(|(_, detail)| detail).collect();
    assert!(details.iter().any(|detail| detail.contains("changed their e-mail address")), "{details:?}");
    assert!(!details.iter().any(|detail| detail.contains("new.example") || detail.contains("owner@acme")), "{details:?}");
}

#[actix_web::test]
async fn a_token_is_shown_once_and_can_do_no_more_than_its_member() {
    let house = House::new();
    let (member, owner) = (house.session("member"), house.session("owner"));
    let make = async |session: &str, fields: &str| house.post("/profile/tokens", session, fields).await;
    assert_eq!(make(&member, "name=x&days=30&may-connections-write=true").await.status, StatusCode::FORBIDDEN);
    assert_eq!(house.leaves("access.refused"), 1);
    assert_eq!(make(&member, "name=x&days=30").await.status, StatusCode::UNPROCESSABLE_ENTITY, "no scope");
    assert_eq!(make(&member, "name=x&days=999&may-decide=true").await.status, StatusCode::BAD_REQUEST);
    let made = make(&member, "name=report&days=30&may-patterns-read=true").await;
    assert_eq!(made.status, StatusCode::CREATED);
    let text = made.body.split("<code id=\"token\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let listed = house.get("/profile/tokens", Some(&member)).await.body;
    assert!(listed.contains("report") && listed.contains("never used") && !listed.contains(&text));
    assert!(house.get("/profile/tokens", Some(&owner)).await.body.contains("member’s"), "who may remove members sees theirs too");
    assert!(crate::auth::api_token::resume(&house.store, &text, house.clock.now()).unwrap().is_some());
    assert!(house.get("/profile/tokens", Some(&member)).await.body.contains("last used just now"));
    let action = listed.split("action=\"/profile/tokens/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(house.post(&format!("/profile/tokens/{action}"), &member, "").await.status, StatusCode::SEE_OTHER);
    assert!(crate::auth::api_token::resume(&house.store, &text, house.clock.now()).unwrap().is_none());
}

#[actix_web::test]
async fn a_token_made_by_a_token_can_do_no_more_and_lives_no_longer() {
    use crate::auth::Scope;
    use crate::auth::api_token::{self, NewToken, TokenError};
    let house = House::new();
    let now = house.clock.now();
    let of = |text: &str| api_token::resume(&house.store, text, now).unwrap().unwrap().0;
    let who =
        api_token::create(&house.org, (house.owner, "first"), &[Scope::WriteTokens, Scope::ReadPatterns], Actor::Operator, now).unwrap();
    let wish = |scopes: &[Scope]| NewToken { name: "second".to_owned(), scopes: scopes.to_vec(), days: 365 };
    let refused = api_token::issue(&house.org, &of(who.reveal()), &wish(&[Scope::Decide]), now);
    assert!(matches!(refused, Err(TokenError::NotHeld)));
    let (_, made) = api_token::issue(&house.org, &of(who.reveal()), &wish(&[Scope::ReadPatterns]), now).unwrap();
    assert_eq!(made.expires_at, now + SignedDuration::from_hours(24 * 90), "as long as the first");
}

#[actix_web::test]
async fn what_outlives_a_session_takes_the_password_again_once_the_sign_in_is_not_fresh() {
    let house = House::new();
    let owner = house.session("owner");
    let token = "name=x&days=7&may-patterns-read=true";
    let invitation = "email=new%40acme.example&role=member&team=";
    let forms = [("/profile/tokens", "/profile/tokens", token), ("/members", "/invitations", invitation)];
    for (page, action, fields) in forms {
        assert!(!house.get(page, Some(&owner)).await.body.contains("type=\"password\""), "{page}: it was typed a moment ago");
        assert_eq!(house.post(action, &owner, fields).await.status, StatusCode::CREATED, "{action}");
    }
    house.clock.set(house.clock.now() + SignedDuration::from_mins(15));
    let made = || (house.leaves("token.created"), house.leaves("invitation.created"));
    let before = made();
    for (page, action, fields) in forms {
        assert!(house.get(page, Some(&owner)).await.body.contains("type=\"password\""), "{page}");
        for (given, words) in
            [("", "Type your password once more"), ("&password=", "Type your password once more"), ("&password=guess", "not your password")]
        {
            let refused = house.post(action, &owner, &format!("{fields}{given}")).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{action} {given}");
            assert!(refused.body.contains(words) && !refused.body.contains("guess"), "{}", refused.body);
        }
    }
    assert_eq!(made(), before, "nothing was made");
    for (action, fields) in [("/profile/tokens", token), ("/invitations", "email=other%40acme.example&role=member&team=")] {
        let right = format!("{fields}&password={}", PASSWORD.replace(' ', "+"));
        assert_eq!(house.post(action, &owner, &right).await.status, StatusCode::CREATED, "{action}");
    }
    for _ in 0..8 {
        house.post("/profile/tokens", &owner, &format!("{token}&password=guess")).await;
    }
    let tried = house.post("/profile/tokens", &owner, &format!("{token}&password=guess")).await;
    assert_eq!(tried.status, StatusCode::TOO_MANY_REQUESTS, "guessing is counted as it is at the door");
}

#[actix_web::test]
async fn a_member_cannot_step_out_a_whole_organisation() {
    let house = House::new();
    let member = house.session("member");
    let mut statuses = Vec::new();
    for number in 0..11 {
        statuses.push(house.post("/opt-outs", &member, &format!("connector=github&handle=somebody-{number}")).await.status);
    }
    assert!(statuses[..10].iter().all(|status| *status == StatusCode::CREATED), "{statuses:?}");
    assert_eq!(statuses[10], StatusCode::TOO_MANY_REQUESTS);
    house.add("officer", Role::PrivacyOfficer);
    let officer = house.session("officer");
    for number in 0..12 {
        assert_eq!(
            house.post("/opt-outs", &officer, &format!("connector=github&handle=another-{number}")).await.status,
            StatusCode::CREATED
        );
    }
}

#[actix_web::test]
async fn a_privacy_officer_sees_what_is_read_and_is_offered_no_change() {
    let house = House::new();
    house.pattern();
    house.add("officer", Role::PrivacyOfficer);
    let officer = house.session("officer");
    let index = house.get("/connections", Some(&officer)).await.body;
    let page = index.split("href=\"/connections/").nth(1).unwrap().split('"').next().unwrap();
    assert!(!index.contains("/connections/new"));
    let shown = house.get(&format!("/connections/{page}"), Some(&officer)).await;
    assert!(shown.status == StatusCode::OK && shown.body.contains("<li>acme/web</li>"), "{}", shown.body);
    for offer in ["/sources\"", "/secret\"", "/removal\""] {
        assert!(!shown.body.contains(offer), "{offer}");
    }
}
