//! The password once more, before rights are handed on: a token and an invitation outlive the session that made them.
//!
//! Only where the sign-in is no longer fresh: who has just typed their password is not asked for it again. Never kept, in the form neither:
//! it is typed for each act.

use crate::auth::session::FRESH_MAX;
use crate::auth::sign_in::{Desk, SignInError};
use crate::base::clock::Instant;
use crate::http::blocking::blocking;
use crate::http::forms::{Field, Form};
use crate::http::peer;
use crate::http::problem::Problem;
use crate::store::Store;
use crate::web::admission::At;
use actix_web::HttpRequest;
use actix_web::web::Data;
use zeroize::Zeroizing;

/// The input's name and id.
const FIELD: &str = "password";
const MISSING: &str = "You signed in more than 15 minutes ago. Type your password once more: what you make here outlives your session.";
const WRONG: &str = "This is not your password. Nothing was made.";

/// The field that the form has now; none while the sign-in is fresh.
pub fn field(at: &At, now: Instant) -> Option<Field> {
    (!at.principal.has_just_signed_in(now)).then(|| Field::empty(FIELD))
}

/// Checks the password where it is asked for. Answers the field with what is wrong, where something is; each try counts as one to sign in.
pub async fn wrong(
    at: &At,
    (req, form): (&HttpRequest, &Form),
    (store, desk): (&Data<Store>, &Data<Desk>),
    now: Instant,
) -> Result<Option<Field>, Problem> {
    let Some(field) = field(at, now) else { return Ok(None) };
    let given = Zeroizing::new(form.raw(FIELD).to_owned());
    if given.is_empty() {
        return Ok(Some(field.refused(MISSING)));
    }
    let (member, network, store, desk) = (at.principal.member(), peer::network(req), store.clone(), desk.clone());
    match blocking(move || Ok::<_, Problem>(desk.prove(store.main(), member, &given, &network, now))).await? {
        Ok(_) => Ok(None),
        Err(SignInError::Refused) => Ok(Some(field.refused(WRONG))),
        Err(SignInError::ComeBack { after_s }) => Err(Problem::too_often(after_s)),
        Err(SignInError::Fault(fault)) => Err(fault.into()),
    }
}

/// How long a sign-in is fresh, in minutes, as the words say it.
const _: () = assert!(FRESH_MAX.as_mins() == 15, "the words name the minutes");
