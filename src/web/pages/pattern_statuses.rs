//! What a person decides about a pattern.

use crate::base::clock::Clock;
use crate::base::id::PatternId;
use crate::http::forms::{Field, Form};
use crate::http::problem::Problem;
use crate::patterns::Status;
use crate::patterns::decide::{DecideError, NOTE_CHARS_MAX, decide};
use crate::store::Store;
use crate::web::admission::At;
use crate::web::layout::{Answer, View, page_with, see_other};
use crate::web::pages::patterns;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};

/// `POST /patterns/{id}/status`.
pub async fn create(at: At, view: View, id: Path<String>, form: Form, (store, clock): (Data<Store>, Data<Clock>)) -> Answer {
    let id: PatternId = id.parse().map_err(|_| Problem::not_found())?;
    let note = form.text("note").to_owned();
    if note.chars().count() > NOTE_CHARS_MAX {
        let note = Field::sent("note", &form).refused("The note is too long. Keep it to 500 characters.");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &patterns::find(&at, view, (store, clock), id, note).await?);
    }
    let status = Status::parse(form.text("status")).ok_or(Problem::malformed("Choose what the team says with one of the buttons."))?;
    let human = at.human()?;
    at.blocking(move |org| decide(org, human, id, status, Some(&note), clock.now())).await.map_err(problem)?;
    Ok(see_other(&patterns::href(id)))
}

fn problem(error: DecideError) -> Problem {
    match error {
        DecideError::NoSuchPattern => Problem::not_found(),
        DecideError::Closed => Problem::conflict("This pattern is closed already. If it comes back, it comes back as a new one."),
        DecideError::NotADecision => Problem::malformed("Choose what the team says with one of the buttons."),
        DecideError::Fault(fault) => fault.into(),
    }
}
