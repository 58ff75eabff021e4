//! Deploys from anything against the real binary: the README's script as it stands there, and both modes of CloudEvents over HTTP.

use crate::support::{Sandbox, Server};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::{Value, json};
use std::process::{Command, Output};

const README: &str = include_str!("../../README.md");
/// What the script calls.
const NEEDS: [&str; 4] = ["openssl", "curl", "od", "date"];

/// The script below the heading.
fn script() -> &'static str {
    let section = README.split("## Deploys and incidents from anything").nth(1).unwrap();
    section.split("```sh\n").nth(1).unwrap().split("```").next().unwrap()
}

fn run(script: &str, hook: &str, secret: &str) -> Output {
    Command::new("sh").args(["-euc", script]).env("HOOK", hook).env("SECRET", secret).output().unwrap()
}

#[test]
fn the_script_of_the_readme_is_accepted_and_its_deploy_is_kept() {
    let has = |tool: &&str| Command::new("sh").args(["-c", &format!("command -v {tool}")]).output().is_ok_and(|out| out.status.success());
    if let Some(missing) = NEEDS.iter().find(|tool| !has(tool)) {
        println!("skipped: there is no {missing} here");
        return;
    }
    let sandbox = Sandbox::new();
    // The script asks the machine for the time.
    let server = Server::start(&sandbox, &[]);
    let (id, secret) = server.connect("webhook", None);
    assert_eq!(server.switch(&id, "acme/web", true), 200);
    let hook = format!("{}/hooks/webhook/{id}", server.url);
    let sent = run(script(), &hook, &secret);
    assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    assert_eq!(server.summary()["captured"], json!({ "deploy": 1 }));
    let forged = run(script(), &hook, "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    assert!(!forged.status.success(), "signed with another secret");
    let elsewhere = run(&script().replace("acme/web", "acme/other"), &hook, &secret);
    assert!(elsewhere.status.success(), "the sender learns nothing");
    let summary: Value = server.summary();
    assert_eq!((&summary["captured"], &summary["refused"]["not_subscribed"]), (&json!({ "deploy": 1 }), &json!(1)));
}

/// The headers of Standard Webhooks for a body that is sent now.
fn signed(secret: &str, id: &str, body: &[u8]) -> [(&'static str, String); 3] {
    let time = jiff::Timestamp::now().as_second().to_string();
    let key = hmac::Key::new(hmac::HMAC_SHA256, &STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap());
    let tag = hmac::sign(&key, &[format!("{id}.{time}.").as_bytes(), body].concat());
    [("webhook-id", id.to_owned()), ("webhook-timestamp", time), ("webhook-signature", format!("v1,{}", STANDARD.encode(tag)))]
}

/// A service that was deployed just now.
fn deployed(id: &str) -> Value {
    json!({
        "context": {
            "specversion": "0.5.0", "id": id, "source": "/tekton", "type": "dev.cdevents.service.deployed.0.2.0",
            "timestamp": jiff::Timestamp::now().to_string(),
        },
        "subject": {"id": "shop", "content": {"environment": {"id": "production"}, "artifactId": "pkg:oci/shop@1"}},
    })
}

#[test]
fn both_modes_of_cloudevents_arrive_and_their_tampered_forms_do_not() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let (id, secret) = server.connect("cdevents", None);
    assert_eq!(server.switch(&id, "shop", true), 200);
    let send = |kind: &str, proof: &[(&str, String)], body: &str| {
        let mut request = Server::agent().post(format!("{}/hooks/cdevents/{id}", server.url)).header("content-type", kind);
        for (name, value) in proof {
            request = request.header(*name, value);
        }
        request.send(body.as_bytes()).unwrap().status().as_u16()
    };
    let event = deployed("e1");
    let envelope = json!({
        "specversion": "1.0", "id": "e1", "source": "/tekton", "type": event["context"]["type"], "subject": "shop", "data": event,
    });
    for (index, (kind, body)) in [
        ("application/cloudevents+json; charset=UTF-8", envelope.to_string()),
        ("application/cdevents+json", deployed("e2").to_string()),
        ("application/json", deployed("e3").to_string()),
    ]
    .into_iter()
    .enumerate()
    {
        let proof = signed(&secret, &format!("msg_{index}"), body.as_bytes());
        assert_eq!(send(kind, &proof, &format!("{body} ")), 401, "{kind}: another body");
        assert_eq!(send(kind, &signed(&secret, "msg_x", b"another body"), &body), 401, "{kind}: the proof of another body");
        assert_eq!(send(kind, &proof, &body), 202, "{kind}");
    }
    assert_eq!(send("text/plain", &signed(&secret, "msg_3", b"{}"), "{}"), 415);
    assert_eq!(send("application/x-www-form-urlencoded", &signed(&secret, "msg_4", b"{}"), "{}"), 415);
    assert_eq!(server.summary()["captured"], json!({ "deploy": 3 }));
}
