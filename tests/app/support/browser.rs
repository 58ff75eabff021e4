//! A browser without a screen: it keeps a cookie, and fills in forms as the pages give them.

use crate::support::{BIN, PASSWORD};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A server of its own data directory, reached as a browser reaches it. Dropping it kills it.
pub(crate) struct Served {
    child: Child,
    pub(crate) url: String,
    /// The one-time link of a first start, where it has printed one.
    pub(crate) link: Option<String>,
}

impl Served {
    /// Serves `data`, and waits for the last line that it says before it answers.
    pub(crate) fn start(data: &Path, key_file: &Path, more: &[&str]) -> Self {
        let mut child = Command::new(BIN)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .arg("--key-file")
            .arg(key_file)
            .args(more)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let is_first = !data.exists();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said =
            |prefix: &str| lines.find_map(|line| line.unwrap().strip_prefix(prefix).map(str::to_owned)).expect("the server ended");
        let url = said("listening on ");
        let link = is_first.then(|| said(&url));
        // What it says is read to the end, so that it never waits for a reader.
        std::thread::spawn(move || lines.count());
        Self { child, url, link }
    }

    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Seen {
        self.try_to_ask(method, path, headers, body).unwrap()
    }

    /// Asks, where the connection may be closed under it.
    pub(crate) fn try_to_ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Result<Seen, ureq::Error> {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = agent.run(request.body(body.to_owned()).unwrap())?;
        let text = |value: &ureq::http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        Ok(Seen {
            status: answer.status().as_u16(),
            location: answer.headers().get("location").map(text).unwrap_or_default(),
            cookies: answer.headers().get_all("set-cookie").iter().map(text).collect(),
            body: answer.into_body().read_to_string().unwrap_or_default(),
        })
    }

    /// Signs somebody in as a browser does: the form's page first, for its cookie and its token.
    pub(crate) fn sign_in(&self, email: &str) -> Session {
        let page = self.ask("GET", "/sign-in", &[], "");
        let visit = page.cookie("__Host-visit").expect("a visit");
        let form = format!("csrf={}&email={}&password={}", page.form_token(), email.replace('@', "%40"), PASSWORD.replace(' ', "+"));
        let seen = self.ask("POST", "/sign-in", &form_headers(&format!("__Host-visit={visit}")), &form);
        let cookie = format!("__Host-session={}", seen.cookie("__Host-session").expect("a session"));
        let home = self.ask("GET", "/", &[("cookie", &cookie)], "");
        Session { cookie, csrf: home.form_token() }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Somebody's session, and what their forms carry.
pub(crate) struct Session {
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

/// An answer: its status, where it leads, its cookies, its body.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) cookies: Vec<String>,
    pub(crate) body: String,
}

impl Seen {
    /// The value of a cookie that was set.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        let cookie = self.cookies.iter().find_map(|cookie| cookie.strip_prefix(name)?.strip_prefix('='))?;
        Some(cookie.split(';').next().unwrap_or_default().to_owned())
    }

    /// What the forms of this page carry.
    pub(crate) fn form_token(&self) -> String {
        let token = self.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        assert!(token.is_some(), "no form: {self:?}");
        token.unwrap_or_default().to_owned()
    }
}

/// What a browser sends with a form of our own page.
pub(crate) fn form_headers(cookie: &str) -> [(&'static str, &str); 3] {
    [("cookie", cookie), ("sec-fetch-site", "same-origin"), ("content-type", "application/x-www-form-urlencoded")]
}
