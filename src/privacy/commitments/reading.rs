//! Promises about what is taken in: P1, P2, P3, P5, P11, P13.

use super::rows::{CHANNEL, REPOSITORY, change, code_events, edit, message, pasted};
use super::trial::{Tap, Trial, holds, needle};
use super::{Held, Scene, impossible, must, sql};
use crate::base::error::Fault;
use crate::base::text::counted;
use crate::capture::{self, Outcome};
use crate::connectors::{self, CONNECTORS, connector};
use crate::signals::refusal::Refusal;
use crate::store::Reader;

/// What a channel that anybody may join is called on the wire.
const OPEN: Option<&str> = Some("channel");
/// Rights that no tool may ever be asked for: they open private conversations, mailboxes and files.
const SCOPES_NEVER: [&str; 7] = ["im:", "mpim:", "groups:", "files:", "mail", "calendar", "admin"];
/// Words in the name of a column that would hold code.
const CODE_COLUMNS: [&str; 8] = ["diff", "patch", "body", "hunk", "content", "file", "source_code", "commit_message"];
/// Doors of tools that are not there.
const NO_TOOLS: [&str; 4] = ["email", "calendar", "drive", "screen"];

/// The sum of a count over every organisation's file. One that cannot be read makes the whole check fail.
pub(super) fn over_orgs(scene: &Scene<'_>, count: impl Fn(&Reader<'_>) -> Result<u64, Fault>) -> Result<u64, Fault> {
    let mut sum = 0;
    for seen in scene.orgs()? {
        sum += seen.read(&count)?;
    }
    Ok(sum)
}

fn is_refused(outcome: &Outcome, reasons: &[Refusal]) -> bool {
    matches!(outcome, Outcome::Refused(refusal) if reasons.contains(refusal))
}

/// Says something in the open channel that is kept: so that a search which finds nothing is known to look in the right place.
fn say_aloud(trial: &Trial, chat: &Tap, number: u32, word: &str) -> Result<(), Fault> {
    let said = message(number, (CHANNEL, OPEN), "U0ALOUD", trial.now(), &format!("we said {word} in the open"));
    match trial.deliver(chat, None, &said)? {
        Outcome::Captured(_) if holds(&trial.pages()?, word) => Ok(()),
        Outcome::Captured(_) => Err(impossible("the trial's search does not see what is kept")),
        _ => Err(impossible("the trial's open message is not kept")),
    }
}

/// P1.
pub(super) fn silent_until_switched_on(scene: &Scene<'_>) -> Result<Held, Fault> {
    let trial = Trial::begin(scene.now)?;
    let (chat, code) = (trial.connect("slack")?, trial.connect("github")?);
    let (off, on) = (needle()?, needle()?);
    let deliveries = [
        (&chat, None, message(1, (CHANNEL, OPEN), "U0TRIAL", trial.now(), &format!("hear {off}"))),
        (&code, Some("pull_request"), change(1, ("trial", &off), trial.now(), &off)),
    ];
    for (tap, kind, body) in &deliveries {
        let outcome = trial.deliver(tap, *kind, body)?;
        must!(is_refused(&outcome, &[Refusal::NotSubscribed]), "A delivery of a source that is off was not refused: {outcome:?}.");
    }
    trial.switch_on(&chat, CHANNEL)?;
    say_aloud(&trial, &chat, 2, &on)?;
    must!(!holds(&trial.pages()?, &off), "Words of a source that was off are in the database.");
    let now = scene.now;
    let sources = over_orgs(scene, |reader| sql::sources_heard(reader, now))?;
    let unsaid = over_orgs(scene, |reader| sql::sources_without_leaf(reader, now))?;
    must!(unsaid == 0, "{} listened to, and the audit log does not say who switched that on.", counted(unsaid, "source is", "sources are"));
    let unnoticed = over_orgs(scene, |reader| sql::sources_without_notice(reader, now))?;
    must!(unnoticed == 0, "{} listened to, and no notice of it ever fell due.", counted(unnoticed, "source is", "sources are"));
    let untold = over_orgs(scene, |reader| sql::sources_untold(reader, now))?;
    let stray = over_orgs(scene, |reader| sql::signals_of_no_source(reader))?;
    must!(stray == 0, "{} kept of places that no admin ever switched.", counted(stray, "signal is", "signals are"));
    Ok(Held::Yes(format!(
        "In a trial organisation {} deliveries of sources that were off were refused, and nothing of them is in its pages; here {} listened to, with a leaf in the audit log and a notice for each; of {untold} nobody has said yet that the notice was posted.",
        deliveries.len(),
        counted(sources, "source is", "sources are")
    )))
}

/// P2.
pub(super) fn no_private_conversation(scene: &Scene<'_>) -> Result<Held, Fault> {
    let trial = Trial::begin(scene.now)?;
    let chat = trial.connect("slack")?;
    trial.switch_on(&chat, CHANNEL)?;
    let word = needle()?;
    let closed = [Refusal::DirectMessage, Refusal::GroupMessage, Refusal::PrivateChannel, Refusal::UnknownPlace];
    let ways = [
        ("D0TRIAL", Some("im")),
        ("D0TRIAL", OPEN),
        ("D0TRIAL", None),
        ("G0TRIAL", Some("mpim")),
        ("G0TRIAL", Some("group")),
        ("C0PRIVATE", Some("group")),
        ("C0MANY", Some("mpim")),
        ("C0DIRECT", Some("im")),
        ("C0UNSAID", None),
    ];
    for (number, way) in (10..).zip(ways) {
        let outcome = trial.deliver(&chat, None, &message(number, way, "U0TRIAL", trial.now(), &format!("between us: {word}")))?;
        must!(is_refused(&outcome, &closed), "A private message ({way:?}) was not refused: {outcome:?}.");
    }
    let edited = trial.deliver(&chat, None, &edit(30, ("D0TRIAL", "im"), trial.now(), &format!("between us: {word}")))?;
    must!(is_refused(&edited, &closed), "An edit of a private message was not refused: {edited:?}.");
    say_aloud(&trial, &chat, 31, &needle()?)?;
    must!(!holds(&trial.pages()?, &word), "Words of a private message are in the database.");
    must!(!holds(&trial.end()?, &word), "Words of a private message are on the disk.");
    for tool in CONNECTORS {
        let asked = tool.disclosure().scopes.iter().find(|scope| SCOPES_NEVER.iter().any(|never| scope.starts_with(never)));
        must!(asked.is_none(), "{} asks for the right {}.", tool.title(), asked.unwrap_or(&""));
    }
    let private = over_orgs(scene, |reader| sql::private_places(reader))?;
    must!(
        private == 0,
        "{} of direct or group conversations.",
        counted(private, "signal or source here is", "signals or sources here are")
    );
    let signals = over_orgs(scene, |reader| sql::signals(reader))?;
    Ok(Held::Yes(format!(
        "In a trial organisation {} private messages were sent through the real path and refused; their words are in no decrypted page and in no file. Of {} here none is of a private conversation.",
        ways.len() + 1,
        counted(signals, "signal", "signals")
    )))
}

/// P3.
pub(super) fn no_code_at_rest(scene: &Scene<'_>) -> Result<Held, Fault> {
    let trial = Trial::begin(scene.now)?;
    let (chat, code) = (trial.connect("slack")?, trial.connect("github")?);
    trial.switch_on(&chat, CHANNEL)?;
    trial.switch_on(&code, REPOSITORY)?;
    let (word, control) = (needle()?, needle()?);
    let texts = pasted(&word, &control);
    for (number, text) in (10..).zip(&texts) {
        let outcome = trial.deliver(&chat, None, &message(number, (CHANNEL, OPEN), "U0TRIAL", trial.now(), text))?;
        must!(matches!(outcome, Outcome::Captured(_)), "The trial’s message with code was not kept: {outcome:?}.");
    }
    let title = needle()?;
    let opened = trial.deliver(&code, Some("pull_request"), &change(1, ("trial", &title), trial.now(), &word))?;
    must!(matches!(opened, Outcome::Captured(_)), "The trial’s change was not kept: {opened:?}.");
    for (kind, body) in code_events(&word) {
        let outcome = trial.deliver(&code, Some(kind), &body)?;
        must!(matches!(outcome, Outcome::Refused(_)), "An event that carries code ({kind}) was not refused: {outcome:?}.");
    }
    let pages = trial.pages()?;
    must!(holds(&pages, &control) && holds(&pages, &title), "The trial’s search does not see what is kept.");
    must!(!holds(&pages, &word), "Code is in the database.");
    must!(!holds(&trial.end()?, &word), "Code is on the disk.");
    for seen in scene.orgs()? {
        let columns = seen.read(|reader| sql::columns(reader))?;
        let place = columns.iter().find(|(_, column, _)| CODE_COLUMNS.iter().any(|word| column.contains(word)));
        must!(
            place.is_none(),
            "There is a column that could hold code: {}.",
            place.map_or_else(String::new, |(table, column, _)| format!("{table}.{column}"))
        );
    }
    Ok(Held::Yes(format!(
        "In a trial organisation code was pasted in {} ways and sent in {} events that carry it; of all that no decrypted page and no file holds a word, and the words around it are kept. No table here has a column for code.",
        texts.len(),
        code_events("").len() + 1
    )))
}

/// P5.
pub(super) fn a_person_can_step_out(scene: &Scene<'_>) -> Result<Held, Fault> {
    let trial = Trial::begin(scene.now)?;
    let (chat, code) = (trial.connect("slack")?, trial.connect("github")?);
    trial.switch_on(&chat, CHANNEL)?;
    trial.switch_on(&code, REPOSITORY)?;
    let (before, after, title, login) = (needle()?, needle()?, needle()?, needle()?);
    let say = |number, user: &str, text: &str| trial.deliver(&chat, None, &message(number, (CHANNEL, OPEN), user, trial.now(), text));
    say(10, "U0LEAVES", &format!("I said {before}"))?;
    say(11, "U0STAYS", &format!("ask <@U0LEAVES|{login}> about it"))?;
    trial.deliver(&code, Some("pull_request"), &change(1, (&login, &title), trial.now(), "x"))?;
    let kept = trial.pages()?;
    must!(holds(&kept, &before) && holds(&kept, &title), "The trial’s search does not see what is kept.");
    trial.step_out("slack", "U0LEAVES")?;
    trial.step_out("github", &login)?;
    let refused = say(12, "U0LEAVES", &format!("I say {after}"))?;
    must!(is_refused(&refused, &[Refusal::OptedOut]), "A message of somebody who stepped out was not refused: {refused:?}.");
    let refused = trial.deliver(&code, Some("pull_request"), &change(2, (&login, &after), trial.now(), "x"))?;
    must!(is_refused(&refused, &[Refusal::OptedOut]), "A change of somebody who stepped out was not refused: {refused:?}.");
    let pages = trial.pages()?;
    for (word, what) in [
        (&before, "What was kept of somebody before they stepped out"),
        (&title, "The title of their change"),
        (&after, "What they said afterwards"),
        (&login, "Their name in what others said"),
    ] {
        must!(!holds(&pages, word), "{what} is in the database.");
    }
    let shown = trial.org.read(|reader| sql::signals_of_stepped_out(reader))?;
    must!(shown == 0, "Signals of somebody who stepped out would be analysed.");
    let kept = over_orgs(scene, |reader| sql::signals_of_stepped_out(reader))?;
    must!(kept == 0, "{} of people who stepped out.", counted(kept, "signal here is", "signals here are"));
    let named = trial.org.read(|reader| sql::opt_outs_named(reader))? + over_orgs(scene, |reader| sql::opt_outs_named(reader))?;
    must!(named == 0, "{} who asked for somebody to step out, or when.", counted(named, "entry of the log says", "entries of the log say"));
    let times = over_orgs(scene, |reader| sql::opt_outs(reader))?;
    Ok(Held::Yes(format!(
        "In a trial organisation a person stepped out in two tools: what was kept of them is in no decrypted page any more, and what came afterwards was refused. Here that was asked {}; no signal of those people is kept, and the log says on which day and nothing more.",
        counted(times, "time", "times")
    )))
}

/// P11.
pub(super) fn only_connected_tools(scene: &Scene<'_>) -> Result<Held, Fault> {
    let trial = Trial::begin(scene.now)?;
    let chat = trial.connect("slack")?;
    trial.switch_on(&chat, CHANNEL)?;
    let word = needle()?;
    let doors = NO_TOOLS.iter().copied().chain(["github"]);
    for door in doors.clone() {
        let outcome = trial.deliver_to(door, &chat, None, &message(1, (CHANNEL, OPEN), "U0TRIAL", trial.now(), &word))?;
        must!(matches!(outcome, Outcome::UnknownConnection), "A delivery to the door of {door} was not turned away: {outcome:?}.");
    }
    must!(!holds(&trial.pages()?, &word), "What came in by another door is in the database.");
    for seen in scene.orgs()? {
        let unknown = seen.read(|reader| sql::connectors(reader))?.into_iter().find(|name| connector(name).is_none());
        must!(unknown.is_none(), "There is a connection of an unknown tool: {}.", unknown.unwrap_or_default());
    }
    Ok(Held::Yes(format!(
        "There are readers for {} and for nothing else; in a trial organisation deliveries to {} other doors were turned away.",
        connectors::names().join(", "),
        doors.count()
    )))
}

/// P13.
pub(super) fn local_filter_first(scene: &Scene<'_>) -> Result<Held, Fault> {
    let trial = Trial::begin(scene.now)?;
    let chat = trial.connect("slack")?;
    trial.switch_on(&chat, CHANNEL)?;
    let texts = ["lunch at noon?", "the build is red again and nobody knows why, who can help?", "thanks", "ok"];
    for (number, text) in (10..).zip(texts) {
        trial.deliver(&chat, None, &message(number, (CHANNEL, OPEN), "U0TRIAL", trial.now(), text))?;
    }
    let sum = |what| trial.org.read(|reader| Ok::<u64, Fault>(capture::tally(reader, what)?.into_iter().map(|(_, n)| n).sum()));
    let (captured, scored, stopped) = (sum("captured")?, sum("scored")?, sum("stopped_locally")?);
    must!(captured == texts.len() as u64 && scored == captured, "Of {captured} signals of the trial {scored} were scored.");
    must!(0 < stopped && stopped < captured, "The filter stopped {stopped} of {captured} signals of the trial.");
    let captured = over_orgs(scene, |reader| sql::counted(reader, "captured"))?;
    let scored = over_orgs(scene, |reader| sql::counted(reader, "scored"))?;
    let stopped = over_orgs(scene, |reader| sql::counted(reader, "stopped_locally"))?;
    must!(
        captured == scored,
        "{} kept here, and {} scored.",
        counted(captured, "signal was", "signals were"),
        counted(scored, "was", "were")
    );
    Ok(Held::Yes(format!(
        "Of {} here every one was scored inside the process; {stopped} ended there, and 0 were sent anywhere.",
        counted(captured, "signal", "signals")
    )))
}
