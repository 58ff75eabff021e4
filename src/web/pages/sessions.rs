//! Signing in and out.

use crate::auth::session;
use crate::auth::sign_in::{Desk, SignInError, Visitor};
use crate::base::clock::Clock;
use crate::base::error::{Code, Fault};
use crate::crypto::token::Token;
use crate::http::blocking::blocking;
use crate::http::csrf::FormToken;
use crate::http::forms::{Field, Form};
use crate::http::problem::Problem;
use crate::http::{cookies, device, peer};
use crate::store::Store;
use crate::web::admission::local_path;
use crate::web::layout::{Answer, Frame, View, page_with, see_other};
use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;
use zeroize::Zeroizing;

/// Says neither whether the address is known nor whether the password was close.
pub const REFUSED: &str = "That e-mail and password do not match an account here. Check both and try again.";

/// The sign-in form.
#[derive(Template)]
#[template(path = "sessions/new.html")]
pub struct New {
    pub frame: Frame,
    pub csrf: String,
    /// Where to go afterwards: a path of this console, or empty.
    pub next: String,
    pub email: Field,
    pub password: Field,
    pub refusal: Option<&'static str>,
}

/// Where a visitor wanted to go.
#[derive(Deserialize)]
pub struct Wanted {
    next: Option<String>,
}

/// `GET /sign-in`.
pub async fn new(req: HttpRequest, view: View, wanted: Query<Wanted>) -> Answer {
    let next = wanted.next.as_deref().and_then(local_path).unwrap_or_default().to_owned();
    on_visit(&req, StatusCode::OK, |csrf| New {
        frame: view.frame("Sign in"),
        csrf,
        next,
        email: Field::empty("email"),
        password: Field::empty("password"),
        refusal: None,
    })
}

/// `POST /sign-in`.
pub async fn create(req: HttpRequest, view: View, form: Form, (desk, store, clock): (Data<Desk>, Data<Store>, Data<Clock>)) -> Answer {
    let (email, password) = (form.text("email").to_owned(), Zeroizing::new(form.raw("password").to_owned()));
    let (network, device, before) = (peer::network(&req), device::words(&req), cookies::read(&req, cookies::SESSION));
    let main = store.clone();
    let tried =
        blocking(move || desk.sign_in(main.main(), (&email, &password), Visitor { network: &network, device: &device }, clock.now()));
    match tried.await {
        Ok(token) => entered(&store, local_path(form.text("next")).unwrap_or("/"), token, before).await,
        Err(SignInError::ComeBack { after_s }) => Err(Problem::too_often(after_s)),
        Err(SignInError::Fault(fault)) => Err(fault.into()),
        Err(SignInError::Refused) => on_visit(&req, StatusCode::UNPROCESSABLE_ENTITY, |csrf| New {
            frame: view.frame("Sign in"),
            csrf,
            next: form.text("next").to_owned(),
            email: Field::sent("email", &form),
            password: Field::empty("password"),
            refusal: Some(REFUSED),
        }),
    }
}

/// `POST /sign-out`.
pub async fn delete(req: HttpRequest, _form: Form, store: Data<Store>) -> Answer {
    if let Some(cookie) = cookies::read(&req, cookies::SESSION) {
        blocking(move || session::end(store.main(), &cookie)).await?;
    }
    with_cookie(see_other("/sign-in"), &cookies::removal(cookies::SESSION))
}

/// Leads on into a session that has just begun; the one that this browser had before ends.
pub async fn entered(store: &Data<Store>, next: &str, session: Token, before: Option<String>) -> Answer {
    let store = store.clone();
    blocking(move || before.map_or(Ok(()), |before| session::end(store.main(), &before))).await?;
    let entered = with_cookie(see_other(next), &cookies::cookie(cookies::SESSION, session.reveal().to_owned()))?;
    with_cookie(entered, &cookies::removal(cookies::VISIT))
}

/// Shows a form to whoever comes, bound to the browser's cookie; a browser that has none is given one.
pub fn on_visit<T: Template>(req: &HttpRequest, status: StatusCode, fill: impl FnOnce(String) -> T) -> Answer {
    let (binding, is_new) = match cookies::binding(req) {
        Some(binding) => (binding, false),
        None => (Token::generate("")?.reveal().to_owned(), true),
    };
    let response = page_with(status, &fill(FormToken::of(&binding).to_string()))?;
    if is_new { with_cookie(response, &cookies::cookie(cookies::VISIT, binding)) } else { Ok(response) }
}

/// The answer with one cookie more.
pub fn with_cookie(mut response: HttpResponse, cookie: &Cookie<'_>) -> Answer {
    let set = response.add_cookie(cookie);
    set.map_err(|error| Fault::new(Code::Internal, "A cookie could not be set").because(error))?;
    Ok(response)
}
