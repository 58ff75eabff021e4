//! The databases: whether the key opens them, whether they are whole, and the audit log in each.

use super::facts::{DatabaseFacts, Facts, Installation};
use super::{Check, Found, listed, none_of};
use crate::base::clock::SignedDuration;
use crate::base::text::counted;
use crate::capture::retention::TEXT_DAYS;

/// A write-ahead log is cut to 64 MiB when it starts over; one that is much longer does not.
const LOG_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// The version of SQLCipher's format that the files have.
const CIPHER_MAJOR: &str = "4.";
/// Clocks that disagree by less are set right in a moment.
const CLOCK_MINUTES_MAX: i64 = 5;
/// How long after its end text may still be there: the sweep comes hourly.
const SWEEP_DAYS: i64 = 2;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "key.fits",
        remedy: "Name the key file that was made with this data directory (--key-file, SMARTRETRO_KEY_FILE); nothing was changed.",
        look: |facts| match &facts.installation {
            Ok(_) => Found::Good("the master key opens the installation".to_owned()),
            Err(unreadable) if unreadable.is_wrong_key => Found::Problem(unreadable.words.clone()),
            Err(_) => Found::Skipped("the installation cannot be opened".to_owned()),
        },
    },
    Check {
        id: "files.readable",
        remedy: "Do what the words say; whatever could not be opened was left as it was found.",
        look: |facts| match &facts.installation {
            Err(unreadable) => Found::Problem(unreadable.words.clone()),
            Ok(installation) => {
                let problems = installation.files.iter().filter_map(|file| file.problem.clone());
                none_of(&counted(installation.files.len() as u64, "database opens", "databases open"), problems, Found::Problem)
            }
        },
    },
    Check {
        id: "files.strangers",
        remedy: "If main.db was restored from a backup, restore the newer one; else put these files aside.",
        look: |facts| {
            of_all(facts, |installation| {
                let names = installation.strangers.iter().map(|path| path.display().to_string());
                none_of("nothing lies here that does not belong", names, Found::Hint)
            })
        },
    },
    Check {
        id: "files.schema",
        remedy: "Install the version that made the newer schema, or restore a backup from before the upgrade. An older schema is brought up to date at the next start.",
        look: |facts| of_all(facts, schema),
    },
    Check {
        id: "files.pages",
        remedy: "Stop the program, put the damaged file aside and restore it from a backup.",
        look: |facts| of_all(facts, |installation| findings(installation, "every page is authentic", |file| file.pages.as_ref())),
    },
    Check {
        id: "files.structure",
        remedy: "Stop the program, put the damaged file aside and restore it from a backup.",
        look: |facts| of_all(facts, |installation| findings(installation, "the structure is sound", |file| file.structure.as_ref())),
    },
    Check {
        id: "files.log",
        remedy: "Restart the program: a reader that hangs keeps the write-ahead log from starting over.",
        look: |facts| {
            of_all(facts, |installation| {
                let long = readable(installation).filter(|file| file.log_bytes > LOG_BYTES_MAX);
                none_of(
                    "the write-ahead logs are short",
                    long.map(|file| format!("{} ({} MiB)", file.name, file.log_bytes / (1024 * 1024))),
                    Found::Problem,
                )
            })
        },
    },
    Check {
        id: "files.cipher",
        remedy: "This build carries another SQLCipher than it was made for: install a released version.",
        look: |facts| {
            of_all(facts, |installation| {
                let others = readable(installation).filter(|file| !file.cipher.starts_with(CIPHER_MAJOR));
                let version = readable(installation).next().map_or("", |file| file.cipher.as_str());
                none_of(&format!("SQLCipher {version}"), others.map(|file| format!("{} ({})", file.name, file.cipher)), Found::Problem)
            })
        },
    },
    Check {
        id: "audit.whole",
        remedy: "Somebody with the master key changed the log, or the file is from before its last entries. Keep the file as it is and compare it with a backup.",
        look: |facts| of_all(facts, audit),
    },
    Check {
        id: "clock.sane",
        remedy: "Set the machine's clock and keep it set (NTP): replay windows, looks and retention go by it.",
        look: clock,
    },
    Check {
        id: "retention.text",
        remedy: "The hourly sweep does not get its turn: see the log for `background work failed`.",
        look: |facts| {
            of_all(facts, |installation| {
                let kept = installation.oldest_text_at.map(|at| at.duration_until(facts.now).as_hours() / 24);
                match kept {
                    Some(days) if days > TEXT_DAYS + SWEEP_DAYS && !installation.is_sandbox => {
                        Found::Problem(format!("text is kept that came in {days} days ago; {TEXT_DAYS} are promised"))
                    }
                    Some(days) => {
                        Found::Good(format!("the oldest text came in {} ago", counted(days.max(0).unsigned_abs(), "day", "days")))
                    }
                    None => Found::Good("no text is kept".to_owned()),
                }
            })
        },
    },
];

/// What cannot be looked at is said once, by `files.readable`.
pub(super) fn of_all(facts: &Facts, look: impl Fn(&Installation) -> Found) -> Found {
    facts.installation.as_ref().map_or_else(|_| Found::Skipped("the installation cannot be opened".to_owned()), look)
}

fn readable(installation: &Installation) -> impl Iterator<Item = &DatabaseFacts> {
    installation.files.iter().filter(|file| file.problem.is_none())
}

fn schema(installation: &Installation) -> Found {
    let is_wrong = |wrong: fn(i64, i64) -> bool| {
        let files = readable(installation).filter(move |file| wrong(file.schema.0, file.schema.1));
        files.map(|file| format!("{} (schema {}, this program knows {})", file.name, file.schema.0, file.schema.1)).collect::<Vec<_>>()
    };
    let (newer, older) = (is_wrong(|found, known| found > known), is_wrong(|found, known| found < known));
    if newer.is_empty() { none_of("every schema is the newest", older, Found::Hint) } else { none_of("", newer, Found::Problem) }
}

fn findings(installation: &Installation, good: &str, of: impl Fn(&DatabaseFacts) -> Option<&Vec<String>>) -> Found {
    if installation.files.iter().all(|file| of(file).is_none()) {
        return Found::Skipped("not looked at: leave --quick out".to_owned());
    }
    let wrong = installation.files.iter().flat_map(|file| of(file).into_iter().flatten().map(move |line| format!("{}: {line}", file.name)));
    none_of(good, wrong.collect::<Vec<_>>(), Found::Problem)
}

/// A log of another schema is not looked at: `files.schema` says so.
fn audit(installation: &Installation) -> Found {
    let unread = readable(installation).filter(|file| file.audit.is_none() && file.schema.0 == file.schema.1);
    let unread = listed(unread.map(|file| format!("{}: its log cannot be read", file.name)));
    if !unread.is_empty() {
        return Found::Problem(unread);
    }
    let verdicts = || readable(installation).filter_map(|file| Some((file, file.audit.as_ref()?)));
    let broken = verdicts().filter_map(|(file, verdict)| Some(format!("{}: {}", file.name, verdict.problem.as_ref()?)));
    let entries: u64 = verdicts().map(|(_, verdict)| verdict.size).sum();
    none_of(&format!("{}, each as it was written", counted(entries, "entry", "entries")), broken.collect::<Vec<_>>(), Found::Problem)
}

fn clock(facts: &Facts) -> Found {
    let last = facts
        .installation
        .as_ref()
        .ok()
        .filter(|installation| !installation.is_sandbox)
        .and_then(|installation| installation.last_written_at);
    let Some(last) = last else { return Found::Skipped("nothing was written yet whose time could be compared".to_owned()) };
    let ahead = facts.now.duration_until(last);
    if ahead > SignedDuration::from_mins(CLOCK_MINUTES_MAX) {
        return Found::Problem(format!("the clock shows {}, and the last thing was written at {last}", facts.now));
    }
    Found::Good(format!("the last thing was written at {last}"))
}
