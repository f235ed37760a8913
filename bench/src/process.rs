//! What Linux says of a process: `/proc/<pid>`.

use std::{fs, process::Command, time::Duration};

use crate::Result;

/// A process that is watched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Process {
    id: u32,
    ticks_per_second: u64,
}

impl Process {
    pub(crate) fn new(id: u32) -> Result<Self> {
        let output = Command::new("getconf").arg("CLK_TCK").output()?;
        Ok(Self { id, ticks_per_second: String::from_utf8(output.stdout)?.trim().parse()? })
    }

    /// Processor time spent so far, by all its threads, in user and kernel mode.
    ///
    /// Linux knows the sum to the nanosecond, that of ended threads included, and shows it in ticks of mostly 10 ms, of which
    /// two readings can be two too few or too many. `schedstat` has nanoseconds, but of threads that live, and servers end
    /// those that wait for work; the clock of the process itself is a system call that safe Rust reaches through a further
    /// crate only. So measurements are long enough: 400 ms at least, and medians.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        let stat = self.read("stat")?;
        // The name, in brackets, may hold blanks; utime and stime are the 12th and 13th fields after it.
        let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        let ticks =
            fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>).sum::<std::result::Result<u64, _>>()?;
        Ok(Duration::from_micros(ticks * 1_000_000 / self.ticks_per_second))
    }

    /// Bytes of memory that are resident.
    pub(crate) fn resident(&self) -> Result<u64> {
        bytes(&self.read("status")?, "VmRSS")
    }

    /// The most that were, since the start or [`forget_peak`](Self::forget_peak).
    pub(crate) fn peak(&self) -> Result<u64> {
        bytes(&self.read("status")?, "VmHWM")
    }

    /// Has the peak begin at what is resident now.
    pub(crate) fn forget_peak(&self) -> Result<()> {
        Ok(fs::write(format!("/proc/{}/clear_refs", self.id), "5")?)
    }

    fn read(&self, file: &str) -> Result<String> {
        Ok(fs::read_to_string(format!("/proc/{}/{file}", self.id))?)
    }
}

/// A line such as `VmRSS:     1234 kB`.
fn bytes(status: &str, name: &str) -> Result<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')?.trim().strip_suffix(" kB"));
    Ok(line.ok_or_else(|| format!("no {name} in /proc/<pid>/status"))?.parse::<u64>()? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_read_in_bytes() {
        let status = "VmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n";
        assert_eq!(bytes(status, "VmRSS").unwrap(), 1024 * 1024);
        assert_eq!(bytes(status, "VmHWM").unwrap(), 2048 * 1024);
        assert!(bytes(status, "VmSwap").is_err());
    }

    #[test]
    fn this_process_has_figures_and_its_peak_can_be_forgotten() {
        let process = Process::new(std::process::id()).unwrap();
        let before = process.peak().unwrap();
        drop(std::hint::black_box(vec![1_u8; 64 << 20]));
        assert!(process.peak().unwrap() > before + (32 << 20));
        process.forget_peak().unwrap();
        assert!(process.peak().unwrap() < before + (32 << 20));
        assert!(process.resident().unwrap() > 0);
        assert!(process.cpu().is_ok());
    }
}
