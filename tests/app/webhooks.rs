//! Deploys from a shell: the script of the README, as it stands there, against the real binary.

use crate::support::{Sandbox, Server};
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
