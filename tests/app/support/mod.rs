//! A sandbox of one's own for each test: the binary that was built, a throw-away directory, a free port.

pub(crate) mod browser;
pub(crate) mod senders;

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};

pub(crate) const BIN: &str = env!("CARGO_BIN_EXE_smartretro");
pub(crate) const EMAIL: &str = "ana@acme.example";
pub(crate) const PASSWORD: &str = "correct horse battery";
/// A Monday, shortly before the look at 06:00 UTC.
pub(crate) const MONDAY: &str = "2026-11-16T05:00:00Z";

/// The corpus of recorded payloads, where this checkout has it beside it.
pub(crate) fn corpus() -> Option<PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !corpus.is_dir() {
        println!("skipped: the corpus is not beside this checkout");
        return None;
    }
    Some(corpus)
}

/// A data directory that `init` has made.
pub(crate) struct Sandbox {
    folder: tempfile::TempDir,
    pub(crate) token: String,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let password = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(folder.path().join("password"));
        password.unwrap().write_all(PASSWORD.as_bytes()).unwrap();
        let sandbox = Self { folder, token: String::new() };
        let made = Command::new(BIN)
            .args(["init", "--sandbox", "--org", "Acme", "--admin-email", EMAIL, "--data"])
            .arg(sandbox.data())
            .arg("--password-file")
            .arg(sandbox.path("password"))
            .arg("--token-file")
            .arg(sandbox.path("token"))
            .output()
            .unwrap();
        assert!(made.status.success(), "init: {}", String::from_utf8_lossy(&made.stderr));
        let token = std::fs::read_to_string(sandbox.path("token")).unwrap().trim().to_owned();
        Self { token, ..sandbox }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// Serves it from `as_of` on.
    pub(crate) fn serve(&self, as_of: &str) -> Server {
        Server::start(self, &["--as-of", as_of])
    }

    /// Runs a command on this data directory.
    pub(crate) fn command(&self, arguments: &[&str]) -> Output {
        Command::new(BIN).args(arguments).arg("--data").arg(self.data()).output().unwrap()
    }
}

/// A running server. Dropping it kills it.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
    token: String,
    /// Everything it has said on standard error.
    pub(crate) log: Arc<Mutex<String>>,
    listener: Option<std::thread::JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(sandbox: &Sandbox, more: &[&str]) -> Self {
        let mut command = Command::new(BIN);
        command.env("SMARTRETRO_LOG", "debug");
        Self::start_by(command, sandbox, more)
    }

    /// Starts it by a command that ends in the binary: itself, or what watches over it.
    pub(crate) fn start_by(mut command: Command, sandbox: &Sandbox, more: &[&str]) -> Self {
        let mut child = command
            .args(["serve", "--listen", "127.0.0.1:0", "--insecure-http", "--data"])
            .arg(sandbox.data())
            .args(more)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        let url = loop {
            let mut line = String::new();
            assert!(lines.read_line(&mut line).unwrap() > 0, "the server ended: {said}");
            said.push_str(&line);
            if let Some(url) = line.trim().strip_prefix("listening on ") {
                break url.to_owned();
            }
        };
        let log = Arc::new(Mutex::new(said));
        let into = Arc::clone(&log);
        let listener = std::thread::spawn(move || {
            let mut line = String::new();
            while lines.read_line(&mut line).is_ok_and(|n| n > 0) {
                into.lock().unwrap().push_str(&line);
                line.clear();
            }
        });
        Self { child, url, token: sandbox.token.clone(), log, listener: Some(listener) }
    }

    /// Of the process that was started: the server, or what watches over it.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Kills it as a power cut would, as far as the process is concerned.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits until it, and what watched over it, has ended by itself.
    pub(crate) fn wait(mut self) {
        self.child.wait().unwrap();
        self.listener.take().unwrap().join().unwrap();
    }

    pub(crate) fn agent() -> ureq::Agent {
        ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into()
    }

    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        let answer = Self::agent().get(format!("{}{path}", self.url)).header("authorization", format!("Bearer {}", self.token)).call();
        read(answer.unwrap())
    }

    pub(crate) fn api(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}/api/v1{path}", self.url))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .body(if body.is_null() { String::new() } else { body.to_string() })
            .unwrap();
        let (status, text) = read(Self::agent().run(request).unwrap());
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    /// Posts raw bytes with these headers, and answers the status and the body.
    pub(crate) fn post(&self, path: &str, headers: &[(String, String)], body: &[u8]) -> (u16, String) {
        let mut request = Self::agent().post(format!("{}{path}", self.url)).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        read(request.send(body).unwrap())
    }

    /// Signs in as a browser without scripts does; answers the status and the session's cookie.
    pub(crate) fn sign_in(&self) -> (u16, Option<String>) {
        self.try_to_sign_in(EMAIL, PASSWORD)
    }

    pub(crate) fn try_to_sign_in(&self, email: &str, password: &str) -> (u16, Option<String>) {
        let cookie = |answer: &ureq::http::Response<ureq::Body>, name: &str| {
            let set = answer.headers().get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
            set.filter_map(|cookie| cookie.split(';').next()).find(|cookie| cookie.starts_with(name)).map(str::to_owned)
        };
        let mut form = Self::agent().get(format!("{}/sign-in", self.url)).call().unwrap();
        let visit = cookie(&form, "__Host-visit").unwrap();
        let page = form.body_mut().read_to_string().unwrap();
        let hidden = page.split("<input").find(|input| input.contains("type=\"hidden\"") && input.contains("csrf")).unwrap();
        let token = hidden.split("value=\"").nth(1).unwrap().split('"').next().unwrap();
        let answer = Self::agent()
            .post(format!("{}/sign-in", self.url))
            .header("cookie", visit)
            .header("origin", &self.url)
            .send_form([("csrf", token), ("email", email), ("password", password)])
            .unwrap();
        (answer.status().as_u16(), cookie(&answer, "__Host-session="))
    }

    pub(crate) fn set_clock(&self, at: &str) {
        assert_eq!(self.api("PUT", "/sandbox/clock", &json!({ "at": at })).0, 200);
    }

    /// Makes a connection; answers its id and its secret.
    pub(crate) fn connect(&self, connector: &str, base_url: Option<&str>) -> (String, String) {
        let (status, made) = self.api("POST", "/connections", &json!({ "connector": connector, "name": connector, "base_url": base_url }));
        assert_eq!(status, 201, "{made}");
        (made["id"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap().to_owned())
    }

    pub(crate) fn switch(&self, connection: &str, external_id: &str, subscribed: bool) -> u16 {
        let path = format!("/connections/{connection}/sources/{}", external_id.replace('/', "%2F"));
        self.api("PUT", &path, &json!({ "subscribed": subscribed, "team": "web" })).0
    }

    pub(crate) fn summary(&self) -> Value {
        self.api("GET", "/signals/summary", &Value::Null).1
    }

    pub(crate) fn patterns(&self) -> Vec<Value> {
        self.api("GET", "/patterns", &Value::Null).1["patterns"].as_array().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn read(answer: ureq::http::Response<ureq::Body>) -> (u16, String) {
    let status = answer.status().as_u16();
    let mut body = Vec::new();
    answer.into_body().into_reader().read_to_end(&mut body).unwrap();
    (status, String::from_utf8_lossy(&body).into_owned())
}
