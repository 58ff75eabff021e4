//! A problem, as a page.

use crate::http::headers::Nonce;
use crate::http::problem::Problem;
use crate::http::request_id::RequestId;
use crate::web::admission::{At, local_path};
use crate::web::format;
use crate::web::layout::{Frame, View, page_with};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, ResponseError};
use askama::Template;

/// What is wrong, and what to do.
#[derive(Template)]
#[template(path = "errors/problem.html")]
pub struct Show {
    pub frame: Frame,
    pub status: u16,
    pub title: &'static str,
    pub detail: String,
    pub href: String,
    pub verb: &'static str,
    pub request_id: String,
}

/// Middleware around the console: gives each page its nonce, and turns every problem into a page.
pub async fn as_pages(req: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<BoxBody>, Error> {
    match Nonce::new() {
        Ok(nonce) => req.extensions_mut().insert(nonce),
        Err(fault) => return Ok(req.into_response(Problem::from(fault).error_response())),
    };
    let res = next.call(req).await?.map_into_boxed_body();
    let problem = res.response().extensions().get::<Problem>().cloned();
    let problem = problem.or_else(|| unspoken(res.status()));
    Ok(match problem {
        Some(problem) => {
            let response = page_of(res.request(), problem);
            res.into_response(response)
        }
        None => res,
    })
}

/// The problem behind a bare status of the framework's own, such as a path or query that it could not read.
fn unspoken(status: StatusCode) -> Option<Problem> {
    match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Some(Problem::not_found()),
        StatusCode::BAD_REQUEST => Some(Problem::malformed("This address or form could not be read.")),
        status if status.is_server_error() => Some(Problem::new(status, "Something went wrong on our side. Try again in a moment.")),
        _ => None,
    }
}

fn page_of(req: &HttpRequest, problem: Problem) -> HttpResponse {
    let page = View::of(req).and_then(|view| {
        let (href, verb) = way_on(req, problem.status());
        let request_id = req.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
        let title = title(problem.status());
        let show =
            Show { frame: view.frame(title), status: problem.status().as_u16(), title, detail: detail(&problem), href, verb, request_id };
        page_with(problem.status(), &show)
    });
    let mut response = match page {
        Ok(page) => page,
        Err(deeper) => return deeper.error_response(),
    };
    if let Some(after_s) = problem.retry_after_s() {
        response.headers_mut().insert(header::RETRY_AFTER, after_s.into());
    }
    response.extensions_mut().insert(problem);
    response
}

/// What is wrong, and where that is known, for about how long.
fn detail(problem: &Problem) -> String {
    match problem.retry_after_s() {
        Some(after_s) if problem.status() == StatusCode::TOO_MANY_REQUESTS => {
            format!("{} It opens again in about {}.", problem.detail(), format::duration(after_s))
        }
        _ => problem.detail().to_owned(),
    }
}

/// Where to go from here: after a form, back to the page that it stands on.
fn way_on(req: &HttpRequest, status: StatusCode) -> (String, &'static str) {
    let first = ("/".to_owned(), "To the first page");
    match status {
        StatusCode::TOO_MANY_REQUESTS if !req.extensions().contains::<At>() => ("/sign-in".to_owned(), "Back to signing in"),
        StatusCode::NOT_FOUND | StatusCode::UNAUTHORIZED => first,
        _ if req.method() == Method::POST => match local_path(req.path()) {
            Some("/sign-out") | None => first,
            Some(path) => (page_before(path), "Back to the page before"),
        },
        _ if req.path() == "/patterns" => ("/patterns".to_owned(), "To the patterns"),
        StatusCode::BAD_REQUEST if req.path() == "/audit" => ("/audit".to_owned(), "To the audit log"),
        _ => first,
    }
}

/// The page that a form stands on, by where it is sent.
fn page_before(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match parts.as_slice() {
        ["invitations", ..] => "/members".to_owned(),
        ["profile", "tokens", ..] => "/profile/tokens".to_owned(),
        ["profile", ..] => "/profile".to_owned(),
        ["connections", "production"] => "/connections".to_owned(),
        ["checklist", ..] => "/checklist".to_owned(),
        [noun @ ("members" | "patterns" | "teams"), id, ..] => format!("/{noun}/{id}"),
        _ => path.to_owned(),
    }
}

fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::FORBIDDEN => "That is not allowed",
        StatusCode::NOT_FOUND => "Nothing here",
        StatusCode::GONE => "This is over",
        StatusCode::TOO_MANY_REQUESTS => "Too many tries",
        StatusCode::CONFLICT => "That has changed meanwhile",
        StatusCode::SERVICE_UNAVAILABLE => "Not at the moment",
        status if status.is_server_error() => "Something went wrong",
        _ => "That did not work",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::map::{Gate, Map};
    use crate::web::routes;

    #[test]
    fn from_every_form_there_is_a_way_back_to_a_page() {
        let fill = |path: &str| path.replace("{id}", "0190").replace("{token}", "x");
        let rows = |method: &str| -> Vec<String> {
            let rows = Map::rows(routes::map(), "").into_iter().filter(|row| row.method == method && row.gate != Gate::Open);
            rows.map(|row| fill(&row.path)).collect()
        };
        let pages = rows("GET");
        for form in rows("POST") {
            assert!(pages.contains(&page_before(&form)), "{form} leads to {}", page_before(&form));
        }
    }
}
