//! Instructions, as `valgrind --tool=callgrind` counts them: the same on every run, whatever else the machine does.

use std::{env, fs, path::Path, process::Command};

use crate::{
    Result,
    case::{Case, measured},
    options::COUNTED,
};

/// The instructions of one step of each case, counted in one process; the profiles are left in `folder`.
pub(crate) fn count(cases: &[Case], part: &str, folder: &Path) -> Result<Vec<u64>> {
    let profile = folder.join("callgrind.out");
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--toggle-collect=*::case::measured", "--dump-after=*::case::measured"])
        // Otherwise all profiles but the first refer to the names of the first.
        .args(["--compress-strings=no", "--compress-pos=no"])
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(env::current_exe()?)
        .arg(format!("--{COUNTED}"))
        .args(["--only", part])
        .output()
        .map_err(|e| format!("valgrind cannot be run: {e}"))?;
    if !run.status.success() {
        return Err(String::from_utf8_lossy(&run.stderr).into());
    }
    let dump = |n: usize| profile.with_extension(format!("out.{n}"));
    if dump(cases.len() + 1).exists() {
        return Err("valgrind counted more than the cases".into());
    }
    let counts = cases.iter().zip(1..).map(|(case, n)| {
        let text = fs::read_to_string(dump(n)).map_err(|e| format!("valgrind did not count {}: {e}", case.name))?;
        let named = profile.with_file_name(format!("callgrind.out.{}", case.name.replace('/', "-")));
        fs::rename(dump(n), named)?;
        Ok(total(&text).ok_or("a profile without totals")? / u64::from(case.times))
    });
    counts.collect()
}

/// What the counted process does: every case once to be warm, and once to be counted.
pub(crate) fn run(cases: &[Case]) {
    for case in cases {
        let mut warm = (case.prepare)(case.times);
        (0..case.times).for_each(|_| warm());
        let mut step = (case.prepare)(case.times);
        drop(warm);
        measured(&mut *step, case.times);
    }
}

fn total(profile: &str) -> Option<u64> {
    let line = profile.lines().find_map(|line| line.strip_prefix("totals: "))?;
    line.split(' ').next()?.parse().ok()
}
