//! What `/metrics` answers, in the text format of Prometheus (exposition format 0.0.4).
//!
//! Never a label that names a person, a channel, a repository, a team or an organisation: labels are words of this program's own closed lists.
//! Counts alone, and those of the whole installation.

use crate::base::clock::{Instant, SignedDuration};
use crate::base::error::Fault;
use crate::capture::{self, Desk, refusals};
use crate::connectors::connector;
use crate::ops::health;
use crate::orgs::{connections, teams};
use crate::signals::refusal::Refusal;
use crate::store::{OrgDb, Store};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Doors by which requests come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    Hooks,
    Api,
    Console,
    Assets,
    Health,
}

impl Door {
    const ALL: [Self; 5] = [Self::Hooks, Self::Api, Self::Console, Self::Assets, Self::Health];

    /// The door of a route's pattern.
    pub fn of(route: &str) -> Self {
        match route {
            "/livez" | "/readyz" => Self::Health,
            _ if route.starts_with("/hooks/") => Self::Hooks,
            _ if route.starts_with("/api/") => Self::Api,
            _ if route.starts_with("/assets/") => Self::Assets,
            _ => Self::Console,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Hooks => "hooks",
            Self::Api => "api",
            Self::Console => "console",
            Self::Assets => "assets",
            Self::Health => "health",
        }
    }
}

/// Classes of status.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
/// Upper bounds of the buckets of a request's duration, in microseconds, with their labels in seconds.
const BUCKETS: [(u64, &str); 7] =
    [(1_000, "0.001"), (5_000, "0.005"), (25_000, "0.025"), (100_000, "0.1"), (500_000, "0.5"), (2_500_000, "2.5"), (10_000_000, "10")];

/// Requests since the start.
#[derive(Debug, Default)]
pub struct Traffic([DoorTraffic; Door::ALL.len()]);

#[derive(Debug, Default)]
struct DoorTraffic {
    by_class: [AtomicU64; CLASSES.len()],
    by_bucket: [AtomicU64; BUCKETS.len()],
    count: AtomicU64,
    sum_us: AtomicU64,
}

impl Traffic {
    /// Counts one answer.
    pub fn count(&self, door: Door, status: u16, took: Duration) {
        let Some(traffic) = self.0.get(door as usize) else { return };
        let add = |counter: Option<&AtomicU64>| counter.map(|counter| counter.fetch_add(1, Ordering::Relaxed));
        add(traffic.by_class.get(usize::from(status / 100).saturating_sub(1)));
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        add(BUCKETS.iter().position(|(bound, _)| took <= *bound).and_then(|bucket| traffic.by_bucket.get(bucket)));
        add(Some(&traffic.count));
        traffic.sum_us.fetch_add(took, Ordering::Relaxed);
    }
}

/// The whole answer, at `now`.
///
/// # Errors
/// Where a database cannot be read.
pub fn render(store: &Store, desk: &Desk, traffic: &Traffic, (started_at, now): (Instant, Instant)) -> Result<String, Fault> {
    let mut page = Page::default();
    page.head("smartretro_build_info", "gauge", "The version that runs; always 1.");
    page.line("smartretro_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    page.single("smartretro_start_time_seconds", "gauge", "When it started, since the Unix epoch.", started_at.as_second());
    process(&mut page);
    requests(&mut page, traffic);
    let orgs: Vec<OrgDb> =
        store.orgs().into_iter().map(|id| store.org(id)).collect::<Result<Vec<_>, Fault>>()?.into_iter().flatten().collect();
    page.single("smartretro_organisations", "gauge", "Organisations.", orgs.len());
    let fenced = usize::from(store.main().fenced().is_some()) + orgs.iter().filter(|org| org.fenced().is_some()).count();
    page.single("smartretro_databases_fenced", "gauge", "Databases that take no more writes until a restart.", fenced);
    page.single("smartretro_writes_waiting", "gauge", "Writes that wait for a commit.", health::waiting(store));
    bytes(&mut page, store);
    heard(&mut page, &orgs, desk)?;
    tallies(&mut page, &orgs)?;
    looks(&mut page, &orgs, now)?;
    Ok(page.0)
}

/// The text, as it grows.
#[derive(Default)]
struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    /// The values of labels are words of closed lists: they hold nothing that would have to be escaped.
    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        let labels = labels.iter().map(|(label, value)| format!("{label}=\"{value}\"")).collect::<Vec<_>>().join(",");
        let labels = if labels.is_empty() { labels } else { format!("{{{labels}}}") };
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }

    fn single(&mut self, name: &str, kind: &str, help: &str, value: impl std::fmt::Display) {
        self.head(name, kind, help);
        self.line(name, &[], value);
    }
}

/// The standard names of Prometheus' client libraries.
fn process(page: &mut Page) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib =
        |name: &str| status.lines().find_map(|line| line.strip_prefix(name))?.trim().trim_end_matches("kB").trim().parse::<u64>().ok();
    if let Some(kib) = kib("VmRSS:") {
        page.single("process_resident_memory_bytes", "gauge", "Resident memory.", kib * 1024);
    }
    if let Some(threads) = kib("Threads:") {
        page.single("process_threads", "gauge", "Threads.", threads);
    }
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    if let Some(hundredths) = cpu_hundredths(&stat) {
        let seconds = format!("{}.{:02}", hundredths / 100, hundredths % 100);
        page.single("process_cpu_seconds_total", "counter", "Time on the processor, of user and kernel.", seconds);
    }
}

/// User and system time of /proc/self/stat (fields 14 and 15 of proc(5)), in the kernel's ticks for processes: a hundredth of a second.
fn cpu_hundredths(stat: &str) -> Option<u64> {
    // The name in field 2 may hold blanks; the last bracket closes it.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    Some(fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?)
}

fn requests(page: &mut Page, traffic: &Traffic) {
    let of = |door: Door| traffic.0.get(door as usize);
    let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let name = "smartretro_http_requests_total";
    page.head(name, "counter", "Requests by door and class of status.");
    for door in Door::ALL {
        for (class, counter) in CLASSES.iter().zip(of(door).into_iter().flat_map(|door| &door.by_class)).skip(1) {
            page.line(name, &[("door", door.as_str()), ("status", class)], read(counter));
        }
    }
    let name = "smartretro_http_request_duration_seconds";
    page.head(name, "histogram", "How long answers took, by door.");
    for door in Door::ALL {
        let Some(traffic) = of(door) else { continue };
        let (bucket, mut below) = (format!("{name}_bucket"), 0);
        for ((_, label), counter) in BUCKETS.iter().zip(&traffic.by_bucket) {
            below += read(counter);
            page.line(&bucket, &[("door", door.as_str()), ("le", label)], below);
        }
        // Read after the buckets, so that none of them is ever above it.
        let count = read(&traffic.count).max(below);
        page.line(&bucket, &[("door", door.as_str()), ("le", "+Inf")], count);
        let sum_us = read(&traffic.sum_us);
        page.line(&format!("{name}_sum"), &[("door", door.as_str())], format!("{}.{:06}", sum_us / 1_000_000, sum_us % 1_000_000));
        page.line(&format!("{name}_count"), &[("door", door.as_str())], count);
    }
}

/// Lengths are asked of the file system: opening a database's file by other means than its own would lift its locks.
fn bytes(page: &mut Page, store: &Store) {
    let folders = [store.root().to_owned(), store.root().join("orgs")];
    let files = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    let mut sums: BTreeMap<&str, u64> = [("database", 0), ("log", 0)].into();
    for file in files {
        let name = file.file_name().to_string_lossy().into_owned();
        let what = match Path::new(&name).extension().and_then(OsStr::to_str) {
            Some("db") => "database",
            Some("db-wal") => "log",
            _ => continue,
        };
        *sums.entry(what).or_default() += file.metadata().map_or(0, |meta| meta.len());
    }
    page.head("smartretro_storage_bytes", "gauge", "Length of the databases and of their write-ahead logs.");
    for (what, sum) in sums {
        page.line("smartretro_storage_bytes", &[("file", what)], sum);
    }
}

/// What came over the connections: by tool and by what became of it.
fn heard(page: &mut Page, orgs: &[OrgDb], desk: &Desk) -> Result<(), Fault> {
    let mut counts: BTreeMap<(&'static str, String), u64> = BTreeMap::new();
    let mut last_at: Option<Instant> = None;
    let mut open = 0;
    for org in orgs {
        let tools: BTreeMap<_, &'static str> = connections::list(org)?
            .into_iter()
            .filter_map(|connection| Some((connection.id.to_string(), connector(&connection.connector)?.name())))
            .collect();
        open += tools.len();
        for line in desk.refusals.lines(org)? {
            let Some(tool) = tools.get(&line.connection.to_string()) else { continue };
            *counts.entry((tool, told_as(&line.reason).to_owned())).or_default() += line.n;
            if line.reason == refusals::CAPTURED {
                last_at = last_at.max(Some(line.last_at));
            }
        }
    }
    page.single("smartretro_connections", "gauge", "Connections.", open);
    let name = "smartretro_deliveries_total";
    page.head(name, "counter", "Deliveries by tool and by what became of them.");
    for ((tool, outcome), n) in counts {
        page.line(name, &[("connector", tool), ("outcome", &outcome)], n);
    }
    if let Some(at) = last_at {
        page.single(
            "smartretro_last_captured_timestamp_seconds",
            "gauge",
            "When something was kept last, since the Unix epoch.",
            at.as_second(),
        );
    }
    Ok(())
}

/// What is scraped becomes a series over time. Of those who stepped out that would be, where they are one or two, how much they write and
/// when: so what they sent is among what leaves nothing behind.
fn told_as(reason: &str) -> &str {
    if reason == Refusal::OptedOut.as_str() { Refusal::NothingToKeep.as_str() } else { reason }
}

fn tallies(page: &mut Page, orgs: &[OrgDb]) -> Result<(), Fault> {
    let name = "smartretro_signals_total";
    page.head(name, "counter", "Signals by kind: kept, scored, and stopped by the local filter.");
    for stage in ["captured", "scored", "stopped_locally"] {
        let mut sums: BTreeMap<String, u64> = BTreeMap::new();
        for org in orgs {
            for (kind, n) in org.read(|reader| capture::tally(reader, stage))? {
                *sums.entry(kind).or_default() += n;
            }
        }
        for (kind, n) in sums {
            page.line(name, &[("stage", stage), ("kind", &kind)], n);
        }
    }
    Ok(())
}

/// How long ago the team that waited the longest was looked at.
fn looks(page: &mut Page, orgs: &[OrgDb], now: Instant) -> Result<(), Fault> {
    let mut oldest: Option<Instant> = None;
    let mut count = 0;
    for org in orgs {
        let all = teams::list(org)?;
        count += all.len();
        oldest = [oldest, all.iter().map(|team| team.looked_at).min()].into_iter().flatten().min();
    }
    page.single("smartretro_teams", "gauge", "Teams.", count);
    let age = oldest.map_or(SignedDuration::ZERO, |at| at.duration_until(now)).max(SignedDuration::ZERO);
    page.single("smartretro_oldest_look_age_seconds", "gauge", "Since the team that waited the longest was looked at.", age.as_secs());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::Clock;
    use crate::crypto::keys::Kek;
    use crate::patterns;

    fn rendered(traffic: &Traffic) -> String {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stepped("2026-06-01T12:00:00Z".parse().unwrap());
        let store = Store::create(&folder.path().join("data"), &Kek::generate().unwrap(), &clock, true).unwrap();
        store.create_org::<Fault>(&clock, |_, _| Ok(()), |_, _| Ok(())).unwrap();
        render(&store, &Desk::new(patterns::forget), traffic, (clock.now(), clock.now())).unwrap()
    }

    #[test]
    fn an_answer_is_counted_under_its_door_class_and_every_bucket_above_it() {
        let traffic = Traffic::default();
        traffic.count(Door::of("/hooks/{connector}/{connection}"), 202, Duration::from_millis(3));
        traffic.count(Door::of("/api/v1/patterns"), 503, Duration::from_mins(1));
        traffic.count(Door::of("/"), 99, Duration::ZERO);
        let page = rendered(&traffic);
        for line in [
            "smartretro_http_requests_total{door=\"hooks\",status=\"2xx\"} 1",
            "smartretro_http_requests_total{door=\"api\",status=\"5xx\"} 1",
            "smartretro_http_request_duration_seconds_bucket{door=\"hooks\",le=\"0.001\"} 0",
            "smartretro_http_request_duration_seconds_bucket{door=\"hooks\",le=\"0.005\"} 1",
            "smartretro_http_request_duration_seconds_bucket{door=\"hooks\",le=\"+Inf\"} 1",
            "smartretro_http_request_duration_seconds_sum{door=\"hooks\"} 0.003000",
            "smartretro_http_request_duration_seconds_bucket{door=\"api\",le=\"10\"} 0",
            "smartretro_http_request_duration_seconds_bucket{door=\"api\",le=\"+Inf\"} 1",
            "smartretro_organisations 1",
            "smartretro_databases_fenced 0",
        ] {
            assert!(page.lines().any(|found| found == line), "no “{line}” in {page}");
        }
    }

    #[test]
    fn every_line_is_of_the_format_and_every_name_has_its_help_and_kind_before_it() {
        let page = rendered(&Traffic::default());
        let mut known = Vec::new();
        for line in page.lines() {
            if let Some(rest) = line.strip_prefix("# TYPE ") {
                known.push(rest.split(' ').next().unwrap().to_owned());
            } else if !line.starts_with("# HELP ") {
                let name = line.split(['{', ' ']).next().unwrap();
                assert!(known.iter().any(|known| name.starts_with(known.as_str())), "{line}");
                assert!(line.rsplit(' ').next().unwrap().parse::<f64>().is_ok(), "{line}");
            }
        }
        assert!(known.len() > 10 && page.ends_with('\n'));
    }

    #[test]
    fn time_on_the_processor_is_read_as_the_kernel_writes_it() {
        let stat = "42 (a (b) c) S 1 42 42 0 -1 4194560 100 0 0 0 250 31 0 0 20 0 9 0 100 1000 200 18446744073709551615";
        assert_eq!(cpu_hundredths(stat), Some(281));
        assert_eq!(cpu_hundredths(""), None);
    }
}
