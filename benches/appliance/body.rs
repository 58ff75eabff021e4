//! A pull-request delivery of about 24 KB in the shape GitHub sends, of which only the last bytes differ from one to the next: the
//! signature of a new one is the hash of those alone, continued from that of the rest.
//!
//! Names of fields: GitHub's REST reference, 'Pulls' and 'Repositories'.

use ring::hmac;
use serde_json::{Map, Value, json};

/// The tail of a body: the time of the change, its number, and the end.
const TAIL: &str = "\"2026-01-02T03:04:05Z\",\"number\":1000000000}}";
/// The first number of a change: all that follow have as many digits, so that every body is of one length.
const FIRST_NUMBER: u64 = 1_000_000_000;

/// Makes signed requests, each of which captures a change of its own.
pub(crate) struct Bodies {
    prefix: Vec<u8>,
    /// The hash of `prefix`, ready to be continued.
    hashed: hmac::Context,
    next: u64,
    now: jiff::Timestamp,
}

/// After how many deliveries the time is asked for again.
const TIME_EVERY: u64 = 16;

impl Bodies {
    /// Deliveries of `repository`, each opened when it is made, signed with `secret`.
    pub(crate) fn new(repository: &str, secret: &str) -> Self {
        let prefix = prefix(repository);
        let mut hashed = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()));
        hashed.update(&prefix);
        Self { prefix, hashed, next: FIRST_NUMBER, now: jiff::Timestamp::now() }
    }

    /// What all requests to `path` have in common.
    pub(crate) fn template(&self, path: &str) -> Template {
        let length = self.prefix.len() + TAIL.len();
        let mut bytes = format!(
            "POST {path} HTTP/1.1\r\nHost: bench\r\nUser-Agent: GitHub-Hookshot/0000000\r\nContent-Type: application/json\r\n\
             X-GitHub-Event: pull_request\r\nX-GitHub-Delivery: 00000000-0000-0000-0000-000000000000\r\n\
             Content-Length: {length}\r\nX-Hub-Signature-256: sha256="
        )
        .into_bytes();
        let signature_at = bytes.len();
        bytes.extend_from_slice(&[b'0'; 64]);
        bytes.extend_from_slice(b"\r\n\r\n");
        bytes.extend_from_slice(&self.prefix);
        let tail_at = bytes.len();
        bytes.extend_from_slice(TAIL.as_bytes());
        Template { bytes, signature_at, tail_at }
    }

    /// Makes `request`, a copy of the template, the next delivery.
    pub(crate) fn renew(&mut self, template: &Template, request: &mut [u8]) {
        if self.next.is_multiple_of(TIME_EVERY) {
            self.now = jiff::Timestamp::now();
        }
        let tail = format!("\"{:.0}\",\"number\":{}}}}}", self.now, self.next);
        self.next += 1;
        request[template.tail_at..].copy_from_slice(tail.as_bytes());
        let mut hash = self.hashed.clone();
        hash.update(&request[template.tail_at..]);
        let signature = hash.sign();
        hex::encode_to_slice(signature, &mut request[template.signature_at..template.signature_at + 64]).expect("64 digits for 32 bytes");
    }
}

/// A request, and the two places in it that are made anew.
pub(crate) struct Template {
    pub(crate) bytes: Vec<u8>,
    signature_at: usize,
    tail_at: usize,
}

/// Everything up to the time of the change.
fn prefix(full_name: &str) -> Vec<u8> {
    let user = account("ana", 1001);
    let head = json!({"label": "acme:quicker-start", "ref": "quicker-start", "sha": "6dcb09b5b57875f334f61aebed695e2e4193db5e",
        "user": user, "repo": repository(full_name)});
    let base = json!({"label": "acme:main", "ref": "main", "sha": "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c",
        "user": user, "repo": repository(full_name)});
    let api = format!("https://api.github.com/repos/{full_name}");
    let page = format!("https://github.com/{full_name}/pull/1000000000");
    let links = ["self", "html", "issue", "comments", "review_comments", "review_comment", "commits", "statuses"];
    let links: Map<String, Value> =
        links.iter().map(|name| ((*name).to_owned(), json!({"href": format!("{api}/{name}/1000000000")}))).collect();
    let mut change = json!({
        "url": format!("{api}/pulls/1000000000"), "id": 2_041_117_000_u64, "node_id": "PR_kwDOBenchBench1", "html_url": page,
        "diff_url": format!("{page}.diff"), "patch_url": format!("{page}.patch"), "issue_url": format!("{api}/issues/1000000000"),
        "state": "open", "locked": false, "title": "Start in half the time", "user": user, "body": "What it changes, and why. ".repeat(40),
        "updated_at": "2026-01-02T03:04:05Z", "closed_at": null, "merged_at": null, "merge_commit_sha": null, "assignee": null,
        "assignees": [], "requested_reviewers": [user, user], "requested_teams": [], "labels": [], "milestone": null, "draft": false,
        "commits_url": format!("{api}/pulls/1000000000/commits"), "review_comments_url": format!("{api}/pulls/1000000000/comments"),
        "comments_url": format!("{api}/issues/1000000000/comments"), "statuses_url": format!("{api}/statuses/6dcb09b5"),
        "head": head, "base": base, "_links": links, "author_association": "MEMBER", "auto_merge": null, "active_lock_reason": null,
    });
    let counts = json!({"merged": false, "mergeable": null, "rebaseable": null, "mergeable_state": "unknown", "merged_by": null, "comments": 0,
        "review_comments": 0, "maintainer_can_modify": false, "commits": 3, "additions": 120, "deletions": 40, "changed_files": 5});
    if let (Value::Object(change), Value::Object(counts)) = (&mut change, counts) {
        change.extend(counts);
    }
    let event = json!({"action": "opened", "repository": repository(full_name), "sender": user,
        "organization": {"login": "acme", "id": 77, "node_id": "O_kgDOBench", "url": "https://api.github.com/orgs/acme"}});
    let open = |value: &Value| value.to_string().trim_end_matches('}').to_owned();
    let mut text = open(&event);
    text.push_str("},\"pull_request\":");
    text.push_str(change.to_string().strip_suffix('}').expect("an object"));
    text.push_str(",\"created_at\":");
    text.into_bytes()
}

fn account(login: &str, id: u64) -> Value {
    let api = format!("https://api.github.com/users/{login}");
    let mut account = json!({"login": login, "id": id, "node_id": "U_kgDOBench", "avatar_url": format!("https://avatars.githubusercontent.com/u/{id}?v=4"),
        "gravatar_id": "", "url": api, "html_url": format!("https://github.com/{login}"), "type": "User", "user_view_type": "public", "site_admin": false});
    let lists = ["followers", "following", "gists", "starred", "subscriptions", "organizations", "repos", "events", "received_events"];
    if let Value::Object(account) = &mut account {
        account.extend(lists.iter().map(|list| (format!("{list}_url"), json!(format!("{api}/{list}")))));
    }
    account
}

fn repository(full_name: &str) -> Value {
    let api = format!("https://api.github.com/repos/{full_name}");
    let name = full_name.rsplit('/').next().unwrap_or_default();
    let mut repository = json!({
        "id": 4711, "node_id": "R_kgDOBench", "name": name, "full_name": full_name, "private": true, "owner": account("acme", 77),
        "html_url": format!("https://github.com/{full_name}"), "description": "What the company sells", "fork": false, "url": api,
        "created_at": "2024-01-02T03:04:05Z", "updated_at": "2026-01-02T03:04:05Z", "pushed_at": "2026-01-02T03:04:05Z",
        "homepage": null, "size": 20480, "stargazers_count": 0, "watchers_count": 0, "language": "Rust", "has_issues": true, "has_projects": true,
        "has_downloads": true, "has_wiki": false, "has_pages": false, "has_discussions": false, "forks_count": 0, "mirror_url": null,
        "archived": false, "disabled": false, "open_issues_count": 12, "license": null, "allow_forking": false, "is_template": false,
        "web_commit_signoff_required": false, "topics": [], "visibility": "private", "forks": 0, "open_issues": 12, "watchers": 0,
        "default_branch": "main", "allow_squash_merge": true, "allow_merge_commit": false, "allow_rebase_merge": true, "allow_auto_merge": false,
        "delete_branch_on_merge": true, "allow_update_branch": false, "use_squash_pr_title_as_default": false,
        "squash_merge_commit_message": "COMMIT_MESSAGES", "squash_merge_commit_title": "COMMIT_OR_PR_TITLE",
        "merge_commit_message": "PR_TITLE", "merge_commit_title": "MERGE_MESSAGE",
        "git_url": format!("git://github.com/{full_name}.git"), "ssh_url": format!("git@github.com:{full_name}.git"),
        "clone_url": format!("https://github.com/{full_name}.git"), "svn_url": format!("https://github.com/{full_name}"),
    });
    let lists = [
        "forks",
        "keys{/key_id}",
        "collaborators{/collaborator}",
        "teams",
        "hooks",
        "issues/events{/number}",
        "events",
        "assignees{/user}",
        "branches{/branch}",
        "tags",
        "git/blobs{/sha}",
        "git/tags{/sha}",
        "git/refs{/sha}",
        "git/trees{/sha}",
        "statuses/{sha}",
        "languages",
        "stargazers",
        "contributors",
        "subscribers",
        "subscription",
        "commits{/sha}",
        "git/commits{/sha}",
        "comments{/number}",
        "issues/comments{/number}",
        "contents/{+path}",
        "compare/{base}...{head}",
        "merges",
        "{archive_format}{/ref}",
        "downloads",
        "issues{/number}",
        "pulls{/number}",
        "milestones{/number}",
        "notifications{?since,all,participating}",
        "labels{/name}",
        "releases{/id}",
        "deployments",
    ];
    if let Value::Object(repository) = &mut repository {
        let field = |list: &str| list.split(['{', '/']).find(|word| !word.is_empty()).unwrap_or("archive").to_owned();
        repository.extend(lists.iter().enumerate().map(|(at, list)| (format!("{}_{at}_url", field(list)), json!(format!("{api}/{list}")))));
    }
    repository
}
