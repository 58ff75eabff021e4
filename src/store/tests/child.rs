//! Runs a part of a test in a process of its own: one that may be killed, starved or looked at from outside.
//!
//! The test binary starts itself with one test selected and a directory of its own to work in; the file `task` there says what to do.
//! In an ordinary run there is no such file and that test has nothing to do.

use super::*;
use std::io::Write as _;
use std::process::Command;

const TASK: &str = "task";

/// A child that will do `task` in `dir`; `before` is shell that runs in it first (a limit, a variable).
pub(super) fn child(dir: &Path, task: &str, before: &str) -> Command {
    fs::write(dir.join(TASK), task).unwrap();
    let mut command = Command::new("sh");
    // exec keeps the process id and the limits; the path stands for the shell's parent, this very binary.
    let binary = fs::read_link("/proc/self/exe").unwrap();
    command
        .arg("-c")
        .arg(format!(r#"{before} exec "$0" "$@""#))
        .arg(binary)
        .args(["store::tests::child::this_process_does_the_task_of_its_directory", "--exact", "--nocapture", "--test-threads=1"])
        .current_dir(dir);
    command
}

#[test]
fn this_process_does_the_task_of_its_directory() {
    let Ok(task) = fs::read_to_string(TASK) else { return };
    let place = Path::new("data");
    let kek = Kek::read_file(Path::new("master.key")).unwrap();
    match task.as_str() {
        "open" => match Store::open(place, &kek).and_then(|store| store.org(store.orgs()[0])) {
            Ok(org) => say(&format!("opened {}", kept(&org.unwrap()).len())),
            Err(fault) => say(&format!("fault {}", fault.code().as_str())),
        },
        "write until it fails" => {
            let store = Store::open(place, &kek).unwrap();
            super::disk::write_until_it_fails(&store);
        }
        "write for ever" => {
            let store = Store::open(place, &kek).unwrap();
            super::disk::write_for_ever(&store);
        }
        "three lives" => super::moments::live_thrice(place, &kek),
        other => panic!("no task {other}"),
    }
}

/// One line to the parent, whole, at once, past the harness.
pub(super) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("\n> {line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

/// What the child said.
pub(super) fn said(output: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(output).lines().filter_map(|line| line.strip_prefix("> ").map(str::to_owned)).collect()
}
