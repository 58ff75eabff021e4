//! `/tokens`: those of the caller's own member.

use crate::api::caller::Caller;
use crate::api::json;
use crate::auth::api_token::{self, ApiToken, LIFETIME_DAYS, NewToken, TokenError};
use crate::auth::sign_in::Desk;
use crate::auth::{Scope, refusal};
use crate::base::clock::Clock;
use crate::base::id::ApiTokenId;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::problem::Problem;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    name: String,
    scopes: Vec<String>,
    days: Option<i64>,
}

fn view(token: &ApiToken, text: Option<&str>) -> Value {
    let mut view = json!({
        "id": token.id.to_string(),
        "name": token.name,
        "member": token.member.to_string(),
        "scopes": token.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>(),
        "created_at": token.created_at.to_string(),
        "expires_at": token.expires_at.to_string(),
        "last_used_at": token.last_used_at.map(|at| at.to_string()),
    });
    if let (Some(view), Some(text)) = (view.as_object_mut(), text) {
        view.insert("token".to_owned(), text.into());
    }
    view
}

pub(in crate::api) async fn list(caller: Caller, clock: Data<Clock>) -> Result<HttpResponse, Problem> {
    let of = (!caller.principal.may(Scope::WriteMembers)).then(|| caller.principal.member());
    let found = blocking(move || api_token::list(&caller.org, of, clock.now())).await?;
    let views: Vec<Value> = found.iter().map(|token| view(token, None)).collect();
    Ok(json::ok(&json!({ "tokens": views })))
}

/// Makes a token, whose text is in this one answer.
pub(in crate::api) async fn create(caller: Caller, body: Body, (desk, clock): (Data<Desk>, Data<Clock>)) -> Result<HttpResponse, Problem> {
    let wish: Wish = json::read(&body)?;
    let scopes = wish.scopes.iter().map(|word| Scope::parse(word).ok_or(NO_SUCH_SCOPE)).collect::<Result<Vec<_>, _>>()?;
    let wish = NewToken { name: wish.name, scopes, days: wish.days.unwrap_or(LIFETIME_DAYS) };
    let (token, made) = blocking(move || {
        let now = clock.now();
        api_token::issue(&caller.org, &caller.principal, &wish, now).map_err(|error| {
            if matches!(error, TokenError::NotHeld) {
                let what = "A token with more rights than its maker";
                if let Err(fault) = refusal::write_down(&caller.org, &desk, &caller.principal, what, now) {
                    return fault.into();
                }
            }
            problem(error)
        })
    })
    .await?;
    Ok(json::created(&view(&made, Some(token.reveal()))))
}

/// Revokes one.
pub(in crate::api) async fn delete(caller: Caller, path: Path<String>, clock: Data<Clock>) -> Result<HttpResponse, Problem> {
    let id: ApiTokenId = path.parse().map_err(|_| Problem::not_found())?;
    let is_revoked = blocking(move || api_token::revoke(&caller.org, &caller.principal, id, clock.now())).await?;
    if is_revoked { Ok(HttpResponse::NoContent().finish()) } else { Err(Problem::not_found()) }
}

const NO_SUCH_SCOPE: Problem = Problem::senseless("There is no such scope. The page of the API tokens names them all.");

fn problem(error: TokenError) -> Problem {
    match error {
        TokenError::NameMissing => Problem::senseless("Give the token a name, so that people know what it was for."),
        TokenError::NameTooLong => Problem::senseless("The name is too long. Keep it to 80 characters."),
        TokenError::NoScope => Problem::senseless("Give the token at least one scope."),
        TokenError::NotHeld => Problem::forbidden("A token can do no more than the one that makes it, and than its member may."),
        TokenError::BadLifetime => Problem::senseless("A token lives 1 to 365 days."),
        TokenError::TooMany => Problem::conflict("This member has 50 tokens. Revoke some that nobody uses."),
        TokenError::Fault(fault) => fault.into(),
    }
}
