//! Rights that must end when they end: none is kept by a link, a token, a session or a request that was under way, and none is won by one.

use super::*;
use crate::auth::api_token::{self, NewToken, TokenError};
use crate::auth::profile::{self, ProfileError};
use crate::auth::sign_in::{SignInError, Visitor};
use crate::auth::{Principal, Scope, session};
use crate::members::invitations::{self, InviteError, NewInvitation};
use crate::members::join::{self, JoinError, Joining};
use crate::members::roster::{self, RosterError};
use crate::orgs::team_members::TeamError;
use crate::orgs::teams;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};

const VISITOR: Visitor<'static> = Visitor { network: "192.0.2.1", device: "Firefox on Linux" };
const NEW_PASSWORD: &str = "another long password";

impl House {
    /// Whoever holds this session, as a request that comes now sees them.
    fn principal(&self, session: &str) -> Principal {
        session::resume(&self.store, session, self.clock.now()).unwrap().unwrap().0
    }

    fn bearer(&self, token: &str) -> Option<Principal> {
        api_token::resume(&self.store, token, self.clock.now()).unwrap().map(|(principal, _)| principal)
    }

    async fn give(&self, session: &str, to: MemberId, role: &str) -> StatusCode {
        self.post(&format!("/members/{to}/role"), session, &format!("role={role}")).await.status
    }

    fn change_password(&self, present: &str, new: &str) -> Result<(), ProfileError> {
        let desk = (self.sign_in.get_ref(), self.store.main());
        let actor = Actor::Member(self.owner);
        profile::change_password(desk, (self.owner, self.org.id()), (present, new), (VISITOR, actor), self.clock.now()).map(drop)
    }
}

fn token_of(scopes: &[Scope]) -> NewToken {
    NewToken { name: "second".to_owned(), scopes: scopes.to_vec(), days: 30 }
}

#[actix_web::test]
async fn an_invitation_ends_with_the_right_to_give_what_it_gives() {
    let house = House::new();
    let second = house.add("second", Role::Owner);
    let (owner, ousted) = (house.session("owner"), house.session("second"));
    let (back_door, plain) = (house.invite(&ousted, "backdoor", "owner").await, house.invite(&ousted, "newcomer", "member").await);
    assert_eq!(house.give(&owner, second, "admin").await, StatusCode::SEE_OTHER);
    assert_eq!(house.get(&back_door, None).await.status, StatusCode::GONE, "who was an owner does not come back as one");
    assert_eq!(house.join(&back_door, "backdoor").await.status, StatusCode::GONE);
    assert_eq!(house.get(&plain, None).await.status, StatusCode::OK, "an admin may still give this");
    assert_eq!(house.give(&owner, second, "facilitator").await, StatusCode::SEE_OTHER);
    assert_eq!(house.get(&plain, None).await.status, StatusCode::GONE);
    assert_eq!(house.leaves("invitation.revoked"), 2, "each end is written down");
}

#[actix_web::test]
async fn the_invitations_of_who_is_removed_end_each_with_a_leaf() {
    let house = House::new();
    let admin = house.add("admin", Role::Admin);
    let (owner, gone) = (house.session("owner"), house.session("admin"));
    house.invite(&gone, "x", "member").await;
    house.invite(&gone, "y", "member").await;
    house.invite(&owner, "z", "member").await;
    assert_eq!(house.post(&format!("/members/{admin}/removal"), &owner, "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.leaves("invitation.revoked"), 2);
    assert_eq!(house.org.read(|reader| invitations::list(reader, house.clock.now())).unwrap().len(), 1, "another's stays");
}

#[actix_web::test]
async fn an_admin_does_not_end_an_owners_invitation_by_making_another() {
    let house = House::new();
    house.add("admin", Role::Admin);
    let (owner, admin) = (house.session("owner"), house.session("admin"));
    let link = house.invite(&owner, "successor", "owner").await;
    let again = house.post("/invitations", &admin, "email=successor%40acme.example&role=member&team=").await;
    assert_eq!(again.status, StatusCode::FORBIDDEN);
    assert_eq!(house.get(&link, None).await.status, StatusCode::OK);
}

#[actix_web::test]
async fn a_token_that_may_invite_puts_nobody_into_a_team() {
    let house = House::new();
    let owner = house.session("owner");
    let team = teams::create(&house.org, &house.principal(&owner), &Slug::parse("payments").unwrap(), house.clock.now()).unwrap();
    let invite = |scopes: &[Scope]| {
        let token = api_token::create(&house.org, (house.owner, "t"), scopes, Actor::Operator, house.clock.now()).unwrap();
        let by = house.bearer(token.reveal()).unwrap();
        let wish = NewInvitation { email: Email::parse("x@acme.example").unwrap(), role: Role::Member, team: Some(team) };
        invitations::invite(&house.store, &house.org, &by, wish, house.clock.now()).map(drop)
    };
    assert!(matches!(invite(&[Scope::WriteMembers]), Err(InviteError::NotAllowed)));
    assert!(invite(&[Scope::WriteMembers, Scope::WriteTeams]).is_ok());
}

#[actix_web::test]
async fn who_was_removed_or_demoted_meanwhile_makes_neither_token_nor_team() {
    let house = House::new();
    let (admin, other) = (house.add("admin", Role::Admin), house.add("other", Role::Admin));
    let owner = house.session("owner");
    // Their requests have passed the door, and come to the room only after what follows.
    let [removed, demoted] = [house.session("admin"), house.session("other")].map(|session| house.principal(&session));
    assert_eq!(house.post(&format!("/members/{admin}/removal"), &owner, "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.give(&owner, other, "member").await, StatusCode::SEE_OTHER);
    let now = house.clock.now();
    let mint = |who: &Principal, scope| api_token::issue(&house.org, who, &token_of(&[scope]), now).map(drop);
    assert!(matches!(mint(&removed, Scope::ReadPatterns), Err(TokenError::NotHeld)));
    assert!(matches!(mint(&demoted, Scope::WriteMembers), Err(TokenError::NotHeld)));
    assert!(mint(&demoted, Scope::ReadPatterns).is_ok());
    for (who, name) in [(&removed, "theirs"), (&demoted, "mine")] {
        let made = teams::create(&house.org, who, &Slug::parse(name).unwrap(), now);
        assert!(matches!(made, Err(TeamError::NotAllowed)), "{name}: {made:?}");
    }
}

#[actix_web::test]
async fn a_token_ends_with_the_one_that_made_it() {
    let house = House::new();
    let now = house.clock.now();
    let stolen = api_token::create(&house.org, (house.owner, "stolen"), &Scope::ALL, Actor::Operator, now).unwrap();
    let other = api_token::create(&house.org, (house.owner, "other"), &Scope::ALL, Actor::Operator, now).unwrap();
    let thief = house.bearer(stolen.reveal()).unwrap();
    let both = [Scope::ReadPatterns, Scope::WriteTokens];
    let (child, _) = api_token::issue(&house.org, &thief, &token_of(&both), now).unwrap();
    let (grandchild, _) = api_token::issue(&house.org, &house.bearer(child.reveal()).unwrap(), &token_of(&both), now).unwrap();
    let owner = house.principal(&house.session("owner"));
    let listed = api_token::list(&house.org, Some(house.owner), now).unwrap();
    let id = listed.iter().find(|token| token.name == "stolen").unwrap().id;
    assert!(api_token::revoke(&house.org, &owner, id, now).unwrap());
    for (what, token) in [("the child", &child), ("the grandchild", &grandchild)] {
        assert!(house.bearer(token.reveal()).is_none(), "{what} lives on");
    }
    assert!(house.bearer(other.reveal()).is_some());
    assert_eq!(house.leaves("token.revoked"), 3);
    let late = api_token::issue(&house.org, &thief, &token_of(&both), now);
    assert!(matches!(late, Err(TokenError::NotHeld)), "a request of the thief that was under way");
}

#[test]
fn no_sign_in_that_was_under_way_outlives_a_change_of_password() {
    let house = House::new();
    let has_changed = AtomicBool::new(false);
    let try_on = || {
        let tried = || house.sign_in.sign_in(house.store.main(), ("owner@acme.example", PASSWORD), VISITOR, house.clock.now());
        // One was always begun before the change, and ends after it.
        while !has_changed.load(Ordering::SeqCst) {
            assert!(matches!(tried(), Ok(_) | Err(SignInError::Refused | SignInError::ComeBack { .. })));
        }
    };
    std::thread::scope(|scope| {
        let tries = [scope.spawn(try_on), scope.spawn(try_on)];
        house.change_password(PASSWORD, NEW_PASSWORD).unwrap_or_else(|error| panic!("{error:?}"));
        has_changed.store(true, Ordering::SeqCst);
        for tries in tries {
            tries.join().unwrap();
        }
    });
    let live = session::list(house.store.main(), house.owner, "", house.clock.now()).unwrap();
    assert_eq!(live.len(), 1, "the one that the change began");
}

#[test]
fn of_two_changes_of_the_password_at_once_one_is_made() {
    let house = House::new();
    let together = Barrier::new(2);
    let change = |new: &'static str| {
        let (house, together) = (&house, &together);
        move || {
            together.wait();
            house.change_password(PASSWORD, new).is_ok()
        }
    };
    let made = std::thread::scope(|scope| {
        let changes = ["the holder's new password", "the thief's new password"].map(|new| scope.spawn(change(new)));
        changes.map(|change| change.join().unwrap())
    });
    assert_eq!(made.iter().filter(|is_made| **is_made).count(), 1, "{made:?}");
}

#[actix_web::test]
async fn a_session_ends_by_itself_idle_or_old_and_when_the_clock_was_wrong() {
    let house = House::new();
    let start = house.clock.now();
    let minutes = SignedDuration::from_mins;
    let lives = async |session: &str| house.get("/patterns", Some(session)).await.status == StatusCode::OK;
    let idle = house.session("owner");
    house.clock.set(start + minutes(29));
    assert!(lives(&idle).await);
    house.clock.set(start + minutes(29 + 30));
    assert!(!lives(&idle).await, "half an hour after its last request");
    let busy = house.session("owner");
    let began = house.clock.now();
    for quarter in 1..48 {
        house.clock.set(began + minutes(15 * quarter));
        assert!(lives(&busy).await, "{quarter}");
    }
    house.clock.set(began + minutes(12 * 60));
    assert!(!lives(&busy).await, "twelve hours after it began, however busy it was");
    let ahead = house.session("owner");
    house.clock.set(house.clock.now() - minutes(1));
    assert!(lives(&ahead).await, "a clock is corrected now and then");
    house.clock.set(start - minutes(60 * 24 * 365));
    assert!(!lives(&ahead).await, "a session of next year, by a clock that was wrong");
}

#[test]
fn who_signs_in_without_end_has_so_many_sessions() {
    let house = House::new();
    let first = house.session("owner");
    for _ in 0..55 {
        house.clock.set(house.clock.now() + SignedDuration::from_secs(1));
        house.session("owner");
    }
    let live = session::list(house.store.main(), house.owner, "", house.clock.now()).unwrap();
    assert_eq!(live.len(), 50);
    assert!(session::resume(&house.store, &first, house.clock.now()).unwrap().is_none(), "the oldest made room");
}

#[actix_web::test]
async fn a_member_who_changes_things_without_end_is_told_to_wait() {
    let house = House::new();
    let (member, owner) = (house.session("member"), house.session("owner"));
    let rename = async |session: &str| house.post("/profile", session, "name=Somebody").await;
    for number in 0..300 {
        assert_eq!(rename(&member).await.status, StatusCode::SEE_OTHER, "{number}");
    }
    let refused = rename(&member).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.body.contains("href=\"/profile\""), "and leads back: {}", refused.body);
    assert_eq!(house.get("/profile", Some(&member)).await.status, StatusCode::OK, "looking is free");
    assert_eq!(rename(&owner).await.status, StatusCode::SEE_OTHER, "another's count is their own");
    house.clock.set(house.clock.now() + SignedDuration::from_mins(20));
    assert_eq!(house.get("/profile", Some(&member)).await.status, StatusCode::OK, "the session lives on");
    house.clock.set(house.clock.now() + SignedDuration::from_mins(20));
    assert_eq!(house.get("/profile", Some(&member)).await.status, StatusCode::OK);
    house.clock.set(house.clock.now() + SignedDuration::from_mins(20));
    assert_eq!(rename(&member).await.status, StatusCode::SEE_OTHER, "an hour later");
}

#[test]
fn links_that_are_made_up_do_not_make_the_desk_forget_who_was_guessed_at() {
    let house = House::new();
    let desk = house.sign_in.get_ref();
    let at = |second: u32| house.clock.now() + SignedDuration::from_secs(second.into());
    let is_let_through = |second: u32| {
        let tried = desk.counted::<(), SignInError>(("owner@acme.example", &format!("2001:db8:{second:x}::")), at(second), || Ok(None));
        matches!(tried, Err(SignInError::Refused))
    };
    // Strangers are let through less and less often; after the last of these they would have to wait half a minute.
    let last = (0..600).fold(0, |last, second| if is_let_through(second) { second } else { last });
    let typed = Joining { name: "x", email: "x@acme.example", password: NEW_PASSWORD };
    for number in 0..10_100 {
        let (link, network) = (format!("made up {number}"), format!("10.0.{}.1", number / 50));
        let joined = join::join((&house.store, desk), &link, typed, &network, at(last + 1));
        assert!(matches!(joined, Err(JoinError::NoSuchInvitation | JoinError::ComeBack { .. })), "{joined:?}");
    }
    assert!(!is_let_through(last + 2), "the desk has forgotten how often the owner's password was guessed at");
}

#[actix_web::test]
async fn the_pages_of_members_name_no_team_that_whoever_looks_may_not_know() {
    let house = House::new();
    house.pattern();
    house.add("lead", Role::Facilitator);
    house.add("officer", Role::PrivacyOfficer);
    let of_owner = format!("/members/{}", house.owner);
    for (who, sees) in [("owner", true), ("lead", false), ("officer", false)] {
        let session = house.session(who);
        for path in ["/members", &of_owner] {
            let page = house.get(path, Some(&session)).await;
            assert_eq!((page.status, page.body.contains("payments")), (StatusCode::OK, sees), "{path} as {who}: {}", page.body);
        }
    }
}

#[test]
fn who_makes_a_team_is_written_down_as_its_facilitator() {
    let house = House::new();
    let owner = house.principal(&house.session("owner"));
    teams::create(&house.org, &owner, &Slug::parse("payments").unwrap(), house.clock.now()).unwrap();
    assert_eq!((house.leaves("team.created"), house.leaves("team.member_put")), (1, 1));
}

#[actix_web::test]
async fn who_lost_their_role_meanwhile_governs_nobody() {
    let house = House::new();
    let (second, member) = (house.add("second", Role::Owner), house.member_called("member"));
    let (owner, demoted) = (house.session("owner"), house.session("second"));
    let demoted = house.principal(&demoted);
    assert_eq!(house.give(&owner, second, "member").await, StatusCode::SEE_OTHER);
    let now = house.clock.now();
    for done in [
        roster::set_role(&house.org, &demoted, house.owner, Role::Member, now),
        roster::set_role(&house.org, &demoted, second, Role::Owner, now),
        roster::remove(&house.store, &house.org, &demoted, member, now),
    ] {
        assert!(matches!(done, Err(RosterError::NotAllowed)), "{done:?}");
    }
}

#[test]
fn a_token_ends_when_its_time_is_over() {
    let house = House::new();
    let token = api_token::create(&house.org, (house.owner, "t"), &Scope::ALL, Actor::Operator, house.clock.now()).unwrap();
    let end = house.clock.now() + SignedDuration::from_hours(24 * api_token::LIFETIME_DAYS);
    house.clock.set(end - SignedDuration::from_secs(1));
    assert!(house.bearer(token.reveal()).is_some());
    house.clock.set(end);
    assert!(house.bearer(token.reveal()).is_none());
}

#[actix_web::test]
async fn a_token_of_somebody_else_is_neither_seen_nor_ended() {
    let house = House::new();
    api_token::create(&house.org, (house.owner, "the owner's own"), &Scope::ALL, Actor::Operator, house.clock.now()).unwrap();
    let id = api_token::list(&house.org, None, house.clock.now()).unwrap()[0].id;
    let member = house.session("member");
    assert!(!house.get("/profile/tokens", Some(&member)).await.body.contains("the owner"));
    assert_eq!(house.post(&format!("/profile/tokens/{id}/removal"), &member, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(api_token::list(&house.org, None, house.clock.now()).unwrap().len(), 1);
}

#[test]
fn a_member_has_so_many_tokens_and_no_more() {
    let house = House::new();
    let member = house.principal(&house.session("member"));
    let mint = || api_token::issue(&house.org, &member, &token_of(&[Scope::ReadPatterns]), house.clock.now()).map(drop);
    for _ in 0..api_token::TOKENS_MAX {
        mint().unwrap_or_else(|error| panic!("{error:?}"));
    }
    assert!(matches!(mint(), Err(TokenError::TooMany)));
}

#[actix_web::test]
async fn who_is_removed_is_in_no_team_and_has_no_token_any_more() {
    let house = House::new();
    let (owner, member) = (house.session("owner"), house.member_called("member"));
    let team = house.post("/teams", &owner, "name=payments").await.location;
    house.post(&format!("{team}/members"), &owner, &format!("member={member}")).await;
    api_token::create(&house.org, (member, "t"), &Scope::ALL, Actor::Operator, house.clock.now()).unwrap();
    let in_teams = || house.org.read(|reader| teams::of_member(reader, member)).unwrap().len();
    assert_eq!(in_teams(), 1);
    assert_eq!(house.post(&format!("/members/{member}/removal"), &owner, "").await.status, StatusCode::SEE_OTHER);
    assert_eq!((in_teams(), api_token::list(&house.org, Some(member), house.clock.now()).unwrap().len()), (0, 0));
}

#[actix_web::test]
async fn an_invitation_does_not_change_what_a_member_is() {
    let house = House::new();
    let owner = house.session("owner");
    let link = house.invite(&owner, "late", "admin").await;
    // They become a member by another way before they open the link.
    let late = house.add("late", Role::Member);
    let body = format!("csrf={}&name=x&email=late%40acme.example&password={}", FormToken::of("a-visit"), PASSWORD.replace(' ', "+"));
    let request = TestRequest::post().uri(&link).insert_header(("sec-fetch-site", "same-origin"));
    let joined = house.ask(form(request, body).cookie(Cookie::new(VISIT, "a-visit"))).await;
    assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.body);
    assert_eq!(house.role_of(late), Some(Role::Member));
}

#[actix_web::test]
async fn signing_in_anew_ends_the_session_that_this_browser_had() {
    let house = House::new();
    let former = house.session("member");
    let body = format!("csrf={}&email=owner%40acme.example&password={}", FormToken::of(&former), PASSWORD.replace(' ', "+"));
    let request = TestRequest::post().uri("/sign-in").insert_header(("sec-fetch-site", "same-origin"));
    let entered = house.ask(with_session(form(request, body), Some(&former))).await;
    assert_eq!((entered.status, entered.location.as_str()), (StatusCode::SEE_OTHER, "/"));
    assert!(session::resume(&house.store, &former, house.clock.now()).unwrap().is_none());
}

#[test]
fn so_many_invitations_are_open_at_once() {
    let house = House::new();
    let owner = house.principal(&house.session("owner"));
    let invite = |number: usize| {
        let wish = NewInvitation { email: Email::parse(&format!("x{number}@acme.example")).unwrap(), role: Role::Member, team: None };
        invitations::invite(&house.store, &house.org, &owner, wish, house.clock.now()).map(drop)
    };
    for number in 0..invitations::OPEN_MAX {
        invite(number).unwrap_or_else(|error| panic!("{error:?}"));
    }
    assert!(matches!(invite(invitations::OPEN_MAX), Err(InviteError::TooMany)));
    assert!(invite(0).is_ok(), "one that replaces another takes no room");
}
