//! The first start: somebody who has read this process's log sets the appliance up in a browser.
//!
//! A link with a random token is printed once. Whoever holds it answers three questions; then the installation exists, and the link leads
//! nowhere. Never: a set-up without the token, a second one, or one after [`LINK_LIFETIME`].

use crate::audit::Actor;
use crate::auth::account::{self, AccountError, Email, NewAccount};
use crate::auth::sign_in::{Desk, SignInError, Visitor};
use crate::base::clock::{Clock, Instant, SignedDuration};
use crate::base::error::Fault;
use crate::base::text::one_line;
use crate::crypto::token::{Token, TokenDigest};
use crate::ops::founding::{FoundError, Founded, Place};
use crate::ops::traces::Traces;
use crate::store::Store;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How long the link works: time to fetch it from a log and to find a browser.
pub const LINK_LIFETIME: SignedDuration = SignedDuration::from_mins(30);
/// Under what tries are counted.
const THROTTLED_AS: &str = "set-up";

/// The three answers.
#[derive(Clone, Copy)]
pub struct Answers<'a> {
    pub organisation: &'a str,
    pub email: &'a str,
    pub password: &'a str,
}

/// Why nothing was set up.
#[derive(Debug)]
pub enum SetUpError {
    /// A wrong link, or one that was used.
    NoSuchLink,
    /// The link is too old.
    LinkOver,
    ComeBack {
        after_s: u64,
    },
    OrganisationMissing,
    NoEmail,
    Account(AccountError),
    /// The place will not do, in words for whoever runs the machine.
    Place(String),
    Fault(Fault),
}

impl From<Fault> for SetUpError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<SignInError> for SetUpError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused => Self::NoSuchLink,
            SignInError::ComeBack { after_s } => Self::ComeBack { after_s },
            SignInError::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<FoundError> for SetUpError {
    fn from(error: FoundError) -> Self {
        match error {
            FoundError::Place(words) => Self::Place(words),
            FoundError::Account(error) => Self::Account(error),
            FoundError::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// A set-up that waits for its one answer.
pub struct SetUp {
    place: Place,
    clock: Clock,
    link: TokenDigest,
    ends_at: Instant,
    desk: Desk,
    state: Mutex<State>,
}

/// How far it has come; there is no way back.
enum State {
    Waiting,
    Made(Store),
    /// Whoever runs the appliance has it.
    Taken,
}

impl SetUp {
    /// A set-up at this place, and the token of its link.
    pub fn new(place: Place, clock: Clock) -> Result<(Self, Token), Fault> {
        let token = Token::generate("")?;
        let ends_at = clock.now() + LINK_LIFETIME;
        Ok((Self { place, clock, link: token.digest(), ends_at, desk: Desk::default(), state: Mutex::new(State::Waiting) }, token))
    }

    /// Lets the holder of the link see the questions. Wrong links are counted as wrong passwords are; the right one is never held up, since
    /// nobody can guess it, and anybody who reaches the port could shut its holder out by guessing.
    pub fn admit(&self, link: &str, network: &str) -> Result<(), SetUpError> {
        let now = self.clock.now();
        if self.is_done() || !self.link.is_of(link) {
            self.desk.counted((THROTTLED_AS, network), now, || Ok::<Option<()>, SetUpError>(None))?;
            return Err(SetUpError::NoSuchLink);
        }
        if now < self.ends_at { Ok(()) } else { Err(SetUpError::LinkOver) }
    }

    /// Makes the installation, and begins the first session. One at a time: whoever comes second finds that the link was used.
    pub fn found(&self, link: &str, answers: Answers<'_>, by: Visitor<'_>) -> Result<Token, SetUpError> {
        self.admit(link, by.network)?;
        if one_line(answers.organisation, 1).is_empty() {
            return Err(SetUpError::OrganisationMissing);
        }
        let email = Email::parse(answers.email).ok_or(SetUpError::NoEmail)?;
        account::check_password(answers.password).map_err(SetUpError::Account)?;
        let mut state = self.state();
        if !matches!(*state, State::Waiting) {
            return Err(SetUpError::NoSuchLink);
        }
        let name = email.as_str().split('@').next().unwrap_or_default();
        let owner = NewAccount::prepare(&email, name, answers.password, self.clock.now()).map_err(SetUpError::Account)?;
        let mut traces = Traces::default();
        let actor = Actor::Member(owner.member());
        let Founded { store, .. } = self.place.found(&self.clock, answers.organisation, owner, actor, &mut traces)?;
        let session = self.desk.sign_in(store.main(), (email.as_str(), answers.password), by, self.clock.now())?;
        traces.keep();
        *state = State::Made(store);
        Ok(session)
    }

    /// Whether the installation exists.
    pub fn is_done(&self) -> bool {
        !matches!(*self.state(), State::Waiting)
    }

    /// The installation, where it was made; once.
    pub fn take(&self) -> Option<Store> {
        let mut state = self.state();
        match std::mem::replace(&mut *state, State::Taken) {
            State::Made(store) => Some(store),
            other => {
                *state = other;
                None
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VISITOR: Visitor<'static> = Visitor { network: "192.0.2.1", device: "Firefox on Linux" };
    const ANSWERS: Answers<'static> = Answers { organisation: "Acme", email: "ana@acme.example", password: "correct horse battery staple" };

    fn set_up(folder: &tempfile::TempDir) -> (SetUp, Token, Clock) {
        let place = Place { data: folder.path().join("data"), key_file: folder.path().join("keys/master.key"), is_sandbox: false };
        let clock = Clock::stepped("2026-03-09T09:00:00Z".parse().unwrap());
        let (set_up, token) = SetUp::new(place, clock.clone()).unwrap();
        (set_up, token, clock)
    }

    #[test]
    fn the_link_sets_up_once_and_keeps_the_key_outside() {
        let folder = tempfile::tempdir().unwrap();
        let (set_up, token, _) = set_up(&folder);
        assert!(matches!(set_up.found("another", ANSWERS, VISITOR), Err(SetUpError::NoSuchLink)));
        assert!(!folder.path().join("data").exists(), "nothing is made before the link is known");
        set_up.found(token.reveal(), ANSWERS, VISITOR).unwrap();
        assert!(matches!(set_up.found(token.reveal(), ANSWERS, VISITOR), Err(SetUpError::NoSuchLink)));
        assert!(matches!(set_up.admit(token.reveal(), "192.0.2.1"), Err(SetUpError::NoSuchLink)), "nor is its page shown again");
        assert!(folder.path().join("keys/master.key").is_file());
        assert_eq!(set_up.take().unwrap().orgs().len(), 1);
    }

    #[test]
    fn an_old_link_and_one_that_is_guessed_at_do_not_work() {
        let folder = tempfile::tempdir().unwrap();
        let (set_up, token, clock) = set_up(&folder);
        for _ in 0..8 {
            assert!(matches!(set_up.admit("guess", "192.0.2.1"), Err(SetUpError::NoSuchLink)));
        }
        assert!(matches!(set_up.admit("guess", "192.0.2.1"), Err(SetUpError::ComeBack { .. })));
        set_up.admit(token.reveal(), "192.0.2.1").unwrap();
        clock.set(clock.now() + LINK_LIFETIME);
        assert!(matches!(set_up.admit(token.reveal(), "192.0.2.1"), Err(SetUpError::LinkOver)));
    }

    #[test]
    fn what_is_wrong_with_an_answer_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let (set_up, token, _) = set_up(&folder);
        let found = |answers| set_up.found(token.reveal(), answers, VISITOR);
        assert!(matches!(found(Answers { organisation: " \u{200B}", ..ANSWERS }), Err(SetUpError::OrganisationMissing)));
        assert!(matches!(found(Answers { email: "ana", ..ANSWERS }), Err(SetUpError::NoEmail)));
        assert!(matches!(found(Answers { password: "short", ..ANSWERS }), Err(SetUpError::Account(AccountError::PasswordTooShort))));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        found(ANSWERS).unwrap();
    }

    #[test]
    fn a_place_that_cannot_be_written_is_told_and_the_link_still_works() {
        let folder = tempfile::tempdir().unwrap();
        let (set_up, token, _) = set_up(&folder);
        std::fs::write(folder.path().join("keys"), "a file where a folder should be").unwrap();
        assert!(matches!(set_up.found(token.reveal(), ANSWERS, VISITOR), Err(SetUpError::Place(_))));
        assert!(!folder.path().join("data").exists());
        std::fs::remove_file(folder.path().join("keys")).unwrap();
        set_up.found(token.reveal(), ANSWERS, VISITOR).unwrap();
    }
}
