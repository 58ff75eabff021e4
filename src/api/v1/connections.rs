//! `/connections`.

use crate::api::caller::Caller;
use crate::api::json;
use crate::base::clock::Clock;
use crate::base::id::ConnectionId;
use crate::base::secret::Secret;
use crate::connectors::{Connector, connector, new_connection};
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::orgs::connections::{self, ConnectError, Connection, NewConnection, SecretMaker};
use crate::store::Store;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    connector: String,
    name: String,
    base_url: Option<String>,
    secret: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewSecret {
    secret: Option<String>,
}

impl Wish {
    /// In a sandbox no real tool signs: whoever sends recorded deliveries there may have any secret made, and needs no links.
    fn of(self, tool: &'static dyn Connector, is_sandbox: bool) -> NewConnection {
        let rules = new_connection(tool, self.name);
        NewConnection {
            base_url: self.base_url,
            secret: self.secret.map(Secret::new),
            secret_maker: if is_sandbox { SecretMaker::Us } else { rules.secret_maker },
            needs_base_url: rules.needs_base_url && !is_sandbox,
            ..rules
        }
    }
}

#[derive(Serialize)]
struct View {
    id: String,
    connector: String,
    name: String,
    base_url: Option<String>,
    hook_path: String,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

fn view(connection: Connection, secret: Option<String>) -> View {
    View {
        id: connection.id.to_string(),
        hook_path: format!("/hooks/{}/{}", connection.connector, connection.id),
        connector: connection.connector,
        name: connection.name,
        base_url: connection.base_url,
        created_at: connection.created_at.to_string(),
        secret,
    }
}

pub(in crate::api) async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let found = blocking(move || connections::list(&caller.org)).await?;
    let views: Vec<View> = found.into_iter().map(|connection| view(connection, None)).collect();
    Ok(json::ok(&serde_json::json!({ "connections": views })))
}

pub(in crate::api) async fn create(
    caller: Caller,
    body: Body,
    (store, clock): (Data<Store>, Data<Clock>),
) -> Result<HttpResponse, Problem> {
    let wish: Wish = json::read(&body)?;
    let tool = connector(&wish.connector).ok_or(Problem::senseless("There is no such connector. The OpenAPI document names them all."))?;
    // A form's empty field is none; here an address that is given is one.
    if wish.base_url.as_deref().is_some_and(|url| url.is_empty() || url.trim() != url) {
        return Err(problem(ConnectError::BadBaseUrl));
    }
    let wish = wish.of(tool, store.sandbox());
    let made = blocking(move || connections::create(&caller.org, wish, caller.principal.actor(), clock.now())).await;
    let made = made.map_err(problem)?;
    let secret = made.secret.reveal().clone();
    Ok(json::created(&view(made.connection, Some(secret))))
}

/// Gives a connection another secret: the tool's, or where that is ours to do, one that is made here.
pub(in crate::api) async fn put_secret(
    caller: Caller,
    path: Path<String>,
    body: Body,
    (store, clock): (Data<Store>, Data<Clock>),
) -> Result<HttpResponse, Problem> {
    let id: ConnectionId = path.parse().map_err(|_| Problem::not_found())?;
    let wish: NewSecret = json::read(&body)?;
    let made = blocking(move || {
        let found = connections::find(&caller.org, id)?.ok_or_else(Problem::not_found)?;
        let tool = connector(&found.connector).ok_or_else(Problem::not_found)?;
        let maker = if store.sandbox() { SecretMaker::Us } else { tool.secret_maker() };
        let given = (wish.secret.map(Secret::new), maker);
        connections::replace_secret(&caller.org, id, given, caller.principal.actor(), clock.now()).map_err(problem)
    })
    .await?;
    let made = made.ok_or_else(Problem::not_found)?;
    let secret = made.secret.reveal().clone();
    Ok(json::ok(&view(made.connection, Some(secret))))
}

/// Removes a connection. What was captured keeps its own time.
pub(in crate::api) async fn delete(caller: Caller, path: Path<String>, clock: Data<Clock>) -> Result<HttpResponse, Problem> {
    let id: ConnectionId = path.parse().map_err(|_| Problem::not_found())?;
    let is_removed = blocking(move || connections::remove(&caller.org, id, caller.principal.actor(), clock.now())).await?;
    if is_removed { Ok(HttpResponse::NoContent().finish()) } else { Err(Problem::not_found()) }
}

fn problem(error: ConnectError) -> Problem {
    match error {
        ConnectError::NameTooLong => Problem::senseless("The name is too long. Keep it to 80 characters."),
        ConnectError::BaseUrlMissing => Problem::senseless(
            "Give base_url, the address of the workspace or of your installation, such as https://git.acme.example: links are made with it.",
        ),
        ConnectError::SecretMissing => {
            Problem::senseless("Give the secret that the tool issued: it signs with it, and one that is made up here would never fit.")
        }
        ConnectError::Exists => Problem::conflict("This connection was made already."),
        ConnectError::NameMissing => Problem::senseless("Give the connection a name, so that people can tell it from others."),
        ConnectError::BadBaseUrl => Problem::senseless("base_url must be an https:// address of a host, such as https://git.acme.example."),
        ConnectError::BadSecret => {
            Problem::senseless("The secret must have 16 to 256 plain characters. Leave it out and one is made for you.")
        }
        ConnectError::Fault(fault) => fault.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_sandbox_makes_up_what_the_tool_issues() {
        let rules = |is_sandbox: bool| {
            let wish = Wish { connector: "slack".to_owned(), name: "Chat".to_owned(), base_url: None, secret: None };
            let wish = wish.of(connector("slack").unwrap(), is_sandbox);
            (wish.secret_maker, wish.needs_base_url)
        };
        assert_eq!(rules(false), (SecretMaker::Tool, true));
        assert_eq!(rules(true), (SecretMaker::Us, false));
    }
}
