//! What every delivery of GitHub repeats: accounts, repositories, the organisation. Written once.
//!
//! Names and shapes of the fields: GitHub's documentation, 'Webhook events and payloads', and its REST reference.

use super::json::{Json, Object};
use crate::base::clock::Instant;
use crate::cli::demo::people::{DEPENDABOT, DEPLOYER, OPTED_OUT, TEAM};
use crate::cli::demo::places::{GITHUB_ORG, GITHUB_ORG_ID, REPOS, RepoRef};
use crate::cli::demo::scene::Account;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const API: &str = "https://api.github.com";
/// The app's installation in the sample organisation.
const INSTALLATION_ID: u64 = 58_114_207;

/// Links of an account: field, and what follows the account's own address.
const ACCOUNT_LINKS: [(&str, &str); 9] = [
    ("followers_url", "/followers"),
    ("following_url", "/following{/other_user}"),
    ("gists_url", "/gists{/gist_id}"),
    ("starred_url", "/starred{/owner}{/repo}"),
    ("subscriptions_url", "/subscriptions"),
    ("organizations_url", "/orgs"),
    ("repos_url", "/repos"),
    ("events_url", "/events{/privacy}"),
    ("received_events_url", "/received_events"),
];

/// Links of a repository: field, and what follows the repository's own address.
const REPOSITORY_LINKS: [(&str, &str); 37] = [
    ("forks_url", "/forks"),
    ("keys_url", "/keys{/key_id}"),
    ("collaborators_url", "/collaborators{/collaborator}"),
    ("teams_url", "/teams"),
    ("hooks_url", "/hooks"),
    ("issue_events_url", "/issues/events{/number}"),
    ("events_url", "/events"),
    ("assignees_url", "/assignees{/user}"),
    ("branches_url", "/branches{/branch}"),
    ("tags_url", "/tags"),
    ("blobs_url", "/git/blobs{/sha}"),
    ("git_tags_url", "/git/tags{/sha}"),
    ("git_refs_url", "/git/refs{/sha}"),
    ("trees_url", "/git/trees{/sha}"),
    ("statuses_url", "/statuses/{sha}"),
    ("languages_url", "/languages"),
    ("stargazers_url", "/stargazers"),
    ("contributors_url", "/contributors"),
    ("subscribers_url", "/subscribers"),
    ("subscription_url", "/subscription"),
    ("commits_url", "/commits{/sha}"),
    ("git_commits_url", "/git/commits{/sha}"),
    ("comments_url", "/comments{/number}"),
    ("issue_comment_url", "/issues/comments{/number}"),
    ("contents_url", "/contents/{+path}"),
    ("compare_url", "/compare/{base}...{head}"),
    ("merges_url", "/merges"),
    ("archive_url", "/{archive_format}{/ref}"),
    ("downloads_url", "/downloads"),
    ("issues_url", "/issues{/number}"),
    ("pulls_url", "/pulls{/number}"),
    ("milestones_url", "/milestones{/number}"),
    ("notifications_url", "/notifications{?since,all,participating}"),
    ("labels_url", "/labels{/name}"),
    ("releases_url", "/releases{/id}"),
    ("deployments_url", "/deployments"),
    ("url", ""),
];

/// The pieces that deliveries repeat, written once.
pub(super) struct Pieces {
    accounts: Vec<(&'static str, Json)>,
    /// Repository, as it stands beside an event, and in its short form inside a run.
    repositories: Vec<(&'static str, Json, Json)>,
    pub(super) organization: Json,
    /// The organisation where it stands as the owner of something.
    pub(super) owner: Json,
    pub(super) installation: Json,
    pub(super) nothing: Json,
}

impl Pieces {
    pub(super) fn new() -> Self {
        let humans = TEAM.iter().copied().chain([&OPTED_OUT]).map(Account::Human);
        let accounts = humans.chain([Account::Bot(&DEPENDABOT), Account::Bot(&DEPLOYER)]);
        Self {
            accounts: accounts.map(|account| (account.login(), write_account(account))).collect(),
            repositories: REPOS.iter().map(|repo| (repo.name, write_repository(repo, false), write_repository(repo, true))).collect(),
            organization: write_organization(),
            owner: write_account_as(GITHUB_ORG, GITHUB_ORG_ID, "Organization"),
            installation: Object::new().plain("id", INSTALLATION_ID).text("node_id", &node_id("Integration", INSTALLATION_ID)).end(),
            nothing: Json::null(),
        }
    }

    pub(super) fn account(&self, account: Account) -> &Json {
        let login = account.login();
        self.accounts.iter().find(|(known, _)| *known == login).map_or(&self.nothing, |(_, piece)| piece)
    }

    pub(super) fn repository(&self, repo: RepoRef) -> &Json {
        self.repositories.iter().find(|(name, ..)| *name == repo.name).map_or(&self.nothing, |(_, whole, _)| whole)
    }

    /// The form without counters and settings that a workflow run carries.
    pub(super) fn short_repository(&self, repo: RepoRef) -> &Json {
        self.repositories.iter().find(|(name, ..)| *name == repo.name).map_or(&self.nothing, |(_, _, short)| short)
    }
}

/// The address of a repository at the API.
pub(super) fn api_of(repo: RepoRef) -> String {
    format!("{API}/repos/{}", repo.full_name())
}

/// An instant as the git host writes it: whole seconds, UTC.
pub(super) fn stamp(at: Instant) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// An opaque id of the kind that the git host gave before 2021: its type and number in base64.
pub(super) fn node_id(kind: &str, id: u64) -> String {
    STANDARD.encode(format!("0{}:{kind}{id}", kind.len()))
}

fn write_account(account: Account) -> Json {
    match account {
        Account::Human(who) => write_account_as(who.login, who.github_id, "User"),
        Account::Bot(bot) => write_account_as(bot.login, bot.github_id, "Bot"),
    }
}

fn write_account_as(login: &str, id: u64, kind: &str) -> Json {
    // A bot's pages lie under its app; its API address escapes the brackets of its login.
    let api = format!("{API}/users/{}", login.replace('[', "%5B").replace(']', "%5D"));
    let page = match login.strip_suffix("[bot]") {
        Some(app) => format!("https://github.com/apps/{app}"),
        None => format!("https://github.com/{login}"),
    };
    let account = Object::new()
        .text("login", login)
        .plain("id", id)
        .text("node_id", &node_id(kind, id))
        .text("avatar_url", &format!("https://avatars.githubusercontent.com/u/{id}?v=4"))
        .text("gravatar_id", "")
        .text("url", &api)
        .text("html_url", &page);
    ACCOUNT_LINKS
        .iter()
        .fold(account, |account, (field, rest)| account.text(field, &format!("{api}{rest}")))
        .text("type", kind)
        .text("user_view_type", "public")
        .plain("site_admin", false)
        .end()
}

fn write_organization() -> Json {
    let api = format!("{API}/orgs/{GITHUB_ORG}");
    Object::new()
        .text("login", GITHUB_ORG)
        .plain("id", GITHUB_ORG_ID)
        .text("node_id", &node_id("Organization", GITHUB_ORG_ID))
        .text("url", &api)
        .text("repos_url", &format!("{api}/repos"))
        .text("events_url", &format!("{api}/events"))
        .text("hooks_url", &format!("{api}/hooks"))
        .text("issues_url", &format!("{api}/issues"))
        .text("members_url", &format!("{api}/members{{/member}}"))
        .text("public_members_url", &format!("{api}/public_members{{/member}}"))
        .text("avatar_url", &format!("https://avatars.githubusercontent.com/u/{GITHUB_ORG_ID}?v=4"))
        .text("description", "Berths, tides and tariffs for small harbours")
        .end()
}

fn write_repository(repo: RepoRef, is_short: bool) -> Json {
    let api = api_of(repo);
    let page = repo.html_url();
    let repository = Object::new()
        .plain("id", repo.id)
        .text("node_id", &node_id("Repository", repo.id))
        .text("name", repo.name)
        .text("full_name", &repo.full_name())
        .plain("private", true)
        .put("owner", &write_account_as(GITHUB_ORG, GITHUB_ORG_ID, "Organization"))
        .text("html_url", &page)
        .text("description", repo.description)
        .plain("fork", false);
    let repository = REPOSITORY_LINKS.iter().fold(repository, |repository, (field, rest)| repository.text(field, &format!("{api}{rest}")));
    if is_short {
        return repository.end();
    }
    repository
        .text("created_at", "2024-02-06T09:12:44Z")
        .text("updated_at", "2026-05-15T14:40:02Z")
        .text("pushed_at", "2026-05-15T14:39:58Z")
        .text("git_url", &format!("git://github.com/{}.git", repo.full_name()))
        .text("ssh_url", &format!("git@github.com:{}.git", repo.full_name()))
        .text("clone_url", &format!("{page}.git"))
        .text("svn_url", &page)
        .null("homepage")
        .plain("size", 5_120 + repo.id % 4_096)
        .plain("stargazers_count", 3)
        .plain("watchers_count", 3)
        .text("language", repo.language)
        .plain("has_issues", true)
        .plain("has_projects", false)
        .plain("has_downloads", true)
        .plain("has_wiki", false)
        .plain("has_pages", false)
        .plain("has_discussions", false)
        .plain("forks_count", 0)
        .null("mirror_url")
        .plain("archived", false)
        .plain("disabled", false)
        .plain("open_issues_count", 14)
        .null("license")
        .plain("allow_forking", false)
        .plain("is_template", false)
        .plain("web_commit_signoff_required", false)
        .put("topics", &Json::list([]))
        .text("visibility", "private")
        .plain("forks", 0)
        .plain("open_issues", 14)
        .plain("watchers", 3)
        .text("default_branch", "main")
        .put("custom_properties", &Object::new().end())
        .end()
}
