//! The one bridge from async to the blocking rooms.
//!
//! Nothing else may call `actix_web::web::block`: a handler that waits for a file on an async thread stalls every
//! connection of that thread.

use crate::base::error::{Code, Fault};

/// Runs `work` on the pool of blocking threads and answers what it answered.
///
/// A panic inside `work`, or a pool that is shutting down, is a [`Fault`].
pub async fn blocking<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Fault> + Send + 'static,
{
    match actix_web::web::block(work).await {
        Ok(result) => result,
        Err(lost) => {
            Err(Fault::new(Code::Internal, "A piece of work was lost; try again, and see the log if it stays").because(lost).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_panic_in_a_room_is_a_fault_at_the_door() {
        let lost = blocking(|| -> Result<(), Fault> { panic!("a bug") }).await;
        assert_eq!(lost.map_err(|fault| fault.code()), Err(Code::Internal));
        assert_eq!(blocking(|| Ok::<_, Fault>(7)).await.ok(), Some(7));
    }
}
