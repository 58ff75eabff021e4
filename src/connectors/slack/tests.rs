//! Where a message stands, what happened to it, and who may have said so.

use super::Slack;
use super::fixtures::{deleted, edited, envelope, message, with_file};
use crate::connectors::conformance::{arrival, delivery, take};
use crate::connectors::delivery::Delivery;
use crate::connectors::places::Places;
use crate::connectors::{Account, Connector, Parsed, PlaceClaim, Site};
use crate::signals::place::Place;
use crate::signals::refusal::Refusal;
use crate::signals::{ActorKind, Event, Message, MessageTransition};
use proptest::prelude::*;
use serde_json::{Value, json};

const TEXT: &str = "Who knows why <#C1|ci> is red &amp; slow?";

fn sent(payload: &Value) -> Delivery {
    delivery(&Slack, None, payload.to_string().as_bytes())
}

fn read(event: &Value) -> Result<Parsed, Refusal> {
    take(&Slack, &sent(&envelope(event)), &mut Places::default())
}

/// An open message with `field` set.
fn with(field: &str, value: Value) -> Value {
    let mut event = message("C0CAFE", Some("channel"));
    event[field] = value;
    event
}

fn claim(payload: &Value) -> Result<PlaceClaim, Refusal> {
    Slack.peek(&sent(payload)).map(|peek| peek.claim)
}

#[test]
fn a_message_keeps_its_text_as_slack_wrote_it() {
    let parsed = read(&message("C0CAFE", Some("channel"))).unwrap();
    assert_eq!((parsed.place.external_id(), parsed.external_id.as_str()), ("C0CAFE", "1772442000.000100"));
    assert_eq!(parsed.occurred_at.to_string(), "2026-03-02T09:00:00.0001Z");
    assert_eq!(parsed.author, Some(Account { external_id: "U0MIRA".to_owned(), handle: None }));
    assert_eq!((parsed.author_kind, parsed.dedupe_key.as_str()), (ActorKind::Human, "Ev0CAFE"));
    let expected = Message { transition: MessageTransition::Posted, thread: None, text: Some(TEXT.to_owned()), question: 0.0 };
    assert_eq!(parsed.event, Event::Message(expected), "entities and escapes are the redactor's");
}

#[test]
fn an_answer_names_its_thread_and_a_first_message_does_not() {
    let thread = |stamp: &str| match read(&with("thread_ts", json!(stamp))).unwrap().event {
        Event::Message(message) => message.thread,
        _ => None,
    };
    assert_eq!(thread("1772441000.000001").as_deref(), Some("1772441000.000001"));
    assert_eq!(thread("1772442000.000100"), None);
}

#[test]
fn an_edit_carries_the_new_text_and_the_first_ones_id() {
    let parsed = read(&edited("C0CAFE")).unwrap();
    assert_eq!((parsed.external_id.as_str(), parsed.occurred_at.to_string().as_str()), ("1772442000.000100", "2026-03-02T09:01:00.0002Z"));
    let Event::Message(message) = parsed.event else { panic!("a message") };
    assert_eq!((message.transition, message.text.as_deref()), (MessageTransition::Edited, Some("Who knows why ci is red?")));
}

#[test]
fn a_preview_of_a_link_is_no_edit() {
    let mut event = edited("C0CAFE");
    event["message"]["edited"] = Value::Null;
    assert_eq!(read(&event).err(), Some(Refusal::NothingToKeep));
}

#[test]
fn a_deletion_carries_no_text() {
    let mut stone = edited("C0CAFE");
    stone["message"]["subtype"] = json!("tombstone");
    stone["message"]["user"] = json!("USLACKBOT");
    for event in [deleted("C0CAFE"), stone] {
        let parsed = read(&event).unwrap();
        assert_eq!((parsed.external_id.as_str(), parsed.event.transition()), ("1772442000.000100", "deleted"));
        assert_eq!(parsed.author.map(|author| author.external_id).as_deref(), Some("U0MIRA"), "whose it was, for those who stepped out");
        let Event::Message(message) = parsed.event else { panic!("a message") };
        assert_eq!(message.text, None);
    }
    let mut bare = deleted("C0CAFE");
    bare["previous_message"] = json!([]);
    assert_eq!(read(&bare).map(|parsed| (parsed.author, parsed.author_kind)), Ok((None, ActorKind::Unknown)));
}

#[test]
fn bots_are_refused_wherever_they_show() {
    let bot = [
        with("bot_id", json!("B1")),
        with("bot_profile", json!({"id": "B1"})),
        with("app_id", json!("A1")),
        with("subtype", json!("bot_message")),
        with("user", json!("USLACKBOT")),
    ];
    let changed = ["bot_id", "bot_profile", "app_id", "subtype"].map(|field| {
        let mut event = edited("C0CAFE");
        event["message"][field] = json!(if field == "subtype" { "bot_message" } else { "B1" });
        event
    });
    let gone = ["bot_id", "bot_profile", "app_id"].map(|field| {
        let mut event = deleted("C0CAFE");
        event["previous_message"][field] = json!("B1");
        event
    });
    for event in bot.into_iter().chain(changed).chain(gone) {
        assert_eq!(read(&event).err(), Some(Refusal::BotMessage), "{event}");
    }
}

#[test]
fn of_a_message_with_files_only_the_words_are_kept() {
    for subtype in ["file_share", "me_message", "thread_broadcast"] {
        let mut event = with_file();
        event["subtype"] = json!(subtype);
        let Event::Message(message) = read(&event).unwrap().event else { panic!("a message") };
        assert_eq!(message.text.as_deref(), Some(TEXT));
    }
}

#[test]
fn a_channels_own_notices_are_not_kept() {
    for subtype in ["channel_join", "channel_topic", "channel_archive", "pinned_item", "huddle_thread", "a_subtype_of_next_year", ""] {
        assert_eq!(read(&with("subtype", json!(subtype))).err(), Some(Refusal::NothingToKeep), "{subtype}");
    }
}

#[test]
fn what_a_message_must_carry_is_not_guessed() {
    for field in ["user", "text", "ts", "channel"] {
        assert_eq!(read(&with(field, Value::Null)).err(), Some(Refusal::Malformed), "{field}");
        assert_eq!(read(&with(field, json!({}))).err(), Some(Refusal::Malformed), "{field}");
    }
    for user in ["", "U 1", "U1\n", &"U".repeat(65)] {
        assert_eq!(read(&with("user", json!(user))).err(), Some(Refusal::Malformed), "{user}");
    }
    for stamp in ["", ".", "1772442000", "1772442000.1", "1772442000.0001000", "-1.000000", "1e9.000000", "0x1.000000", "1772442000,000100"]
    {
        assert_eq!(read(&with("ts", json!(stamp))).err(), Some(Refusal::Malformed), "{stamp}");
    }
}

#[test]
fn a_time_is_read_to_the_microsecond_and_may_not_be_absurd() {
    for (stamp, expected) in [
        ("1772442000.999999", Ok("2026-03-02T09:00:00.999999Z")),
        ("1234567890.123457", Ok("2009-02-13T23:31:30.123457Z")),
        ("1780315800.000000", Ok("2026-06-01T12:10:00Z")),
        ("1780315800.000001", Err(Refusal::AbsurdTime)),
        ("1167609599.999999", Err(Refusal::AbsurdTime)),
        ("1.000000", Err(Refusal::AbsurdTime)),
        ("999999999999.000000", Err(Refusal::AbsurdTime)),
    ] {
        let found = read(&with("ts", json!(stamp))).map(|parsed| parsed.occurred_at.to_string());
        assert_eq!(found, expected.map(str::to_owned), "{stamp}");
    }
}

#[test]
fn a_permalink_needs_the_workspaces_address() {
    let link = |event: Value, base_url: Option<&str>| {
        let delivery = sent(&envelope(&event));
        let site = Site { base_url: base_url.map(str::to_owned) };
        let peek = Slack.peek(&delivery).unwrap();
        peek.read(Place::from_external_id("C0CAFE").unwrap(), &site, arrival()).unwrap().url.unwrap()
    };
    let acme = Some("https://acme.slack.com");
    let answer = || with("thread_ts", json!("1772441000.000001"));
    assert_eq!(link(message("C0CAFE", Some("channel")), acme), "https://acme.slack.com/archives/C0CAFE/p1772442000000100");
    assert_eq!(link(answer(), acme), "https://acme.slack.com/archives/C0CAFE/p1772442000000100?thread_ts=1772441000.000001&cid=C0CAFE");
    assert_eq!(link(answer(), None), "https://slack.com/app_redirect?channel=C0CAFE&team=T0CAFE");
}

#[test]
fn the_strictest_word_about_a_place_holds() {
    for (channel, channel_type, is_shared, expected) in [
        ("C1", Some("channel"), false, Ok(PlaceClaim::Open)),
        ("G1", Some("channel"), false, Ok(PlaceClaim::Open)),
        ("C1", Some("group"), false, Ok(PlaceClaim::Private)),
        ("C1", Some("mpim"), false, Ok(PlaceClaim::Group)),
        ("C1", Some("im"), false, Ok(PlaceClaim::Direct)),
        ("C1", Some("app_home"), false, Ok(PlaceClaim::Direct)),
        ("C1", None, false, Ok(PlaceClaim::Silent)),
        ("G1", None, false, Ok(PlaceClaim::Silent)),
        ("D1", None, false, Ok(PlaceClaim::Direct)),
        ("D1", Some("channel"), true, Ok(PlaceClaim::Direct)),
        ("d1", Some("channel"), false, Ok(PlaceClaim::Direct)),
        ("D1", Some("lounge"), false, Ok(PlaceClaim::Direct)),
        ("C1", Some("channel"), true, Ok(PlaceClaim::Shared)),
        ("C1", Some("group"), true, Ok(PlaceClaim::Shared)),
        ("C1", Some("mpim"), true, Ok(PlaceClaim::Group)),
        ("C1", None, true, Ok(PlaceClaim::Shared)),
        ("C1", Some("Channel"), false, Err(Refusal::UnknownPlace)),
        ("C1", Some("lounge"), false, Err(Refusal::UnknownPlace)),
        ("", Some("channel"), false, Err(Refusal::Malformed)),
        ("C 1", Some("channel"), false, Err(Refusal::Malformed)),
        ("acme/web", Some("channel"), false, Err(Refusal::Malformed)),
    ] {
        let mut payload = envelope(&message(channel, channel_type));
        payload["is_ext_shared_channel"] = json!(is_shared);
        assert_eq!(claim(&payload), expected, "{channel} {channel_type:?} {is_shared}");
    }
}

#[test]
fn the_people_of_ones_own_organisation_are_no_guests() {
    let mut payload = envelope(&edited("C0CAFE"));
    payload["enterprise_id"] = json!("E0CAFE");
    for (field, team) in [("user_team", "E0CAFE"), ("source_team", "T0CAFE"), ("team", ""), ("team", "not one")] {
        payload["event"]["message"][field] = json!(team);
        assert_eq!(claim(&payload), Ok(PlaceClaim::Open), "{field} {team}");
    }
    payload["enterprise_id"] = json!("E0OTHER");
    assert_eq!(claim(&payload), Ok(PlaceClaim::Shared));
}

#[test]
fn a_delivery_names_the_workspace_it_comes_from() {
    let workspace = |team: Value| {
        let mut payload = envelope(&message("C0CAFE", Some("channel")));
        payload["team_id"] = team;
        payload["event"]["team"] = Value::Null;
        Slack.peek(&sent(&payload)).unwrap().workspace
    };
    assert_eq!(workspace(json!("T0CAFE")).as_deref(), Some("T0CAFE"));
    assert_eq!((workspace(Value::Null), workspace(json!("")), workspace(json!("T 1"))), (None, None, None));
}

#[test]
fn an_untyped_message_is_taken_where_a_typed_one_came_before() {
    let mut places = Places::default();
    let mut read = |channel_type| take(&Slack, &sent(&envelope(&message("C0CAFE", channel_type))), &mut places).err();
    assert_eq!(read(None), Some(Refusal::UnknownPlace));
    assert_eq!(read(Some("channel")), None);
    assert_eq!(read(None), None);
    assert_eq!(read(Some("group")), Some(Refusal::PrivateChannel));
    assert_eq!(read(Some("channel")), Some(Refusal::PrivateChannel), "the strictest word stays");
}

#[test]
fn only_messages_are_events_that_are_read() {
    for (payload, expected) in [
        (json!({"type": "event_callback", "event_id": "Ev1", "event": {"type": "reaction_added"}}), Refusal::KindNotRead),
        (json!({"type": "event_callback", "event_id": "Ev1", "event": {"type": "channel_created", "channel": {}}}), Refusal::KindNotRead),
        (json!({"type": "app_rate_limited"}), Refusal::KindNotRead),
        (json!({"type": "block_actions"}), Refusal::NotAnEvent),
        (json!({"type": "url_verification", "challenge": "x"}), Refusal::NotAnEvent),
        (message("C0CAFE", Some("channel")), Refusal::NotAnEvent),
        (json!({}), Refusal::NotAnEvent),
        (json!({"type": "event_callback"}), Refusal::Malformed),
        (json!({"type": "event_callback", "event": {}}), Refusal::Malformed),
        (json!({"type": "event_callback", "event": ["message"]}), Refusal::Malformed),
    ] {
        assert_eq!(claim(&payload), Err(expected), "{payload}");
    }
}

#[test]
fn a_challenge_is_answered_if_it_is_one() {
    let answer = |payload: Value| Slack.handshake(&sent(&payload));
    let challenge = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P";
    let expected = json!({"challenge": challenge}).to_string();
    assert_eq!(answer(json!({"token": "x", "challenge": challenge, "type": "url_verification"})), Some(expected));
    for bad in [json!(""), json!("<b>"), json!("a\"b"), json!("x".repeat(257)), json!(7), Value::Null] {
        assert_eq!(answer(json!({"challenge": bad, "type": "url_verification"})), None);
    }
    assert_eq!(answer(json!({"challenge": challenge, "type": "event_callback"})), None);
}

/// A field's name, and the text in its quotes.
type Field = (&'static str, &'static str);

/// A message whose place is said in any words, any number of times, in any order, inside the event and beside it.
fn said() -> impl Strategy<Value = (Vec<Field>, Vec<Field>)> {
    let words = || {
        prop_oneof![
            (Just("channel"), prop::sample::select(vec!["C1", "G1", "D1", r"\u0044\u0031", "d1", "DCAFE"])),
            (Just("channel_type"), prop::sample::select(vec!["channel", "group", "mpim", "im", "app_home", r"\u0069m", ""])),
        ]
    };
    (prop::collection::vec(words(), 0..4), prop::collection::vec(words(), 0..3))
}

proptest! {
    #[test]
    fn a_conversation_that_is_once_called_closed_is_never_read((inside, beside) in said()) {
        let written = |fields: &[Field]| fields.iter().fold(String::new(), |all, (name, value)| all + &format!(r#""{name}":"{value}","#));
        let body = format!(
            r#"{{{}"type":"event_callback","event_id":"Ev1","event":{{{}"type":"message","text":"x","user":"U1","ts":"1772442000.000100"}}}}"#,
            written(&beside),
            written(&inside)
        );
        let is_closed = |(name, value): &Field| match *name {
            "channel" => !value.starts_with(['C', 'G']),
            _ => *value != "channel",
        };
        let outcome = take(&Slack, &delivery(&Slack, None, body.as_bytes()), &mut Places::default());
        let names: Vec<&str> = inside.iter().map(|(name, _)| *name).collect();
        if inside.iter().any(is_closed) {
            prop_assert!(outcome.is_err(), "{body}");
        } else if names.len() == 2 && names[0] != names[1] {
            prop_assert!(outcome.is_ok(), "each said once, and open: {body}");
        } else {
            prop_assert!(outcome.is_err(), "unsaid or said twice: {body}");
        }
    }
}

#[test]
fn only_a_public_channels_id_can_be_chosen_and_each_refusal_says_what_to_do() {
    let said = |id: &str| Slack.choose(id).map(|place| place.external_id().to_owned());
    assert_eq!(said("C0123ABCD"), Ok("C0123ABCD".to_owned()));
    assert!(said("D024BE91L").is_err_and(|words| words.0.contains("direct message")));
    assert!(said("G024BE91L").is_err_and(|words| words.0.contains("private channel")));
    for name in ["#general", "general", "", "C0123/ABCD", "https://acme.slack.com/archives/C0123ABCD"] {
        assert!(said(name).is_err_and(|words| words.0.contains("such as C0123ABCD")), "{name}");
    }
    assert!(Slack.place("G024BE91L").is_some(), "a delivery from one is recognised, and refused as what it is");
}
