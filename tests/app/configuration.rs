//! `config`, and the address that people and tools use.

use crate::support::{BIN, MONDAY, Sandbox, Server};
use serde_json::{Value, json};
use std::process::{Command, Output};

const WRONG_CONFIGURATION: Option<i32> = Some(3);

fn config(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(BIN);
    command.arg("config").args(arguments).env_clear();
    command.envs(variables.iter().copied()).output().unwrap()
}

fn origin_of<'a>(shown: &'a Value, key: &str) -> (&'a str, &'a str) {
    let row = shown["settings"].as_array().unwrap().iter().find(|row| row["key"] == key).unwrap();
    (row["value"].as_str().unwrap(), row["origin"].as_str().unwrap())
}

#[test]
fn each_setting_is_shown_with_where_it_came_from() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("smartretro.toml");
    std::fs::write(&file, "# ours\nlog = \"warn\"\npublic_url = \"https://retro.acme.example\"\n").unwrap();
    std::fs::create_dir(folder.path().join("credentials")).unwrap();
    let credential = folder.path().join("credentials/smartretro.key");
    std::fs::write(&credential, "5ecre7").unwrap();
    let (file, credentials) = (file.to_str().unwrap(), folder.path().join("credentials"));
    let variables = [("SMARTRETRO_LISTEN", "127.0.0.1:9"), ("CREDENTIALS_DIRECTORY", credentials.to_str().unwrap())];
    let shown = config(&["show", "--origin", "--json", "--config", file, "--data", "/d"], &variables);
    assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
    let body: Value = serde_json::from_slice(&shown.stdout).unwrap();
    assert_eq!(origin_of(&body, "data"), ("/d", "flag"));
    assert_eq!(origin_of(&body, "listen"), ("127.0.0.1:9", "environment SMARTRETRO_LISTEN"));
    assert_eq!(origin_of(&body, "log"), ("warn", format!("{file}:2").as_str()));
    assert_eq!(origin_of(&body, "public_url"), ("https://retro.acme.example", format!("{file}:3").as_str()));
    assert_eq!(
        origin_of(&body, "key_file"),
        (credential.to_str().unwrap(), format!("systemd credential {}", credential.display()).as_str())
    );
    assert_eq!(origin_of(&body, "behind_proxy"), ("false", "default"));
    let words = config(&["show", "--origin", "--config", file], &variables);
    let words = String::from_utf8(words.stdout).unwrap();
    assert!(words.contains(&format!("log = warn  # {file}:2\n")), "{words}");
    assert!(!words.contains("5ecre7"), "the key's file is named, never read");
}

#[test]
fn a_configuration_that_makes_no_sense_is_said_to_with_status_3() {
    let right = config(&["check", "--json", "--data", "/d"], &[]);
    assert!(right.status.success());
    assert_eq!(serde_json::from_slice::<Value>(&right.stdout).unwrap(), json!({ "ok": true, "problems": [] }));
    for (variables, words) in [
        (&[("SMARTRETRO_LISTEN", "here")][..], "“here” is no address"),
        (&[("SMARTRETRO_LISTEN", "0.0.0.0:80"), ("SMARTRETRO_BEHIND_PROXY", "1")], "listen on 127.0.0.1"),
        (&[("SMARTRETRO_LISTN", "127.0.0.1:1")], "SMARTRETRO_LISTN"),
        (&[("SMARTRETRO_PUBLIC_URL", "http://retro.acme.example")], "public_url"),
        (&[("SMARTRETRO_METRICS_LISTEN", "0.0.0.0:9464")], "metrics_listen"),
        (&[("SMARTRETRO_LOG", "loud")], "error, warn, info, debug"),
        (&[("SMARTRETRO_KEY", "5ecre7")], "SMARTRETRO_KEY_FILE"),
    ] {
        let wrong = config(&["check", "--json", "--data", "/d"], variables);
        let body: Value = serde_json::from_slice(&wrong.stdout).unwrap();
        assert_eq!((wrong.status.code(), &body["ok"]), (WRONG_CONFIGURATION, &json!(false)), "{variables:?}");
        assert!(body["problems"][0].as_str().unwrap().contains(words), "{body}");
        assert!(!body.to_string().contains("5ecre7"));
    }
    assert_eq!(config(&["check"], &[]).status.code(), WRONG_CONFIGURATION, "no data directory is named");
}

#[test]
fn the_example_is_a_configuration_and_says_what_is_so_anyway() {
    let example = String::from_utf8(config(&["example"], &[]).stdout).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("smartretro.toml");
    let set = example.replace("#log = ", "log = ").replace("#behind_proxy = ", "behind_proxy = ").replace("#listen = ", "listen = ");
    assert_ne!(set, example);
    std::fs::write(&file, set).unwrap();
    let checked = config(&["check", "--config", file.to_str().unwrap(), "--data", "/d"], &[]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn a_form_is_taken_under_the_public_address_and_on_this_machine_only() {
    let sandbox = Sandbox::new();
    let public = [("SMARTRETRO_PUBLIC_URL", "https://retro.acme.example")];
    let mut command = Command::new(BIN);
    command.envs(public);
    let server = Server::start_by(command, &sandbox, &["--as-of", MONDAY]);
    let sign_in = |origin: &str, host: &str| {
        let headers = [("origin", origin), ("host", host), ("content-type", "application/x-www-form-urlencoded")];
        let headers: Vec<(String, String)> = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        server.post("/sign-in", &headers, b"email=x").1
    };
    let elsewhere = "not opened under the public address";
    assert!(sign_in("https://rebound.example", "rebound.example").contains(elsewhere));
    let here = server.url.trim_start_matches("http://").to_owned();
    for (origin, host) in [("https://retro.acme.example", "inside"), (server.url.as_str(), here.as_str())] {
        let answer = sign_in(origin, host);
        assert!(!answer.contains(elsewhere) && !answer.contains("another site"), "{origin}: {answer}");
    }
}
