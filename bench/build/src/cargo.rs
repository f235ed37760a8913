//! One build, measured.

use std::{
    env, fs,
    process::{Command, Stdio},
    time::Instant,
};

use crate::{Result, build::Build, interrupt, project::Project};

/// What a build took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// Seconds until it was done.
    pub(crate) wall: f64,
    /// Seconds of processor time of cargo and everything it started.
    pub(crate) cpu: f64,
    /// How many crates were compiled.
    pub(crate) crates: usize,
    /// The length of the program; 0 where none is made.
    pub(crate) bytes: u64,
}

/// Clock ticks of `/proc/<pid>/stat`, which Linux fixes for user space.
const TICKS_PER_SECOND: f64 = 100.0;

/// Runs it. What is built already, cargo leaves.
pub(crate) fn build(project: &Project, build: Build) -> Result<Cost> {
    let cpu = children_ticks()?;
    let start = Instant::now();
    let output =
        interrupt::output(command(project).args(build.arguments()).stdout(Stdio::null()).stderr(Stdio::piped()))?;
    let wall = start.elapsed().as_secs_f64();
    let cpu = children_ticks()? - cpu;
    let log = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("cargo {} in {}:\n{log}", build.arguments().join(" "), project.root().display()).into());
    }
    let crates = log.lines().filter(|l| matches!(l.split_whitespace().next(), Some("Compiling" | "Checking"))).count();
    let bytes = if build.links() { fs::metadata(project.program(build))?.len() } else { 0 };
    Ok(Cost { wall, cpu: cpu / TICKS_PER_SECOND, crates, bytes })
}

/// Removes what `build` builds on, and makes sure that nothing has to be downloaded.
pub(crate) fn clean(project: &Project, build: Build) -> Result<()> {
    let results = project.target().join(build.profile());
    if results.exists() {
        fs::remove_dir_all(results)?;
    }
    let fetched = interrupt::output(command(project).arg("fetch"))?;
    if fetched.status.success() { Ok(()) } else { Err("cargo fetch failed".into()) }
}

/// cargo in the project, without what a `cargo run` or a shell around this process says of other builds.
fn command(project: &Project) -> Command {
    let mut command = Command::new("cargo");
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        let keep = matches!(&*text, "CARGO_HOME" | "RUSTUP_HOME" | "RUSTUP_TOOLCHAIN");
        if (text.starts_with("CARGO") || text.starts_with("RUST")) && !keep {
            command.env_remove(&name);
        }
    }
    command.current_dir(project.root()).env("CARGO_TARGET_DIR", project.target()).stdin(Stdio::null());
    command
}

/// Ticks of processor time of all children that have ended, and of theirs.
fn children_ticks() -> Result<f64> {
    ticks(&fs::read_to_string("/proc/self/stat")?).ok_or_else(|| "cannot read /proc/self/stat".into())
}

/// `cutime` and `cstime`, the 16th and 17th fields. The second is a name in brackets that may hold anything.
fn ticks(stat: &str) -> Option<f64> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(13);
    let mut next = || fields.next()?.parse::<f64>().ok();
    Some(next()? + next()?)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_time_of_children_is_found_behind_any_name() {
        let stat = "4026 (a b) c) R 1 2 3 4 5 6 7 8 9 10 11 12 130 14 15 16";
        assert_eq!(super::ticks(stat), Some(144.0));
        assert_eq!(super::ticks("4026 (cut) R 1 2"), None);
    }
}
