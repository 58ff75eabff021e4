//! What was read of a database and is asked again with every delivery: answered from memory until a write may have changed it.
//!
//! Never older than the last commit whose write was answered: the epoch moves between the two. Without it each delivery took nine
//! snapshots, and each commit emptied the page cache of every reader.

use super::access::Epoch;
use crate::base::error::Fault;
use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Answers that are kept at most: thousands of places, some MB. Beyond it all are dropped, so that a sender of ever new names costs
/// time and no memory.
const ANSWERS_MAX: usize = 8_192;

/// What is asked, and about what.
type Question = (&'static str, Box<[u8]>);

/// Answers of one epoch.
#[derive(Default)]
pub(super) struct Memory(Mutex<Answers>);

#[derive(Default)]
struct Answers {
    epoch: Epoch,
    by_question: HashMap<Question, Arc<dyn Any + Send + Sync>>,
}

impl Memory {
    /// The answer to `question` about `about`, from memory or by `ask`, which must ask the database nothing else.
    pub(super) fn answer<T, E>(
        &self,
        epoch: Epoch,
        (question, about): (&'static str, &[u8]),
        ask: impl FnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E>
    where
        T: Send + Sync + 'static,
        E: From<Fault>,
    {
        if let Some(known) = self.recall(epoch, (question, about)) {
            return Ok(known);
        }
        let answer = Arc::new(ask()?);
        let mut answers = self.at(epoch);
        // Where the epoch has moved meanwhile, this answer may be of the old one.
        if answers.epoch == epoch {
            if answers.by_question.len() >= ANSWERS_MAX {
                answers.by_question.clear();
            }
            answers.by_question.insert((question, about.into()), Arc::<T>::clone(&answer));
        }
        Ok(answer)
    }

    /// The answer, where it is remembered.
    pub(super) fn recall<T: Send + Sync + 'static>(&self, epoch: Epoch, (question, about): (&'static str, &[u8])) -> Option<Arc<T>> {
        let known = self.at(epoch).by_question.get(&(question, Box::from(about))).cloned();
        known.and_then(|known| known.downcast().ok())
    }

    /// The answers, emptied where they are older than `epoch`.
    fn at(&self, epoch: Epoch) -> MutexGuard<'_, Answers> {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.epoch < epoch {
            *answers = Answers { epoch, by_question: HashMap::new() };
        }
        answers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(memory: &Memory, epoch: u64, about: &[u8], now: u32) -> u32 {
        *memory.answer(Epoch(epoch), ("number", about), || Ok::<_, Fault>(now)).unwrap()
    }

    #[test]
    fn an_answer_holds_for_its_question_and_its_epoch() {
        let memory = Memory::default();
        assert_eq!(ask(&memory, 1, b"a", 10), 10);
        assert_eq!((ask(&memory, 1, b"a", 11), ask(&memory, 1, b"b", 12)), (10, 12));
        assert_eq!((ask(&memory, 2, b"a", 13), ask(&memory, 2, b"b", 14)), (13, 14));
        assert_eq!(memory.recall::<u32>(Epoch(2), ("number", b"a")).as_deref(), Some(&13));
        assert_eq!(memory.recall::<u32>(Epoch(3), ("number", b"a")), None, "of another epoch");
    }

    #[test]
    fn an_answer_of_an_older_epoch_is_not_kept() {
        let memory = Memory::default();
        let late = memory.answer(Epoch(1), ("number", b"a"), || {
            ask(&memory, 2, b"b", 20);
            Ok::<_, Fault>(10)
        });
        assert_eq!(*late.unwrap(), 10);
        assert_eq!(ask(&memory, 2, b"a", 21), 21);
    }

    #[test]
    fn what_could_not_be_asked_is_asked_again() {
        let memory = Memory::default();
        let fault = Fault::new(crate::base::error::Code::Store, "no");
        assert!(memory.answer::<u32, _>(Epoch(1), ("number", b"a"), || Err(fault)).is_err());
        assert_eq!(ask(&memory, 1, b"a", 10), 10);
    }

    #[test]
    fn ever_new_questions_fill_no_memory() {
        let memory = Memory::default();
        for number in 0..3 * ANSWERS_MAX {
            ask(&memory, 1, &number.to_le_bytes(), 0);
        }
        assert!(memory.at(Epoch(1)).by_question.len() <= ANSWERS_MAX);
    }
}
