//! The one bridge from async to the blocking rooms.
//!
//! Nothing else may call `actix_web::web::block`: a handler that waits for a file on an async thread stalls every
//! connection of that thread.

use crate::base::error::{Code, Fault};
use crate::store::Store;
use tokio::sync::Semaphore;

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

/// How many pages are put together at once: beyond a few for each processor they only take turns on it. With 64 at once the slowest in a hundred
/// waited two and a half times as long as the others, with eight in turn a third longer.
const TURNS: usize = 8;

/// As [`blocking`], first come, first served: for the pages of whoever is signed in. Never for what strangers can ask for, or what must not wait behind
/// a page.
pub async fn in_turn<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Fault> + Send + 'static,
{
    static ROOM: Semaphore = Semaphore::const_new(TURNS);
    // It is never closed. The turn ends with the work, also where whoever asked has gone meanwhile.
    let turn = ROOM.acquire().await;
    blocking(move || {
        let _turn = turn;
        work()
    })
    .await
}

/// Runs `work` where it stands, by what the store has at hand, as is mostly enough; else in the rooms.
pub async fn at_hand_or_blocking<T>(store: &Store, work: impl Fn(&Store) -> Result<T, Fault> + Send + 'static) -> Result<T, Fault>
where
    T: Send + 'static,
{
    match work(&store.at_hand()) {
        Err(fault) if fault.code() == Code::NotAtHand => {
            let store = store.clone();
            blocking(move || work(&store)).await
        }
        answer => answer,
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
