//! What a process has used, as Linux counts it (`proc(5)`).

use std::fs;

/// Ticks a second of the times in `/proc/PID/stat`: fixed at 100 for all programs on Linux.
const TICKS_PER_SECOND: f64 = 100.0;

/// Seconds of processor time that the process has used so far, all threads together.
pub(crate) fn cpu_seconds(pid: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("a running process");
    let after_name = stat.rsplit_once(')').expect("a name in brackets").1;
    let ticks: f64 = after_name.split_whitespace().skip(11).take(2).map(|field| field.parse::<f64>().expect("a number")).sum();
    ticks / TICKS_PER_SECOND
}

/// The most memory that was resident at once, and what is resident now, in MB.
pub(crate) fn resident_mb(pid: u32) -> (f64, f64) {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("a running process");
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a field of the kernel");
        line.split_whitespace().next().and_then(|kib| kib.parse::<f64>().ok()).expect("a number") * 1024.0 / 1e6
    };
    (field("VmHWM:"), field("VmRSS:"))
}

/// What processor time there was in all so far, and how much of it the host of a virtual machine gave to others (`steal`), in ticks.
pub(crate) fn all_and_stolen() -> (f64, f64) {
    let stat = fs::read_to_string("/proc/stat").expect("the kernel's counts");
    let ticks: Vec<f64> =
        stat.lines().next().expect("a line").split_whitespace().skip(1).map(|field| field.parse().expect("a number")).collect();
    // user, nice, system, idle, iowait, irq, softirq, steal; what follows is counted in user too.
    (ticks[..8].iter().sum(), ticks[7])
}
