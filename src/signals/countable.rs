//! What can be counted of a signal that is not kept: which of the things it is that some detector rests on.
//!
//! One signal says this by itself. What takes two of them, such as whether a question was answered or how long a change waited,
//! cannot be counted without keeping one.

use super::{ChangeTransition, Conclusion, DeployTransition, Event, MessageTransition, RunTransition, words};

words! {
    /// A sort of thing that is counted.
    Countable {
        /// A message that was posted.
        Message = "messages",
        /// A message outside any thread that is a question by the scorer's threshold, as it was posted or edited.
        Question = "questions",
        /// A change that was opened.
        Change = "changes",
        Review = "reviews",
        /// A run that ended.
        Run = "runs",
        /// A run that failed or timed out.
        FailedRun = "failed_runs",
        /// A deployment that ended, well or not.
        Deploy = "deploys",
    }
}

/// What a signal counts as; nothing for those that only follow another.
pub fn countables(event: &Event, is_question: bool) -> Vec<Countable> {
    match event {
        Event::Message(message) => {
            let is_new = message.transition == MessageTransition::Posted;
            let asks = is_question && message.thread.is_none() && message.transition != MessageTransition::Deleted;
            [(Countable::Message, is_new), (Countable::Question, asks)].into_iter().filter_map(|(what, is)| is.then_some(what)).collect()
        }
        Event::Change(change) if matches!(change.transition, ChangeTransition::Opened | ChangeTransition::OpenedDraft) => {
            vec![Countable::Change]
        }
        Event::Review(_) => vec![Countable::Review],
        Event::Run(run) if run.transition == RunTransition::Completed => {
            let has_failed = matches!(run.conclusion, Some(Conclusion::Failure | Conclusion::TimedOut));
            std::iter::once(Countable::Run).chain(has_failed.then_some(Countable::FailedRun)).collect()
        }
        Event::Deploy(deploy) if matches!(deploy.transition, DeployTransition::Succeeded | DeployTransition::Failed) => {
            vec![Countable::Deploy]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signals::{Message, Run};

    #[test]
    fn a_signal_counts_once_as_each_thing_it_is() {
        let said = |transition, thread| Event::Message(Message { transition, thread, text: None, question: 0.0 });
        let message = |transition| said(transition, None);
        assert_eq!(countables(&said(MessageTransition::Posted, Some("1.0".to_owned())), true), [Countable::Message], "an answer");
        assert_eq!(countables(&message(MessageTransition::Posted), true), [Countable::Message, Countable::Question]);
        assert_eq!(countables(&message(MessageTransition::Posted), false), [Countable::Message]);
        assert_eq!(countables(&message(MessageTransition::Edited), true), [Countable::Question], "it became one");
        assert_eq!(countables(&message(MessageTransition::Deleted), true), []);
        let run = |transition, conclusion| {
            let (workflow, branch, sha, change) = ("ci".to_owned(), None, None, None);
            Event::Run(Run { transition, workflow, branch, sha, conclusion, attempt: 1, change })
        };
        assert_eq!(countables(&run(RunTransition::Started, None), false), []);
        assert_eq!(countables(&run(RunTransition::Completed, Some(Conclusion::Success)), false), [Countable::Run]);
        assert_eq!(countables(&run(RunTransition::Completed, Some(Conclusion::Failure)), false), [Countable::Run, Countable::FailedRun]);
    }
}
