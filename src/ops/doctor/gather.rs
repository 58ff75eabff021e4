//! Reads the facts: from the file system, from the databases through a [`Glance`], from the kernel.

use super::facts::{Configuration, Data, DatabaseFacts, Entry, EntryKind, Facts, Host, Installation, KeyFile, Server, Space, Unreadable};
use super::{hearing, sql};
use crate::audit;
use crate::base::clock::{Instant, SignedDuration};
use crate::base::error::{Code, Fault};
use crate::base::id::OrgId;
use crate::config::Loaded;
use crate::crypto::keys::Kek;
use crate::ops::process;
use crate::store::{Glance, Seen};
use rustix::fs::{StatVfsMountFlags, statfs, statvfs};
use std::fs::{self, Metadata};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

/// How long it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Without reading every page.
    Quick,
    Whole,
}

/// File systems that do not keep what a database needs: `f_type` of statfs(2), from the kernel's `magic.h`.
const BEWARE: [(u64, &str); 9] = [
    (0x6969, "nfs"),
    (0xff53_4d42, "cifs"),
    (0xfe53_4d42, "smb2"),
    (0x517b, "smb"),
    (0x0102_1997, "9p"),
    (0x6573_5546, "fuse"),
    (0x0102_1994, "tmpfs"),
    (0x8584_58f6, "ramfs"),
    (0x5346_414f, "afs"),
];
/// Everything that the program itself puts into a data directory.
const OWN: [&str; 7] = ["lock", "install.json", "main.db", "main.db-wal", "main.db-shm", "orgs", "control.sock"];
/// Held by whoever owns the directory.
const LOCK: &str = "lock";
/// The key of a sandbox, which may lie inside.
const SANDBOX_KEY: &str = "smartretro.key";
/// Folders below the data directory that are looked into.
const DEPTH_MAX: usize = 3;

/// Looks at the installation that `loaded` names, beside `server`.
///
/// # Errors
/// Where the configuration names no data directory.
pub fn gather(loaded: &Loaded, server: Server, now: Instant, depth: Depth) -> Result<Facts, crate::config::ConfigError> {
    let settings = &loaded.settings;
    let path = settings.data()?;
    let is_sandbox = crate::store::Store::is_sandbox_at(&path).unwrap_or(false);
    let key_path = settings.key_file(is_sandbox)?;
    let data = look_at_data(&path);
    let installation = open(&path, &key_path)
        .map(|glance| read(&glance, &data, now, depth))
        .map_err(|fault| Unreadable { is_wrong_key: fault.code() == Code::WrongKey, words: fault.to_string() });
    Ok(Facts {
        now,
        configuration: Configuration {
            file: entry(&settings.config_file()),
            unknown_variables: loaded.unknown_variables.clone(),
            contradictions: settings.contradictions(),
            listen: settings.listen.clone(),
            behind_proxy: settings.behind_proxy,
            public_url: settings.public_url.clone(),
            metrics: settings.metrics_listen.clone(),
            log: settings.log.clone(),
        },
        key: KeyFile { entry: entry_behind(&key_path), is_inside_data: is_inside(&key_path, &path), path: key_path },
        data,
        installation,
        server,
        host: host(),
    })
}

/// Whether some process holds the lock of a data directory. Asked of the kernel: trying to take it could keep a server from starting.
pub fn is_held(data: &Path) -> bool {
    let lock = fs::metadata(data.join(LOCK)).map(|meta| meta.ino());
    let locks = fs::read_to_string("/proc/locks").unwrap_or_default();
    lock.is_ok_and(|inode| holds_lock(&locks, inode))
}

/// Lines of /proc/locks (proc(5)): `1: FLOCK  ADVISORY  WRITE 708 08:01:131074 0 EOF`.
fn holds_lock(locks: &str, inode: u64) -> bool {
    let is_meant = |file: &str| file.rsplit(':').next().is_some_and(|digits| digits.parse() == Ok(inode));
    let held = locks.lines().filter(|line| line.split_whitespace().nth(1) == Some("FLOCK"));
    held.filter_map(|line| line.split_whitespace().nth(5)).any(is_meant)
}

fn open(data: &Path, key_file: &Path) -> Result<Glance, Fault> {
    Glance::open(data, &Kek::read_file(key_file)?)
}

fn is_inside(key: &Path, data: &Path) -> bool {
    let absolute = |path: &Path| fs::canonicalize(path).or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned());
    absolute(key).starts_with(absolute(data))
}

fn look_at_data(path: &Path) -> Data {
    let mut entries = Vec::new();
    collect(path, 0, &mut entries);
    entries.sort_by(|one, other| one.path.cmp(&other.path));
    Data { path: path.to_owned(), root: entry_behind(path), entries, space: space(path) }
}

fn collect(folder: &Path, depth: usize, into: &mut Vec<Entry>) {
    let Ok(names) = fs::read_dir(folder) else { return };
    for path in names.flatten().map(|name| name.path()) {
        let Some(found) = entry(&path) else { continue };
        let is_folder = found.kind == EntryKind::Directory && depth < DEPTH_MAX;
        into.push(found);
        if is_folder {
            collect(&path, depth + 1, into);
        }
    }
}

/// The thing itself, a link as a link.
fn entry(path: &Path) -> Option<Entry> {
    fs::symlink_metadata(path).ok().map(|meta| entry_of(path, &meta))
}

/// What a path leads to.
fn entry_behind(path: &Path) -> Option<Entry> {
    fs::metadata(path).ok().map(|meta| entry_of(path, &meta))
}

fn entry_of(path: &Path, meta: &Metadata) -> Entry {
    let kind = meta.file_type();
    let kind = match () {
        () if kind.is_symlink() => EntryKind::Link,
        () if kind.is_dir() => EntryKind::Directory,
        () if kind.is_file() => EntryKind::File,
        () if kind.is_socket() => EntryKind::Socket,
        () => EntryKind::Other,
    };
    Entry { path: path.to_owned(), mode: meta.mode() & 0o7777, owner: meta.uid(), device: meta.dev(), kind }
}

fn space(path: &Path) -> Option<Space> {
    let stat = statvfs(path).ok()?;
    let kind = statfs(path).ok().map(|stat| u64::try_from(stat.f_type).unwrap_or(0));
    let beware = BEWARE.iter().find(|(magic, _)| Some(*magic) == kind).map(|(_, name)| *name);
    let is_read_only = stat.f_flag.contains(StatVfsMountFlags::RDONLY);
    Some(Space {
        free_bytes: if is_read_only { 0 } else { stat.f_bavail.saturating_mul(stat.f_frsize) },
        inodes: stat.f_files,
        free_inodes: stat.f_favail,
        beware,
    })
}

fn read(glance: &Glance, data: &Data, now: Instant, depth: Depth) -> Installation {
    let mut found = Installation {
        is_sandbox: glance.is_sandbox(),
        organisations: glance.orgs().len(),
        strangers: strangers(glance, data),
        files: vec![database(glance.main(), depth)],
        certificate_ends_at: glance.main().read(|reader| sql::certificate_ends(reader)).ok().flatten(),
        ..Installation::default()
    };
    for (id, seen) in glance.orgs() {
        match seen {
            Err(fault) => found.files.push(unreadable(*id, fault)),
            Ok(seen) => {
                let mut file = database(seen, depth);
                if let Err(fault) = read_org(seen, *id, now, &mut found) {
                    file.problem = Some(fault.to_string());
                }
                found.files.push(file);
            }
        }
    }
    found
}

/// An older schema lacks what is asked for here; the next start brings it up to date, so nothing is asked.
fn read_org(seen: &Seen, id: OrgId, now: Instant, into: &mut Installation) -> Result<(), Fault> {
    let schema = seen.schema()?;
    if schema.found != schema.known {
        return Ok(());
    }
    let soon = now.saturating_add(SignedDuration::from_hours(24 * hearing::TOKEN_DAYS)).unwrap_or(Instant::MAX);
    seen.read(|reader| {
        into.ownerless += usize::from(sql::owners(reader)? == 0);
        into.tokens_that_end += sql::tokens_that_end(reader, now, soon)?;
        into.teams.extend(sql::teams(reader)?);
        into.sources.extend(sql::sources(reader, id)?);
        into.connections.extend(sql::connections(reader, id)?);
        into.last_written_at = into.last_written_at.max(sql::last_written(reader)?);
        let oldest = sql::oldest_text(reader)?;
        into.oldest_text_at = [into.oldest_text_at, oldest].into_iter().flatten().min();
        Ok(())
    })
}

fn unreadable(id: OrgId, fault: &Fault) -> DatabaseFacts {
    let problem = Some(fault.to_string());
    let name = format!("{id}.db");
    DatabaseFacts {
        name,
        problem,
        bytes: 0,
        log_bytes: 0,
        schema: (0, 0),
        pages: None,
        structure: None,
        cipher: String::new(),
        audit: None,
    }
}

fn database(seen: &Seen, depth: Depth) -> DatabaseFacts {
    let looked = |look: Result<Vec<String>, Fault>| look.unwrap_or_else(|fault| vec![fault.to_string()]);
    let schema = seen.schema().map_or((0, 0), |schema| (schema.found, schema.known));
    let is_whole = depth == Depth::Whole;
    DatabaseFacts {
        name: seen.name(),
        problem: None,
        bytes: seen.bytes(),
        log_bytes: seen.log_bytes(),
        schema,
        pages: is_whole.then(|| looked(seen.check_pages())),
        structure: is_whole.then(|| looked(seen.check_structure())),
        cipher: seen.cipher_version().unwrap_or_default(),
        audit: seen.read(|reader| audit::verify(reader)).ok(),
    }
}

/// What lies in the directory and belongs to no database that `main.db` knows.
fn strangers(glance: &Glance, data: &Data) -> Vec<PathBuf> {
    let known: Vec<String> = glance.orgs().iter().map(|(id, _)| format!("{id}.db")).collect();
    let is_own = |entry: &&Entry| {
        let name = entry.path.file_name().unwrap_or_default().to_string_lossy();
        let is_at_top = entry.path.parent() == Some(data.path.as_path());
        if is_at_top {
            return OWN.contains(&name.as_ref()) || (glance.is_sandbox() && name == SANDBOX_KEY);
        }
        known.iter().any(|file| name.strip_prefix(file.as_str()).is_some_and(|rest| ["", "-wal", "-shm", ".new"].contains(&rest)))
    };
    data.entries.iter().filter(|entry| !is_own(entry)).map(|entry| entry.path.clone()).collect()
}

fn host() -> Host {
    process::protect();
    let open_files = process::open_files();
    Host {
        user: rustix::process::geteuid().as_raw(),
        umask: status_line("Umask:").and_then(|digits| u32::from_str_radix(&digits, 8).ok()),
        open_files: open_files as u64,
        is_dumpable: process::is_dumpable(),
        memory_bytes: memory(),
        swap: swap(&fs::read_to_string("/proc/swaps").unwrap_or_default()),
    }
}

fn status_line(name: &str) -> Option<String> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix(name)).map(|rest| rest.trim().to_owned())
}

/// The least of the machine's memory and the limit of our group of processes (cgroup v2).
fn memory() -> Option<u64> {
    let machine = fs::read_to_string("/proc/meminfo").ok().as_deref().and_then(machine_memory);
    let group = fs::read_to_string("/proc/self/cgroup").ok().and_then(|text| {
        let path = text.lines().find_map(|line| line.strip_prefix("0::"))?.trim().trim_start_matches('/').to_owned();
        fs::read_to_string(Path::new("/sys/fs/cgroup").join(path).join("memory.max")).ok()?.trim().parse::<u64>().ok()
    });
    [machine, group].into_iter().flatten().min()
}

fn machine_memory(meminfo: &str) -> Option<u64> {
    let kib = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?.trim().trim_end_matches("kB").trim();
    kib.parse::<u64>().ok().map(|kib| kib * 1024)
}

/// The swap spaces that are no compressed memory.
fn swap(swaps: &str) -> Vec<String> {
    let names = swaps.lines().skip(1).filter_map(|line| line.split_whitespace().next());
    names.filter(|name| !name.contains("zram")).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_tables_are_read_as_it_writes_them() {
        assert_eq!(machine_memory("MemTotal:        8137396 kB\nMemFree: 1 kB\n"), Some(8_137_396 * 1024));
        let swaps = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/zram0 partition 1 0 100\n/swapfile file 2 0 -2\n";
        assert_eq!(swap(swaps), ["/swapfile"]);
        assert!(swap("").is_empty());
        let locks = "1: FLOCK  ADVISORY  WRITE 708 08:01:131074 0 EOF\n2: POSIX  ADVISORY  WRITE 709 08:01:42 0 EOF\n";
        assert!(holds_lock(locks, 131_074) && !holds_lock(locks, 42) && !holds_lock(locks, 31_074));
    }
}
