//! Instructions, as `valgrind --tool=callgrind` counts them: the same on every run, whatever else the machine does.

use std::{env, fs, path::Path, process::Command};

use crate::{
    Result,
    case::{Case, measured},
    options::COUNTED,
};

/// The instructions of one step; its profile is left in `folder`. Each case has a process of its own, so that none feels
/// what another left behind in the allocator.
pub(crate) fn count(case: &Case, folder: &Path) -> Result<u64> {
    let profile = folder.join(format!("callgrind.out.{}", case.name.replace('/', "-")));
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--toggle-collect=*::case::measured"])
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(env::current_exe()?)
        .args([&format!("--{COUNTED}"), case.name])
        .output()
        .map_err(|e| format!("valgrind cannot be run: {e}"))?;
    if !run.status.success() {
        return Err(String::from_utf8_lossy(&run.stderr).into());
    }
    match total(&fs::read_to_string(profile)?) {
        Some(instructions @ 1..) => Ok(instructions / u64::from(case.times)),
        _ => Err(format!("valgrind did not count {}", case.name).into()),
    }
}

/// What the counted process does: the case once to be warm, and once to be counted.
pub(crate) fn run(case: &Case) {
    let mut warm = (case.prepare)(case.times);
    (0..case.times).for_each(|_| warm());
    drop(warm);
    measured(&mut *(case.prepare)(case.times), case.times);
}

fn total(profile: &str) -> Option<u64> {
    let line = profile.lines().find_map(|line| line.strip_prefix("totals: "))?;
    line.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_the_first_of_its_line() {
        assert_eq!(total("summary: 9 9\nfn=step\n0 9\ntotals: 12 3\n"), Some(12));
        assert_eq!(total("summary: 12\n"), None);
    }
}
